"""Alembic's entry: migrations run inside the transaction of `bot.database.migrate`."""

from alembic import context

from bot.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
