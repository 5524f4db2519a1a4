"""Names as people type and search them: one key for many spellings, and kana from Latin letters.

Names themselves are held exactly as read or signed and are never normalised (NFKC alone changes about a
thousand ideographs); only the search key is. No input method is needed at the desk: staff type romaji on
any keyboard and see kana.
"""

from __future__ import annotations

import re
import unicodedata

from kiosk.core.household import NAME_GAP

_KANA_SHIFT = ord("ア") - ord("あ")
_HIRAGANA = {code: code + _KANA_SHIFT for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
# Variation selectors choose a glyph, not a character: 葛 must be found by either of its shapes.
_IGNORED = re.compile("[\\s\u00b7\u30fb\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def to_katakana(text: str) -> str:
    """Hiragana become katakana; everything else stays as it is."""
    return text.translate(_HIRAGANA)


def search_key(text: str) -> str:
    """What a name is found by: NFKC, katakana for hiragana, small letters, no spaces, no glyph variants.

    Two spellings of one name have one key; a key is never shown and never stored in place of a name.
    """
    folded = to_katakana(unicodedata.normalize("NFKC", _IGNORED.sub("", text)))
    # NFKC may bring back spaces (a lone voicing mark) and casefold may need it once more; with the spaces
    # gone, a mark may join the letter before it.
    return unicodedata.normalize("NFC", _IGNORED.sub("", unicodedata.normalize("NFKC", folded.casefold())))


def _table() -> dict[str, str]:
    """Romaji → katakana: Kunrei, Hepburn and the habits of common input methods."""
    table = dict(zip("aiueo", "アイウエオ", strict=True))
    rows = {
        "k": "カキクケコ",
        "s": "サシスセソ",
        "t": "タチツテト",
        "n": "ナニヌネノ",
        "h": "ハヒフヘホ",
        "m": "マミムメモ",
        "r": "ラリルレロ",
        "g": "ガギグゲゴ",
        "z": "ザジズゼゾ",
        "d": "ダヂヅデド",
        "b": "バビブベボ",
        "p": "パピプペポ",
    }
    for consonant, kana in rows.items():
        table |= {consonant + vowel: letter for vowel, letter in zip("aiueo", kana, strict=True)}
        table |= _glides(consonant + "y", kana[1])
    for small in "xl":
        table |= {small + vowel: letter for vowel, letter in zip("aiueo", "ァィゥェォ", strict=True)}
        table |= {f"{small}y{vowel}": letter for vowel, letter in zip("auo", "ャュョ", strict=True)}
        table |= {f"{small}tu": "ッ", f"{small}tsu": "ッ", f"{small}wa": "ヮ"}
    table |= {"ya": "ヤ", "yu": "ユ", "yo": "ヨ", "wa": "ワ", "wo": "ヲ", "wi": "ウィ", "we": "ウェ"}
    table |= {"shi": "シ", "chi": "チ", "tsu": "ツ", "fu": "フ", "ji": "ジ", "vu": "ヴ"}
    table |= _glides("sh", "シ", "auoe") | _glides("ch", "チ", "auoe") | _glides("j", "ジ", "auoe")
    table |= _glides("jy", "ジ") | _glides("cy", "チ")
    table |= {"f" + vowel: "フ" + small for vowel, small in zip("aieo", "ァィェォ", strict=True)}
    table |= {"v" + vowel: "ヴ" + small for vowel, small in zip("aieo", "ァィェォ", strict=True)}
    table |= {"ts" + vowel: "ツ" + small for vowel, small in zip("aieo", "ァィェォ", strict=True)}
    table |= {"thi": "ティ", "dhi": "ディ", "twu": "トゥ", "dwu": "ドゥ", "thu": "テュ", "dhu": "デュ"}
    table |= {"nn": "ン", "n'": "ン", "-": "ー", " ": NAME_GAP}
    return table


def _glides(start: str, kana: str, vowels: str = "aiueo") -> dict[str, str]:
    small = dict(zip("aiueo", "ャィュェョ", strict=True))
    return {start + vowel: kana + small[vowel] for vowel in vowels}


ROMAJI = _table()
_LONGEST = max(map(len, ROMAJI))
_CONSONANTS = frozenset("bcdfghjklmpqrstvwxyz")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2019: "'"}
_HALF_KANA = re.compile("[\uff66-\uff9f]+")
_VOICED = re.compile("[\u30a1-\u30fc][\u3099\u309a]")


def romaji_to_kana(text: str, *, finished: bool = False) -> str:
    """What the typed letters say in katakana; letters that may still become kana stay at the end.

    Converting letter by letter gives the same as converting all at once. `nn` is ン, as input methods
    have it; `finished` also makes ン of a last `n`. A space becomes the gap between names (U+3000).
    Hiragana and half-width kana become katakana; anything else is kept.
    """
    letters = to_katakana(text).translate(_WIDE).lower()
    letters = _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), letters)
    letters = _VOICED.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), letters)
    kana: list[str] = []
    place = 0
    while place < len(letters):
        step, written = _next(letters[place : place + _LONGEST])
        kana.append(written)
        place += step
    result = "".join(kana)
    return f"{result[:-1]}ン" if finished and result.endswith("n") else result


def _next(ahead: str) -> tuple[int, str]:
    """How many letters the next kana takes, and the kana (or the letter itself)."""
    for length in range(min(_LONGEST, len(ahead)), 0, -1):
        if ahead[:length] in ROMAJI:
            return length, ROMAJI[ahead[:length]]
    first, second = ahead[0], ahead[1:2]
    if first in _CONSONANTS and (second == first or (first == "t" and ahead[1:3] == "ch")):
        return 1, "ッ"
    if first == "n" and second in _CONSONANTS - {"y"}:
        return 1, "ン"
    return 1, first
