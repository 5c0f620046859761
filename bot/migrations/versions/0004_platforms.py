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
    _tencent()
    _wecom()
    # What is to be sent is found along its order: with thousands waiting, looking for the next must not take long.
    op.drop_index("ix_outbound_due", "outbound")
    op.create_index("ix_outbound_waiting", "outbound", ["state", "priority", "id"])
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
    op.drop_index("ix_outbound_waiting", "outbound")
    op.create_index("ix_outbound_due", "outbound", ["state", "not_before"])
    for name in ("staff_notice", "kf_session", "kf_account", "access_token"):
        op.drop_table(name)
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


def _tencent() -> None:
    op.create_table(
        "access_token",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("lookup", name=op.f("uq_access_token_lookup")),
        sqlite_autoincrement=True,
    )


def _wecom() -> None:
    op.create_table(
        "kf_account",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calls", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kf_account")),
        sa.UniqueConstraint("lookup", name=op.f("uq_kf_account_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kf_account_due_at"), "kf_account", ["due_at"])
    op.create_table(
        "kf_session",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("wrote_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("counted", sa.String(length=32), nullable=False),
        sa.Column("service_state", sa.Integer(), nullable=False),
        *_of_conversation("kf_session"),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_kf_session_conversation_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff_notice",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("crisis", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=160), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_staff_notice_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_staff_notice_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_notice_case_id"), "staff_notice", ["case_id"])
    op.create_index(op.f("ix_staff_notice_created_at"), "staff_notice", ["created_at"])
    op.create_index("ix_staff_notice_due", "staff_notice", ["state", "not_before"])


def _of_conversation(name: str) -> tuple[sa.Constraint, sa.Constraint]:
    key = sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversation.id"], name=op.f(f"fk_{name}_conversation_id"), ondelete="CASCADE"
    )
    return key, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
