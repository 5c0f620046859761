"""Groups: how the bot speaks in each, messages to them, and tokens that work once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, and let a message be for a group."""
    op.create_table(
        "chat_group",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("topics", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_group")),
        sa.UniqueConstraint("lookup", name=op.f("uq_chat_group_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "used_token",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_token")),
        sa.UniqueConstraint("lookup", name=op.f("uq_used_token_lookup")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("used_token") as table:
        table.create_index(op.f("ix_used_token_expires_at"), ["expires_at"], unique=False)
    # SQLite makes the table anew: its numbers must still never be given twice.
    with op.batch_alter_table("outbound", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=True)
        table.add_column(sa.Column("chat_group_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_outbound_chat_group_id"), "chat_group", ["chat_group_id"], ["id"], ondelete="CASCADE")
        table.create_index("ix_outbound_chat_group", ["chat_group_id", "id"], unique=False)


def downgrade() -> None:
    """Take it back; messages to groups go with it."""
    op.execute("DELETE FROM outbound WHERE conversation_id IS NULL")
    with op.batch_alter_table("outbound", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_index("ix_outbound_chat_group")
        table.drop_constraint(op.f("fk_outbound_chat_group_id"), type_="foreignkey")
        table.drop_column("chat_group_id")
        table.alter_column("conversation_id", existing_type=sa.String(length=32), nullable=False)
    with op.batch_alter_table("used_token") as table:
        table.drop_index(op.f("ix_used_token_expires_at"))
    op.drop_table("used_token")
    op.drop_table("chat_group")
