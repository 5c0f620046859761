"""Whom the staff has blocked stays blocked when they erase what is known about them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept_block",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_block")),
        sa.UniqueConstraint("lookup", name=op.f("uq_kept_block_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_block_at"), "kept_block", ["at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("kept_block")
