"""Passes and posters on paper: what they say, what they do not, and that names stand as they are written."""

from __future__ import annotations

import logging
import random
import re
import zlib

import pytest

from heard import listen
from kiosk.core import shelter_code
from kiosk.core.entry_pass import Member, PassHousehold, issue_codes
from kiosk.core.household import Mode
from kiosk.core.shelter_code import ShelterCode
from kiosk.paper import code, page, pass_card, poster
from kiosk.paper.page import Sheet
from kiosk.paper.pass_card import PassCard
from pass_vectors import EXPIRES, ISSUED, vectors


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Nothing that stands on a paper is named in a log."""
    caplog.set_level(logging.WARNING)
    yield
    assert not caplog.records


def card(household=vectors.FOUR, city="熊本市", *, sealed=False):
    codes = issue_codes(
        household, vectors.P256, issued=ISSUED, expires=EXPIRES, randomness=random.Random(1).randbytes,
        seal_to=vectors.PASS_KEY.public if sealed else None,
    )  # fmt: skip
    return PassCard(codes, household, ISSUED, EXPIRES, city, sealed)


@pytest.fixture
def heard(monkeypatch):
    """What is written and drawn on the next document."""
    return listen(monkeypatch, pass_card, poster)


@pytest.fixture
def blank():
    """A sheet with an empty page."""
    with Sheet(100, 100, "試し", 0) as sheet:
        sheet.add_page()
        yield sheet


def sizes(pdf):
    """Width and height of each page in millimetres."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in found]


def test_a_card_is_a6_with_two_sides(heard):
    """The inside has the code, the outside none; the head and the size of the household stand in words."""
    pdf = pass_card.pdf(card())
    assert pdf.startswith(b"%PDF")
    assert sizes(pdf)[-1] == (148, 105)
    assert [text for text, _ in heard.squares] == list(card().codes)
    assert "𠮷田　一 さん" in heard.said
    assert any("ほか 3人" in said for said in heard.said)
    assert any("2026年9月21日" in said for said in heard.said)


def test_a_card_on_a4_is_one_side(heard):
    """Cut out and folded twice, one printed side makes the same card."""
    pdf = pass_card.pdf(card(), "a4")
    assert set(sizes(pdf)) == {(210, 297)}
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert [text for text, _ in heard.squares] == list(card().codes)


def test_a_large_household_has_both_codes_inside(heard):
    """A pass of two codes shows both beside each other, and says that both are needed."""
    both = card(vectors.many())
    pass_card.pdf(both)
    assert [text for text, _ in heard.squares] == list(both.codes)
    assert len(both.codes) == 2
    assert sum("2つとも" in said for said in heard.said) == 2


def test_a_sealed_pass_names_nobody_on_paper(heard):
    """Where a photograph of the code tells nothing, neither does one of the paper around it."""
    pass_card.pdf(card(sealed=True))
    words = "".join(heard.said)
    for member in vectors.FOUR.members:
        assert not member.family or member.family not in words
    assert "4人の 世帯" in words


@pytest.mark.parametrize("paper", ["a6", "a4"])
def test_only_head_and_number_are_told(heard, paper):
    """Address, telephone, notes and the other names are in the code, not in words."""
    home = PassHousehold(
        bytes(8), (Member("試験", "太郎"), Member("別姓", "花子", note="秘密のメモ")), 1, "8600001",
        "熊本市中央区本町1", "096-000-0000", "K001",
    )  # fmt: skip
    pass_card.pdf(card(home), paper)
    words = "".join(heard.said)
    assert not any(secret in words for secret in ("別姓", "秘密", "本町", "096-", "K001"))


def test_a_module_is_large_enough_for_a_webcam(heard):
    """Every code on paper has modules of half a millimetre and more."""
    for household in (vectors.ONE, vectors.FOUR, vectors.many()):
        pass_card.pdf(card(household))
    for text, size in heard.squares:
        assert size / (len(code.rows(text)) + 2 * code.QUIET) >= 0.5


def test_the_same_pass_is_the_same_file():
    """Printing again gives the same bytes: nothing of the moment of printing is in them."""
    assert pass_card.pdf(card()) == pass_card.pdf(card())


@pytest.mark.parametrize(
    "name", ["あ" * 80, "NGUYEN THI " * 7, "神󠄀田󠄁", "\U0003134a" * 5, "\ufe00", "", "﨑槗𠮷"]
)
def test_any_name_can_be_printed(name):
    """Long, foreign, rare and odd names fit their line."""
    home = PassHousehold(bytes(8), (Member(None, name or None),))
    assert pass_card.pdf(PassCard(("ESR1:A",), home, ISSUED, EXPIRES)).startswith(b"%PDF")


def test_a_long_name_stands_in_two_lines(heard):
    """It is broken between its parts rather than set too small to read."""
    home = PassHousehold(bytes(8), (Member("DE LA CRUZ", "MARIA CONCEPCION GUADALUPE"),))
    pass_card.pdf(PassCard(("ESR1:A",), home, ISSUED, EXPIRES))
    assert "DE LA CRUZ\u3000MARIA" in heard.said
    assert "CONCEPCION GUADALUPE さん" in heard.said


def test_forms_of_a_kanji_are_told_apart(blank):
    """A variation selector chooses another glyph; without the typeface's form the plain one stands."""
    sheet = blank
    plain, odd = sheet.printable("辻"), sheet.printable("辻\U000e0100")
    assert plain == "辻"
    assert odd != plain
    assert len(odd) == 1
    font = sheet._font("biz")
    assert font.cmap[ord(odd)] != font.cmap[ord(plain)]
    assert sheet.printable("A\U000e0100B") == "AB"
    assert sheet.printable("\U0003134a") == "〓"


def test_no_line_leaves_its_place(blank):
    """A line is made smaller until it fits, down to the smallest that can be read."""
    sheet = blank
    assert sheet.write("短い", 0, 0, 20, width=90) == 20
    assert sheet.write("長い" * 15, 0, 0, 20, width=90) < 20
    assert sheet.write("長い" * 200, 0, 0, 20, width=90, least=6) == 6


CODE = ShelterCode(Mode.DISASTER, "431001", "K012", "城山小学校", b"series-1")
TEXT = shelter_code.write(CODE, bytes(64))


@pytest.mark.parametrize("mode", Mode)
def test_a_poster_says_where_one_is(heard, mode):
    """One A4 page with the shelter's name and its code; a drill's says so."""
    pdf = poster.pdf(ShelterCode(mode, *("431001", "K012", "城山小学校", bytes(8))), TEXT, ISSUED)
    assert set(sizes(pdf)) == {(210, 297)}
    assert [text for text, _ in heard.squares] == [TEXT]
    assert "城山小学校" in heard.said
    assert any("訓練" in said for said in heard.said) == (mode is Mode.DRILL)


def test_a_square_is_exactly_its_code(blank, monkeypatch):
    """Each dark module is under exactly one rectangle, and no light one is."""
    sheet, drawn = blank, []
    monkeypatch.setattr(sheet.paper, "rect", lambda *where, style: drawn.append((*where, style)))
    modules = code.rows(TEXT)
    sheet.square(TEXT, 10, 20, len(modules) + 2 * code.QUIET)
    dark = set()
    for left, top, width, _, _ in drawn[1:]:
        down, across = round(top - 20 - code.QUIET), round(left - 10 - code.QUIET)
        for place in range(across, across + round(width)):
            assert (down, place) not in dark
            dark.add((down, place))
    assert dark == {(y, x) for y, row in enumerate(modules) for x, module in enumerate(row) if module}


def test_the_papers_words_are_in_the_file():
    """Letters are text in the PDF, found by a search and read aloud, not outlines."""
    pdf = poster.pdf(CODE, TEXT, ISSUED)
    streams = [
        zlib.decompress(part)
        for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
        if part[:1] == b"x"
    ]
    assert any(b"BT" in stream for stream in streams)
    assert page.PRIMARY == (0, 23, 193)
