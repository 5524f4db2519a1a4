"""Reception: a household is written down, recognised, taken over from another shelter, taken back."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core import ids
from kiosk.core.access import Action
from kiosk.core.acts import Receive, Void
from kiosk.core.household import Household, Method
from kiosk.core.roll import Whereabouts
from kiosk.core.slip import Slip
from kiosk.desk.going import Going
from kiosk.desk.values import MAX_HEADS, AlreadyHere, Arrival, Received
from kiosk.errors import KnownError
from kiosk.ports import Committed, RosterRow
from kiosk.timing import Stopwatch


class Arriving(Going):
    """Who comes: nobody twice, and back if they were out."""

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
        anew under its old id. One under secrecy is recognised by nobody: see `_as_if_new`.
        """
        self._access.check(Action.COUNT_ONLY if arrival.method is Method.COUNT else Action.RECEIVE)
        household, before, watch = arrival.household, None, arrival.stopwatch
        asked = watch.elapsed if watch is not None else 0.0
        if arrival.source is not None:
            before = self._ledger.find_source(arrival.source)
        if before is not None and before.household.secrecy:
            before, household = None, self._as_if_new(household)
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
            replace(household, secrecy=arrival.household.secrecy),
            number,
            arrival.method,
            Whereabouts.HERE,
            committed.at,
            committed.device,
            committed.seq,
            revision=0 if source is None else source.revision,
        )
        return Received(row, committed)

    def _as_if_new(self, household: Household) -> Household:
        """What is written of a household whose pass or card is that of one under 支援措置.

        Whoever shows it, the one they hide from may be: the same words, the same next number and a household
        of its own, as for people nobody has seen. It stands under secrecy too, since it may be they
        themselves, and the screen does not say so. Who may know of both merges them.
        """
        members = (replace(one, id=ids.new_person(self._randomness)) for one in household.members)
        return replace(
            household, id=ids.new_household(self._randomness), members=tuple(members), secrecy=True
        )

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


def _newest(arrival: Arrival, before: RosterRow) -> Household:
    """What holds of a household that came before: a pass of an older revision never covers a newer one."""
    revision = 0 if arrival.source is None else arrival.source.revision
    if arrival.method is not Method.APP or revision >= before.revision:
        return arrival.household
    known = before.household
    return replace(known, members=known.members + known.absent, absent=())
