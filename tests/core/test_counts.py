"""Counts have the meanings of the EEI standard, and lose nobody."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.acts import Tally
from kiosk.core.counts import (
    EEI_NAMES,
    TRIAGE_NAMES,
    Counts,
    by_method,
    count,
    count_one,
    counts_from_dict,
)
from kiosk.core.household import Method, Mode, Need, Person, Sex, Stay
from kiosk.core.ids import DeviceId, HouseholdId, PersonId
from kiosk.core.roll import Member, Standing, Whereabouts

NOBODY = PersonId(bytes(8))

tallies = st.builds(Tally, st.sampled_from(Sex), *[st.booleans()] * 6)
standings = st.builds(
    Standing,
    st.just(HouseholdId(bytes(16))),
    st.sampled_from(Mode),
    st.none(),
    st.sampled_from(Whereabouts),
    st.sampled_from(Method),
    st.sampled_from(Stay),
    st.booleans(),
    st.lists(st.builds(Member, st.just(NOBODY), tallies, st.just(Whereabouts.HERE)), max_size=5).map(tuple),
    st.just(1),
    st.just(1),
    st.just((DeviceId(bytes(16)), 1)),
    st.just(DeviceId(bytes(16))),
    st.integers(0, 9),
)


def standing(*people, **changes):
    base = Standing(
        HouseholdId(bytes(16)),
        Mode.DRILL,
        None,
        Whereabouts.HERE,
        Method.APP,
        Stay.SHELTER,
        voluntary=False,
        members=tuple(Member(NOBODY, tally, Whereabouts.HERE) for tally in people),
        received_at=1,
        receptions=1,
        source=(DeviceId(bytes(16)), 1),
        device=DeviceId(bytes(16)),
    )
    return replace(base, **changes)


@given(st.lists(standings, max_size=12))
def test_every_person_here_is_counted_once(all_of_them):
    """Inside or outside, everyone who is here is in exactly one of the two totals."""
    here = [one for one in all_of_them if one.whereabouts is Whereabouts.HERE]
    figures = count(all_of_them)
    assert figures.persons + figures.outside_persons == sum(len(one.persons) for one in here)
    assert figures.households + figures.outside_households == len(here)


@given(st.lists(standings, max_size=12))
def test_the_sum_rule(all_of_them):
    """総数 is men and women and 性別不明等; no part is larger than the whole."""
    figures = count(all_of_them)
    assert figures.persons == figures.men + figures.women + figures.sex_unknown
    assert max(figures.voluntary_persons, figures.infants, figures.care) <= figures.persons
    assert figures.voluntary_households <= figures.households


@given(st.lists(standings, max_size=8), st.lists(standings, max_size=8))
def test_shelters_add_up(one, other):
    """Counting two shelters together is adding their counts."""
    assert count(one + other) == count(one) + count(other)


def test_who_stays_outside_is_not_in_the_shelter():
    """In a car, a tent or at home: 避難所外避難者数, and nothing else."""
    for stay in (Stay.CAR, Stay.TENT, Stay.HOME):
        figures = count_one(standing(Tally(Sex.MALE, infant=True, care=True), Tally(), stay=stay))
        assert figures == Counts(outside_persons=2, outside_households=1)


def test_who_left_or_was_taken_back_is_not_counted():
    """Counts are of now."""
    for whereabouts in (Whereabouts.LEFT, Whereabouts.VOID):
        assert count_one(standing(Tally(), whereabouts=whereabouts)) == Counts()


def test_a_household_in_the_shelter():
    """Each EEI item counts what its name says."""
    family = standing(
        Tally(Sex.MALE),
        Tally(Sex.FEMALE, care=True),
        Tally(Sex.FEMALE, infant=True),
        Tally(Sex.NOT_APPLICABLE),
    )
    expected = Counts(persons=4, households=1, men=1, women=2, sex_unknown=1, infants=1, care=1)
    assert count_one(family) == expected
    assert count_one(replace(family, voluntary=True)) == replace(
        expected, voluntary_persons=4, voluntary_households=1
    )


def test_needs_that_make_someone_need_care():
    """要配慮者: a wheelchair makes one, formula milk and a fever make none; an infant is counted as one."""
    assert Tally.of(Person(NOBODY, needs=frozenset({Need.WHEELCHAIR}))) == Tally(care=True)
    assert Tally.of(Person(NOBODY, needs=frozenset({Need.FORMULA_MILK}))) == Tally(infant=True)
    assert Tally.of(Person(NOBODY, needs=frozenset({Need.FEVER}))) == Tally(fever=True)


@given(st.lists(standings, max_size=12))
def test_methods_are_of_everyone_ever_received(all_of_them):
    """Who left is still one reception by their method; who was taken back is none; zeros are kept."""
    methods = by_method(all_of_them)
    assert set(methods) == {"app", "card", "desk", "paper", "count"}
    assert sum(methods.values()) == sum(one.whereabouts is not Whereabouts.VOID for one in all_of_them)


@given(st.lists(standings, max_size=8))
def test_counts_travel_as_a_dictionary(all_of_them):
    """What one version sends another reads; unknown names are ignored, missing ones zero."""
    figures = count(all_of_them)
    sent = {name: value for name, value in figures.to_dict().items() if value} | {"tomorrow": 3}
    assert counts_from_dict(sent) == figures


def test_every_figure_has_its_official_name():
    """No count is without an EEI name, and no name without a count."""
    assert [*EEI_NAMES, *TRIAGE_NAMES] == list(Counts().to_dict())
