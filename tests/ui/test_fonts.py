"""What the shipped typefaces can write, and the variants of kanji that names are signed with."""

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtGui import QFontInfo, QImage

import resources
from ui import fonts, theme
from ui.app import application
from ui.theme import Scale
from ui.widgets.text import NameLabel
from ui.words import OFFERED, VISITORS, load


@pytest.fixture
def drawn(qtbot):
    """What a name looks like."""
    application()

    def draw(name, *, bold=True):
        label = NameLabel(Scale(), 100, bold=bold)
        qtbot.addWidget(label)
        label.show_name(name)
        label.resize(label.sizeHint())
        return label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)

    return draw


@pytest.mark.parametrize("name", fonts.NAMES_REGULAR)
def test_variation_sequences_are_read_as_fonttools_reads_them(name, qtbot):  # noqa: ARG001 - Qt must be up
    """Our small reader of cmap format 14 finds every sequence, and the same glyph."""
    with TTFont(resources.path(f"fonts/{name}")) as font:
        wanted = {
            (character, selector): 0 if glyph is None else font.getGlyphID(glyph)
            for part in font["cmap"].tables
            if part.format == 14
            for selector, pairs in part.uvsDict.items()
            for character, glyph in pairs
        }
    assert len(wanted) > 5000
    assert fonts._sequences(name) == wanted


@pytest.mark.parametrize(
    ("character", "selectors"),
    [
        ("葛", "\U000e0100\U000e0101"),
        ("辻", "\U000e0100\U000e0101"),
        ("邉", "\U000e0101\U000e0102\U000e0103\U000e0108"),
        ("祇", "\U000e0100\U000e0101"),
        # Only in the rare names: a sequence of the 文字情報基盤.
        ("葛", "\U000e0102\U000e0103"),
    ],
)
def test_each_variant_of_a_kanji_is_drawn_as_itself(drawn, character, selectors):
    """Two people whose names differ in a variant see two different names."""
    pictures = [drawn(character + selector) for selector in selectors]
    for place, picture in enumerate(pictures):
        assert not any(picture == other for other in pictures[place + 1 :])


def test_an_unknown_variant_is_drawn_as_its_character(drawn):
    """A selector nobody registered never hides the name."""
    assert drawn("山\U000e01ef") == drawn("山")
    assert drawn("山\ufe0f太") == drawn("山太")


def test_a_variant_stands_on_the_line_of_its_neighbours(drawn):
    """The usual glyph, asked for by its sequence, has the size and place of the one that Qt draws."""

    def ink(picture):
        rows = [y for y in range(picture.height()) if picture.pixelColor(60, y).value() < 128]
        return picture.width(), rows[0], rows[-1]

    usual, asked = ink(drawn("葛")), ink(drawn("葛\U000e0100"))
    assert all(abs(one - other) <= 3 for one, other in zip(usual, asked, strict=True))


@pytest.mark.parametrize("name", ["𠮷田", "槗本", "Nguyễn Thị Hằng", "김민준", "शर्मा", "鷗外"])
def test_a_name_of_any_origin_has_glyphs(name, qtbot):  # noqa: ARG001 - Qt must be up
    """Every letter is in a shipped font, and a name in letters is in one typeface."""
    application()
    families = fonts.for_name(name)
    files = [file for family in families for file in fonts._FILES.get(family, ())]
    for letter in name.replace(" ", ""):
        assert fonts._has(tuple(files), ord(letter)), letter
    if not "\u4e00" <= name[-1] <= "\u9fff":
        assert all(fonts._raw(fonts._FILES[families[0]][0]).supportsCharacter(ord(a)) for a in name)


@pytest.mark.parametrize("language", OFFERED)
def test_a_language_is_written_in_one_typeface(language, qtbot):  # noqa: ARG001 - Qt must be up
    """Every character of what visitors read is in the language's first family, regular and bold."""
    application()
    family = fonts.load(language)[0]
    for file in fonts._FILES[family]:
        lacking = {
            letter
            for key, text in load(language).items()
            if key.split(".")[0] in VISITORS
            for letter in text
            if letter not in "\n\u200b" and not fonts._raw(file).supportsCharacter(ord(letter))
        }
        assert not lacking, file
    font = Scale(1.0, fonts.families(language)).font(theme.BODY)
    assert QFontInfo(font).family() == family
