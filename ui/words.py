"""What the screens say, in each language: `resources/words/*.toml`, looked up by key.

A phrase keeps the readings of its characters apart from its text, so that a screen can set them above
and a screen reader need not say them twice. No sentence is written in code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import resources
from kiosk.errors import BugError

BASE = "ja"
"""The language every key exists in."""
OFFERED: tuple[str, ...] = ("ja", "ja-easy", "en", "zh", "ko", "vi", "pt", "fil", "ne")
"""What the language buttons offer, in order."""
VISITORS: frozenset[str] = frozenset(
    (
        "language", "header", "sync", "device", "people", "relation", "button", "ready", "pin", "face",
        "family", "wait", "done", "seen", "notice", "needs", "need", "changed", "what_now", "destination",
        "whereabouts", "sex", "shelter_code",
    )
)  # fmt: skip
"""Parts of the words that people who come read: every language has all of them. The rest is for staff."""

_UNSPACED = frozenset(("zh",))
"""Languages written without spaces: a line may break between any two characters that allow it."""
_BETWEEN = re.compile(
    "(?<=[\u4e00-\u9fff，。、；：？！）”])(?=[\u4e00-\u9fff“（0-9A-Z{])|(?<=[0-9A-Za-z}])(?=[\u4e00-\u9fff])"
)

BREAK = "\u200b"
"""Where a line may break in a language that writes no spaces; nothing is drawn and nothing is said."""

_RUBY = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text with its reading, or without."""

    text: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text to be drawn, with readings."""

    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """The text alone: what is spoken and what tests look for."""
        return "".join(part.text for part in self.parts).replace(BREAK, "")

    @classmethod
    def of(cls, text: str) -> Phrase:
        """Plain text, taken as it is: names go this way, so that a bracket in one stays a bracket."""
        return cls((Part(text),))

    def filled(self, values: Mapping[str, object]) -> Phrase:
        """The same with every `{name}` replaced."""
        return Phrase(tuple(Part(part.text.format_map(values), part.reading) for part in self.parts))


def parse(template: str) -> Phrase:
    """Read the notation of the word files: `[見|み]せて`."""

    def parts() -> Iterator[Part]:
        place = 0
        for mark in _RUBY.finditer(template):
            if mark.start() > place:
                yield Part(template[place : mark.start()])
            yield Part(mark[1], mark[2])
            place = mark.end()
        if place < len(template):
            yield Part(template[place:])

    return Phrase(tuple(parts()))


@cache
def _file(language: str) -> Mapping[str, object]:
    return tomllib.loads(resources.read_text(f"words/{language}.toml"))


def reviewed(language: str) -> bool:
    """Whether somebody who speaks it has read the words and vouches for them."""
    return _file(language).get("reviewed") is True


@cache
def load(language: str) -> Mapping[str, str]:
    """One language's words by dotted key (`pin.title`)."""

    def flat(table: Mapping[str, object], before: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, Mapping):
                yield from flat(value, f"{before}{key}.")
            elif f"{before}{key}" != "reviewed":
                yield f"{before}{key}", _BETWEEN.sub(BREAK, str(value)) if spaceless else str(value)

    spaceless = language in _UNSPACED
    return dict(flat(_file(language), ""))


class Words:
    """The words of one language; what it lacks is said in the base language."""

    def __init__(self, language: str = BASE) -> None:
        self.language = language
        base = load(BASE)
        self._texts = base if language == BASE else {**base, **load(language)}

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __call__(self, key: str, **values: object) -> Phrase:
        """The phrase under a key, filled in.

        Raises:
            BugError: no language has the key.
        """
        if key not in self._texts:
            raise BugError(f"no words for {key}")
        return parse(self._texts[key]).filled(values)

    def standing(self, key: str) -> Phrase:
        """The phrase under a key that has nothing to be filled in; one with blanks is said by a state."""
        return Phrase(()) if not key or "{" in self._texts.get(key, "") else self(key)

    def plain(self, key: str, **values: object) -> str:
        """The text under a key, without readings."""
        return self(key, **values).plain
