"""The tables are what the migrations make, on both databases; several processes may start at once."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.database import DatabaseProblem, make_engine, migrate
from bot.database.tables import metadata


def test_the_migrations_make_exactly_the_tables(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        changes = [change for change in compare_metadata(context, metadata) if "sqlite_sequence" not in repr(change)]
    assert changes == []


def test_processes_that_start_at_once_do_not_stumble(tmp_path, database_url):
    url = database_url or f"sqlite:///{tmp_path}/new.sqlite"
    errors: list[BaseException] = []

    def start() -> None:
        try:
            migrate(make_engine(url))
        except BaseException as error:
            errors.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()

    assert errors == []


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "oracle://x"])
def test_a_wrong_address_is_named_with_the_fix(url):
    with pytest.raises(DatabaseProblem, match="postgresql://user:password@host/db"):
        make_engine(url)


def test_a_database_that_is_down_is_one_sentence_without_data():
    with pytest.raises(DatabaseProblem, match="cannot be prepared"):
        migrate(make_engine("postgresql://tester@127.0.0.1:9/none"))


def test_a_transaction_that_fails_leaves_nothing(database):
    from bot.clock import utc_now
    from bot.database.tables import patient

    with pytest.raises(RuntimeError), database.write() as work:
        work.execute(patient.insert().values(id="p", created_at=utc_now()))
        raise RuntimeError
    with database.read() as work:
        assert work.execute(patient.select()).first() is None
