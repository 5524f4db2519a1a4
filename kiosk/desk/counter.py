"""What every act at the desk stands on: who is there, where it is written, and that looking leaves a trace.

It refuses to know any act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from kiosk.core import ids
from kiosk.core.access import Access, Action, Actor
from kiosk.core.acts import Act, Note, Topic
from kiosk.core.household import Household, Mode, Person
from kiosk.core.ids import HouseholdId, IncidentId, Randomness
from kiosk.core.roll import Whereabouts
from kiosk.desk.values import MOST_IN_A_NOTE
from kiosk.errors import BugError, KnownError
from kiosk.ports import Committed, Ledger, RosterRow


class Counter:
    """A ledger, and somebody at it: whatever they do is asked of `kiosk.core.access` first."""

    def __init__(
        self,
        ledger: Ledger,
        mode: Mode,
        incident: Callable[[], IncidentId | None],
        randomness: Randomness,
        access: Access,
    ) -> None:
        self._ledger = ledger
        self._mode = mode
        self._incident = incident
        self._randomness = randomness
        self._access = access

    @property
    def staff(self) -> str:
        """Who stands at the desk."""
        return self._access.actor.name

    def new_person(self, **known: object) -> Person:
        """A person with a fresh id and whatever is known."""
        return replace(Person(ids.new_person(self._randomness)), **known)  # type: ignore[arg-type]  # names are Person's own

    def new_household(self, members: Sequence[Person], **known: object) -> Household:
        """A household with a fresh id."""
        return replace(Household(ids.new_household(self._randomness), tuple(members)), **known)  # type: ignore[arg-type]  # names are Household's own

    def row(self, household: HouseholdId) -> RosterRow:
        """One household as it stands: for whoever just wrote about it.

        Raises:
            KnownError: `not_in_roster`.
        """
        row = self._ledger.get(household)
        if row is None:
            raise self._not_in_roster()
        return row

    def write_down(
        self, action: str, about: Sequence[HouseholdId], reason: str = "", second: Actor | None = None
    ) -> None:
        """Write into the log who does what, of whom and why, before anything is shown or taken out.

        Raises:
            KnownError: `not_audited`: then it must not be shown.
        """
        staff = self.staff if second is None else f"{self.staff}、{second.name}"
        try:
            for at in range(0, max(1, len(about)), MOST_IN_A_NOTE):
                part = tuple(about[at : at + MOST_IN_A_NOTE])
                seen = Note(*self._circumstances, None, Topic.SEEN, action, reason, about=part)
                self._ledger.append(seen, staff)
        except KnownError as error:
            raise KnownError(
                "not_audited",
                "だれが 見たかを 書きとめられないので 開けません。受付は つづけられます。",
                f"the view can not be written down, so it is refused ({error.code})",
            ) from error

    def publish(self) -> None:
        """Lay what HQ shall learn for the sync process: after the acknowledgement, never before it."""
        self._ledger.publish()

    @property
    def _circumstances(self) -> tuple[Mode, IncidentId | None]:
        return self._mode, self._incident()

    def _append(self, act: Act) -> Committed:
        return self._ledger.append(act, self.staff)

    def _known(self, household: HouseholdId) -> RosterRow:
        row = self._ledger.get(household)
        if row is None or row.whereabouts is Whereabouts.VOID:
            raise self._not_in_roster()
        return row

    def _shown(self, household: HouseholdId) -> RosterRow:
        """As `_known`; who may not know of somebody is told what is told of nobody."""
        row = self._known(household)
        if row.household.secrecy and not self._access.may(Action.SECRECY_VIEW):
            raise self._not_in_roster()
        return row

    def _now(self, household: HouseholdId) -> RosterRow:
        row = self._ledger.get(household)
        if row is None:
            raise BugError("a household that was just written is not there")
        return row

    @staticmethod
    def _not_in_roster() -> KnownError:
        return KnownError(
            "not_in_roster", "この世帯は 名簿に ありません。", "no such household in the roster"
        )
