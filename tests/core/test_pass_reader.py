"""What one desk remembers of the passes it has read."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.entry_pass import Accepted, PassReader, Refused
from pass_vectors import EXPIRES, ISSUED, NOW, TRUST, issue, vectors, verify


def revision(number, **how):
    return issue(replace(vectors.FOUR, revision=number), **how)


def test_a_second_sight_is_marked():
    """The first reading has no mark, the next says that it was seen before."""
    reader = PassReader(TRUST)
    marks = [reader.read(revision(1), NOW).marks for _ in range(3)]
    assert marks == [(), ("seen_before",), ("seen_before",)]


def test_an_older_revision_is_marked_and_never_overwrites():
    """A lower revision after a higher one is told, and the higher one stays what the desk uses."""
    reader = PassReader(TRUST)
    newest = reader.read(revision(5), NOW)
    older = reader.read(revision(4), NOW)
    assert older.marks == ("older_revision",)
    assert older.household.revision == 4
    assert reader.newest(older).household == newest.household
    assert reader.newest(older).marks == ("older_revision",)
    assert reader.read(revision(6), NOW).marks == ("seen_before",)
    assert reader.newest(older).household.revision == 6


def test_marks_of_time_and_of_memory_stand_together():
    """An expired pass shown again is both."""
    reader = PassReader(TRUST)
    reader.read(revision(1), EXPIRES + 1)
    assert reader.read(revision(1), EXPIRES + 1).marks == ("expired", "seen_before")
    assert reader.read(revision(0), ISSUED - 9999).marks == ("not_yet_valid", "older_revision")


def test_the_same_number_of_another_issuer_is_another_household():
    """A household is known by its issuer and its number together."""
    reader = PassReader(replace(TRUST, issuers=(*TRUST.issuers, vectors.OTHER_CITY.trusted())))
    assert reader.read(revision(1), NOW).marks == ()
    assert reader.read(revision(1, key=vectors.OTHER_CITY), NOW).marks == ()


def test_a_sealed_and_an_open_pass_are_one_household():
    """Sealing does not make a household a new one."""
    reader = PassReader(TRUST)
    reader.read(revision(1, seal_to=vectors.PASS_KEY.public), NOW)
    assert reader.read(revision(1), NOW).marks == ("seen_before",)


def test_what_is_refused_leaves_no_trace():
    """A refused code marks nothing and is refused the same way again."""
    reader = PassReader(TRUST)
    for _ in range(2):
        assert reader.read(issue(vectors.FOUR, vectors.STRANGER), NOW) == Refused("unknown_issuer")
    assert reader.read(issue(vectors.FOUR), NOW).marks == ()


def test_memory_is_bounded():
    """A desk of many thousand households remembers the newest."""
    reader = PassReader(TRUST, keep=3)
    texts = [issue(replace(vectors.ONE, key=bytes([n] * 8))) for n in range(5)]
    for text in texts:
        reader.read(text, NOW)
    assert reader.read(texts[4], NOW).marks == ("seen_before",)
    assert reader.read(texts[0], NOW).marks == ()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=12))
def test_the_newest_wins_in_any_order(shown):
    """Whatever order the codes come in, the desk uses the highest revision it has read."""
    reader, highest = PassReader(TRUST), {}
    for household, number in shown:
        home = replace(vectors.ONE, key=bytes([household] * 8), revision=number)
        outcome = reader.read(issue(home), NOW)
        assert isinstance(outcome, Accepted)
        before = highest.get(household)
        wanted = () if before is None else ("older_revision",) if number < before else ("seen_before",)
        assert outcome.marks == wanted
        highest[household] = number if before is None else max(number, before)
        assert reader.newest(outcome).household.revision == highest[household]


def test_without_memory_verify_is_the_same():
    """The reader adds marks, and nothing else, to what verify says."""
    for text in (issue(vectors.ONE), "hello", "", revision(1)):
        assert PassReader(TRUST).read(text, NOW) == verify(text)
