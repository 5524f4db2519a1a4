"""The words of every language say the same things."""

import re

import pytest

import resources
from kiosk import flow
from kiosk.errors import BugError
from ui.words import BASE, BREAK, OFFERED, VISITORS, Part, Phrase, Words, load, parse, reviewed


def blanks(text):
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", [language for language in OFFERED if language != BASE])
def test_a_language_fills_the_same_blanks_under_the_same_keys(language):
    """No language has a key of its own, and each text fills exactly the blanks of the Japanese one."""
    base, other = load(BASE), load(language)
    assert set(other) <= set(base)
    for key, text in other.items():
        assert blanks(text) == blanks(base[key]), key


@pytest.mark.parametrize("language", OFFERED)
def test_a_visitor_never_meets_a_language_they_did_not_choose(language):
    """Whatever people who come may read is there in every language that is offered."""
    wanted = {key for key in load(BASE) if key.split(".")[0] in VISITORS}
    assert wanted <= set(load(language))


def test_english_lacks_only_what_is_never_translated():
    """English says everything itself but the names of eras and how a date is put."""
    lacking = set(load(BASE)) - set(load("en"))
    assert {key.rsplit(".", 1)[0] for key in lacking} <= {"ask_birth"}


def test_every_language_is_offered_under_its_own_name():
    """The language buttons say each language in itself, once; no file lies unused."""
    names = [load(language)["language"] for language in OFFERED]
    assert len(set(names)) == len(OFFERED) == 9
    files = {path.stem for path in resources.path("words").glob("*.toml")}
    assert files == set(OFFERED)


def test_what_nobody_vouches_for_is_marked():
    """Only words that a reader has checked pass as reviewed: so far those the desk itself speaks."""
    assert [language for language in OFFERED if reviewed(language)] == [BASE]


@pytest.mark.parametrize("key", sorted(key for key in load(BASE) if key.split(".")[0] in VISITORS))
def test_easy_japanese_gives_every_kanji_its_reading(key):
    """Whoever reads kana can read all of it: no kanji stands without its reading."""
    for part in parse(load("ja-easy")[key]).parts:
        if not part.reading and key != "language":
            assert not re.search("[\u4e00-\u9fff]", part.text), part.text


def test_chinese_breaks_between_characters_and_never_before_a_full_stop():
    """Without spaces a line breaks anywhere but before closing marks; the marks are not said."""
    text = load("zh")["ready.subtitle"]
    assert BREAK in text
    assert not re.search(f"{BREAK}[，。、；：？！）”]", text)
    assert BREAK not in parse(text).plain


def test_a_missing_word_is_our_bug():
    """A key that no language has fails loudly instead of showing a key to an evacuee."""
    with pytest.raises(BugError):
        Words()("no.such.key")


def test_readings_stand_apart_from_the_text():
    """The notation gives text and reading; what is spoken has the text once."""
    phrase = parse("{n}人で [見|み]せて")
    assert phrase.parts == (Part("{n}人で "), Part("見", "み"), Part("せて"))
    assert phrase.filled({"n": 3}).plain == "3人で 見せて"


def test_a_name_with_a_bracket_stays_a_name():
    """What people are called is never read as notation."""
    assert Words().plain("people.one", name="山[田|x]{y}") == "山[田|x]{y} さん"
    assert Phrase.of("[見|み]").plain == "[見|み]"


@pytest.mark.parametrize("code", sorted(flow.TONES))
def test_every_toned_notice_has_words(code):
    """Each code with a tone of its own has a title and what to do, in every language."""
    for language in OFFERED:
        words = Words(language)
        assert f"notice.{code}.title" in words
        assert f"notice.{code}.todo" in words


@pytest.mark.parametrize(
    "code", [key.split(".")[1] for key in load(BASE) if re.fullmatch(r"notice\.\w+\.title", key)]
)
def test_every_error_has_steps_to_help(code):
    """Whatever is said to be wrong has three steps that help, its own or those that always help."""
    from ui.screens.notice import STEPS, helped

    for language in OFFERED:
        words = Words(language)
        assert all(words.plain(f"{helped(words, code)}.{step}") for step in range(1, STEPS + 1))


def test_every_choice_has_its_words():
    """Whatever can be chosen of a household, a person or the shelter has words, and nothing else has."""
    from kiosk.core.household import Consent, Need, PetKind, Relation, Sex, Stay
    from kiosk.core.roll import Whereabouts
    from kiosk.flow import choices

    base = load(BASE)
    wanted = {
        "need": {need.name for need in Need},
        "stay": {stay.name for stay in Stay},
        "consent": {consent.name for consent in Consent},
        "sex": {sex.name for sex in Sex},
        "whereabouts": {place.name for place in Whereabouts},
        "relation": {relation.name for relation in Relation if relation is not Relation.UNKNOWN},
        "speaks": set(choices.LANGUAGES),
        "country": {code or "none" for code in choices.EMBASSIES},
        "destination": set(choices.DESTINATIONS),
        "opening": {opening.name for opening in choices.OPENINGS},
        "fullness": {fullness.name for fullness in choices.FULLNESSES},
        "pet": {f"{kind.name}{end}" for kind in PetKind for end in ("", "_n")},
    }
    for section, names in wanted.items():
        assert {key.partition(".")[2] for key in base if key.startswith(f"{section}.")} == names, section


def test_whatever_stands_in_the_audit_has_words():
    """Nobody reads a program's word in the table of who saw what."""
    from kiosk.core.access import Action

    out = (
        Action.PRINT_ROSTER,
        Action.BULK_EXPORT,
        Action.PRINT_CARD,
        Action.HANDOVER_SHEET,
        Action.TRANSFER_SLIP,
    )
    for action in (*out, "search", "list", "view_card", "answer_inquiry", "secret_roster"):
        assert f"looked.{action}" in load(BASE)
