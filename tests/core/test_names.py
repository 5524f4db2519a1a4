"""Names as typed and searched."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import resources
from kiosk.core.names import romaji_to_kana, search_key


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("yamada tarou", "ヤマダ\u3000タロウ"),
        ("shinnichi", "シンイチ"),
        ("jun'ichi", "ジュンイチ"),
        ("kanda", "カンダ"),
        ("kannno", "カンノ"),
        ("nishikawa", "ニシカワ"),
        ("mihon ken", "ミホン\u3000ケn"),
        ("mihonn hana", "ミホン\u3000ハナ"),
        ("hattori", "ハットリ"),
        ("itchi", "イッチ"),
        ("konnyaku", "コンヤク"),
        ("kyouko", "キョウコ"),
        ("syouji", "ショウジ"),
        ("chieko", "チエコ"),
        ("tsutsumi", "ツツミ"),
        ("fujii", "フジイ"),
        ("ro-ra", "ローラ"),
        ("やまだ", "ヤマダ"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("ＹＡＭＡＤＡ", "ヤマダ"),
        ("yam", "ヤm"),
        ("ken", "ケn"),
    ],
)
def test_romaji_becomes_the_kana_an_input_method_would_give(typed, kana):
    """Romaji becomes the kana an input method would give."""
    assert romaji_to_kana(typed) == kana


def test_a_last_n_is_closed_when_the_name_is_finished():
    """A last n is closed when the name is finished, and only then."""
    assert romaji_to_kana("ken", finished=True) == "ケン"
    assert romaji_to_kana("kenn", finished=True) == "ケン"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'- アんー", max_size=20))
def test_typing_letter_by_letter_gives_the_same_as_all_at_once(text):
    """Typing letter by letter gives the same kana as all at once."""
    shown = ""
    for letter in text:
        shown = romaji_to_kana(shown + letter)
    assert shown == romaji_to_kana(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ヤマダ\u3000タロウ", "やまだ たろう"),
        ("葛\U000e0100城", "葛城"),
        ("ＮＧＵＹＥＮ　Ａ", "nguyen a"),
        ("マリア・ロペス", "まりあろぺす"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one, other):
    """Two spellings of one name are found by one key."""
    assert search_key(one) == search_key(other)


@given(st.text(max_size=30))
@example("A´")
def test_a_key_is_its_own_key(text):
    """A search key searched for again is the same key."""
    assert search_key(search_key(text)) == search_key(text)


def variants():
    lines = resources.read_text("kanji/variants.txt").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_no_kanji_is_in_two_groups():
    """Each letter leads to one letter, which leads nowhere further."""
    letters = [letter for group in variants() for letter in group]
    assert len(letters) == len(set(letters)) > 12_000
    assert all(len(group) > 1 and unicodedata.normalize("NFKC", group) == group for group in variants())


def test_letters_of_different_names_stay_apart():
    """Joining by reading or by a rare third letter would make one family of two."""
    for one, other in ("喜壮", "克充", "与興", "今令", "末未", "大太", "土士", "千干", "己巳", "会合"):
        assert search_key(one) != search_key(other)
