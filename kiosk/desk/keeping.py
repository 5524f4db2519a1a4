"""A household that is here: its card is kept, its family grows, two of them turn out to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kiosk.core.access import Action
from kiosk.core.acts import Amend, Join, Merge
from kiosk.core.finding import address_key
from kiosk.core.household import NAME_GAP, Household, Person, Relation
from kiosk.core.ids import HouseholdId, PersonId
from kiosk.core.names import search_key
from kiosk.desk.seeing import Seeing
from kiosk.errors import KnownError
from kiosk.ports import Committed, RosterRow

OF_A_SURNAME = 200
"""In some villages every third household has the same one; each is read at every key typed of an address."""


class Keeping(Seeing):
    """Keeping the cards of those who are here."""

    def amend(self, household: Household, removed: Sequence[PersonId] = ()) -> Committed:
        """記入・訂正: the card is now as it stands here; details after a count are one case of it.

        Raises:
            KnownError: `not_in_roster`, `nobody_here` when nobody would be left.
        """
        self._access.check(Action.AMEND)
        return self._amend(household, removed)

    def _amend(self, household: Household, removed: Sequence[PersonId] = ()) -> Committed:
        self._known(household.id)
        if not {person.id for person in household.members} - set(removed):
            raise KnownError("nobody_here", "入る人を ひとり 以上 えらんでください。", "nobody was chosen")
        return self._append(Amend(*self._circumstances, household, tuple(removed)))

    def add_members(self, household: HouseholdId, members: Sequence[Person]) -> Committed:
        """家族が あとから 来た: members join a household that was received; it stays one household."""
        self._access.check(Action.ADD_MEMBERS)
        self._known(household)
        if not members:
            raise KnownError("nobody_here", "入る人を ひとり 以上 えらんでください。", "nobody was chosen")
        return self._append(Join(*self._circumstances, household, tuple(members)))

    def similar(self, household: Household) -> list[RosterRow]:
        """Households that may be the same family: the same address and surname. Staff decides."""
        surnames = {surname(person) for person in household.members} - {""}
        found: dict[HouseholdId, RosterRow] = {}
        for name in sorted(surnames):
            for row in self.roster(name, OF_A_SURNAME):
                same_name = surnames & {surname(person) for person in row.household.members}
                near = _may_be_one(household.address, row.household.address)
                if same_name and near and row.household.id != household.id:
                    found[row.household.id] = row
        return list(found.values())

    def new_representative(self, household: HouseholdId, person: PersonId) -> Committed:
        """代表者の 変更: somebody else speaks for the household, for instance when its head left."""
        self._access.check(Action.NEW_HEAD)
        row = self._known(household)
        if person not in {member.id for member in row.household.members}:
            raise KnownError("not_in_household", "この世帯の人では ありません。", "not of this household")

        def renamed(member: Person) -> Person:
            if member.id == person:
                return replace(member, relation=Relation.HEAD)
            was_head = member.relation is Relation.HEAD
            return replace(member, relation=Relation.UNKNOWN) if was_head else member

        return self._amend(replace(row.household, members=tuple(map(renamed, row.household.members))))

    def merge(
        self,
        household: HouseholdId,
        into: HouseholdId,
        same: Sequence[tuple[PersonId, PersonId]] = (),
    ) -> Committed:
        """統合: two receptions were one household; `same` pairs members of the two. Undoable."""
        self._access.check(Action.MERGE)
        self._known(household)
        self._known(into)
        if household == into:
            raise KnownError("same_household", "おなじ世帯です。", "a household is not merged with itself")
        return self._append(Merge(*self._circumstances, household, into, tuple(same)))


def _may_be_one(address: str, other: str) -> bool:
    """Whether two addresses may be one: unknown, or one of them told in fewer words (only the town)."""
    one, two = address_key(address), address_key(other)
    return one in two or two in one


def surname(person: Person) -> str:
    """What a family shares: the family name's search key, by kana where it is known; empty if nothing is."""
    return search_key((person.kana or person.name or "").partition(NAME_GAP)[0])
