"""What the window needs of the world: one Protocol, implemented where everything is joined.

The window knows no camera, no reader, no store and no network. Devices speak to it by pushing
`kiosk.flow` inputs through the one callback it hands over; it asks the rest here. No Qt is needed to
implement or to fake it.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.core.counts import Counts
from kiosk.core.household import Household, Mode, Person
from kiosk.desk import AlreadyHere, Arrival, Received
from kiosk.flow import Input, Secret, Town
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Stopwatch


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


@dataclass(frozen=True, slots=True)
class Sync:
    """What HQ knows: `sent_at` is the aware time of its last acknowledgement, `unsent` counts events."""

    link: Link = Link.OFF
    sent_at: dt.datetime | None = None
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the desk, for the pills and strips of every screen. Polled once a second."""

    camera: Device = Device.STARTING
    reader: Device = Device.STARTING
    sync: Sync = field(default_factory=Sync)
    battery: int | None = None
    """Percent, or None where there is none to ask."""
    charging: bool = True


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

    def undo(self, row: RosterRow) -> Committed:
        """Take a reception back; returns when that is durable."""

    def roster(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households whose name or kana begins with the text."""

    def counts(self) -> Counts:
        """The shelter's figures now."""

    def publish(self) -> None:
        """Lay what HQ shall learn, after everything was answered."""


class Station(Protocol):
    """One desk, seen from its window.

    Threads: `open` and every call on the desk it returns, and `close`, are made on the window's one desk
    thread, in order. Everything else is called on the window's own thread and must return at once.
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
    def towns(self) -> Sequence[Town]:
        """Where people here are likely to come from, likeliest first; may be empty."""

    @property
    def asks_passphrase(self) -> bool:
        """Whether `open` wants one. False for practice."""

    def open(self, passphrase: Secret | None) -> DeskPort:
        """Open the store and give the desk. Called again after a KnownError (`wrong_passphrase` ...).

        Raises:
            KnownError: with the sentence that the screen shows.
        """

    def start(self, push: Callable[[Input], None]) -> None:
        """Start camera and reader and send what they see through `push`, which any thread may call.

        Called once, after the window was first painted and the desk is open. Sent are CodeAccepted,
        CodeRefused, CardPlaced, CardRemoved, CardRead, CardFailed and DeviceChanged; stopwatches are the
        sender's.
        """

    def watch_codes(self, *, wanted: bool) -> None:
        """Whether a code seen now would be received; the camera need not decode when it is not wanted.

        Wanted again, what was seen before is forgotten, so that a phone still held up is seen anew.
        """

    def read_card(self, digits: Secret) -> None:
        """Give the digits to the card on the reader; the answer is pushed. Never blocks, never logs."""

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
