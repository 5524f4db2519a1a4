"""Where segments ended, with the device's signature: what a laptop lost can be given back to it.

What came in before this migration has no signature here, and can not be given back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "border",
        sa.Column("device", sa.LargeBinary(16), sa.ForeignKey("device.id", name="fk_border_device_device")),
        sa.Column("seq", sa.BigInteger(), autoincrement=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("device", "seq", name="pk_border"),
    )
