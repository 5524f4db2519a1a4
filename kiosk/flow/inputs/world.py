"""What the camera, the card reader, the clock and the ledger said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kiosk.core.acts import Shelter, Source
from kiosk.core.household import Household, Method
from kiosk.desk import Transfer
from kiosk.flow.kinds import AlwaysHeard, Told
from kiosk.flow.values import PrintedForm, Work
from kiosk.overview import Double, Looking, ShiftSheet
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Stopwatch


@dataclass(frozen=True, slots=True)
class CodeAccepted(AlwaysHeard):
    """A pass was recognised; the stopwatch runs since its code was first located."""

    household: Household = field(repr=False)
    source: Source = field(repr=False)
    stopwatch: Stopwatch
    marks: frozenset[str] = frozenset()
    again: bool = False
    """The same code was before the camera a moment ago: whoever shows it wants to hear that it is done."""


@dataclass(frozen=True, slots=True)
class CodeRefused(AlwaysHeard):
    """A code that is no pass of ours: `unknown_issuer bad_signature malformed not_a_pass ...`."""

    code: str


@dataclass(frozen=True, slots=True)
class SlipSeen(AlwaysHeard):
    """A transfer slip of another shelter was read; its stopwatch runs since its code was first located."""

    transfer: Transfer = field(repr=False)
    again: bool = False
    """As of `CodeAccepted`."""

    @property
    def source(self) -> Source:
        """To know the same slip again."""
        return self.transfer.source


@dataclass(frozen=True, slots=True)
class TokenSeen(Told):
    """A contactless card that may stand for a person was held up: the keyed hash of its id."""

    token: bytes = field(repr=False)

    @property
    def source(self) -> Source:
        """To know the same card again; it stands in no log."""
        return Source(Method.CARD, "token", self.token)


@dataclass(frozen=True, slots=True)
class NotTied(Told):
    """The card that was held up stands for nobody."""


@dataclass(frozen=True, slots=True)
class CardPlaced(Told):
    """A card was detected; its stopwatch runs since then."""

    stopwatch: Stopwatch


@dataclass(frozen=True, slots=True)
class CardRemoved(Told):
    """The card was taken away."""


@dataclass(frozen=True, slots=True)
class CardRead(Told):
    """The card told its holder: a household of one; ids may be empty."""

    household: Household = field(repr=False)
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFailed(Told):
    """The card told nothing, for one of the reader's reasons (`wrong_secret blocked card_removed ...`).

    `stopwatch` runs since the card was seen, where it was looked at for the first time.
    """

    code: str
    tries_left: int | None = None
    stopwatch: Stopwatch | None = None


@dataclass(frozen=True, slots=True)
class FormsTold(Told):
    """How the birth date that was typed may stand on a card, the commoner form first; none: no such date."""

    forms: tuple[PrintedForm, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceChanged(Told):
    """A camera or reader came or went, or what is wrong with it is another thing now."""

    device: Literal["camera", "reader"]
    working: bool
    code: str = ""
    """What is wrong (`no_camera camera_lost camera_dark …`), where the device can tell."""


@dataclass(frozen=True, slots=True)
class TimeUp(AlwaysHeard):
    """The state's timer ran out."""


@dataclass(frozen=True, slots=True)
class Opened(Told):
    """The store is open."""


@dataclass(frozen=True, slots=True)
class Undone(Told):
    """The reception is taken back, durably."""


@dataclass(frozen=True, slots=True)
class RosterFound(Told):
    """What the roster holds for a text."""

    text: str = field(repr=False)
    rows: tuple[RosterRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Written(Told):
    """It is in the log; `row` is how the household stands now. Who only looked has no `committed`."""

    row: RosterRow = field(repr=False)
    committed: Committed | None = None


@dataclass(frozen=True, slots=True)
class Uncovered(Told):
    """Who looks is written down: what is held may be shown."""


@dataclass(frozen=True, slots=True)
class SimilarFound(Told):
    """Households that may be the same family as this one."""

    about: Household = field(repr=False)
    rows: tuple[RosterRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DoublesFound(Told):
    """Pairs of households in which somebody stands twice."""

    pairs: tuple[Double, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered(Told):
    """安否照会: who may be told of, to whom it was asked for."""

    text: str = field(repr=False)
    rows: tuple[RosterRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShelterRead(Told):
    """The shelter's state as last said, and how many persons are in each area."""

    shelter: Shelter
    areas: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AuditRead(Told):
    """Who looked at what, newest first."""

    entries: tuple[Looking, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShiftRead(Told):
    """What the next shift has to know."""

    sheet: ShiftSheet


@dataclass(frozen=True, slots=True)
class Failed(Told):
    """The desk could not do it: `code` for programs, `sentence` for staff."""

    work: Work
    code: str
    sentence: str = ""
