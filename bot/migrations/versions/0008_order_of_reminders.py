"""Follow-up: the most important reminder is found at once, however many are due."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_reminder_order", "reminder", ["state", "priority", "due_at", "id"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_reminder_order", "reminder")
