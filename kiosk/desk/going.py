"""Going and coming back: out, away for good, on to another shelter, by word, by slip or by a tap."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.core.access import Action
from kiosk.core.acts import Away, Leave, Move, Note, Return, Topic
from kiosk.core.household import Person
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.roll import Whereabouts
from kiosk.core.slip import Slip
from kiosk.desk.counter import Counter
from kiosk.desk.values import Tapped
from kiosk.errors import KnownError
from kiosk.ports import Committed, RosterRow


class Going(Counter):
    """Who goes, and who is back."""

    def leave(
        self, household: HouseholdId, persons: Sequence[PersonId] = (), destination: str = ""
    ) -> Committed:
        """退所: members left for good; all of them when none is named."""
        self._access.check(Action.LEAVE)
        self._known(household)
        return self._append(Leave(*self._circumstances, household, tuple(persons), destination))

    def away(
        self, household: HouseholdId, persons: Sequence[PersonId] = (), destination: str = ""
    ) -> Committed:
        """一時外出: members went out and will be back."""
        self._access.check(Action.AWAY)
        self._known(household)
        return self._append(Away(*self._circumstances, household, tuple(persons), destination))

    def return_(self, household: HouseholdId, persons: Sequence[PersonId] = ()) -> Committed:
        """再入所: members who were away or had left are here again."""
        self._access.check(Action.RETURN)
        self._known(household)
        return self._append(Return(*self._circumstances, household, tuple(persons)))

    def move(
        self,
        household: HouseholdId,
        shelter: str = "",
        persons: Sequence[PersonId] = (),
        destination: str = "",
    ) -> Committed:
        """転出: members went on to another shelter, by its id if it is known."""
        self._access.check(Action.MOVE)
        self._known(household)
        return self._append(Move(*self._circumstances, household, shelter, tuple(persons), destination))

    def hand_over(self, household: HouseholdId, shelter: str) -> Slip:
        """転出票: what the next shelter needs to take the household over; `shelter` is this one's id."""
        self._access.check(Action.TRANSFER_SLIP)
        row = self._shown(household)
        present = tuple(person.id for person in row.present) or tuple(
            person.id for person, where in _placed(row) if where is Whereabouts.MOVED
        )
        if not present:
            raise KnownError("nobody_here", "いま ここに いる人が いません。", "nobody of it is here")
        return Slip(row.household, present, self._mode, row.method, shelter, row.number, row.received_at)

    def tie_token(self, household: HouseholdId, person: PersonId, token: bytes) -> Committed:
        """戻り用カード: a contactless card or phone, by the keyed hash of its id, stands for a person.

        A card of somebody who is here stays theirs; one of somebody who left is given on.

        Raises:
            KnownError: `token_taken`, `not_in_household`, `not_in_roster`.
        """
        self._access.check(Action.AMEND)
        row = self._known(household)
        if person not in {member.id for member in row.household.members}:
            raise KnownError("not_in_household", "この世帯の人では ありません。", "not of this household")
        before = self._ledger.find_token(token)
        if before is not None and before[1] != person:
            self._give_up(*before, token)
        return self._append(
            Note(*self._circumstances, household, Topic.TOKEN, action="tie_token", person=person, token=token)
        )

    def _give_up(self, row: RosterRow, person: PersonId, token: bytes) -> None:
        if row.elsewhere.get(person, row.whereabouts) in {Whereabouts.HERE, Whereabouts.AWAY}:
            raise KnownError(
                "token_taken", "この カードは ほかの人が 使っています。", "the card stands for somebody else"
            )
        self._append(
            Note(*self._circumstances, row.household.id, Topic.TOKEN, action="untie_token", token=token)
        )

    def tap(self, token: bytes) -> Tapped | None:
        """A tied card was held up: its person goes out, or is back. None when it is tied to nobody."""
        found = self._ledger.find_token(token)
        if found is None:
            return None
        row, person = found
        known = person in {member.id for member in row.household.members}
        if not known or row.whereabouts is Whereabouts.VOID:
            return None
        out = row.elsewhere.get(person) is None
        change = self.away if out else self.return_
        committed = change(row.household.id, [person])
        return Tapped(self._now(row.household.id), person, out, committed)


def _placed(row: RosterRow) -> list[tuple[Person, Whereabouts]]:
    return [(person, row.elsewhere.get(person.id, Whereabouts.HERE)) for person in row.household.members]
