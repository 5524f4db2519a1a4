"""The desk's use-cases: what people do at a reception, each one act in the log.

It knows a `Ledger`, not SQLite; households, not screens. What it returns are outcomes to show; it never
says "received" before the ledger has committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kiosk import overview
from kiosk.core import ids
from kiosk.core.access import Access, Action, Actor
from kiosk.core.acts import (
    Act,
    Amend,
    Away,
    Join,
    Leave,
    Merge,
    Move,
    Note,
    Receive,
    Return,
    Shelter,
    Source,
    Topic,
    Void,
)
from kiosk.core.counts import Counts
from kiosk.core.finding import address_key
from kiosk.core.household import NAME_GAP, Consent, Household, Method, Mode, Person, Relation
from kiosk.core.ids import HouseholdId, IncidentId, PersonId, Randomness
from kiosk.core.names import search_key
from kiosk.core.roll import Whereabouts
from kiosk.core.slip import Slip
from kiosk.errors import BugError, KnownError
from kiosk.overview import Double, Looking, ShiftSheet
from kiosk.ports import Committed, Ledger, RosterRow
from kiosk.timing import Stopwatch

MAX_HEADS = 99
MOST_IN_A_NOTE = 400
"""Households in one note of who was seen: an event holds 16 kB."""
EVERYBODY = 100_000
"""Households: more than any shelter has; for what is looked over as a whole."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A household at the desk, ready to be received."""

    method: Method
    household: Household
    source: Source | None = None
    stopwatch: Stopwatch | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """It is in the log: say so."""

    row: RosterRow
    committed: Committed
    returned: bool = False
    """They were out, and are back: no new reception."""


@dataclass(frozen=True, slots=True)
class AlreadyHere:
    """The same pass or card was received before and stands: no second reception."""

    row: RosterRow


class Desk:
    """One reception desk, and somebody at it: whatever they do is asked of `kiosk.core.access` first."""

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

    def heads(self, count: int) -> Household:
        """A household of `count` persons of whom nothing else is known.

        Raises:
            KnownError: `bad_count` unless 1 ≤ count ≤ 99.
        """
        if not 1 <= count <= MAX_HEADS:
            raise KnownError("bad_count", "人数は 1人から 99人までです。", "a household has 1 to 99 persons")
        return self.new_household([self.new_person() for _ in range(count)])

    def receive(self, arrival: Arrival) -> Received | AlreadyHere:
        """受付: write the household down, or recognise that it is here.

        A household that was out is back. One that left, or whose reception was taken back, is received
        anew under its old id.
        """
        self._access.check(Action.COUNT_ONLY if arrival.method is Method.COUNT else Action.RECEIVE)
        household, before, watch = arrival.household, None, arrival.stopwatch
        asked = watch.elapsed if watch is not None else 0.0
        if arrival.source is not None:
            before = self._ledger.find_source(arrival.source)
        if before is not None and before.whereabouts is Whereabouts.HERE:
            return AlreadyHere(before)
        if before is not None and before.whereabouts is Whereabouts.AWAY:
            committed = self.return_(before.household.id)
            return Received(self._now(before.household.id), committed, returned=True)
        source = arrival.source
        if before is not None:
            household = replace(_newest(arrival, before), id=before.household.id)
            source = source and replace(source, revision=max(source.revision, before.revision))
        if not household.members:
            raise KnownError("nobody_here", "入る人を ひとり 以上 えらんでください。", "nobody was chosen")
        number = before.number if before is not None else self._ledger.next_number()
        if watch is not None:
            watch.add_machine(watch.elapsed - asked)
        act = Receive(
            self._mode,
            self._incident(),
            arrival.method,
            household,
            number,
            source,
            None if watch is None else watch.reading(),
            self.staff,
        )
        committed = self._ledger.append(act, self.staff)
        if before is not None:
            return Received(self._now(household.id), committed)
        row = RosterRow(
            household,
            number,
            arrival.method,
            Whereabouts.HERE,
            committed.at,
            committed.device,
            committed.seq,
            revision=0 if source is None else source.revision,
        )
        return Received(row, committed)

    def undo(self, what: RosterRow | Committed) -> Committed:
        """ちがう: take an act back. The log keeps both; the counts forget it.

        Of a roster's row, what is taken back is the reception or amendment that holds its card.
        """
        household = what.household.id if isinstance(what, RosterRow) else what.household
        own = self._ledger.author(what.device, what.seq) == self.staff
        self._access.check(Action.UNDO_OWN if own else Action.UNDO_OTHERS)
        if household is None:
            raise KnownError(
                "not_undoable", "これは 取り消せません。", "only acts about a household are undone"
            )
        return self._append(Void(*self._circumstances, household, what.device, what.seq))

    # -- a household that is here ----------------------------------------------------------------------

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
            for row in self.roster(name):
                same_name = surnames & {surname(person) for person in row.household.members}
                near = _may_be_one(household.address, row.household.address)
                if same_name and near and row.household.id != household.id:
                    found[row.household.id] = row
        return list(found.values())

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
        row = self._known(household)
        present = tuple(person.id for person in row.present) or tuple(
            person.id for person, where in _placed(row) if where is Whereabouts.MOVED
        )
        if not present:
            raise KnownError("nobody_here", "いま ここに いる人が いません。", "nobody of it is here")
        return Slip(row.household, present, self._mode, row.method, shelter, row.number, row.received_at)

    def take_over(self, slip: Slip, stopwatch: Stopwatch | None = None) -> Received | AlreadyHere:
        """転入: receive a household from another shelter, with its card and its ids.

        Raises:
            KnownError: `other_mode` for a slip of a drill in a disaster, or the other way round.
        """
        self._access.check(Action.TAKE_OVER)
        if slip.mode is not self._mode:
            raise KnownError(
                "other_mode", "訓練と 本番の 転出票は まぜられません。", "a slip of the other mode"
            )
        before = self._ledger.get(slip.household.id)
        if before is not None and before.whereabouts is Whereabouts.HERE:
            return AlreadyHere(before)
        home = slip.household if before is None or slip.at >= before.received_at else before.household
        number = before.number if before is not None else self._ledger.next_number()
        receive = Receive(
            *self._circumstances,
            slip.method,
            home.present_only(frozenset(slip.present)),
            number,
            None,
            None if stopwatch is None else stopwatch.reading(),
            self.staff,
        )
        committed = self._append(receive)
        return Received(self._now(home.id), committed)

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

    # -- secrecy, tokens, the eye of others ------------------------------------------------------------

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

    def tie_token(self, household: HouseholdId, person: PersonId, token: bytes) -> Committed:
        """戻り用カード: a contactless card or phone, by the keyed hash of its id, stands for a person."""
        self._access.check(Action.AMEND)
        self._known(household)
        return self._append(
            Note(*self._circumstances, household, Topic.TOKEN, action="tie_token", person=person, token=token)
        )

    def tap(self, token: bytes) -> tuple[RosterRow, Committed] | None:
        """A tied card was held up: its person goes out, or is back. None when it is tied to nobody."""
        found = self._ledger.find_token(token)
        if found is None:
            return None
        row, person = found
        out = row.elsewhere.get(person) is None
        change = self.away if out else self.return_
        committed = change(row.household.id, [person])
        return self._now(row.household.id), committed

    def look_at(self, household: HouseholdId, reason: str = "", action: str = "view_card") -> RosterRow:
        """Open a household's card. Who looked is in the log before anything is shown.

        Raises:
            KnownError: `not_allowed`, `not_in_roster` (also for a household that this person may not know
                of), `not_audited` when it can not be written down who looked.
        """
        self._access.check(Action.CARD_VIEW)
        row = self._known(household)
        if row.household.secrecy:
            if not self._access.may(Action.SECRECY_VIEW):
                raise self._not_in_roster()
            self._access.check(Action.SECRECY_VIEW, reason=reason)
        self.write_down(action, [household], reason)
        return row

    def uncover(self, household: HouseholdId, what: str) -> None:
        """See what the card covers (`birth`, `address`, `phone`, `needs`). Who looked is in the log first.

        Raises:
            KnownError: `not_allowed`, `not_in_roster`, `not_audited`.
        """
        self._access.check(Action.UNMASK)
        self._known(household)
        self.write_down(f"show_{what}", [household])

    def inquire(self, text: str, *, relative: bool, reason: str) -> list[RosterRow]:
        """安否照会: who of those found may be told of, as they themselves consented.

        What is not told, because nobody is here or because nobody may know, looks the same: an empty list.

        Raises:
            KnownError: `not_allowed`, `reason_needed`, `not_audited`.
        """
        self._access.check(Action.SAFETY_ANSWER, reason=reason)
        enough = {Consent.ANYONE, Consent.RELATIVES} if relative else {Consent.ANYONE}
        told = [row for row in self._ledger.roster(text) if row.household.consent in enough] if text else []
        self.write_down("answer_inquiry", [row.household.id for row in told], reason)
        return told

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

    # -- the shelter -----------------------------------------------------------------------------------

    def report_shelter(self, state: Shelter) -> Committed:
        """避難所の状況: opening, fullness, staff, as somebody just looked."""
        self._access.check(Action.SHELTER_STATE)
        return self._append(replace(state, mode=self._mode, incident=self._incident()))

    def shelter(self) -> Shelter:
        """The shelter's state as last said."""
        return self._ledger.shelter() or Shelter(self._mode, self._incident())

    # -- asking ----------------------------------------------------------------------------------------

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

    def row(self, household: HouseholdId) -> RosterRow:
        """One household as it stands: for whoever just wrote about it.

        Raises:
            KnownError: `not_in_roster`.
        """
        row = self._ledger.get(household)
        if row is None:
            raise self._not_in_roster()
        return row

    def counts(self) -> Counts:
        """The shelter's figures now."""
        self._access.check(Action.COUNTS_VIEW)
        return self._ledger.counts()

    # -- looking over everything -----------------------------------------------------------------------

    def doubles(self) -> tuple[Double, ...]:
        """Pairs of households in which somebody seems to stand twice, without those under secrecy."""
        self._access.check(Action.MERGE)
        return overview.doubles(self.roster("", EVERYBODY))

    def areas(self) -> dict[str, int]:
        """Persons who are here, by area; those under secrecy are counted and not named."""
        self._access.check(Action.COUNTS_VIEW)
        return overview.by_area(self._ledger.roster("", EVERYBODY, secret=True))

    def lookings(self) -> tuple[Looking, ...]:
        """Who looked at what, newest first, by the numbers of the households."""
        self._access.check(Action.AUDIT_VIEW)
        notes = self._ledger.notes()
        about = {HouseholdId(one) for _, part in notes for one in part.about}
        rows = {one: self._ledger.get(one) for one in about}
        return overview.lookings(notes, {one: row.number for one, row in rows.items() if row is not None})

    def shift_sheet(self) -> ShiftSheet:
        """What the next shift has to know."""
        self._access.check(Action.HANDOVER_SHEET)
        return overview.shift_sheet(self.roster("", EVERYBODY), self.counts(), self.shelter())

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


def _newest(arrival: Arrival, before: RosterRow) -> Household:
    """What holds of a household that came before: a pass of an older revision never covers a newer one."""
    revision = 0 if arrival.source is None else arrival.source.revision
    if arrival.method is not Method.APP or revision >= before.revision:
        return arrival.household
    known = before.household
    return replace(known, members=known.members + known.absent, absent=())


def _placed(row: RosterRow) -> list[tuple[Person, Whereabouts]]:
    return [(person, row.elsewhere.get(person.id, Whereabouts.HERE)) for person in row.household.members]


def _may_be_one(address: str, other: str) -> bool:
    """Whether two addresses may be one: unknown, or one of them told in fewer words (only the town)."""
    one, two = address_key(address), address_key(other)
    return one in two or two in one


def surname(person: Person) -> str:
    """What a family shares: the family name's search key, by kana where it is known; empty if nothing is."""
    return search_key((person.kana or person.name or "").partition(NAME_GAP)[0])
