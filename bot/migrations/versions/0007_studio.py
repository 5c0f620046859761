"""The studio: who may do what there."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("staff", sa.Column("studio", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    """Drop the tables and columns."""
    with op.batch_alter_table("staff") as table:
        table.drop_column("studio")
