"""The index by which households are found: a full-text index of terms, in the order of the roster.

It keeps no names, only the terms that `kiosk.core.finding` made of them, and it can be thrown away. Whose
secrecy is set is filed under marks that an ordinary question never asks for: not found, and found by nobody,
take the same time. It refuses to know what a term means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from kiosk.core.finding import (
    ADDRESS,
    BIRTH,
    INSIDE,
    LOOSE,
    NUMBER,
    PHONE,
    PHONE_END,
    WHOLE,
    Clause,
    Question,
)
from kiosk.store.cipher import Connection

SCHEMA = """
CREATE VIRTUAL TABLE search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '2 3 4 5'
);
-- A leaf of the index shall fit into one page of the cipher (4096 less its nonce and tag).
INSERT INTO search (search, rank) VALUES ('pgsz', 3900);

CREATE TABLE indexed (
    household BLOB PRIMARY KEY,
    place INTEGER NOT NULL,
    terms BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""
"""The roster's places are the rows of `search`; `indexed` tells under which a household was put, and a digest
of its terms, so that what did not change is not written again."""

_KINDS = (WHOLE, LOOSE, INSIDE, ADDRESS, NUMBER, BIRTH, PHONE, PHONE_END)
_OPEN = {kind: kind for kind in _KINDS}
_SECRET = {kind: str(place) for place, kind in enumerate(_KINDS)}
"""Kind of term → the letter its terms begin with in the index."""


class NameIndex:
    """The index of one database. Every call that writes belongs into the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def clear(self) -> None:
        """Forget everything."""
        self._connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        self._connection.execute("DELETE FROM indexed")

    def put(self, filed: Iterable[tuple[bytes, int, Iterable[str], bool]]) -> None:
        """File households anew: id, place in the roster, terms (none: it is not listed), secrecy.

        All that changed together are given together: places may have been exchanged.
        """
        changed = []
        for household, place, terms, secret in filed:
            words = " ".join(sorted(_SECRET[term[0]] + term[1:] if secret else term for term in terms))
            digest = blake2b(words.encode(), digest_size=16).digest()
            before = self._connection.execute(
                "SELECT place, terms FROM indexed WHERE household = ?", (household,)
            ).fetchone()
            if (None if before is None else tuple(before)) == ((place, digest) if words else None):
                continue
            if before is not None:
                self._connection.execute("DELETE FROM search WHERE rowid = ?", (before[0],))
                self._connection.execute("DELETE FROM indexed WHERE household = ?", (household,))
            if words:
                changed.append((household, place, words, digest))
        self._connection.executemany(
            "INSERT INTO search (rowid, terms) VALUES (?, ?)",
            [(place, words) for _, place, words, _ in changed],
        )
        self._connection.executemany(
            "INSERT INTO indexed VALUES (?, ?, ?)",
            [(household, place, digest) for household, place, _, digest in changed],
        )

    def wipe(self) -> None:
        """Write the index anew, so that nothing is left in it of what is no longer filed."""
        self._connection.execute("INSERT INTO search (search) VALUES ('optimize')")

    def find(self, questions: Sequence[Question], limit: int, *, secret: bool) -> list[int]:
        """Places of the roster, question by question, the newest first in each; at most `limit`."""
        found: dict[int, None] = {}
        for question in questions:
            rows = self._connection.execute(
                "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
                (_match(question, secret=secret), limit),
            )
            found |= dict.fromkeys(place for (place,) in rows)
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def is_whole(self) -> bool:
        """Whether every household that was filed is in the index, and nobody else."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT id FROM main.search_docsize EXCEPT SELECT place FROM main.indexed)"
            " OR EXISTS (SELECT place FROM main.indexed EXCEPT SELECT id FROM main.search_docsize)"
        ).fetchone()
        return not row[0]


def _match(question: Question, *, secret: bool) -> str:
    """The question in FTS5's words. Terms hold no quotation mark: a search key has no signs."""
    return " AND ".join(f"({_any_of(clause, secret=secret)})" for clause in question)


def _any_of(clause: Clause, *, secret: bool) -> str:
    every = (_OPEN, _SECRET) if secret else (_OPEN,)
    return " OR ".join(
        f'"{marks[term.kind]}{term.key}"{"" if term.exactly else "*"}' for marks in every for term in clause
    )
