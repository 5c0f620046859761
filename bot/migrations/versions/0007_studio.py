"""The studio: who may do what there, changes, sentences of patients, releases."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables and columns."""
    op.add_column("staff", sa.Column("studio", sa.String(length=64), server_default="", nullable=False))
    _release()
    _changes()
    _utterances()


def downgrade() -> None:
    """Drop the tables and columns."""
    for name in ("utterance", "studio_change_event", "studio_change", "release"):
        op.drop_table(name)
    with op.batch_alter_table("staff") as table:
        table.drop_column("studio")


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("content_version", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=255), nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("name", name=op.f("uq_release_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_release_state"), "release", ["state"])


def _changes() -> None:
    op.create_table(
        "studio_change",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("release", sa.String(length=32), server_default="", nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_change")),
        sqlite_autoincrement=True,
    )
    for column in ("state", "author", "changed_at"):
        op.create_index(op.f(f"ix_studio_change_{column}"), "studio_change", [column])
    op.create_table(
        "studio_change_event",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("change_id", _NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["studio_change.id"], name=op.f("fk_studio_change_event_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_change_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_studio_change_event_change_id"), "studio_change_event", ["change_id"])


def _utterances() -> None:
    op.create_table(
        "utterance",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("cluster", sa.String(length=64), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("labelled_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("approved_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("assigned_to", sa.String(length=64), server_default="", nullable=False),
        sa.Column("dedupe_key", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("change_id", _NUMBER, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["studio_change.id"], name=op.f("fk_utterance_change_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_utterance_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterance")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_utterance_dedupe_key")),
        sqlite_autoincrement=True,
    )
    for column in ("conversation_id", "cluster", "created_at", "change_id"):
        op.create_index(op.f(f"ix_utterance_{column}"), "utterance", [column])
    op.create_index("ix_utterance_order", "utterance", ["state", "value", "id"])
