"""How `pass-1.dict` was made: its words as CBOR texts, the most frequent nearest to the data.

    python -m resources.dictionaries.make_pass

Deflate finds a word only as it stands in a pass, so each word has its CBOR head before it where it
would; and what is nearer costs fewer bits, so the skeleton of the claims comes last. Run by builders and
by the test that the shipped file still comes out; the program only reads the file.
"""

from __future__ import annotations

import re
import tomllib

import cbor2

import resources

_PAIR = re.compile(r"(.+?)([ァ-ヶー]+)")


def _text(word: str) -> bytes:
    return cbor2.dumps(word)


def _words(value: str) -> bytes:
    """The words, rarest first; one that stands inside another is found there."""
    words = dict.fromkeys(value.split())
    kept = [word for word in words if not any(word in other for other in words if other != word)]
    return "".join(kept[::-1]).encode()


def _pairs(value: str) -> bytes:
    """Names, each with its reading behind it as in a member's row, and each with its head; rarest first."""
    seen: dict[bytes, None] = {}
    for pair in value.split():
        match = _PAIR.fullmatch(pair)
        if match is None:
            raise ValueError(pair)
        seen.setdefault(b"".join(_text(part) for part in match.groups()))
    return b"".join(list(seen)[::-1])


def _member(relation: int, sex: int, birth: bytes) -> bytes:
    return birth + bytes([sex, relation, 0])


def build(words: dict[str, str]) -> bytes:
    """The dictionary's bytes."""
    skeleton = b"".join(
        [
            b"\x89\x88",
            *(_member(relation, sex, b"") + b"\x88" for relation in (5, 4, 2, 3, 1) for sex in (2, 1)),
            b"\xf6\x01\x02\x19\x10\x00",
            _text("0964")[:3],
            b"\xa5\x01" + _text("431001") + b"\x04\x1a",
            b"\x06\x1a",
            b"\x07\x48",
            b"\x3a\x00\x01\x00\x00\x88\x01\x48",
            b"\x01" + _text("8620000")[:4],
            b"\x01" + _text("8610000")[:4],
            b"\x01" + _text("8600000")[:4],
        ]
    )
    return b"".join(
        [
            _words(words["elsewhere"]),
            _words(words["notes"]),
            _words(words["kanji_ends"]),
            _words(words["kana_ends"]),
            _pairs(words["given"]),
            _pairs(words["surnames"]),
            _words(words["towns"]),
            _words(words["address_parts"]),
            _words(words["phones"]),
            skeleton,
        ]
    )


def words() -> dict[str, str]:
    """The word lists that version 1 is made of."""
    return tomllib.loads(resources.read_text("dictionaries/pass-1.toml"))


def main() -> None:
    """Write the dictionary beside its words."""
    resources.path("dictionaries/pass-1.dict").write_bytes(build(words()))


if __name__ == "__main__":
    main()
