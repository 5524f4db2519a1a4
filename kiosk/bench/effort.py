"""How much people have to do, and how soon they see that it was heard: the real window on a real store.

Every way of being received, leaving and coming back is driven through the window with keys and touches as
people make them, off the screen, with invented people whose names are typed in Romaji. Only the camera and
the card are played: what they say is pushed as they would push it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import flow
from kiosk.bench.figures import Figure, median, p95, rounded
from kiosk.core.acts import Source
from kiosk.core.dates import ERAS, BirthDate
from kiosk.core.household import Household, Method, Person, Sex
from kiosk.core.names import ROMAJI, romaji_to_kana
from kiosk.core.slip import Slip
from kiosk.desk import Transfer
from kiosk.invented import InventedHousehold, invent_household
from kiosk.store import opening
from kiosk.wiring import DeskStation, Devices

if TYPE_CHECKING:
    from ui.hand import Hand

PAINT_MS = 50
TOWNS = tuple(
    flow.Town(f"小田原市{name}", kana)
    for name, kana in (("栄町", "サカエチョウ"), ("城山", "シロヤマ"), ("本町", "ホンチョウ"))
)
_FEWEST = {
    kana: min((keys for keys, made in ROMAJI.items() if made == kana), key=len)
    for kana in set(ROMAJI.values())
}


def spelled(kana: str) -> str:
    """The fewest keys that type a kana text."""
    keys, place = "", 0
    while place < len(kana):
        two = kana[place : place + 2]
        letter = two if two in _FEWEST else kana[place]
        after = kana[place + len(letter) : place + len(letter) + 1]
        if letter == "ッ" and after in _FEWEST:
            keys += _FEWEST[after][0]
        elif letter == "ン" and after in _FEWEST and _FEWEST[after][0] not in "aiueoyn":
            keys += "n"
        else:
            keys += _FEWEST.get(letter, letter)
        place += len(letter)
    # One n is enough at the end: Enter makes ン of it.
    short = keys[:-1] if keys.endswith("nn") else keys
    return short if romaji_to_kana(short, finished=True) == kana else keys


def dated(birth: BirthDate) -> str:
    """The keys of a birth date: an era's letter and six digits."""
    known = (birth.year, birth.month or 1, birth.day or 1)
    letter, _, first = next(era for era in ERAS if known >= (era[2].year, era[2].month, era[2].day))
    return f"{letter}{birth.year - first.year + 1:02}{birth.month:02}{birth.day:02}".lower()


class _Played(DeskStation):
    """A desk over a practice store whose camera and card say what the measurement lets them say."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            data, Devices(None, None), passphrase=opening.PRACTICE_PASSPHRASE, towns=TOWNS, reports=False
        )
        self.push: Callable[[flow.Input], None] = lambda _: None
        self.holder: flow.CardRead | None = None

    def start(self, push: Callable[[flow.Input], None]) -> None:
        """Nothing but the way to speak."""
        self.push = push

    def read_card(self, digits: flow.Secret) -> None:
        """The card that lies there opens to any digits."""
        if self.holder is not None and len(digits):
            self.push(self.holder)

    def read_face(self, birth: flow.Secret, code: flow.Secret, year: flow.Secret) -> None:
        """So does it with what is printed on it."""
        if self.holder is not None and len(birth) and len(code) and not len(year):
            self.push(self.holder)


@dataclass(slots=True)
class _Effort:
    """What one way took, one entry a time it was gone."""

    pressed: list[int] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)


class _Desk:
    """One hand at one desk, and what each way takes it."""

    def __init__(self, data: Path, rng: random.Random) -> None:
        from ui.hand import Hand  # noqa: PLC0415 - Qt is loaded after its platform was chosen

        self.station = _Played(data)
        self.hand: Hand = Hand(self.station)
        self.rng = rng
        self.efforts: dict[str, _Effort] = {}
        self.hand.wait(flow.Ready)

    def took(self, way: str, go: Callable[[], None]) -> None:
        """Go this way, and keep what it took."""
        effort = self.efforts.setdefault(way, _Effort())
        before, paints = self.hand.pressed, len(self.hand.painted)
        go()
        effort.pressed.append(self.hand.pressed - before)
        effort.painted += self.hand.painted[paints:]

    def home(self) -> None:
        """Back to a ready screen that remembers nobody."""
        self.hand.bridge.put(flow.Enter())
        self.hand.wait(flow.Ready)
        self.hand.bridge.put(flow.TimeUp())

    # What the devices say

    def _code(self, home: InventedHousehold) -> flow.CodeAccepted:
        household = home.at_desk(os.urandom)
        source = Source(Method.APP, "practice", home.key, 1)
        return flow.CodeAccepted(household, source, self.station.stopwatch())

    def _placed(self, home: InventedHousehold) -> None:
        """A My Number card of the head of this household on the reader."""
        head = home.head
        holder = Person(flow.NO_PERSON_ID, head.name, None, head.birth, head.sex)
        source = Source(Method.CARD, key=home.key + home.key)
        self.station.holder = flow.CardRead(Household(flow.NO_HOUSEHOLD_ID, (holder,)), source)
        self.seen(flow.CardPlaced(self.station.stopwatch()))
        self.hand.wait(flow.Pin)

    def show(self, home: InventedHousehold) -> None:
        """A phone before the camera: seen without a press."""
        self.seen(self._code(home))

    def seen(self, event: flow.Input) -> None:
        """A device saw something: that is no press, and it is painted as soon."""
        effort = self.efforts[next(reversed(self.efforts))]
        effort.painted.append(self.hand.seen_after(lambda: self.station.push(event)))

    # The ways

    def app(self, home: InventedHousehold) -> None:
        """The city's app."""

        def go() -> None:
            self.show(home)
            self.hand.wait(flow.Done)

        self.took("app", go)

    def undo(self) -> None:
        """ちがう."""

        def go() -> None:
            self.hand.write("Esc")
            self.hand.wait(flow.Notice)

        self.took("undo", go)
        self.home()

    def need(self) -> None:
        """One chip, from the number: open, touch, close."""

        def go() -> None:
            self.hand.write("n")
            self.hand.wait(flow.Needs)
            self.took("need", lambda: self.hand.write("4"))
            self.hand.write("Enter")
            self.hand.wait(flow.Done)

        self.took("needs", go)

    def out_and_back(self, home: InventedHousehold) -> None:
        """外出 and 戻り by code; 退所 by code."""

        def goes(key: str) -> None:
            self.show(home)
            self.hand.wait(flow.WhatNow)
            self.hand.write(key)
            self.hand.wait(flow.Changed)

        def back() -> None:
            self.show(home)
            self.hand.wait(flow.Changed)

        self.took("out", lambda: goes("o"))
        self.home()
        self.took("back", back)
        self.home()
        self.took("leave", lambda: goes("l"))
        self.home()

    def card(self, home: InventedHousehold) -> None:
        """A My Number card and its four digits."""

        def go() -> None:
            self._placed(home)
            self.hand.write("1234")
            self.hand.wait(flow.Done)

        self.took("card", go)
        self.home()

    def face(self, home: InventedHousehold) -> None:
        """The same without the PIN: birth date, form and code from the card's face."""

        def go() -> None:
            self._placed(home)
            self.hand.write("b", dated(home.head.birth or BirthDate(1980, 2, 17)))
            self.hand.until(lambda: getattr(self.hand.bridge.state, "forms", ()) != ())
            self.hand.write("1", "2285")
            self.hand.wait(flow.Done)

        self.took("face", go)
        self.home()

    def slip(self, home: InventedHousehold) -> None:
        """A household of another shelter holds its transfer slip to the camera."""
        household = home.at_desk(os.urandom)
        everybody = tuple(person.id for person in household.members)
        slip = Slip(household, everybody, self.station.mode, Method.APP, "4310010002", "B-001", 1)

        def go() -> None:
            self.seen(flow.SlipSeen(Transfer(slip, self.station.stopwatch())))
            self.hand.wait(flow.Done)

        self.took("slip", go)
        self.home()

    def taps(self, home: InventedHousehold) -> None:
        """A return card is set for somebody who is here; out, taken back, out and back by it."""
        card = flow.TokenSeen(os.urandom(16))

        def tapped() -> None:
            self.seen(card)
            self.hand.wait(flow.Changed)

        def tie() -> None:
            self.show(home)
            self.hand.wait(flow.WhatNow)
            self.hand.write("t")
            self.hand.wait(flow.TyingToken)
            tapped()

        def undo() -> None:
            self.hand.write("Esc")
            self.hand.wait(flow.Notice)

        self.took("tie", tie)
        self.home()
        self.took("tap_out", tapped)
        self.took("tap_undo", undo)
        self.home()
        self.took("tap_out", tapped)
        self.home()
        self.took("tap_back", tapped)
        self.home()

    def asked(self, home: InventedHousehold) -> None:
        """Name, sex, birth and town of the head; then the same with one member more."""
        named = [member for member in home.members if member.kana and member.birth]
        if not named:
            return

        def person(kana: str, sex: Sex, birth: BirthDate) -> None:
            self.hand.write(spelled(kana), "1" if sex is Sex.MALE else "2", dated(birth))

        def member(kana: str, sex: Sex, birth: BirthDate) -> Callable[[], None]:
            return lambda: person(kana, sex, birth)

        def one() -> None:
            head, *others = named
            self.hand.write("F1")
            person(head.kana or "", head.sex, head.birth or BirthDate(1980))
            before = self.hand.pressed
            for other in others:
                # The family name stands there already.
                given = (other.kana or "").partition("\u3000")[2] or other.kana or ""
                self.took("member", member(given, other.sex, other.birth or BirthDate(1980)))
            self._members = self.hand.pressed - before
            self.hand.write("Enter", self.rng.choice(("sa", "si", "ho")), "Enter")
            self.hand.wait(flow.Done)

        self._members = 0
        self.took("asked", one)
        self.efforts["asked"].pressed[-1] -= self._members
        self.home()

    def count(self) -> None:
        """人数だけ."""

        def go() -> None:
            self.hand.write("F5", "4", "Enter")
            self.hand.wait(flow.Done)

        self.took("count", go)
        self.home()


def measure(data: Path, rounds: int) -> tuple[Figure, ...]:
    """Each way gone `rounds` times at the practice store in `data`.

    Raises:
        KnownError: `no_such_screen` when a way did not lead where it should.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    rng = random.Random(11)
    desk = _Desk(data, rng)
    try:
        for _ in range(rounds):
            family = invent_household(rng)
            desk.app(family)
            desk.need()
            desk.home()
            desk.taps(family)
            desk.out_and_back(family)
            desk.slip(invent_household(rng))
            desk.app(invent_household(rng))
            desk.undo()
            desk.card(invent_household(rng))
            desk.face(invent_household(rng))
            desk.asked(invent_household(rng))
            desk.count()
    finally:
        desk.hand.leave()
    return tuple(figure for way in _WAYS for figure in way.figures(desk.efforts.get(way.name)))


@dataclass(frozen=True, slots=True)
class _Way:
    name: str
    says: str
    at_most: int
    exact: bool = True
    """Whether every time takes the same; else 95 of 100 are held to it, because names are long or short."""

    def figures(self, effort: _Effort | None) -> tuple[Figure, ...]:
        """Presses, and the time until they show."""
        if effort is None or not effort.pressed:
            return ()
        pressed = float(max(effort.pressed) if self.exact else p95(effort.pressed))
        paints = [1000 * seconds for seconds in effort.painted]
        figures = [Figure(f"{self.name}_presses", pressed, "presses", self.says, self.at_most)]
        if not self.exact:
            middle = rounded(median(effort.pressed))
            figures.append(
                Figure(f"{self.name}_presses_median", middle, "presses", f"{self.says}, middle of all")
            )
        if paints:
            said = f"{self.says}: input to paint, 95 of 100"
            figures.append(Figure(f"{self.name}_paint_p95_ms", rounded(p95(paints)), "ms", said, PAINT_MS))
        return tuple(figures)


_WAYS = (
    _Way("app", "app, by anybody", 0),
    _Way("card", "card, by the evacuee; staff none", 4),
    _Way("face", "card without its PIN: birth date, form, code, by both", 13),
    _Way("slip", "transfer slip, by anybody", 0),
    _Way("asked", "asked, one person with name, sex, birth, town; no mouse", 30, exact=False),
    _Way("member", "asked, each further member", 14, exact=False),
    _Way("count", "count only", 3),
    _Way("out", "外出 by code", 1),
    _Way("back", "戻り by code", 1),
    _Way("leave", "退所 by code", 1),
    _Way("tie", "a return card set", 1),
    _Way("tap_out", "外出 by return card", 0),
    _Way("tap_back", "戻り by return card", 0),
    _Way("undo", "taking a reception back", 1),
    _Way("tap_undo", "taking a tap back", 1),
    _Way("need", "one need ticked", 1),
    _Way("needs", "needs opened, one ticked, closed", 3),
)
"""What is measured, and how much it may take."""
