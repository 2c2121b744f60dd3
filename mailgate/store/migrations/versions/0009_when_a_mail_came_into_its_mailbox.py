"""When a mail came into the mailbox that it was fetched from, as the server says."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("inbound", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
