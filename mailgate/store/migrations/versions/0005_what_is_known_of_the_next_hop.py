"""What is known of the next hop, and what a held mail waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("outbox", sa.Column("held_for", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("doubt_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("tried_from", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "next_hop",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.CheckConstraint("reach IN ('up', 'down', 'stopped')", name=op.f("ck_next_hop_reach")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_next_hop")),
    )
