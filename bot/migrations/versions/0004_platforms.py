"""WeChat, WeCom and people who write on two channels: what these need to remember."""

import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""


def downgrade() -> None:
    """Drop the tables."""
