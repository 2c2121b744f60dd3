"""Secrets of support PINs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("account", sa.Column("pin_secret", sa.LargeBinary(), nullable=True))
