"""Names are kept byte for byte, whatever they are made of, and refused only when they are no text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kiosk.core.household import Method
from kiosk.core.names import search_key
from kiosk.desk import Arrival
from kiosk.errors import KnownError

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
REAL = (
    "𠮷田　﨑",
    "髙橋　眞",
    "渡邉\U000e0101　一",
    "葛\U000e0100城　二",
    "\U000f0000\ue000　三",  # MJ+ keeps letters that Unicode has not in its private areas
    "Nguyễn Văn Đức",
    "e\u0301ric　か\u3099",  # combining marks are not joined
    "ﾔﾏﾀﾞ　ﾀﾛｳ",
    "塚\ufa10　﨟",
    "〇\u3099 \u200d\ufe0f",
    "A" * 3000,
    "寿" * 3000,
    "\0\t\n",
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, kana=NAMES, address=NAMES)
def test_a_name_comes_back_byte_for_byte(ledger, desk, name, kana, address):
    """What was said is what is read, from the roster, from the card, and from the log once more."""
    comes_back(ledger, desk, name, kana, address)


@pytest.mark.parametrize("name", REAL, ids=ascii)
def test_names_as_they_are_come_back(ledger, desk, name):
    """Letters beyond the BMP, variants, private-use letters, combining marks, controls, the very long."""
    comes_back(ledger, desk, name, name[::-1], name)
    ledger.rebuild()
    comes_back(ledger, desk, name, name, "")


def comes_back(ledger, desk, name, kana, address):
    home = desk.new_household([desk.new_person(name=name, kana=kana)], address=address)
    identity = desk.receive(Arrival(Method.DESK, home)).row.household.id
    for read in (ledger.get(identity).household, ledger.card(identity).household):
        assert read == home
        assert read.members[0].name.encode() == name.encode()
    if search_key(name) and not search_key(name).isdecimal():
        assert ledger.roster(name, limit=1000)
    assert ledger.roster()[0].household == home


@pytest.mark.parametrize("field", ["name", "kana"])
def test_what_is_no_text_is_refused(ledger, desk, field):
    """Half a surrogate pair is no text: refused with a sentence, and nothing is written."""
    before = ledger.head
    with pytest.raises(KnownError) as caught:
        desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(**{field: "山\ud842"})])))
    assert caught.value.code == "not_text"
    assert ledger.head == before
    assert desk.roster() == []


@example(text="山\ud842")
@given(text=st.text(max_size=20))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_may_be_typed_into_the_search(ledger, text):
    """Whatever is typed is an answer, not an error: quotation marks, operators, halves of letters."""
    assert ledger.roster(text) == []


@pytest.mark.parametrize("text", ['" OR "w', "NEAR(a b)", "a AND b", "*", "^x", "{x}: y", "-- ;", "a:b", "'"])
def test_the_words_of_the_index_mean_nothing_here(ledger, desk, text):
    """Nothing typed is an operator of the index."""
    desk.receive(Arrival(Method.DESK, desk.new_household([desk.new_person(name="山田　太郎")])))
    assert ledger.roster(text) == []
