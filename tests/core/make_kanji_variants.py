"""Makes resources/kanji/variants.txt: which kanji are found by which, from the MJ 縮退マップ and own.txt.

    uv run --with jntajis-python==0.1.0 tests/core/make_kanji_variants.py

Of the map only two relations are taken: 法務省戸籍法関連通達・通知 (the notices by which registers are
rewritten) and JIS包摂規準・UCS統合規則. The others (by dictionary, by reading) join names that no family
would call one. Letters of JIS X 0208 may join groups with each other; of any other letter only what leads
to one group is taken, so that a rare letter with two meanings does not join two families.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

import jntajis

HERE = Path(__file__).resolve().parents[2] / "resources" / "kanji"
BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F), (0x30000, 0x323AF))
SCHEMES = (
    jntajis.MJShrinkSchemeCombo.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE,
    jntajis.MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE,
)
HEAD = """\
# Kanji that are found by each other: one group a line, its plainest letter first. Made, not edited:
# tests/core/make_kanji_variants.py. Source: MJ縮退マップ（文字情報技術促進協議会、IPA）, of it
# 法務省戸籍法関連通達・通知 and JIS包摂規準・UCS統合規則, as carried by jntajis-python 0.1.0; and own.txt.
# Licence of this file: CC BY-SA 2.1 JP, as the map's.
"""


def level(letter: str) -> int:
    """1 and 2 as in JIS X 0208, 3 for the rest of JIS X 0213, 9 beyond."""
    try:
        old = letter.encode("euc_jp")
    except UnicodeEncodeError:
        old = b""
    if len(old) == 2:
        return 1 if old[0] - 0xA0 < 48 else 2
    try:
        letter.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return 9
    return 3


def plain(letter: str) -> str:
    """The search key normalises before it looks here: letters that go by themselves need no place."""
    return unicodedata.normalize("NFKC", letter)


def relations() -> dict[str, set[str]]:
    """Letter → the letters the map leads to."""
    found: dict[str, set[str]] = defaultdict(set)
    for first, last in BLOCKS:
        for letter in map(chr, range(first, last + 1)):
            for scheme in SCHEMES:
                for candidate in jntajis.mj_shrink_candidates(letter, scheme):
                    # Without its variation selector, which no key has.
                    if plain(candidate[0]) != plain(letter):
                        found[plain(letter)].add(plain(candidate[0]))
    return found


class Groups:
    """Disjoint sets of letters."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def of(self, letter: str) -> str:
        while self._up.get(letter, letter) != letter:
            letter = self._up[letter]
        return letter

    def join(self, one: str, other: str) -> None:
        self._up[self.of(one)] = self.of(other)

    def all(self) -> list[str]:
        groups: dict[str, set[str]] = defaultdict(set)
        for letter in self._up:
            groups[self.of(letter)] |= {letter, self.of(letter)}
        return sorted("".join(sorted(group, key=lambda one: (level(one), one))) for group in groups.values())


def make() -> str:
    """The file's text."""
    groups, found = Groups(), relations()
    for line in (HERE / "own.txt").read_text(encoding="utf-8").splitlines():
        for group in [] if line.startswith("#") else line.split():
            for letter in group[1:]:
                groups.join(plain(letter), plain(group[0]))
    for letter, candidates in found.items():
        for candidate in candidates:
            if level(letter) <= 2 and level(candidate) <= 2:
                groups.join(letter, candidate)
    open_ones = {letter for letter in found if level(letter) > 2}
    growing = True
    while growing:
        growing = False
        for letter in sorted(open_ones):
            common = {one for one in found[letter] if level(one) <= 2}
            homes = {groups.of(one) for one in found[letter]}
            homes = homes if len(homes) == 1 else {groups.of(one) for one in common}
            if len(homes) == 1:
                groups.join(letter, homes.pop())
                open_ones.discard(letter)
                growing = True
    print(f"{len(groups.all())} groups; {len(open_ones)} letters lead to more than one and stay alone")  # noqa: T201 - it says what it did
    return HEAD + "".join(f"{group}\n" for group in groups.all())


if __name__ == "__main__":
    (HERE / "variants.txt").write_text(make(), encoding="utf-8")
