"""The database's shape: the log, which nothing may change, and the views made from it.

Each table or index is one more page to encrypt and write at every reception, so there are few: an event
is found by its number and by its household, and nothing is kept that the log answers fast enough.
Everything but `event`, `secret` and `meta` can be thrown away and rebuilt from the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.store import name_index
from kiosk.store.cipher import Database, Migrations, complete_statement

migrations = Migrations("shelter-kiosk")

LOG = """
CREATE TABLE event (
    device BLOB NOT NULL CHECK (length(device) = 16),
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    public BLOB NOT NULL,
    household BLOB,
    sealed BLOB,
    sealed_hash BLOB NOT NULL CHECK (length(sealed_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    signature BLOB,
    PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_household ON event (household) WHERE household IS NOT NULL;
-- Rare kinds that are asked for by kind: a reception pays nothing for them.
CREATE INDEX event_rare ON event (kind) WHERE kind IN ('merge', 'shelter', 'note');

CREATE TRIGGER event_is_new BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE device = new.device AND seq = new.seq)
BEGIN SELECT RAISE(ABORT, 'an event is never replaced'); END;

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN new.seq > 1 AND NOT EXISTS (SELECT 1 FROM event WHERE device = new.device AND seq = new.seq - 1)
BEGIN SELECT RAISE(ABORT, 'an event follows the one before'); END;

CREATE TRIGGER event_stays BEFORE UPDATE ON event
WHEN NOT (new.sealed IS NULL
    AND new.device = old.device AND new.seq = old.seq AND new.at = old.at AND new.kind = old.kind
    AND new.public = old.public AND new.sealed_hash = old.sealed_hash AND new.hash = old.hash
    AND new.household IS old.household AND new.signature IS old.signature)
BEGIN SELECT RAISE(ABORT, 'an event never changes, but its sealed part may be erased'); END;

CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TABLE segment (
    device BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (device, first)
) STRICT;

CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

VIEWS = """
CREATE TABLE household (
    -- The time of its reception, or the next free: the newest are the last, with no index to keep.
    place INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    mode INTEGER NOT NULL,
    whereabouts INTEGER NOT NULL,
    -- Whether this laptop was the last to put somebody of it in: what a device reports are its own.
    own INTEGER NOT NULL,
    method INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    receptions INTEGER NOT NULL,
    number TEXT NOT NULL,
    source_device BLOB NOT NULL,
    source_seq INTEGER NOT NULL,
    from_method INTEGER,
    from_issuer TEXT,
    from_key BLOB,
    from_revision INTEGER,
    secrecy INTEGER NOT NULL,
    merged_into BLOB,
    elsewhere BLOB NOT NULL,
    card BLOB NOT NULL,
    persons INTEGER NOT NULL,
    voluntary_persons INTEGER NOT NULL,
    households INTEGER NOT NULL,
    voluntary_households INTEGER NOT NULL,
    men INTEGER NOT NULL,
    women INTEGER NOT NULL,
    sex_unknown INTEGER NOT NULL,
    infants INTEGER NOT NULL,
    care INTEGER NOT NULL,
    outside_persons INTEGER NOT NULL,
    outside_households INTEGER NOT NULL,
    fever INTEGER NOT NULL,
    injury INTEGER NOT NULL,
    power INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    supplies INTEGER NOT NULL
) STRICT;
CREATE INDEX household_from ON household (from_key, from_issuer, from_method) WHERE from_key IS NOT NULL;

CREATE TABLE token (
    token BLOB PRIMARY KEY,
    household BLOB NOT NULL,
    person BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE search_through (device BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


@migrations()
def log_and_views(database: Database) -> None:
    """The first shape."""
    for statement in _statements(LOG + VIEWS + name_index.SCHEMA):
        database.conn.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Statement by statement: `executescript` would commit the migration's transaction."""
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if complete_statement(pending):
            yield pending
            pending = ""
