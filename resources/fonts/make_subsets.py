"""Makes the subsets of this folder from the whole fonts: for builders; the program never runs it.

    python make_subsets.py FOLDER

FOLDER holds the whole fonts under the names below (README.md says where each is had from). What is kept:

- Hangul: the 2,350 syllables of KS X 1001, in which any Korean sentence can be written.
- Simplified Chinese: the 3,755 characters of GB 2312 level 1, and every character of `words/zh.toml`.
- Latin: what Vietnamese, Portuguese and Filipino are written in.
- Names: what neither BIZ UDPGothic nor Noto Sans JP has: kanji of the basic plane that the 文字情報基盤
  lists (IPAmj Mincho's), and registered variants of the kanji of JIS X 0213.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
ASCII = range(0x20, 0x7F)
PUNCTUATION = [*range(0xA0, 0x100), *range(0x2010, 0x2028), 0x2030, 0x2032, 0x2033, 0x20AC, 0x2212]
VIETNAMESE = [
    *range(0x100, 0x180),
    0x1A0,
    0x1A1,
    0x1AF,
    0x1B0,
    *range(0x300, 0x30A),
    0x323,
    *range(0x1EA0, 0x1EFA),
]
CJK_SIGNS = [*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)]
LATIN_SIGNS = [0x2190, 0x2191, 0x2192, 0x2193, 0x25CB, 0x25CF, 0x2713]


def table(codec: str, rows: Iterable[int]) -> list[int]:
    """Every character of these rows of a 94 by 94 set."""
    found = []
    for row in rows:
        for cell in range(0xA1, 0xFF):
            try:
                found.append(ord(bytes((row, cell)).decode(codec)))
            except UnicodeDecodeError:
                continue
    return found


def written(language: str) -> set[int]:
    """Every character of a language's words."""

    def texts(tree: object) -> Iterable[str]:
        if isinstance(tree, dict):
            for value in tree.values():
                yield from texts(value)
        else:
            yield str(tree)

    path = HERE.parent / "words" / f"{language}.toml"
    return {ord(sign) for text in texts(tomllib.loads(path.read_text("utf-8"))) for sign in text} - {10}


def cut(source: Path, target: str, characters: Iterable[int]) -> None:
    """Write a subset with its layout tables, without hints."""
    options = subset.Options(hinting=False, name_IDs=["*"], layout_features=["*"], notdef_outline=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(HERE / target), options)


def in_jis(character: int) -> bool:
    """Whether JIS X 0213 has it."""
    try:
        chr(character).encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


def variants(font: TTFont) -> dict[tuple[int, int], str | None]:
    """Variation sequences: (character, selector) → glyph, or None for the usual one."""
    tables = [part for part in font["cmap"].tables if part.format == 14]
    return {
        (character, selector): glyph
        for part in tables
        for selector, pairs in part.uvsDict.items()
        for character, glyph in pairs
    }


def cut_names(folder: Path) -> None:
    """The rare kanji of names, under a name of their own."""
    shipped = [TTFont(HERE / name) for name in ("BIZUDPGothic-Regular.ttf", "NotoSansJP-Regular.ttf")]
    have = {character for font in shipped for character in font.getBestCmap()}
    have_variants = {pair for font in shipped for pair in variants(font)}
    wanted = TTFont(folder / "ipamjm.ttf", lazy=True)
    listed = set(wanted.getBestCmap())
    options = subset.Options(hinting=False, name_IDs=["*"], layout_features=[], notdef_outline=True)
    font = TTFont(folder / "HanaMinA.ttf")
    characters = {
        character
        for character in set(font.getBestCmap()) & listed - have
        if 0x4E00 <= character <= 0x9FFF or 0xF900 <= character <= 0xFAFF
    }
    drawn = variants(font)
    sequences = {pair for pair in set(drawn) - have_variants if in_jis(pair[0])}
    for part in font["cmap"].tables:
        if part.format == 14:
            part.uvsDict = {
                selector: [pair for pair in pairs if (pair[0], selector) in sequences]
                for selector, pairs in part.uvsDict.items()
            }
            part.uvsDict = {selector: pairs for selector, pairs in part.uvsDict.items() if pairs}
    cutter = subset.Subsetter(options)
    # Only the variants' own glyphs: their characters' usual ones are in the fonts before this.
    cutter.populate(
        unicodes=characters | {selector for _, selector in sequences},
        glyphs={drawn[pair] for pair in sequences} - {None},
    )
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6, 16}:
            record.string = "KioskRareNames" if record.nameID == 6 else "Kiosk Rare Names"
    font.save(HERE / "RareNames-Regular.ttf")


def main() -> None:
    """Make them all."""
    folder = Path(sys.argv[1])
    hangul = [*table("euc_kr", range(0xB0, 0xC9)), *range(0x3131, 0x318F)]
    chinese = [*table("gb2312", range(0xB0, 0xD8)), *CJK_SIGNS]
    for weight in ("Regular", "Bold"):
        latin = [*ASCII, *PUNCTUATION, *LATIN_SIGNS]
        cut(folder / f"NotoSans-{weight}.ttf", f"NotoSans-{weight}.ttf", [*latin, *VIETNAMESE])
        cut(
            folder / f"NotoSansKR-{weight}.ttf",
            f"NotoSansKR-{weight}.ttf",
            [*latin, *hangul, *CJK_SIGNS, *written("ko")],
        )
        cut(
            folder / f"NotoSansSC-{weight}.ttf",
            f"NotoSansSC-{weight}.ttf",
            [*latin, *chinese, *written("zh")],
        )
        cut(
            folder / f"NotoSansDevanagari-{weight}.ttf",
            f"NotoSansDevanagari-{weight}.ttf",
            [*latin, *range(0x900, 0x980), *range(0xA8E0, 0xA900), 0x200C, 0x200D, 0x20B9, 0x25CC],
        )
    cut_names(folder)


if __name__ == "__main__":
    main()
