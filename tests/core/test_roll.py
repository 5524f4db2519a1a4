"""From one set of events follows one standing, whoever learned of them in whatever order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.acts import Leave, ReceivePublic, Tally, Unknown, Void
from kiosk.core.household import Method, Mode, Stay
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Entry, Whereabouts, fold

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


acts = (
    st.builds(receive, st.sampled_from(Method), st.integers(0, 3), st.sampled_from(Stay))
    | st.just(leave())
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
        assert standing.source in received


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
