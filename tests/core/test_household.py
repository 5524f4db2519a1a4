"""A household is whoever came, and knows who did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.household import Household, Method, Need, Person, needs_from_bits, needs_to_bits
from kiosk.core.ids import HouseholdId, PersonId

FAMILY = tuple(Person(PersonId(bytes([n] * 8)), f"人{n}") for n in range(4))


@given(st.sets(st.sampled_from(FAMILY)))
def test_nobody_of_a_family_is_lost(here):
    """Whoever is ticked is received, the others are kept as absent, and ticking again can change it."""
    home = Household(HouseholdId(bytes(16)), FAMILY)
    came = home.present_only(frozenset(person.id for person in here))
    assert set(came.members) == here
    assert set(came.members + came.absent) == set(FAMILY)
    assert set(came.present_only(frozenset(person.id for person in FAMILY)).members) == set(FAMILY)


def test_what_to_call_a_person():
    """The name, else the kana, else nothing at all."""
    assert Person(PersonId(bytes(8)), "名", "カナ").called == "名"
    assert Person(PersonId(bytes(8)), None, "カナ").called == "カナ"
    assert Person(PersonId(bytes(8))).called is None


@given(st.frozensets(st.sampled_from(Need)))
def test_needs_survive_their_bits(needs):
    """Needs are stored as bits whose places never change; bits of a later version are read past."""
    assert needs_from_bits(needs_to_bits(needs)) == needs
    assert needs_from_bits(needs_to_bits(needs) | 1 << 50) == needs


@pytest.mark.parametrize("method", Method)
def test_the_words_of_methods(method):
    """Commands and reports say app, card, desk, paper and count."""
    assert method.word in ("app", "card", "desk", "paper", "count")
