"""The nurses' desk: staff and their sessions, cases of people instead of conversations, notes, drafts, search, topics."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
KEEP = {"sqlite_autoincrement": True}
RISK = (
    "CASE WHEN crisis OR level = 'E1' THEN 0 WHEN level = 'E2' THEN 1 WHEN level = 'U' THEN 2 WHEN level = 'R' THEN 3 ELSE 4 END"
)
OWNER = "(SELECT patient_id FROM conversation WHERE conversation.id = care_case.conversation_id)"
LATER = (
    "SELECT 1 FROM care_case AS later WHERE later.patient_id = care_case.patient_id AND later.state != 'closed' "
    "AND later.id > care_case.id"
)


def upgrade() -> None:
    """Add the tables and columns."""
    _staff()
    _desk()
    _cases()
    op.add_column("conversation", sa.Column("blocked_at", TIME, nullable=True))
    op.add_column("conversation", sa.Column("blocked_by", sa.String(length=64), nullable=True))
    op.add_column("conversation", sa.Column("nurse_since", TIME, nullable=True))
    with op.batch_alter_table("staff_notice", table_kwargs=KEEP) as table:
        table.add_column(sa.Column("via", sa.String(length=16), server_default="group", nullable=False))
        table.add_column(sa.Column("what", sa.String(length=16), server_default="urgent", nullable=False))
        table.add_column(sa.Column("staff_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_staff_notice_staff_id"), "staff", ["staff_id"], ["id"], ondelete="CASCADE")
        table.alter_column("case_id", existing_type=BIG, nullable=True)
    op.create_index(op.f("ix_staff_notice_staff_id"), "staff_notice", ["staff_id"])
    op.drop_index("ix_case_event_case_id", "case_event")
    op.create_index("ix_case_event_case_id", "case_event", ["case_id", "id"])
    op.create_index("ix_case_event_what", "case_event", ["case_id", "what", "id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject", "audit", ["subject", "id"])
    op.create_index("ix_audit_who", "audit", ["who", "id"])
    _close_the_audit()


def downgrade() -> None:
    """Drop the tables and columns."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_no_truncate ON audit")
    else:
        op.execute("DROP TRIGGER audit_no_replace")
    for name in ("ix_audit_who", "ix_audit_subject", "ix_audit_at"):
        op.drop_index(name, "audit")
    op.drop_index("ix_case_event_what", "case_event")
    op.drop_index("ix_case_event_case_id", "case_event")
    op.create_index("ix_case_event_case_id", "case_event", ["case_id"])
    op.drop_index(op.f("ix_staff_notice_staff_id"), "staff_notice")
    op.execute("DELETE FROM staff_notice WHERE case_id IS NULL OR via != 'group'")
    with op.batch_alter_table("staff_notice", table_kwargs=KEEP) as table:
        table.drop_constraint(op.f("fk_staff_notice_staff_id"), type_="foreignkey")
        table.alter_column("case_id", existing_type=BIG, nullable=False)
        for name in ("staff_id", "what", "via"):
            table.drop_column(name)
    with op.batch_alter_table("conversation") as table:
        table.drop_column("nurse_since")
        table.drop_column("blocked_by")
        table.drop_column("blocked_at")
    _old_cases()
    for name in (
        "scheduled_reply",
        "presence",
        "desk_topic",
        "desk_message",
        "case_note",
        "case_draft",
        "broken_glass",
        "search_token",
        "search_mark",
        "staff_token",
        "staff_session",
        "snippet",
        "staff",
        "snippet_use",
        "login_failure",
    ):
        op.drop_table(name)


def _close_the_audit() -> None:
    # Two ways around the triggers of 0001: REPLACE on SQLite fires none of DELETE, TRUNCATE on PostgreSQL none of a row.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_is_append_only()")
        return
    op.execute(
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'audit is append only'); END"
    )


def _cases() -> None:
    op.drop_index("uq_care_case_open", "care_case")
    with op.batch_alter_table("care_case", table_kwargs=KEEP) as table:
        table.add_column(sa.Column("patient_id", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("risk", sa.Integer(), server_default="4", nullable=False))
        for name, length in (("team", 32), ("department", 16), ("language", 8)):
            table.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
        for name, length in (("assigned_to", 64), ("outcome", 32), ("outcome_department", 16)):
            table.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        for name in ("waiting_since", "first_reply_at", "due_at", "warned_at", "snoozed_until"):
            table.add_column(sa.Column(name, TIME, nullable=True))
    op.execute(f"UPDATE care_case SET patient_id = {OWNER}, risk = {RISK}")
    op.execute("UPDATE care_case SET waiting_since = opened_at WHERE state = 'waiting'")
    # Of a person with two open cases the later one goes on.
    op.execute(f"UPDATE care_case SET state = 'closed', closed_at = opened_at WHERE state != 'closed' AND EXISTS ({LATER})")
    with op.batch_alter_table("care_case", table_kwargs=KEEP) as table:
        table.alter_column("patient_id", existing_type=sa.String(length=32), nullable=False)
        table.create_foreign_key(op.f("fk_care_case_patient_id"), "patient", ["patient_id"], ["id"], ondelete="CASCADE")
    _unique_open("patient_id")
    op.create_index(op.f("ix_care_case_patient_id"), "care_case", ["patient_id"])
    op.create_index("ix_care_case_claimed_by", "care_case", ["claimed_by", "state"])
    op.create_index("ix_care_case_closed_at", "care_case", ["state", "closed_at", "id"])
    op.create_index("ix_care_case_due_at", "care_case", ["state", "due_at"])
    op.create_index("ix_care_case_queue", "care_case", ["state", "risk", "waiting_since", "id"])


def _old_cases() -> None:
    by = ("queue", "due_at", "claimed_by", "closed_at", "patient_id")
    for name in (op.f(f"ix_care_case_{one}") for one in by):
        op.drop_index(name, "care_case")
    op.drop_index("uq_care_case_open", "care_case")
    with op.batch_alter_table("care_case", table_kwargs=KEEP) as table:
        table.drop_constraint(op.f("fk_care_case_patient_id"), type_="foreignkey")
        for name in (
            *("snoozed_until", "warned_at", "due_at", "first_reply_at", "waiting_since", "outcome_department", "outcome"),
            *("assigned_to", "language", "department", "team", "risk", "patient_id"),
        ):
            table.drop_column(name)
    _unique_open("conversation_id")


def _unique_open(column: str) -> None:
    is_open = sa.text("state != 'closed'")
    op.create_index("uq_care_case_open", "care_case", [column], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _staff() -> None:
    op.create_table(
        "login_failure",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_login_failure_at"), "login_failure", ["at"])
    op.create_index("ix_login_failure_lookup_at", "login_failure", ["lookup", "at"])
    op.create_table(
        "snippet_use",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("used", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snippet_use")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_snippet_use_shortcut")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("teams", sa.String(length=256), nullable=False),
        sa.Column("languages", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("duty", sa.String(length=8), nullable=False),
        sa.Column("duty_since", TIME, nullable=True),
        sa.Column("duty_until", TIME, nullable=True),
        sa.Column("telegram_lookup", sa.String(length=64), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("handle", name=op.f("uq_staff_handle")),
        sa.UniqueConstraint("telegram_lookup", name=op.f("uq_staff_telegram_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "snippet",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("shortcut", sa.String(length=32), nullable=False),
        sa.Column("staff_id", BIG, nullable=True),
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_snippet_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snippet")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_snippet_staff_id"), "snippet", ["staff_id"])
    op.create_table(
        "staff_session",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("lookup", name=op.f("uq_staff_session_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_session_expires_at"), "staff_session", ["expires_at"])
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"])
    op.create_table(
        "staff_token",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_token_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_token")),
        sa.UniqueConstraint("lookup", name=op.f("uq_staff_token_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_staff_token_expires_at"), "staff_token", ["expires_at"])
    op.create_index(op.f("ix_staff_token_staff_id"), "staff_token", ["staff_id"])


def _desk() -> None:
    op.create_table(
        "search_mark",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("inbound_id", BIG, nullable=False),
        sa.Column("outbound_id", BIG, nullable=False),
        sa.Column("note_id", BIG, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_search_mark_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_mark")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_search_mark_conversation_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_token",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ref", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["mark_id"], ["search_mark.id"], name=op.f("fk_search_token_mark_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", "ref", name=op.f("pk_search_token")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_token_mark_id"), "search_token", ["mark_id"])
    op.create_table(
        "broken_glass",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_broken_glass_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_broken_glass_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_broken_glass_case_id"), "broken_glass", ["case_id"])
    op.create_index(op.f("ix_broken_glass_staff_id"), "broken_glass", ["staff_id"])
    op.create_table(
        "case_draft",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_case_draft_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_draft_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_draft")),
        sa.UniqueConstraint("case_id", "staff_id", "mode", name=op.f("uq_case_draft_case_id_staff_id_mode")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_draft_case_id"), "case_draft", ["case_id"])
    op.create_index(op.f("ix_case_draft_staff_id"), "case_draft", ["staff_id"])
    op.create_table(
        "case_note",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_case_note_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_case_note_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_case_note_case_id"), "case_note", ["case_id"])
    op.create_table(
        "desk_message",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("desk_id", BIG, nullable=False),
        sa.Column("inbound_id", BIG, nullable=True),
        sa.Column("outbound_id", BIG, nullable=True),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_desk_message_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_message")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_desk_message_case_id"), "desk_message", ["case_id"])
    op.create_index(op.f("ix_desk_message_desk_id"), "desk_message", ["desk_id"])
    op.create_index(op.f("ix_desk_message_outbound_id"), "desk_message", ["outbound_id"])
    op.create_index("ix_desk_message_receipt", "desk_message", ["receipt", "id"])
    op.create_table(
        "desk_topic",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("thread", BIG, nullable=True),
        sa.Column("lookup", sa.String(length=64), nullable=True),
        sa.Column("card", BIG, nullable=True),
        sa.Column("told_event", BIG, nullable=False),
        sa.Column("told_inbound", BIG, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_desk_topic_case_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_topic")),
        sa.UniqueConstraint("case_id", name=op.f("uq_desk_topic_case_id")),
        sa.UniqueConstraint("lookup", name=op.f("uq_desk_topic_lookup")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "presence",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("staff_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_presence_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("case_id", "staff_id", name=op.f("uq_presence_case_id_staff_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_presence_case_id"), "presence", ["case_id"])
    op.create_index(op.f("ix_presence_staff_id"), "presence", ["staff_id"])
    op.create_index(op.f("ix_presence_until"), "presence", ["until"])
    op.create_table(
        "scheduled_reply",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["care_case.id"], name=op.f("fk_scheduled_reply_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_reply")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scheduled_reply_case_id"), "scheduled_reply", ["case_id"])
    op.create_index("ix_scheduled_reply_due", "scheduled_reply", ["state", "due_at"])
