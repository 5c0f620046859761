"""WeChat, WeCom and people who write on two channels: what these need to remember."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _wechat()
    # People who write on two channels; posters that lead to a chat.
    op.add_column("conversation", sa.Column("asked_to_link", BIG, server_default="0", nullable=False))
    op.add_column("conversation", sa.Column("scene", sa.String(length=32), server_default="", nullable=False))
    with op.batch_alter_table("identity", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.create_unique_constraint(op.f("uq_identity_patient_id_channel"), ["patient_id", "channel"])
    op.create_table(
        "link_code",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_in", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_link_code_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["typed_in"], ["conversation.id"], name=op.f("fk_link_code_typed_in"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("lookup", name=op.f("uq_link_code_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_link_code_conversation_id"), "link_code", ["conversation_id"])
    op.create_index(op.f("ix_link_code_expires_at"), "link_code", ["expires_at"])
    op.create_index(op.f("ix_link_code_typed_in"), "link_code", ["typed_in"])
    op.create_table(
        "link_try",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_link_try_patient_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_try")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_link_try_patient_id"), "link_try", ["patient_id"])
    op.create_index(op.f("ix_link_try_at"), "link_try", ["at"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("wechat_grant", "wechat_follower", "wechat_turn"):
        op.drop_table(name)
    # A message that waits for its person is one that could not be sent.
    op.execute("UPDATE outbound SET state = 'dead' WHERE state = 'parked'")
    op.drop_index(op.f("ix_conversation_erase_after"), "conversation")
    op.drop_column("conversation", "erase_after")
    op.drop_column("conversation", "awaited_until")
    op.drop_table("link_try")
    op.drop_table("link_code")
    with op.batch_alter_table("identity", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("uq_identity_patient_id_channel"), type_="unique")
    # Not in a batch: that would make the table anew, and all that belongs to conversations would go with the old one.
    op.drop_column("conversation", "scene")
    op.drop_column("conversation", "asked_to_link")


def _wechat() -> None:
    op.add_column("conversation", sa.Column("awaited_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversation", sa.Column("erase_after", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_conversation_erase_after"), "conversation", ["erase_after"], unique=False)
    op.create_table(
        "wechat_turn",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_of_conversation("wechat_turn"),
        sa.UniqueConstraint("lookup", name=op.f("uq_wechat_turn_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wechat_follower",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("wrote_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_brief", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        *_of_conversation("wechat_follower"),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_wechat_follower_conversation_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wechat_grant",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("lasting", sa.Boolean(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_for", BIG, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        *_of_conversation("wechat_grant"),
        sa.UniqueConstraint("lookup", name=op.f("uq_wechat_grant_lookup")),
        sqlite_autoincrement=True,
    )
    for name, column in (("wechat_turn", "conversation_id"), ("wechat_turn", "opened_at"), ("wechat_grant", "conversation_id")):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def _of_conversation(name: str) -> tuple[sa.Constraint, sa.Constraint]:
    key = sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversation.id"], name=op.f(f"fk_{name}_conversation_id"), ondelete="CASCADE"
    )
    return key, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
