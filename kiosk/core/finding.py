"""How a household is found: the keys it is filed under, and the keys that a typed text asks for.

A key is a beginning: what is typed finds every key that starts with it. Names themselves are never
changed; only keys are folded (`kiosk.core.names`).
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.household import NAME_GAP, Household, Person
from kiosk.core.names import romaji_to_kana, search_key


def keys_of(home: Household, number: str) -> set[str]:
    """What a household is filed under: kana and names, whole and from the given name on, and its number."""
    people: Iterable[Person] = (*home.members, *home.absent)
    texts = {number}.union(*map(_spoken, people))
    return {key for key in map(search_key, texts) if key}


def _spoken(person: Person) -> set[str]:
    whole = {text for text in (person.name, person.kana) if text}
    return whole | {text.partition(NAME_GAP)[2] for text in whole}


def keys_to_find(text: str) -> list[str]:
    """The keys a typed text may mean: as it stands, and as kana where it was typed in Latin letters."""
    keys = [search_key(text)]
    if text.isascii():
        keys.append(search_key(romaji_to_kana(text, finished=True)))
    return [key for key in dict.fromkeys(keys) if key]
