"""Merged tickets, tickets that wait until a time, muted senders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("ticket", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "muted",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_muted_ticket")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_muted")),
    )
    op.create_index("ix_muted_ticket", "muted", ["ticket"], unique=False)
