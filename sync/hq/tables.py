"""HQ's tables, as SQLAlchemy Core. Changes go through `migrations/`, and a test compares the two.

Ids and hashes are bytes, times are milliseconds since 1970, except an event's `at`, which is the hybrid
clock value it came with. No column holds anything personal: `event.sealed` can not be opened here.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

incident = Table(
    "incident",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mode", SmallInteger, nullable=False),
    Column("date", String(10), nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

shelter = Table(
    "shelter",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("municipality", String(6), nullable=False),
    Column("name", Text, nullable=False),
    Column("kana", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    # As the open data have them: 「約200人」 and 35.6° alike are texts, read where they are used.
    Column("capacity", Text, nullable=False),
    Column("latitude", Text, nullable=False),
    Column("longitude", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", LargeBinary(8), primary_key=True),
    Column("shelter", ForeignKey("shelter.id"), nullable=False),
    Column("mode", SmallInteger, nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("device_cap", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)
"""An opening sheet's series. The token itself is printed on the sheet and known to nobody here."""

device = Table(
    "device",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("sign_key", LargeBinary(32), nullable=False),
    Column("series", ForeignKey("series.id"), nullable=False),
    Column("shelter", ForeignKey("shelter.id"), nullable=False),
    Column("mode", SmallInteger, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary(32), nullable=False),
    Column("revoked_at", BigInteger),
    Column("forked_at", BigInteger),
)

_RARE = text("kind IN ('merge', 'shelter')")
"""Kinds that are asked for by kind; the others pay nothing for the index."""

event = Table(
    "event",
    metadata,
    Column("device", ForeignKey("device.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("household", LargeBinary(16)),
    Column("received_at", BigInteger, nullable=False),
    Index(None, "household"),
    Index("ix_event_rare", "kind", sqlite_where=_RARE, postgresql_where=_RARE),
)
"""The log. Rows are never changed, but that `sealed` may become null when it is erased."""

branch = Table(
    "branch",
    metadata,
    Column("device", ForeignKey("device.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), primary_key=True),
    Column("previous", LargeBinary(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_hash", LargeBinary(32), nullable=False),
    Column("received_at", BigInteger, nullable=False),
)
"""The other branch of a fork: signed events whose number is taken by others. Kept for a person to see."""

border = Table(
    "border",
    metadata,
    Column("device", ForeignKey("device.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""Where a segment of the log ended, and the device's signature over its head then: what HQ gives back to a
laptop that lost it ends at one of these."""

report = Table(
    "report",
    metadata,
    Column("device", ForeignKey("device.id"), primary_key=True),
    Column("upto", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("mode", SmallInteger, nullable=False),
    Column("incident", LargeBinary(8)),
    Column("figures", Text, nullable=False),
    Column("by_method", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)
"""What each device last said of itself (JSON objects of numbers), ahead of its events."""

FIGURES = (
    "persons",
    "voluntary_persons",
    "households",
    "voluntary_households",
    "men",
    "women",
    "sex_unknown",
    "infants",
    "care",
    "outside_persons",
    "outside_households",
    "fever",
    "injury",
    "power",
    "provisional",
    "supplies",
)
"""The columns of `standing` that are `kiosk.core.counts.Counts`, by name."""

standing = Table(
    "standing",
    metadata,
    Column("household", LargeBinary(16), primary_key=True),
    Column("mode", SmallInteger, primary_key=True, autoincrement=False),
    Column("shelter", ForeignKey("shelter.id"), nullable=False),
    Column("incident", LargeBinary(8)),
    Column("whereabouts", SmallInteger, nullable=False),
    Column("method", SmallInteger, nullable=False),
    Column("receptions", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("source_device", LargeBinary(16), nullable=False),
    Column("source_seq", BigInteger, nullable=False),
    *(Column(name, Integer, nullable=False) for name in FIGURES),
    Index(None, "mode", "shelter"),
)
"""What follows from the events of each household now: the proven counts are sums over these rows."""
