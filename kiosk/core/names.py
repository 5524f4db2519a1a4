"""Names as people type and search them: one key for many spellings, and kana from Latin letters.

Names themselves are held exactly as read or signed and are never normalised (NFKC alone changes about a
thousand ideographs); only the search key is. No input method is needed at the desk: staff type romaji on
any keyboard and see kana.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

import resources
from kiosk.core.household import NAME_GAP

_KANA_SHIFT = ord("ア") - ord("あ")
_HIRAGANA = {code: code + _KANA_SHIFT for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
# Variation selectors choose a glyph, not a character: 葛 must be found by either of its shapes.
_IGNORED = re.compile("[\\s\u00b7\u30fb\u200b-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]")
_REPEATED = re.compile("(.)([々〻ヽヾ]+)", re.DOTALL)
# Old systems write no small kana (ﾊﾂﾄﾘ): one letter each, the large one.
_SMALL = dict(
    zip(
        "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
        "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ",
        strict=True,
    )
)
_ONE_SOUND = dict(zip("ヂヅヲヰヱヷヸヹヺ", "ジズオイエワイエオ", strict=True))
"""Nobody hears one from the other."""
_V = re.compile("ヴ([アイエオ]?)")
_LATIN = {"đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
"""Latin letters that no normalisation takes apart."""
_LARGE = {
    **{ord(letter): other for letter, other in (_SMALL | _LATIN).items()},
    **{code: _SMALL.get(chr(kana), chr(kana)) for code, kana in _HIRAGANA.items()},
}
_NOT_IN_KEYS = frozenset({"Cc", "Cf", "Cs", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So"})
"""Categories of Unicode that nobody types to find a name: signs, brackets, controls."""
_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプヴ",
    "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
LENGTHENED: Mapping[str, str] = {"ア": "ア", "イ": "イ", "ウ": "ウ", "エ": "エイ", "オ": "ウオ"}
"""By vowel: the kana that make it long. 大野 オオノ and 王野 オウノ sound the same."""
_LENGTHENING = re.compile(
    "|".join([f"(?<=[{_ROWS[vowel]}])[ー{long}]+" for vowel, long in LENGTHENED.items()] + ["ー"])
)
_VOICELESS = str.maketrans(
    "ガギグゲゴザジズゼゾダデドバビブベボパピプペポ", "カキクケコサシスセソタテトハヒフヘホハヒフヘホ"
)


def vowel_of(kana: str) -> str:
    """The vowel a kana ends with, as ア イ ウ エ オ; empty for anything else."""
    return _VOWEL_OF.get(kana, "")


def to_katakana(text: str) -> str:
    """Hiragana become katakana; everything else stays as it is."""
    return text.translate(_HIRAGANA)


def search_key(text: str) -> str:
    """What a name is found by: one key for all its spellings. Never shown, never stored for the name.

    Folded are: width and compatibility forms (NFKC), hiragana and katakana, small and large kana, ヂ and ジ,
    repeat marks (佐々木, 佐佐木), kanji with their old and variant forms (`resources/kanji`), upper and lower
    case, accents. Left out: variation selectors, spaces, signs. A key is its own key.
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text.casefold()))
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _IGNORED.sub("", text)).casefold())
    plain = _ACCENTS.sub("", folded)
    if not plain.isalnum():
        plain = "".join(letter for letter in plain if unicodedata.category(letter) not in _NOT_IN_KEYS)
        plain = _IGNORED.sub("", plain)
    # Small kana grow before voicing marks join them, and what has joined is read again.
    large = unicodedata.normalize("NFC", plain.translate(_LARGE))
    return _V.sub(_as_b, _REPEATED.sub(_repeat, large).translate(_folding()))


def _repeat(found: re.Match[str]) -> str:
    """いすゞ is イスズ, 佐々木 is 佐佐木."""
    letter = found[1]
    voiced = unicodedata.normalize("NFC", letter + "\u3099")
    return letter + "".join(voiced if mark == "ヾ" and len(voiced) == 1 else letter for mark in found[2])


def _as_b(found: re.Match[str]) -> str:
    return "バビブベボ"["アイウエオ".index(found[1] or "ウ")]


@functools.cache
def _folding() -> dict[int, str]:
    """What `search_key` reads one letter as: made once, of some twelve thousand kanji."""
    table = dict(_ONE_SOUND)
    for line in resources.read_text("kanji/variants.txt").splitlines():
        if not line.startswith("#"):
            table |= dict.fromkeys(line[1:], line[0])
    return {ord(letter): other for letter, other in table.items()}


def loose_key(key: str) -> str:
    """What a search key sounds like to somebody who heard the name once: vowels short, nothing voiced.

    サトウ, サトー and サト are one; so are ヤマサキ and ヤマザキ. Letters that are no kana stay.
    """
    return _LENGTHENING.sub("", key).translate(_VOICELESS)


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
_CLOSES_N = (_CONSONANTS - {"y"}) | {" "}
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
    if first == "m" and second and second in "bmp":
        return 1, "ン"  # Hepburn as on passports: Homma, Namba
    if first in _CONSONANTS and (second == first or (first == "t" and ahead[1:3] == "ch")):
        return 1, "ッ"
    # Also where the family name ends: nothing that follows a gap can belong to this n.
    if first == "n" and second in _CLOSES_N:
        return 1, "ン"
    return 1, first
