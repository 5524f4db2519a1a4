"""Merged households, and the figures of triage and supplies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIGURES = ("fever", "injury", "power", "provisional", "supplies")
RARE = sa.text("kind IN ('merge', 'shelter')")


def upgrade() -> None:
    """Go forward."""
    for name in FIGURES:
        op.add_column("standing", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    if op.get_context().dialect.name == "postgresql":
        # What stood has its zeros; new rows say their own. (SQLite can not take a default back.)
        for name in FIGURES:
            op.alter_column("standing", name, server_default=None)
    op.create_index("ix_event_rare", "event", ["kind"], sqlite_where=RARE, postgresql_where=RARE)
