"""Mails that others answer before they are here."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "awaited",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_awaited_ticket")),
        sa.PrimaryKeyConstraint("message_id", "ticket", name=op.f("pk_awaited")),
    )
    op.create_index("ix_awaited_ticket", "awaited", ["ticket"], unique=False)
