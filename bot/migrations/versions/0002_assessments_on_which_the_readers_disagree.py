"""Assessments on which the two readers disagree are marked, to be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark them; of the older ones nobody knows."""
    with op.batch_alter_table("assessment") as table:
        table.add_column(sa.Column("disagreement", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("assessment") as table:
        table.drop_column("disagreement")
