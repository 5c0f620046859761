"""Whether the database is ready: it has to take something, not only to answer."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Database, make_engine
from bot.privacy.encryption import Cipher, new_key
from tests.stores import with_tables


def test_a_database_that_stores_is_ready_and_nothing_is_changed_by_asking(database):
    with database.read() as work:
        before = work.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    assert database.ready() and database.ready()
    with database.read() as work:
        assert work.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == before


def test_one_that_answers_and_can_store_nothing_is_not_ready(tmp_path):
    engine = make_engine(with_tables(f"sqlite:///{tmp_path}/store.sqlite"))
    full = Database(engine, Cipher([new_key()], "lookup"))

    @sa.event.listens_for(engine, "connect")
    def _no_room(connection: object, _: object) -> None:
        # The same answer as of a full disk, "database or disk is full", once a new page would be needed.
        connection.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]

    with full.read() as work:
        assert work.execute(sa.text("SELECT 1")).scalar() == 1
    assert not full.ready()
    engine.dispose()
