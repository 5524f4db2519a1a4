"""A walk through the table of the flow, and the values it starts from."""

from __future__ import annotations

import datetime as dt

from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.household import Household, Method, Person
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Whereabouts
from kiosk.desk import Received
from kiosk.flow import step
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Session

TODAY = dt.date(2026, 9, 1)
WATCH = Session(lambda: 0.0, 1).stopwatch()
TOWNS = (flow.Town("小田原市栄町", "サカエチョウ"), flow.Town("小田原市城山", "シロヤマ"))


def person(name="山田\u3000太郎", number=1, **known):
    return Person(PersonId(bytes([number]) * 8), name, **known)


def household(*names, number=1, **known):
    people = tuple(person(name, place) for place, name in enumerate(names or ("山田\u3000太郎",), 1))
    return Household(HouseholdId(bytes([number]) * 16), people, **known)


def row(home=None, number="A-001", method=Method.APP, **known):
    standing = {"whereabouts": Whereabouts.HERE, "received_at": 0, **known}
    return RosterRow(home or household(), number, method, device=DeviceId(b"d" * 16), seq=1, **standing)


def committed(seq=1, number=1):
    return Committed(DeviceId(b"d" * 16), seq, 0, HouseholdId(bytes([number]) * 16), 900)


SOURCE = Source(Method.APP, "city", b"1", 1)
CODE = flow.CodeAccepted(household(), SOURCE, WATCH)
RECEIVED = Received(row(), committed())
ASK = flow.AskOpened(WATCH, TODAY, TOWNS)


def through(state, *events):
    """The last step after these inputs."""
    taken = flow.Step(state)
    for event in events:
        taken = step(taken.state, event)
    return taken


def digits(text):
    return [flow.Digit(int(letter)) for letter in text]


def effect(taken, kind):
    """The one effect of this kind."""
    found = [effect for effect in taken.effects if isinstance(effect, kind)]
    assert len(found) == 1, f"{len(found)} of {kind.__name__}"
    return found[0]
