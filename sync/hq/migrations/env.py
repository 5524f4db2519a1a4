"""Alembic's entry: runs the migrations on the connection it is handed (`sync.hq.database.migrate`)."""

from __future__ import annotations

from alembic import context

from sync.hq.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # The caller's transaction holds them all, on SQLite too.
    transactional_ddl=True,
)
context.run_migrations()
