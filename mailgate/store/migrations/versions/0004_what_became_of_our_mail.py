"""What became of our mail: deferred since when, undelivered and how that is known; and the budget that it counts to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_POOLS = """
UPDATE outbox SET pool = CASE kind WHEN 'approve' THEN 'approve' WHEN 'confirm' THEN 'confirm-unproved' ELSE 'unproved' END
WHERE automatic
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("outbox", sa.Column("pool", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("deferred_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("undelivered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("undelivered_why", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("undelivered_by", sa.Text(), nullable=True))
    op.create_index("ix_outbox_undelivered_by", "outbox", ["undelivered_by"], unique=False)
    op.execute(_POOLS)
