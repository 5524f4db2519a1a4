"""What the window needs of the world: a `Station` of any laptop, and a `Reception` where it is a desk.

The window knows no camera, no reader, no store and no network. Devices speak to it by pushing
`kiosk.flow` inputs through the one callback it hands over; it asks the rest here. No Qt is needed to
implement or to fake them.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.core.access import Actor
from kiosk.core.acts import Shelter
from kiosk.core.counts import Counts
from kiosk.core.household import Household, Mode, Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.notices import Disk, Notice
from kiosk.core.slip import Slip
from kiosk.desk import AlreadyHere, Arrival, Received, Tapped
from kiosk.flow import Input, PrintedForm, Secret, Town
from kiosk.overview import Double, Looking, ShiftSheet
from kiosk.ports import Committed, RosterRow
from kiosk.settings import Settings
from kiosk.timing import Stopwatch
from ui.keeper import Founder, Keeper


class Device(enum.Enum):
    """How a device is doing, in the words of the screen."""

    STARTING = "starting"
    WORKING = "working"
    MISSING = "missing"
    """Not plugged in, taken by another program, or broken: staff should look."""
    OFF = "off"
    """This desk has none by choice."""


class Link(enum.Enum):
    """How the way to HQ is doing."""

    OFF = "off"
    """This desk was never told of an HQ."""
    SENDING = "sending"
    SENT = "sent"
    CUT = "cut"
    """HQ does not answer: everything waits here, nothing is lost."""
    ASKS = "asks"
    """What stands between this laptop and HQ does not mend itself: a person has to act."""


@dataclass(frozen=True, slots=True)
class Sync:
    """What HQ knows: `sent_at` is the aware time of its last acknowledgement, `unsent` counts events."""

    link: Link = Link.OFF
    sent_at: dt.datetime | None = None
    unsent: int = 0
    says: str = ""
    """With `ASKS`: what it is, in one Japanese sentence."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the desk, for the pills and strips of every screen. Polled once a second."""

    camera: Device = Device.STARTING
    reader: Device = Device.STARTING
    sync: Sync = field(default_factory=Sync)
    battery: int | None = None
    """Percent, or None where there is none to ask."""
    charging: bool = True
    disk: Disk = Disk.ROOM
    notices: tuple[Notice, ...] = ()
    """What the store found when it was opened, until staff said that they know."""
    camera_code: str = ""
    """What is wrong with a camera that is `MISSING` (`no_camera camera_dark …`), if it can tell."""
    camera_says: str = ""
    """The same as a sentence for staff, in Japanese."""


class Frame(Protocol):
    """A BGR picture, 8 bits a channel, rows top down and contiguous: a numpy array of (height, width, 3)."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Height, width, 3."""

    @property
    def data(self) -> Any:  # noqa: ANN401 - numpy's buffer, which has no better type
        """The buffer."""


class DeskPort(Protocol):
    """The part of `kiosk.desk.Desk` the window uses; every call is made on one thread of its own."""

    def new_person(self, **known: object) -> Person:
        """A person with a fresh id."""

    def new_household(self, members: Sequence[Person], **known: object) -> Household:
        """A household with a fresh id."""

    def receive(self, arrival: Arrival) -> Received | AlreadyHere:
        """Write a household down; returns when it is durable."""

    def take_over(self, slip: Slip, stopwatch: Stopwatch | None = None) -> Received | AlreadyHere:
        """Receive a household from another shelter, by its transfer slip."""

    def tie_token(self, household: HouseholdId, person: PersonId, token: bytes) -> Committed:
        """A contactless card stands for a person."""

    def tap(self, token: bytes) -> Tapped | None:
        """Whoever it stands for goes out, or is back; None when it is tied to nobody."""

    def undo(self, what: RosterRow | Committed) -> Committed:
        """Take a reception back, or what was said last; returns when that is durable."""

    def row(self, household: HouseholdId) -> RosterRow:
        """One household as it stands."""

    def leave(
        self, household: HouseholdId, persons: Sequence[PersonId] = (), destination: str = ""
    ) -> Committed:
        """Members left for good; all of them when none is named."""

    def away(
        self, household: HouseholdId, persons: Sequence[PersonId] = (), destination: str = ""
    ) -> Committed:
        """Members went out and will be back."""

    def return_(self, household: HouseholdId, persons: Sequence[PersonId] = ()) -> Committed:
        """Members are here again."""

    def move(
        self,
        household: HouseholdId,
        shelter: str = "",
        persons: Sequence[PersonId] = (),
        destination: str = "",
    ) -> Committed:
        """Members went on to another shelter."""

    def amend(self, household: Household, removed: Sequence[PersonId] = ()) -> Committed:
        """The card is now as it stands here."""

    def add_members(self, household: HouseholdId, members: Sequence[Person]) -> Committed:
        """Members join a household that is here."""

    def new_representative(self, household: HouseholdId, person: PersonId) -> Committed:
        """Somebody else speaks for the household."""

    def merge(
        self, household: HouseholdId, into: HouseholdId, same: Sequence[tuple[PersonId, PersonId]] = ()
    ) -> Committed:
        """Two receptions were one household."""

    def keep_secret(self, household: HouseholdId, reason: str = "") -> Committed:
        """Nobody is told that they are here."""

    def end_secrecy(self, household: HouseholdId, reason: str, second: Actor | None = None) -> Committed:
        """Lift it again, for a reason and with a second person."""

    def similar(self, household: Household) -> Sequence[RosterRow]:
        """Households that may be the same family."""

    def look_at(self, household: HouseholdId, reason: str = "", action: str = "view_card") -> RosterRow:
        """A household's card; who looked is in the log when this returns."""

    def uncover(self, household: HouseholdId, what: str) -> None:
        """See what the card covers; who looked is in the log when this returns."""

    def inquire(self, text: str, *, relative: bool, reason: str) -> Sequence[RosterRow]:
        """Who may be told of; that it was asked is in the log when this returns."""

    def report_shelter(self, state: Shelter) -> Committed:
        """The shelter's state, as somebody just looked."""

    def shelter(self) -> Shelter:
        """The shelter's state as last said."""

    def areas(self) -> Mapping[str, int]:
        """Persons who are here, by area."""

    def doubles(self) -> tuple[Double, ...]:
        """Pairs of households in which somebody seems to stand twice."""

    def lookings(self) -> tuple[Looking, ...]:
        """Who looked at what, newest first."""

    def shift_sheet(self) -> ShiftSheet:
        """What the next shift has to know."""

    def roster(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households whose name or kana begins with the text."""

    def counts(self) -> Counts:
        """The shelter's figures now."""

    def publish(self) -> None:
        """Lay what HQ shall learn, after everything was answered."""


NO_SHELTER = "まだ 避難所の 受付では ありません"
"""What stands where a shelter's name would, on a laptop that is no shelter's kiosk yet."""
OPENING_DESK = "開設"
"""What stands where a desk's name would, there."""


class Station(Protocol):
    """One laptop, seen from its window: what stands around it, whether or not anybody can be received yet.

    Everything is called on the window's own thread and must return at once, but for `close`, which is the
    last that its one desk thread does.
    """

    @property
    def shelter_name(self) -> str:
        """`城山小学校 避難所`."""

    @property
    def desk_label(self) -> str:
        """`受付 1番`."""

    @property
    def mode(self) -> Mode:
        """Drill or disaster: a drill is shown loudly on every screen."""

    @property
    def capacity(self) -> int | None:
        """Persons the shelter is meant for, if known."""

    @property
    def founder(self) -> Founder | None:
        """Makes this laptop a shelter's kiosk, where it is none yet."""

    @property
    def reception(self) -> Reception | None:
        """The desk at which people are received, where this laptop is a shelter's kiosk."""

    @property
    def settings(self) -> Settings:
        """What was chosen for this laptop, as it held when the desk was made."""

    def start(self, push: Callable[[Input], None]) -> None:
        """Start camera and reader and send what they see through `push`, which any thread may call.

        Called once, after the window was first painted and, where people are received, the desk is open. Sent
        are CodeAccepted, CodeRefused, SlipSeen, TokenSeen, CardPlaced, CardRemoved, CardRead, CardFailed and
        DeviceChanged, and before there is a shelter SheetSeen and SheetRefused; stopwatches are the sender's.
        """

    def cameras_seen(self, seen: Sequence[tuple[str, str]]) -> None:
        """The cameras that the window sees now, as (id, name); called when that changes. Never blocks."""

    def latest_frame(self) -> Frame | None:
        """The newest picture for the live view, or None. Only asked while it is shown."""

    def surroundings(self) -> Surroundings:
        """Devices, power and link, as last known. Never blocks."""

    def now(self) -> dt.datetime:
        """The wall time, aware, in the shelter's zone."""

    def stopwatch(self) -> Stopwatch:
        """A running stopwatch of this session, started now."""

    def close(self) -> None:
        """Stop the devices, close the store, forget its key. Called once, also after a failed `open`."""


class Reception(Station, Protocol):
    """One desk of a shelter, seen from its window.

    Threads: `open`, every call on the desk it returns, `keeper`, `second` and `rest` are made on the window's
    one desk thread, in order. Everything else is called on the window's own thread and must return at once.
    """

    @property
    def towns(self) -> Sequence[Town]:
        """Where people here are likely to come from, likeliest first; may be empty."""

    @property
    def asks_passphrase(self) -> bool:
        """Whether `open` wants one. False for practice."""

    @property
    def keeper(self) -> Keeper | None:
        """Looks after this laptop while its store is open. Asked on the desk's thread."""

    def open(self, passphrase: Secret | None) -> DeskPort:
        """Open the store and give the desk. Called again after a KnownError (`wrong_passphrase` ...).

        Raises:
            KnownError: with the sentence that the screen shows.
        """

    def watch_codes(self, *, wanted: bool) -> None:
        """Whether a code seen now would be received; the camera need not decode when it is not wanted.

        Wanted again, what was seen before is forgotten, so that a phone still held up is seen anew.
        """

    def read_card(self, digits: Secret) -> None:
        """Give the digits to the card on the reader; the answer is pushed. Never blocks, never logs."""

    def printed_forms(self, birth: str) -> Sequence[PrintedForm]:
        """How a birth date (`1980-02-17`, unknown parts 00) may stand on a card; none: it stands on nobody's.

        The commoner form first.
        """

    def read_face(self, birth: Secret, code: Secret, year: Secret) -> None:
        """Open the card with what is printed on it; the answer is pushed. Never blocks, never logs.

        `birth` is the six digits of one printed form, `code` the four of the security code, `year` the
        year of expiry, or empty where the card is to tell it; if it does not, `no_expiry` is pushed.
        """

    def second(self, name: str, secret: Secret) -> Actor:
        """Somebody else of the staff, known by their own secret. On the desk's thread.

        Raises:
            KnownError: they are not known by it.
        """

    def rest(self) -> None:
        """The desk has time: put everything to its place. On the desk's thread."""

    def acknowledge(self) -> None:
        """Staff know what the store found: it need not be said again. Never blocks."""

    def try_sync(self) -> None:
        """Send what waits now, instead of at the next attempt. Never blocks."""
