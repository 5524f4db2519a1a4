"""Households as a ledger would tell them, for lists."""

from __future__ import annotations

import datetime as dt

from kiosk.core.clock import JAPAN
from kiosk.core.household import Household, Method, Mode, Person, Relation, Sex
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Whereabouts
from kiosk.ports import RosterRow
from kiosk.reports.cells import Heading

MADE = dt.datetime(2026, 9, 1, 18, 30, tzinfo=JAPAN)
BEGAN = dt.datetime(2026, 9, 1, 14, 0, tzinfo=JAPAN)


def person(number, name=None, kana=None, **known):
    return Person(PersonId(bytes([number] * 8)), name, kana, **known)


def row(number, *people, elsewhere=None, receptions=1, whereabouts=Whereabouts.HERE, **known):
    """A household received `number` minutes after two in the afternoon."""
    at = int((BEGAN + dt.timedelta(minutes=number)).timestamp() * 1000) << 16
    home = Household(HouseholdId(bytes([number] * 16)), people, **known)
    return RosterRow(
        home,
        f"A-{number:03}",
        Method.DESK,
        whereabouts,
        at,
        DeviceId(b"d" * 16),
        number + 1,
        elsewhere or {},
        receptions=receptions,
    )


def family(number=1, **known):
    """見本 太郎 and 花子."""
    return row(
        number,
        person(number, "見本　太郎", "ミホン　タロウ", sex=Sex.MALE, relation=Relation.HEAD),
        person(100 + number, "見本　花子", "ミホン　ハナコ", sex=Sex.FEMALE, relation=Relation.SPOUSE),
        **known,
    )


def heading(title="避難者名簿", mode=Mode.DISASTER, version=1234):
    return Heading(title, "力合西小学校", mode, MADE, version)
