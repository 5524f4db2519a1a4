"""An act is written in two parts and read back whole; the public part names nobody."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core import acts, cbor, events
from kiosk.core.acts import Key, Kind, Leave, Receive, ReceivePublic, Source, Tally, Timing, Unknown, Void
from kiosk.core.dates import BirthDate
from kiosk.core.household import Household, Method, Mode, Need, Person, Relation, Sex, Stay
from kiosk.core.ids import HouseholdId, IncidentId, PersonId
from kiosk.core.sealing import MAX_PLAIN
from kiosk.errors import Malformed

CANARY = "金糸雀"

words = st.text(max_size=12)
names = st.none() | st.text(min_size=1, max_size=12)
person_ids = st.binary(min_size=8, max_size=8).map(PersonId)
household_ids = st.binary(min_size=16, max_size=16).map(HouseholdId)
incidents = st.none() | st.binary(min_size=8, max_size=8).map(IncidentId)
modes = st.sampled_from(Mode)
counts = st.integers(0, 2**53 - 1)
people = st.builds(
    Person,
    person_ids,
    names,
    names,
    st.none() | st.builds(BirthDate, st.integers(1868, 2100), st.integers(0, 12), st.integers(0, 28)),
    st.sampled_from(Sex),
    st.sampled_from(Relation),
    st.frozensets(st.sampled_from(Need)),
    words,
)
households = st.builds(
    Household,
    household_ids,
    st.lists(people, max_size=5).map(tuple),
    words,
    words,
    words,
    st.sampled_from(Stay),
    st.booleans(),
    words,
    st.lists(people, max_size=2).map(tuple),
)
receptions = st.builds(
    Receive,
    modes,
    incidents,
    st.sampled_from(Method),
    households,
    words,
    st.none()
    | st.builds(Source, st.sampled_from(Method), words, st.binary(max_size=16), st.integers(0, 2**32)),
    st.none() | st.builds(Timing, counts, counts, counts, counts),
    words,
    st.booleans(),
)
voids = st.builds(Void, modes, incidents, household_ids, st.binary(min_size=16, max_size=16), counts)
leaves = st.builds(Leave, modes, incidents, household_ids)


def carried(part):
    """A public part as it comes out of the log: through canonical bytes."""
    return cbor.loads(cbor.dumps(part), limit=events.MAX_HEADER)


@given(receptions)
def test_a_reception_comes_back_whole(act):
    """Public and personal part together say everything that was received, and nothing else."""
    public = acts.read_public(Kind.RECEIVE, carried(acts.public_part(act)))
    assert isinstance(public, ReceivePublic)
    personal = acts.read_personal(public, acts.personal_part(act, act.staff))
    assert personal.household == act.household
    assert (personal.number, personal.source, personal.staff) == (act.number, act.source, act.staff)
    assert (public.mode, public.incident, public.method) == (act.mode, act.incident, act.method)
    assert (public.household, public.stay) == (act.household.id, act.household.stay)
    assert (public.timing, public.voluntary) == (act.timing, act.voluntary)
    assert public.persons == tuple((person.id, Tally.of(person)) for person in act.household.members)


@given(voids | leaves)
def test_other_acts_come_back(act):
    """Taking back and leaving have a public part only."""
    assert acts.read_public(acts.kind_of(act), carried(acts.public_part(act))) == act


@given(st.integers(0, 255))
def test_every_byte_is_a_tally(byte):
    """One byte a person, and every byte has a meaning."""
    assert Tally.from_byte(byte).to_byte() == byte


@given(people)
def test_a_tally_survives_its_byte(person):
    """Sex, infant, care, fever, injury and power are what counting needs."""
    tally = Tally.of(person)
    assert Tally.from_byte(tally.to_byte()) == tally
    assert (tally.sex, tally.infant, tally.care) == (person.sex, person.infant, person.care)


def test_the_public_part_names_nobody():
    """Not a name, a birth, an address, a phone, a note or a number stands in the public bytes."""
    canary = CANARY.encode()
    person = Person(PersonId(bytes(8)), CANARY, CANARY, BirthDate(1980, 2, 17), note=CANARY)
    home = Household(
        HouseholdId(bytes(16)), (person,), CANARY, CANARY, CANARY, secrecy=True, note=CANARY, absent=(person,)
    )
    source = Source(Method.APP, CANARY, canary)
    act = Receive(Mode.DISASTER, None, Method.APP, home, CANARY, source, staff=CANARY)
    public = cbor.dumps(acts.public_part(act))
    assert canary not in public
    assert cbor.dumps(19800217)[1:] not in public
    assert acts.public_part(act) == acts.public_part(
        Receive(Mode.DISASTER, None, Method.APP, Household(home.id, (Person(person.id),)))
    )
    assert canary in acts.personal_part(act, CANARY)


def test_count_only_has_no_personal_part():
    """Heads without names leave nothing to seal."""
    home = Household(HouseholdId(bytes(16)), tuple(Person(PersonId(bytes([n] * 8))) for n in range(4)))
    act = Receive(Mode.DRILL, None, Method.COUNT, home)
    assert cbor.loads(acts.personal_part(act, ""), limit=MAX_PLAIN) == {}


def test_a_later_version_s_kind_is_kept():
    """A kind we do not know is no error: it is stored, relayed and not counted."""
    assert acts.read_public("teleport", {99: b"whatever"}) == Unknown("teleport")


def test_a_later_version_s_additions_are_read_past():
    """Unknown keys, a longer timing block and unknown needs do not hide what we know."""
    home = Household(HouseholdId(bytes(16)), (Person(PersonId(bytes(8)), "名"),))
    act = Receive(Mode.DRILL, None, Method.APP, home, timing=Timing(1, 2, 3, 4))
    part = acts.public_part(act)
    part[200] = "new"
    part[Key.TIMING] = [*part[Key.TIMING], 5]
    public = acts.read_public(Kind.RECEIVE, part)
    assert public.timing == act.timing
    row = ["名", "", 0, 0, 1 << 60 | 1, "", 0, 0, "new"]
    personal = acts.read_personal(public, cbor.dumps({1: [row], 99: "new"}))
    assert personal.household.members[0].needs == {Need.WHEELCHAIR}


@pytest.mark.parametrize(
    "changes",
    [
        {Key.MODE: 2},
        {Key.MODE: "drill"},
        {Key.MODE: True},
        {Key.METHOD: 99},
        {Key.METHOD: None},
        {Key.STAY: 0},
        {Key.HOUSEHOLD: b"short"},
        {Key.HOUSEHOLD: 1},
        {Key.INCIDENT: b"short"},
        {Key.PERSONS: b"12345678"},
        {Key.PERSONS: 9},
        {Key.TIMING: [1, 2, 3]},
        {Key.TIMING: [1, 2, 3, -4]},
        {Key.TIMING: 7},
    ],
)
def test_a_known_kind_must_say_what_it_must(changes):
    """A reception with a wrong or missing part is malformed, never half counted."""
    home = Household(HouseholdId(bytes(16)), (Person(PersonId(bytes(8))),))
    part = acts.public_part(Receive(Mode.DRILL, None, Method.APP, home))
    with pytest.raises(Malformed):
        acts.read_public(Kind.RECEIVE, part | changes)


@pytest.mark.parametrize(
    "part",
    [
        {1: [[5]]},
        {1: [["名", b"kana"]]},
        {1: [["名", "", "S550217"]]},
        {1: [["名", "", 19801301]]},
        {1: [["名", "", 0, 77]]},
        {1: [["名"], ["名"]]},
        {2: [[b"short", 0, "名"]]},
        {3: 8600001},
        {9: [1, b"issuer", b"key", 0]},
        {9: [1, "issuer", "key", 0]},
        {9: [99, "issuer", b"key", 0]},
        {10: 7},
        [],
        5,
    ],
)
def test_a_personal_part_holds_what_belongs_there(part):
    """A number where a name belongs is refused here, not found by a screen or a list later."""
    home = Household(HouseholdId(bytes(16)), (Person(PersonId(bytes(8)), "名"),))
    public = acts.read_public(Kind.RECEIVE, acts.public_part(Receive(Mode.DRILL, None, Method.APP, home)))
    with pytest.raises(Malformed):
        acts.read_personal(public, cbor.dumps(part))


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.binary(max_size=20) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 25), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from([Kind.RECEIVE, Kind.VOID, Kind.LEAVE]),
    receptions.map(acts.public_part),
    st.dictionaries(st.integers(0, 12), plain_values, max_size=3),
    st.sets(st.sampled_from(Key)),
)
def test_any_public_part_is_an_act_or_malformed(kind, part, changes, without):
    """Whatever a strange device wrote, reading it ends in an act or in one known error."""
    mixed = {key: value for key, value in (part | changes).items() if key not in without}
    with contextlib.suppress(Malformed):
        acts.read_public(kind, mixed)


@given(receptions, st.dictionaries(st.integers(0, 12), plain_values, max_size=3) | plain_values)
def test_any_personal_part_is_a_household_or_malformed(act, plain):
    """Whatever was sealed, opening it ends in a household or in one known error."""
    public = acts.read_public(Kind.RECEIVE, acts.public_part(act))
    try:
        read = acts.read_personal(public, cbor.dumps(plain))
    except Malformed:
        return
    home = read.household
    texts = [home.postcode, home.address, home.phone, home.note, read.number, read.staff]
    for person in home.members + home.absent:
        texts += [person.name or "", person.kana or "", person.note]
    assert all(isinstance(text, str) for text in texts)


def test_leaving_may_say_who_did_it():
    """Acts without people keep who acted, sealed."""
    act = Leave(Mode.DRILL, None, HouseholdId(bytes(16)))
    assert acts.personal_part(act, "") == b""
    assert cbor.loads(acts.personal_part(act, "係"), limit=100) == {acts.Personal.STAFF: "係"}
