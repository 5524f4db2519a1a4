"""How a household is found: the terms it is filed under, and the questions that a typed text asks.

A term is a letter for its kind and a key; what is typed finds every term of a kind that begins with its key.
So each name is filed whole, from each of its words on, and from each letter of a word on; a telephone number
also from its end. Names themselves are never changed, only keys are folded (`kiosk.core.names`). Questions
come in the order in which their answers are shown: who begins as typed comes before who only sounds so.

It knows neither how terms are kept nor who may see whom.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from kiosk.core import dates
from kiosk.core.household import Household, Person
from kiosk.core.names import LENGTHENED, ROMAJI, loose_key, romaji_to_kana, search_key, vowel_of
from kiosk.errors import Malformed

WHOLE, LOOSE, INSIDE, ADDRESS, NUMBER, BIRTH, PHONE, PHONE_END = "wliapbtu"
"""Kinds of term: names from a word on, the same as heard, from within a word on; an address from a part on;
reception numbers; births as 19800217; telephone numbers, and their digits from the last to the first."""
LONGEST = 24
"""Letters of a key that are kept: nobody types more to find one name."""
MOST_SPELLINGS = 24
LEAST_DIGITS = 4
"""A telephone number or a birth is asked for by at least so many."""


@dataclass(frozen=True, slots=True)
class Term:
    """One key of one kind that is asked for, `exactly` or as a beginning."""

    kind: str
    key: str
    exactly: bool = False


Clause = tuple[Term, ...]
"""Terms of which at least one must be there."""
Question = tuple[Clause, ...]
"""Clauses that must all be met by one household."""


# -- what a household is filed under ---------------------------------------------------------------------


def terms_of(home: Household, number: str) -> set[str]:
    """Everything a household is filed under, each a letter of its kind and a key.

    `number` is its reception number.
    """
    terms = {NUMBER + key for key in _number_keys(number)}
    people: tuple[Person, ...] = (*home.members, *home.absent)
    for text in {text for person in people for text in (person.name, person.kana) if text}:
        words = [word for word in map(_word, text.split()) if word.key]
        for place, word in enumerate(words):
            whole = "".join([one.key for one in words[place:]])[:LONGEST]
            terms |= word.inside
            terms.add(WHOLE + whole)
            if (heard := loose_key(whole)) != whole:
                terms.add(LOOSE + heard)
    terms |= {f"{BIRTH}{person.birth.to_int()}" for person in people if person.birth is not None}
    for phone in _phones(home.phone):
        terms |= {PHONE + phone[:LONGEST], PHONE_END + phone[::-1][:LONGEST]}
    return terms.union(ADDRESS + key for key in _address_keys(home.address))


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    inside: frozenset[str]
    """Its terms from within."""


@functools.lru_cache(4096)
def _word(text: str) -> _Word:
    """One word of a name. Families and namesakes share theirs, so most are worked out once."""
    key = search_key(text)
    # One kana within a name is in everybody's: only a kanji says something alone.
    starts = (at for at in range(1, min(len(key), LONGEST)) if at < len(key) - 1 or is_kanji(key[at]))
    return _Word(key, frozenset(INSIDE + key[start : start + LONGEST] for start in starts))


def is_kanji(letter: str) -> bool:
    """Whether one letter alone may name somebody."""
    return unicodedata.name(letter, "").startswith("CJK")


def number_key(number: str) -> str:
    """One key for a reception number however it is written: A-012, a12 and Ａ－１２ are a12."""
    key = search_key(number)
    found = re.fullmatch("([^0-9]*)0*([0-9]+)", key)
    return key if found is None else found[1] + found[2]


def _number_keys(number: str) -> set[str]:
    """A-012 is filed under a12 and 12."""
    key = number_key(number)
    return {key, re.sub("^[^0-9]*(?=[0-9]+$)", "", key)} - {""}


def _digits(text: str) -> str:
    return "".join(re.findall("[0-9]", unicodedata.normalize("NFKC", text)))


def _phones(text: str) -> Iterator[str]:
    """Each number of a field that may hold several."""
    for part in re.split(r"[^0-9()\-‐-―−ー+. ]+", unicodedata.normalize("NFKC", text)):
        if len(digits := _digits(part)) >= LEAST_DIGITS:
            yield digits


_DASH = re.compile("(丁目|番地の?|番|号|[\\-‐-―−ー－])")
_KANJI_DIGITS = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")}
_PART = re.compile("(?<=[都道府県郡市区町村])(?=[^都道府県郡市区町村])")


def address_key(address: str) -> str:
    """One key for the many ways an address is written: 5丁目3番12号, 五丁目3-12 and ５－３－１２."""
    text = unicodedata.normalize("NFKC", address)
    text = re.sub("([一二三四五六七八九十]+)(?=丁目)", lambda found: _to_digits(found[1]), text)
    parts = (search_key(part) for part in _DASH.sub("-", text).split("-"))
    return "–".join(part for part in parts if part)


def _to_digits(numerals: str) -> str:
    """三 → 3, 十二 → 12, 二十 → 20."""
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return "".join(_KANJI_DIGITS[letter] for letter in numerals)
    return (_KANJI_DIGITS.get(tens, "1") if tens else "1") + (_KANJI_DIGITS.get(ones, "0") if ones else "0")


def _address_keys(address: str) -> Iterator[str]:
    """An address from its beginning on, and from each part on: 熊本市…, 南区…, 島町…."""
    key = address_key(address)
    starts = [0, *(found.start() for found in _PART.finditer(key))] if key else []
    for start in starts:
        if len(key) - start > 1 and not key[start].isdigit():
            yield key[start : start + LONGEST]


# -- what a text asks for --------------------------------------------------------------------------------


def questions(text: str) -> list[Question]:
    """What a typed text may mean, the likeliest first; empty when it holds nothing to look for.

    Words divided by spaces are looked for whole and as words of any kind, all of which one household must
    have: サトウ ハナコ, 花子 佐藤, サトウ 1980, 島町 2344.
    """
    words = [word for word in text.split() if search_key(word)]
    if not words:
        return []
    whole = "".join(words)
    spelled = _spellings(whole)
    asked: list[Question] = [
        (_exact_numbers(whole),),
        (_clause(WHOLE, spelled),),
        (_figures(whole),),
        tuple(_clause(WHOLE, _spellings(word)) + _figures(word) for word in words),
        (_heard(spelled),),
        (_clause(INSIDE, filter(_may_be_inside, spelled)),),
        (_numbers(whole),),
        (_addresses(whole),),
    ]
    if len(words) > 1:
        asked.append(tuple(map(_anything, words)))
    else:
        del asked[3]
    return [question for question in asked if all(question)]


def _anything(word: str) -> Clause:
    spelled = _spellings(word)
    every = (
        *_clause(WHOLE, spelled),
        *_heard(spelled),
        *_figures(word),
        *_exact_numbers(word),
        *_addresses(word),
    )
    return tuple(dict.fromkeys(every))


def _clause(kind: str, keys: Iterable[str]) -> Clause:
    return tuple(Term(kind, key[:LONGEST]) for key in keys)


def _heard(spelled: Iterable[str]) -> Clause:
    """As heard: among names that differ from what is heard, and among those that do not."""
    keys = dict.fromkeys(filter(None, map(loose_key, spelled)))
    return _clause(LOOSE, keys) + _clause(WHOLE, keys)


def _may_be_inside(key: str) -> bool:
    return len(key) > 1 or is_kanji(key)


def _spellings(word: str) -> list[str]:
    """The keys a word may be spelled with, typed in kana, kanji or Latin letters, finished or not."""
    keys = [search_key(word)]
    if re.fullmatch("[0-9]*", keys[0]):
        return []
    latin = unicodedata.normalize("NFKD", word).lower()
    if re.search("[a-z]", latin) and not re.search("[0-9]", latin):
        keys += (search_key(kana) for kana in _kana_of(latin))
    every = dict.fromkeys(spelled for key in keys for spelled in _lengthened(key))
    return [key for key in every if key][:MOST_SPELLINGS]


_LONG = re.compile("(?<=[aiueo])[\u0302\u0304]|(?<=o)h(?![aiueoy])")
"""A long vowel as passports and maps write it: ō, ô, Ohno, Satoh."""


def _kana_of(latin: str) -> Iterator[str]:
    """Katakana for Romaji; letters that may still become kana at the end stand for all they may become."""
    for letters in dict.fromkeys((_LONG.sub("-", latin), latin, re.sub("nn(?=[aiueoy])", "nnn", latin))):
        kana = romaji_to_kana(letters)
        found = re.fullmatch("([^a-z]*)([a-z']*)", kana)
        if found is None:
            continue  # it is no Romaji
        done, pending = found.groups()
        if not pending:
            yield done
            continue
        # キャ begins with キ: one letter is enough to ask for both.
        beginnings = {kana[0] for romaji, kana in ROMAJI.items() if romaji.startswith(pending)}
        yield from (done + beginning for beginning in sorted(beginnings))
        if pending == "n":
            yield done + "ン"


def _lengthened(key: str) -> Iterator[str]:
    """サトー may be サトウ or サトオ; as typed comes first."""
    parts = key.split("ー")
    if not 1 < len(parts) <= 3:
        yield key
        return
    choices = [("ー", *LENGTHENED.get(vowel_of(part[-1:]), "")) for part in parts[:-1]]
    for chosen in product(*choices):
        yield "".join(part + mark for part, mark in zip(parts, (*chosen, ""), strict=True))


# -- figures ---------------------------------------------------------------------------------------------

_PHONE = re.compile(r"[0-9()\-‐-―−ー. ]+")


_NUMBER = re.compile("([a-z]{0,2})(0*)([1-9][0-9]{0,5})?")


def _exact_numbers(word: str) -> Clause:
    found = _NUMBER.fullmatch(search_key(word))
    return (Term(NUMBER, found[1] + found[3], exactly=True),) if found is not None and found[3] else ()


def _numbers(word: str) -> Clause:
    """A reception number as far as it is typed: A-, A-0, A-01."""
    found = _NUMBER.fullmatch(search_key(word))
    if found is None or not (found[1] or found[3]):
        return ()
    return (Term(NUMBER, found[1] + (found[3] or "")),)


def _figures(word: str) -> Clause:
    """A birth, the end of a telephone number, or its beginning."""
    plain = unicodedata.normalize("NFKC", word)
    terms = [Term(BIRTH, key, exactly=len(key) == 8) for key in births(plain)]
    if _PHONE.fullmatch(plain) and len(digits := _digits(plain)) >= LEAST_DIGITS:
        terms += _clause(PHONE_END, [digits[::-1]]) + _clause(PHONE, [digits])
    return tuple(dict.fromkeys(terms))


def _addresses(word: str) -> Clause:
    key = address_key(word)
    letters = key.replace("–", "")
    return () if len(letters) < 2 or letters.isascii() else _clause(ADDRESS, [key])


_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\.?(元|\d{1,2})(?:(年|[./-])(\d{0,2})(?:(月|[./-])(\d{0,2})日?)?)?",
    re.IGNORECASE,
)
_ERA_TYPED = re.compile(r"([MTSHR明大昭平令])(\d\d)(\d{0,4})", re.IGNORECASE)
_WESTERN = re.compile(r"((?:18|19|20)\d\d)(?:年|[./-])(\d{0,2})(?:(月|[./-])(\d{0,2})日?)?")
_WESTERN_TYPED = re.compile(r"(?:18|19|20)\d{2,6}年?")
_FIRST_YEARS = {
    mark: first.year - 1 for letter, name, first in dates.ERAS for mark in (letter, name, name[0])
}


def births(text: str) -> list[str]:
    """Beginnings of 19800217 that a typed birth may mean, as far as it is typed; empty if it is none.

    1980, 19800217, 1980-2-17, 1980年2月17日, S550217, S55.2.17, 昭和55年2月17日, and 550217 of any era.
    """
    word = text.upper()
    if _WESTERN_TYPED.fullmatch(word):
        return [word.rstrip("年"), *_six(word)]
    if western := _WESTERN.fullmatch(word):
        year, month, ended, day = western.groups()
        return _parts(int(year), month, day, ended=bool(ended))
    if typed := _ERA_TYPED.fullmatch(word):
        mark, count, rest = typed.groups()
        return [f"{_FIRST_YEARS[mark] + int(count)}{rest}"] if int(count) else []
    if era := _ERA.fullmatch(word):
        mark, count, year_ended, month, ended, day = era.groups()
        first = _FIRST_YEARS[mark]
        if count == "元" or year_ended or len(count) == 2:
            number = 1 if count == "元" else int(count)
            return _parts(first + number, month or "", day or "", ended=bool(ended)) if number else []
        # A single figure so far: S5 may become S55.
        return [
            str(first + year) for year in (int(count), *range(int(count) * 10, int(count) * 10 + 10)) if year
        ]
    return _six(word)


def _parts(year: int, month: str, day: str, *, ended: bool) -> list[str]:
    """As far as it is typed: 1980-1 may become 1980-12, 1980年1月 may not."""
    months = _may_be(month, closed=ended)
    if not day:
        return [f"{year}{one}" for one in months]
    return [f"{year}{one}{other}" for one in months for other in _may_be(day, closed=False)]


def _may_be(part: str, *, closed: bool) -> list[str]:
    if len(part) == 1 and part != "0":
        return [f"0{part}"] if closed else [f"0{part}", part]
    return [part]


def _six(word: str) -> list[str]:
    """Six figures as on a card or a form: 550217 is a day of 昭和55年, of 1955, and of no other era."""
    if not re.fullmatch("[0-9]{6}", word):
        return []
    years = {century + int(word[:2]) for century in (1900, 2000)}
    years |= {
        first.year - 1 + int(word[:2])
        for (_, _, first), last in zip(dates.ERAS, (2200, *(era[2].year for era in dates.ERAS)), strict=False)
        if 0 < int(word[:2]) <= last - first.year + 1
    }
    found = []
    for year in sorted(years):
        try:
            found.append(str(dates.BirthDate(year, int(word[2:4]), int(word[4:])).to_int()))
        except Malformed:
            continue
    return found
