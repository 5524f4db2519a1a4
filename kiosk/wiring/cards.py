"""The card reader as a desk uses it: what a card told becomes a plain household, and cards come as inputs.

It refuses to know windows, stores and cameras.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

from card_reader.channel import ReaderPort
from card_reader.errors import CardError, ExpiryUnreadError
from card_reader.my_number import BasicFour
from card_reader.printed_birth import printed_forms
from card_reader.reader import CardDesk
from card_reader.secret import CodeB, Pin, Secret
from card_reader.watcher import Sighting, Watcher
from kiosk import flow
from kiosk.core.acts import Source
from kiosk.core.dates import BirthDate
from kiosk.core.household import Household, Method, Person, Relation, Sex
from kiosk.core.return_token import Keyed
from kiosk.errors import Malformed
from kiosk.timing import Session, Stopwatch
from ui.station import Device

_CARD_SEX = {1: Sex.MALE, 2: Sex.FEMALE}


def household_of_card(person: BasicFour) -> tuple[Household, Source]:
    """A household of one, as its card told it, without ids yet, and how to know it again.

    The card gives no number of its own that may be kept: the same name, birth and sex are the same card.
    """
    try:
        birth = BirthDate.parse(person.birth_date)
    except Malformed:
        birth = None  # an odd date on a card is no reason to turn its holder away
    sex = _CARD_SEX.get(person.sex, Sex.UNKNOWN)
    holder = Person(flow.NO_PERSON_ID, person.name, None, birth, sex, Relation.HEAD)
    told = "\0".join((person.name, person.birth_date, str(person.sex)))
    source = Source(Method.CARD, key=sha256(told.encode()).digest()[:16])
    return Household(flow.NO_HOUSEHOLD_ID, (holder,), address=person.address), source


def forms_on_cards(birth: str, today: dt.date) -> list[flow.PrintedForm]:
    """How a birth date (`1980-02-17`, unknown parts 00) may stand on a card; none for nobody's."""
    try:
        forms = printed_forms(birth)
    except CardError:
        return []
    if birth > today.isoformat():
        return []
    return [flow.PrintedForm(form.text, flow.Secret(form.digits)) for form in forms]


_SLIPPED = frozenset({"no_card", "card_removed"})
"""A card that was lifted before it could be asked: it will be laid down again."""


class CardSide:
    """The card reader as a station uses it: told of cards by its watcher, reading on a thread of its own."""

    def __init__(
        self, port: ReaderPort, session: Session, push: Callable[[flow.Input], None], keyed: Keyed
    ) -> None:
        """`keyed` makes a return token of a contactless card's number."""
        self._keyed = keyed
        self._desk = CardDesk(port)
        self._port = port
        self._session = session
        self._push = push
        self._placed: Stopwatch | None = None
        self._reader: str | None = None
        self._lying: set[str] = set()
        self._only = ""
        self._watcher = Watcher(port, self._saw, clock=session.clock)

    def start(self) -> None:
        """Begin to look for cards. One that lies there already is a clerk's own: it is left alone."""
        with suppress(CardError):
            self._lying = {name for name, there in self._port.look().items() if there.card}
        self._watcher.start()

    @property
    def readers(self) -> list[str]:
        """The readers that are plugged in, by name."""
        return list(self._watcher.there)

    def use(self, reader: str) -> None:
        """Look at cards on this reader only; an empty name means on any."""
        self._only = reader

    def stop(self) -> None:
        """Stop looking."""
        self._watcher.stop()

    @property
    def device(self) -> Device:
        """Whether there is a reader."""
        return Device.WORKING if self._watcher.there else Device.MISSING

    def _saw(self, sighting: Sighting) -> None:
        if self._only and sighting.what in {"card_came", "card_gone"} and sighting.reader != self._only:
            return
        if sighting.what == "card_came":
            if sighting.reader in self._lying:
                self._lying.discard(sighting.reader)
                return
            placed = self._session.stopwatch(sighting.at)
            threading.Thread(
                target=self._look_at, args=(sighting.reader, placed), name="card", daemon=True
            ).start()
        elif sighting.what == "card_gone":
            self._lying.discard(sighting.reader)
            self._push(flow.CardRemoved())
        else:
            self._push(flow.DeviceChanged("reader", sighting.what == "reader_came"))

    def _look_at(self, reader: str, placed: Stopwatch) -> None:
        """Ask what it is and how many tries it has, which costs none: nobody types a PIN for nothing."""
        begun = self._session.clock()
        # Also of a card that its PIN does not open: what is printed on it may.
        self._placed, self._reader = placed, reader
        try:
            tries = self._desk.tries_left("pin", reader=reader)
        except CardError as error:
            if error.seen == "felica":
                self._tapped(reader, placed)
            elif error.code not in _SLIPPED:
                self._push(flow.CardFailed(error.notice, error.tries_left, placed))
            return
        placed.add_machine(self._session.clock() - begun)
        if tries <= 1:
            self._push(flow.CardFailed("last_try_refused" if tries else "blocked", tries, placed))
        else:
            self._push(flow.CardPlaced(placed))

    def _tapped(self, reader: str, placed: Stopwatch) -> None:
        """A card without a name may stand for somebody: only what is made of its number leaves this room."""
        try:
            token = self._keyed(self._desk.idm(reader=reader))
        except CardError as error:
            if error.code not in _SLIPPED:
                self._push(flow.CardFailed(error.notice, error.tries_left, placed))
            return
        self._push(flow.TokenSeen(token))

    def read(self, digits: flow.Secret) -> None:
        """Read the card with its PIN; the answer is pushed."""
        self._begin(lambda: Pin(digits.reveal()))

    def read_face(self, birth: flow.Secret, code: flow.Secret, year: flow.Secret) -> None:
        """Read the card with what is printed on it; the answer is pushed."""
        self._begin(
            lambda: CodeB(birth.reveal(), code.reveal(), expiry_year=year.reveal() if len(year) else None)
        )

    def _begin(self, secret: Callable[[], Secret]) -> None:
        threading.Thread(
            target=self._read, args=(secret, self._placed, self._reader), name="card", daemon=True
        ).start()

    def _read(self, secret: Callable[[], Secret], placed: Stopwatch | None, reader: str | None) -> None:
        begun = self._session.clock()
        try:
            with secret() as digits:
                reading = self._desk.read(digits, reader=reader)
        except ExpiryUnreadError:
            self._push(flow.CardFailed("no_expiry"))
            return
        except CardError as error:
            self._push(flow.CardFailed(error.notice, error.tries_left))
            return
        if placed is not None:
            placed.add_machine(self._session.clock() - begun)
        household, source = household_of_card(reading.person)
        self._push(flow.CardRead(household, source))
