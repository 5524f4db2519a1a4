"""What the screens draw of a household that was received: going and coming, needs, its card."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.core.acts import Source
from kiosk.core.household import Household, Need, Person
from kiosk.core.ids import PersonId
from kiosk.core.roll import Whereabouts
from kiosk.flow.choices import DESTINATIONS, NEED_PAGES, PAGE_KEYS, Page
from kiosk.flow.inputs import CodeAccepted
from kiosk.flow.kinds import Armed, StaffScreen, State
from kiosk.flow.states.staff import Roster
from kiosk.flow.values import Change, Masked
from kiosk.ports import Committed, RosterRow

_FROM: dict[Change, frozenset[Whereabouts]] = {
    Change.BACK: frozenset({Whereabouts.AWAY, Whereabouts.LEFT, Whereabouts.MOVED}),
    Change.OUT: frozenset({Whereabouts.HERE}),
    Change.LEFT: frozenset({Whereabouts.HERE, Whereabouts.AWAY}),
    Change.MOVED: frozenset({Whereabouts.HERE, Whereabouts.AWAY}),
}
"""Who can go out, leave, be back or move on, by where they are. First what is likely wanted."""


@dataclass(frozen=True, slots=True)
class WhatNow(Armed):
    """A household that is known: who of it goes out, leaves, is back, or moves on?"""

    row: RosterRow = field(repr=False)
    chosen: frozenset[int]
    """Positions in `row.household.members`."""
    source: Source | None = field(default=None, repr=False)
    destination: int | None = None
    back: Roster | HouseholdCard | None = field(default=None, repr=False)

    def whom(self, change: Change) -> tuple[PersonId, ...]:
        """Those chosen who can do this from where they are."""
        members = self.row.household.members
        return tuple(
            members[place].id
            for place in sorted(self.chosen)
            if self.row.elsewhere.get(members[place].id, Whereabouts.HERE) in _FROM[change]
        )

    @property
    def offers(self) -> tuple[Change, ...]:
        """What can be said of those chosen, the likeliest first: that one is Enter."""
        return tuple(change for change in _FROM if self.whom(change))

    @property
    def where_to(self) -> str:
        """What is written down of where they go; nothing if they did not say."""
        return "" if self.destination is None else tuple(DESTINATIONS.values())[self.destination]


@dataclass(frozen=True, slots=True)
class Changed(Armed):
    """外出しました and the like: it is in the log. It can be taken back while this shows."""

    row: RosterRow = field(repr=False)
    change: Change
    persons: tuple[PersonId, ...] = ()
    """Whom it is about; nobody named means all."""
    committed: Committed | None = None
    source: Source | None = field(default=None, repr=False)
    next: CodeAccepted | None = field(default=None, repr=False)
    then: Roster | HouseholdCard | None = field(default=None, repr=False)
    """Where staff go on; nowhere means the ready screen."""


@dataclass(frozen=True, slots=True)
class Tapping(State):
    """The ledger is looking whose card was held up, and writing that they go or are back."""

    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class TyingToken(StaffScreen):
    """戻り用カード: which of the household, and the card that shall stand for them is waited for."""

    row: RosterRow = field(repr=False)
    person: int
    back: WhatNow | HouseholdCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class Writing(State):
    """The ledger is writing a change, or that somebody looks; nothing is promised yet.

    `then` is shown with the household as it stands afterwards, `back` if it can not be written.
    """

    change: Change
    then: State = field(repr=False)
    back: State = field(repr=False)


@dataclass(frozen=True, slots=True)
class Needs(State):
    """体のこと: one person's chips. `household` is as chosen so far, `before` as it was."""

    household: Household = field(repr=False)
    before: Household = field(repr=False)
    then: State = field(repr=False)
    """Where it goes on, with the household as it is then."""
    person: int = 0
    page: int = 0

    @property
    def chips(self) -> tuple[Need, ...]:
        """The needs on this page."""
        return NEED_PAGES[self.page]


@dataclass(frozen=True, slots=True)
class HouseholdCard(StaffScreen):
    """避難者カード: a household as it stands, what is private masked."""

    row: RosterRow = field(repr=False)
    back: State = field(repr=False)
    person: int = 0
    holding: Masked | None = None
    """What is pressed and held."""
    shown: bool = False
    """Whether what is held may be shown: who looks is in the log."""
    similar: tuple[RosterRow, ...] = field(default=(), repr=False)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CardPage(StaffScreen):
    """One page of the card that changes one thing. `draft` is as chosen so far."""

    card: HouseholdCard
    page: Page
    draft: Household = field(repr=False)
    text: str = field(default="", repr=False)
    areas: tuple[tuple[str, int, int], ...] = ()
    """Of the AREA page: name, persons there, and how many it holds (0: nobody said)."""

    @property
    def key(self) -> str:
        """The letter of this page."""
        return next(key for key, page in PAGE_KEYS.items() if page is self.page)


@dataclass(frozen=True, slots=True)
class MemberCard(StaffScreen):
    """One person of a card, to be corrected."""

    card: HouseholdCard

    @property
    def member(self) -> Person:
        """Who it is."""
        return self.card.row.household.members[self.card.person]


@dataclass(frozen=True, slots=True)
class EndingSecrecy(StaffScreen):
    """支援措置の 解除 wants a reason, and a second person."""

    card: HouseholdCard
    reason: str = field(default="", repr=False)
    who: str = field(default="", repr=False)
    missing: bool = False
