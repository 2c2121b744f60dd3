"""Clocks that pause, that are reckoned again, and that escalate."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("clock", sa.Column("allowance", sa.Float(), nullable=True))
    op.add_column("clock", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("clock", sa.Column("pauses", sa.JSON(), nullable=True))
    for name in ("paused_since", "stale_since"):
        op.add_column("clock", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("clock", sa.Column("step", sa.Integer(), nullable=True))
    op.add_column("clock", sa.Column("step_at", sa.DateTime(timezone=True), nullable=True))
    for name, column in (("escalating", "step_at"), ("stale", "stale_since")):
        some = sa.text(f"{column} IS NOT NULL")
        indexed = "ticket" if name == "stale" else column
        op.create_index(f"ix_clock_{name}", "clock", [indexed], sqlite_where=some, postgresql_where=some)
