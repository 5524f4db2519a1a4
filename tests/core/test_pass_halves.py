"""Two codes of one household are joined in any order, and nothing else ever is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core import base45
from kiosk.core.entry_pass import MAX_CODE_TEXT, Accepted, Halves, PassReader, Refused, issue_codes
from kiosk.core.entry_pass.halves import Half, codes, divide
from kiosk.errors import KnownError, Malformed
from pass_vectors import EXPIRES, ISSUED, NOW, TRUST, issue, vectors, verify

MANY = vectors.many()


def two_codes(key=vectors.P256, seed=1, **how):
    return issue_codes(
        MANY, key, issued=ISSUED, expires=EXPIRES, randomness=random.Random(seed).randbytes, **how
    )


@pytest.mark.parametrize("seal_to", [None, vectors.PASS_KEY.public])
@pytest.mark.parametrize("turned", [False, True])
def test_a_large_household_is_two_codes(seal_to, turned):
    """What one code can not hold is read from two, in either order; the first alone asks for the other."""
    both = two_codes(seal_to=seal_to)
    assert len(both) == 2
    assert all(len(text) <= MAX_CODE_TEXT for text in both)
    reader = PassReader(TRUST)
    one, other = reversed(both) if turned else both
    assert reader.read(one, NOW) == Refused("half")
    outcome = reader.read(other, NOW)
    assert isinstance(outcome, Accepted)
    assert outcome.household == MANY
    assert outcome.marks == ()


def test_a_small_household_is_one_code():
    """Nobody is asked for a second code without need."""
    text = issue(vectors.FOUR)
    assert codes(text) == (text,)


def test_what_two_codes_can_not_hold_is_not_issued():
    """A household beyond two codes is refused at the issuer, not at the desk."""
    with pytest.raises(KnownError, match="pass_too_large"):
        codes("ESR1:" + base45.encode(bytes(1400)))


@settings(deadline=None)
@given(st.binary(min_size=2, max_size=600), st.sampled_from(["ESR1:", "ESR2:"]), st.booleans())
def test_any_whole_comes_back(body, prefix, turned):
    """Dividing and joining lose nothing, whatever the bytes."""
    text, waiting = prefix + base45.encode(body), Halves()
    one, other = divide(text)[::-1] if turned else divide(text)
    assert waiting.whole(one) == one
    assert waiting.whole(other) == text
    assert waiting.whole(other) == other  # a pair is joined once, then forgotten


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), max_size=30))
def test_halves_of_different_passes_never_join(seen):
    """Whatever is shown in whatever order, a whole is only ever one that was divided."""
    wholes = ["ESR1:" + base45.encode(bytes([n]) * (20 + n)) for n in range(6)]
    waiting = Halves()
    for which, half in seen:
        text = divide(wholes[which])[half]
        assert waiting.whole(text) in {text, wholes[which]}


def test_a_forged_half_joins_nothing():
    """A half with another's set, and with other content, is not joined, and the true one still is."""
    first, second = two_codes()
    true = Half.read(second)
    forged = Half(true.prefix, true.place, true.set, true.part[::-1]).text
    reader = PassReader(TRUST)
    assert reader.read(forged, NOW) == Refused("half")
    assert reader.read(first, NOW) == Refused("half")
    assert isinstance(reader.read(second, NOW), Accepted)


def test_few_halves_wait():
    """A long evening of single halves fills no memory; the newest still find their others."""
    waiting = Halves(keep=8)
    pairs = [divide("ESR1:" + base45.encode(n.to_bytes(40, "big"))) for n in range(100)]
    for first, _ in pairs:
        waiting.whole(first)
    assert len(waiting._waiting) == 8
    assert waiting.whole(pairs[-1][1]).startswith("ESR1:")
    assert waiting.whole(pairs[0][1]) == pairs[0][1]


@pytest.mark.parametrize(
    "text", ["ESRH1:", "ESRH1:AAA", "ESRH1:" + base45.encode(b"\x33" + bytes(20)), "ESRH1:a"]
)
def test_half_of_nothing_is_malformed(text):
    """A code that begins like a half and is none is a damaged one."""
    assert verify(text) == Refused("malformed")
    with pytest.raises(Malformed):
        Half.read(text)
    assert Halves().whole(text) == text
