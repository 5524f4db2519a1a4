"""From one set of events follows one standing, whoever learned of them in whatever order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.acts import (
    AmendPublic,
    Away,
    JoinPublic,
    Leave,
    Merge,
    Move,
    ReceivePublic,
    Return,
    Tally,
    Unknown,
    Void,
)
from kiosk.core.household import Method, Mode, Stay
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Entry, Whereabouts, fold, fold_merged

HOME = HouseholdId(bytes(16))
DESK, SECOND = DeviceId(b"A" * 16), DeviceId(b"B" * 16)


def receive(method=Method.APP, persons=1, stay=Stay.SHELTER):
    people = tuple((PersonId(bytes([n] * 8)), Tally()) for n in range(persons))
    return ReceivePublic(Mode.DRILL, None, method, HOME, people, stay, None, voluntary=False)


def leave():
    return Leave(Mode.DRILL, None, HOME)


def void(device, seq):
    return Void(Mode.DRILL, None, HOME, device, seq)


def log(*acts, device=DESK, start=1):
    """Entries of one device, one a tick."""
    return [Entry(100 * seq, device, seq, act) for seq, act in enumerate(acts, start)]


PEOPLE = [PersonId(bytes([n] * 8)) for n in range(4)]
OTHER = HouseholdId(b"o" * 16)
some = st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple)


def tallied(people):
    return tuple((person, Tally()) for person in people)


def amend(people, removed=(), stay=Stay.SHELTER):
    return AmendPublic(Mode.DRILL, None, HOME, tallied(people), tuple(removed), stay, voluntary=False)


def join(people):
    return JoinPublic(Mode.DRILL, None, HOME, tallied(people))


def went(kind, people=(), home=HOME):
    if kind is Move:
        return Move(Mode.DRILL, None, home, "", tuple(people))
    return kind(Mode.DRILL, None, home, tuple(people))


def merge(home=HOME, into=OTHER, same=()):
    return Merge(Mode.DRILL, None, home, into, tuple(same))


acts = (
    st.builds(receive, st.sampled_from(Method), st.integers(0, 3), st.sampled_from(Stay))
    | st.builds(amend, some, some, st.sampled_from(Stay))
    | st.builds(join, some)
    | st.builds(went, st.sampled_from([Leave, Away, Return, Move]), some)
    | st.just(merge())
    | st.builds(void, st.sampled_from([DESK, SECOND]), st.integers(1, 8))
    | st.just(Unknown("teleport"))
)
logs = st.tuples(st.lists(acts, max_size=6), st.lists(acts, max_size=6)).flatmap(
    lambda both: st.lists(
        st.integers(0, 5), min_size=len(both[0]) + len(both[1]), max_size=len(both[0]) + len(both[1])
    ).map(
        lambda ticks: [
            Entry(tick, device, seq, act)
            for tick, (device, seq, act) in zip(
                ticks,
                [
                    (device, seq, act)
                    for device, run in zip((DESK, SECOND), both, strict=True)
                    for seq, act in enumerate(run, 1)
                ],
                strict=True,
            )
        ]
    )
)


@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_arrival_cannot_matter(entries, random):
    """HQ, a second desk and this desk come to the same answer from the same set."""
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


@given(logs)
def test_what_is_not_understood_changes_nothing(entries):
    """A later version's events are kept and do not disturb the roll."""
    assert fold(entries) == fold([entry for entry in entries if not isinstance(entry.act, Unknown)])


@given(logs)
def test_a_household_stands_when_a_reception_was_made(entries):
    """There is a standing exactly when there was a reception; it is void exactly when all were taken back."""
    standing = fold(entries)
    received = {(e.device, e.seq) for e in entries if isinstance(e.act, ReceivePublic)}
    voided = {(e.act.target_device, e.act.target_seq) for e in entries if isinstance(e.act, Void)}
    assert (standing is None) == (not received)
    if standing is not None:
        assert standing.receptions == len(received - voided)
        assert (standing.whereabouts is Whereabouts.VOID) == (not received - voided)
        says = {(e.device, e.seq) for e in entries if isinstance(e.act, ReceivePublic | AmendPublic)}
        assert standing.source in says


def test_nobody_came():
    """Without events there is no standing; who only leaves was never here."""
    assert fold([]) is None
    assert fold(log(leave())) is None


def test_received_left_returned():
    """A leave stands until a later reception."""
    assert fold(log(receive())).whereabouts is Whereabouts.HERE
    assert fold(log(receive(), leave())).whereabouts is Whereabouts.LEFT
    assert fold(log(receive(), leave(), receive())).whereabouts is Whereabouts.HERE


def test_two_receptions_are_one_household():
    """Received by app and again by card: the first method, the latest details, and a flag for a look."""
    standing = fold(log(receive(Method.APP, 2), receive(Method.CARD, 3, Stay.CAR)))
    assert standing.receptions == 2
    assert standing.method is Method.APP
    assert standing.received_at == 100
    assert len(standing.persons) == 3
    assert standing.stay is Stay.CAR
    assert standing.source == (DESK, 2)


def test_taking_back():
    """A reception taken back is void; it is not here and counts no reception."""
    standing = fold(log(receive(), void(DESK, 1)))
    assert standing.whereabouts is Whereabouts.VOID
    assert standing.receptions == 0


def test_taking_back_may_arrive_first():
    """A void that is older, by a wrong clock, than its reception still takes it back."""
    entries = [Entry(1, SECOND, 1, void(DESK, 1)), Entry(900, DESK, 1, receive())]
    assert fold(entries).whereabouts is Whereabouts.VOID


def test_taking_back_one_of_two():
    """Only its target is taken back: the other reception stands."""
    both = log(receive(Method.APP, 1), receive(Method.CARD, 2))
    first = fold([*both, *log(void(DESK, 2), start=3)])
    assert (first.receptions, first.method, len(first.persons)) == (1, Method.APP, 1)
    second = fold([*both, *log(void(DESK, 1), start=3)])
    assert (second.receptions, second.method, second.received_at) == (1, Method.CARD, 200)


def test_taking_back_a_leave():
    """A leave by mistake can be taken back: the household is here."""
    assert fold(log(receive(), leave(), void(DESK, 2))).whereabouts is Whereabouts.HERE


def test_another_device_s_number_is_another_event():
    """A void names device and number: the same number of another desk stays."""
    assert fold(log(receive(), void(SECOND, 1))).whereabouts is Whereabouts.HERE


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_equal_times_are_settled_by_device_and_number(order):
    """Two desks at the same instant: one order, the same everywhere."""
    entries = [
        Entry(5, DESK, 1, receive(Method.APP)),
        Entry(5, SECOND, 1, receive(Method.CARD)),
        Entry(5, DESK, 2, leave()),
    ]
    standing = fold([entries[place] for place in order])
    assert (standing.method, standing.whereabouts) == (Method.APP, Whereabouts.HERE)
    assert standing.source == (SECOND, 1)


# -- a household's whole stay ----------------------------------------------------------------------------


def present(standing):
    return [person for person, _ in standing.persons]


def test_members_leave_one_by_one():
    """The household is here as long as one member is, and only those who are here are counted."""
    one = fold(log(receive(persons=2), went(Leave, PEOPLE[:1])))
    assert (one.whereabouts, present(one)) == (Whereabouts.HERE, PEOPLE[1:2])
    both = fold(log(receive(persons=2), went(Leave, PEOPLE[:1]), went(Leave, PEOPLE[1:2])))
    assert (both.whereabouts, present(both)) == (Whereabouts.LEFT, [])


def test_going_out_and_coming_back():
    """Who is out is not counted, and comes back as the same person."""
    out = fold(log(receive(persons=2), went(Away)))
    assert (out.whereabouts, present(out)) == (Whereabouts.AWAY, [])
    back = fold(log(receive(persons=2), went(Away), went(Return, PEOPLE[1:2])))
    assert (back.whereabouts, present(back), back.receptions) == (Whereabouts.HERE, PEOPLE[1:2], 1)


def test_who_left_can_not_go_out():
    """An outing noted after a leave, by a desk that had not heard of it, brings nobody back."""
    assert fold(log(receive(), leave(), went(Away))).whereabouts is Whereabouts.LEFT


def test_a_leave_and_an_amendment_at_the_same_time_both_hold():
    """One desk writes the details, another lets them go: gone, with details."""
    entries = [
        *log(receive(persons=1)),
        Entry(500, DESK, 2, amend(PEOPLE[:1], stay=Stay.CAR)),
        Entry(500, SECOND, 1, leave()),
    ]
    standing = fold(entries)
    assert (standing.whereabouts, standing.stay) == (Whereabouts.LEFT, Stay.CAR)
    assert standing == fold(entries[::-1])


def test_an_amendment_does_not_lose_who_joined_meanwhile():
    """Two desks write at once: one adds the daughter, the other corrects the father's name."""
    entries = [
        *log(receive(persons=1)),
        Entry(300, SECOND, 1, join(PEOPLE[1:2])),
        Entry(400, DESK, 2, amend(PEOPLE[:1])),
    ]
    assert set(present(fold(entries))) == set(PEOPLE[:2])


def test_who_was_entered_by_mistake_is_gone():
    """A removed member is in no total and no list."""
    standing = fold(log(receive(persons=2), amend(PEOPLE[:1], removed=PEOPLE[1:2])))
    assert present(standing) == PEOPLE[:1]


def test_every_step_of_a_stay_can_be_taken_back():
    """Taking back the last step gives the standing before it."""
    steps = [receive(persons=2), join(PEOPLE[2:3]), amend(PEOPLE[:3]), went(Away), went(Return), leave()]
    for count in range(2, len(steps) + 1):
        before = fold(log(*steps[: count - 1]))
        undone = fold(log(*steps[:count], void(DESK, count)))
        assert (undone.whereabouts, undone.members) == (before.whereabouts, before.members)


def test_a_household_is_at_the_shelter_that_let_it_in_last():
    """One active stay: moved on here, received there."""
    entries = [*log(receive(), went(Move)), Entry(900, SECOND, 1, receive())]
    assert fold(entries).device == SECOND
    assert fold(entries[:2]).whereabouts is Whereabouts.MOVED


def other(*acts, start=1):
    """Entries about the other household, written at the second desk."""
    entries = log(*acts, device=SECOND, start=start)
    return [Entry(e.at + 1, e.device, e.seq, replace(e.act, household=OTHER)) for e in entries]


def test_merged_households_count_once():
    """Received at two desks: one household, the pair is one person, and taking the merge back parts them."""
    mine = log(receive(persons=2), merge(same=[(PEOPLE[1], PEOPLE[0])]))
    theirs = other(receive(persons=1))
    found = fold_merged({HOME: mine, OTHER: theirs})
    assert found[HOME].whereabouts is Whereabouts.MERGED
    assert found[OTHER].whereabouts is Whereabouts.HERE
    assert present(found[OTHER]) == [PEOPLE[0]]
    assert (found[OTHER].receptions, found[OTHER].received_at) == (1, 100)
    parted = fold_merged({HOME: [*mine, *log(void(DESK, 2), start=3)], OTHER: theirs})
    assert [parted[home].whereabouts for home in (HOME, OTHER)] == [Whereabouts.HERE] * 2


def test_a_circle_of_merges_loses_nobody():
    """Two desks merge two households into each other: one of them is followed."""
    mine = log(receive(persons=1), merge())
    theirs = [*other(receive(persons=2)), Entry(300, SECOND, 2, merge(OTHER, HOME))]
    found = fold_merged({HOME: mine, OTHER: theirs})
    assert sorted(one.whereabouts for one in found.values()) == [Whereabouts.HERE, Whereabouts.MERGED]


def test_a_merge_into_nothing_is_not_followed():
    """A household stays where it is when the other one never came."""
    assert fold_merged({HOME: log(receive(), merge())})[HOME].whereabouts is Whereabouts.HERE


@given(logs, logs, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_the_order_of_arrival(mine, theirs, random):
    """Whatever two desks did, and in whatever order it was heard of."""
    theirs = [
        Entry(e.at, e.device, e.seq + 10, replace(e.act, household=OTHER))
        for e in theirs
        if not isinstance(e.act, Unknown | Merge)
    ]
    straight = fold_merged({HOME: mine, OTHER: theirs})
    random.shuffle(mine)
    random.shuffle(theirs)
    assert fold_merged({OTHER: theirs, HOME: mine}) == straight
    counted = [one for one in straight.values() if one.whereabouts is not Whereabouts.MERGED]
    assert counted or not straight
