"""Follow-up: plans of patients, reminders, check-ins, readings, and whether the guidance was right."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("conversation", sa.Column("reminded", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("conversation", sa.Column("asked_checkin", BIG, server_default="0", nullable=False))
    op.add_column("patient", sa.Column("zone", sa.String(length=48), server_default="", nullable=False))
    op.add_column("patient", sa.Column("quiet", sa.String(length=11), server_default="", nullable=False))
    op.add_column("patient", sa.Column("no_reminders_at", TIME, nullable=True))
    op.add_column("patient", sa.Column("no_reminders_because", sa.String(length=16), nullable=True))
    _tables()


def downgrade() -> None:
    """Drop the tables and columns."""
    for name in ("checkin", "reminder", "reading", "plan_enrolment", "guidance_outcome", "scheduled_round", "api_key"):
        op.drop_table(name)
    with op.batch_alter_table("conversation") as table:
        table.drop_column("asked_checkin")
        table.drop_column("reminded")
    with op.batch_alter_table("patient") as table:
        for name in ("no_reminders_because", "no_reminders_at", "quiet", "zone"):
            table.drop_column(name)


def _tables() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=128), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("lookup", name=op.f("uq_api_key_lookup")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scheduled_round",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("ran_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.Column("did", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_round")),
        sa.UniqueConstraint("name", name=op.f("uq_scheduled_round_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guidance_outcome",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=16), nullable=False),
        sa.Column("went", sa.Boolean(), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("department_seen", sa.String(length=16), nullable=True),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_guidance_outcome_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_outcome")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_guidance_outcome_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_guidance_outcome_conversation_id"), "guidance_outcome", ["conversation_id"])
    op.create_index("ix_guidance_outcome_department", "guidance_outcome", ["department", "answered_at"])
    op.create_table(
        "plan_enrolment",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("plan", sa.String(length=48), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ended_because", sa.String(length=32), nullable=True),
        sa.Column("enrolled_by", sa.String(length=64), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("consented_at", TIME, nullable=True),
        sa.Column("paused_until", TIME, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_plan_enrolment_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_plan_enrolment_patient_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_enrolment")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_plan_enrolment_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plan_enrolment_conversation_id"), "plan_enrolment", ["conversation_id"])
    op.create_index(op.f("ix_plan_enrolment_patient_id"), "plan_enrolment", ["patient_id"])
    op.create_index("ix_plan_enrolment_state", "plan_enrolment", ["state", "plan", "id"])
    op.create_table(
        "reading",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["plan_enrolment.id"], name=op.f("fk_reading_enrolment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_reading_patient_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_reading_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reading_enrolment_id"), "reading", ["enrolment_id"])
    op.create_index(op.f("ix_reading_patient_id"), "reading", ["patient_id"])
    op.create_index("ix_reading_patient_kind_at", "reading", ["patient_id", "kind", "at"])
    op.create_table(
        "reminder",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("step", sa.String(length=48), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wanted_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("outbound_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["plan_enrolment.id"], name=op.f("fk_reminder_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "enrolment_id", "step", "number", "attempt", name=op.f("uq_reminder_enrolment_id_step_number_attempt")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminder_due", "reminder", ["state", "due_at", "id"])
    op.create_index(op.f("ix_reminder_enrolment_id"), "reminder", ["enrolment_id"])
    op.create_index(op.f("ix_reminder_outbound_id"), "reminder", ["outbound_id"])
    op.create_table(
        "checkin",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("reminder_id", BIG, nullable=False),
        sa.Column("enrolment_id", BIG, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_checkin_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["plan_enrolment.id"], name=op.f("fk_checkin_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"], name=op.f("fk_checkin_reminder_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("reminder_id", name=op.f("uq_checkin_reminder_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_checkin_conversation_id"), "checkin", ["conversation_id"])
    op.create_index(op.f("ix_checkin_enrolment_id"), "checkin", ["enrolment_id"])
    op.create_index(op.f("ix_checkin_expires_at"), "checkin", ["expires_at"])
