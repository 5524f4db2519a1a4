"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "incident",
        sa.Column("id", sa.LargeBinary(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_table(
        "shelter",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelter")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.LargeBinary(length=8), nullable=False),
        sa.Column("shelter", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_cap", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shelter"], ["shelter.id"], name=op.f("fk_series_shelter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_series_token_hash")),
    )
    op.create_table(
        "standing",
        sa.Column("household", sa.LargeBinary(length=16), nullable=False),
        sa.Column("mode", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("shelter", sa.String(length=64), nullable=False),
        sa.Column("incident", sa.LargeBinary(length=8), nullable=True),
        sa.Column("whereabouts", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.Column("receptions", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("source_device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("source_seq", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("voluntary_persons", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("voluntary_households", sa.Integer(), nullable=False),
        sa.Column("men", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        sa.Column("sex_unknown", sa.Integer(), nullable=False),
        sa.Column("infants", sa.Integer(), nullable=False),
        sa.Column("care", sa.Integer(), nullable=False),
        sa.Column("outside_persons", sa.Integer(), nullable=False),
        sa.Column("outside_households", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shelter"], ["shelter.id"], name=op.f("fk_standing_shelter")),
        sa.PrimaryKeyConstraint("household", "mode", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_mode_shelter"), "standing", ["mode", "shelter"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sign_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("series", sa.LargeBinary(length=8), nullable=False),
        sa.Column("shelter", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("forked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["series"], ["series.id"], name=op.f("fk_device_series")),
        sa.ForeignKeyConstraint(["shelter"], ["shelter.id"], name=op.f("fk_device_shelter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_table(
        "branch",
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_branch_device")),
        sa.PrimaryKeyConstraint("device", "seq", "hash", name=op.f("pk_branch")),
    )
    op.create_table(
        "event",
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("household", sa.LargeBinary(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_event_device")),
        sa.PrimaryKeyConstraint("device", "seq", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_household"), "event", ["household"], unique=False)
    op.create_table(
        "report",
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("incident", sa.LargeBinary(length=8), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("by_method", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_report_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_report")),
    )
    _keep_events_as_they_are()


def _keep_events_as_they_are() -> None:
    """Let an event only ever lose its sealed part, whoever asks."""
    fixed = "device, seq, at, kind, public, sealed_hash, hash, received_at"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER event_fixed BEFORE UPDATE OF {fixed} ON event "
            "BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END"
        )
        op.execute(
            "CREATE TRIGGER event_sealed BEFORE UPDATE OF sealed ON event WHEN NEW.sealed IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'a sealed part is only ever erased'); END"
        )
        op.execute(
            "CREATE TRIGGER event_stays BEFORE DELETE ON event "
            "BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'an event is never changed or deleted'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER event_fixed BEFORE UPDATE OF {fixed} ON event "
            "FOR EACH ROW EXECUTE FUNCTION event_refuse()"
        )
        op.execute(
            "CREATE TRIGGER event_sealed BEFORE UPDATE OF sealed ON event "
            "FOR EACH ROW WHEN (NEW.sealed IS NOT NULL) EXECUTE FUNCTION event_refuse()"
        )
        op.execute(
            "CREATE TRIGGER event_stays BEFORE DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()"
        )
