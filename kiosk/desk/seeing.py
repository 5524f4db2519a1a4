"""Who may be seen by whom: 支援措置, the roster, cards opened, 安否照会. Looking leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.access import Action, Actor
from kiosk.core.acts import Note, Topic
from kiosk.core.household import Consent
from kiosk.core.ids import HouseholdId
from kiosk.desk.counter import Counter
from kiosk.ports import Committed, RosterRow

ALL_OF_A_NAME = 10_000
"""More households of one name than a shelter ever holds: consent is looked at after the name."""


class Seeing(Counter):
    """Looking at people, and keeping them from being looked at."""

    def keep_secret(self, household: HouseholdId, reason: str = "") -> Committed:
        """支援措置: from now on nobody but those who may is told that they are here."""
        self._access.check(Action.SECRECY_SET)
        self._known(household)
        return self._append(
            Note(*self._circumstances, household, Topic.SECRECY_SET, action="keep_secret", reason=reason)
        )

    def end_secrecy(self, household: HouseholdId, reason: str, second: Actor | None = None) -> Committed:
        """支援措置の 解除: lifts what this desk knows of; what another desk set meanwhile stays set.

        Raises:
            KnownError: `reason_needed`, `second_person_needed`, `not_allowed`, `not_in_roster`.
        """
        self._access.check(Action.SECRECY_CLEAR, reason=reason, second=second)
        card = self._ledger.card(household)
        if card is None:
            raise self._not_in_roster()
        return self._append(
            Note(
                *self._circumstances,
                household,
                Topic.SECRECY_CLEARED,
                action="end_secrecy",
                reason=reason,
                clears=card.secrecy_by,
            )
        )

    def look_at(self, household: HouseholdId, reason: str = "", action: str = "view_card") -> RosterRow:
        """Open a household's card. Who looked is in the log before anything is shown.

        Raises:
            KnownError: `not_allowed`, `not_in_roster` (also for a household that this person may not know
                of), `not_audited` when it can not be written down who looked.
        """
        self._access.check(Action.CARD_VIEW)
        row = self._shown(household)
        if row.household.secrecy:
            self._access.check(Action.SECRECY_VIEW, reason=reason)
        self.write_down(action, [household], reason)
        return row

    def uncover(self, household: HouseholdId, what: str) -> None:
        """See what the card covers (`birth`, `address`, `phone`, `needs`). Who looked is in the log first.

        Raises:
            KnownError: `not_allowed`, `not_in_roster`, `not_audited`.
        """
        self._access.check(Action.UNMASK)
        self._shown(household)
        self.write_down(f"show_{what}", [household])

    def inquire(self, text: str, *, relative: bool, reason: str) -> list[RosterRow]:
        """安否照会: who of those found may be told of, as they themselves consented.

        What is not told, because nobody is here or because nobody may know, looks the same: an empty list.

        Raises:
            KnownError: `not_allowed`, `reason_needed`, `not_audited`.
        """
        self._access.check(Action.SAFETY_ANSWER, reason=reason)
        enough = {Consent.ANYONE, Consent.RELATIVES} if relative else {Consent.ANYONE}
        found = self._ledger.roster(text, ALL_OF_A_NAME) if text else []
        told = [row for row in found if row.household.consent in enough]
        self.write_down("answer_inquiry", [row.household.id for row in told], reason)
        return told

    def roster(self, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """Households whose name or kana begins with `text`, without those under secrecy."""
        self._access.check(Action.SEARCH if text else Action.ROSTER_VIEW)
        return self._ledger.roster(text, limit)

    def secret_roster(self, reason: str, text: str = "", limit: int = 50) -> Sequence[RosterRow]:
        """The same with those under secrecy, for who may know of them; who looked, and why, is in the log.

        Raises:
            KnownError: `not_allowed`, `reason_needed`, `not_audited`.
        """
        self._access.check(Action.SECRECY_VIEW, reason=reason)
        rows = self._ledger.roster(text, limit, secret=True)
        self.write_down("secret_roster", [row.household.id for row in rows if row.household.secrecy], reason)
        return rows
