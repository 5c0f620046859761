"""The tables are what the migrations make, on both databases; several processes may start at once."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.database import DatabaseProblem, make_engine, migrate
from bot.database.migrate import _without_cascades, configuration
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


def test_a_case_keeps_its_events_when_the_tables_are_made_anew(tmp_path, database_url):
    engine = make_engine(database_url or f"sqlite:///{tmp_path}/old.sqlite")
    migrate(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("DELETE FROM care_case"))
    _down_and_up(engine, fill=True)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT patient_id, risk, state FROM care_case ORDER BY id")).all()
        events = connection.execute(sa.text("SELECT count(*) FROM case_event")).scalar()
    assert [tuple(row) for row in rows] == [("p", 0, "closed"), ("p", 3, "waiting")]
    assert events == 2


def _down_and_up(engine, *, fill):
    with engine.connect().execution_options(writes=True) as connection, _without_cascades(connection), connection.begin():
        command.downgrade(configuration(connection), "0004")
        if fill:
            for statement in _OLD_ROWS:
                connection.execute(sa.text(statement), {"now": "2026-01-01 00:00:00+00:00"})
    migrate(engine)


_OLD_ROWS = (
    "INSERT INTO patient (id, created_at) VALUES ('p', :now)",
    *(
        "INSERT INTO conversation (id, patient_id, channel, lookup, language, region, region_known, level_floor, episode, greeted, "
        f"told_waiting, asked_to_erase, created_at, last_at) VALUES ('{name}', 'p', '{name}', '{name}', 'en', 'CN', true, 'INFO', 1, "
        "true, false, 0, :now, :now)"
        for name in ("one", "two")
    ),
    "INSERT INTO care_case (conversation_id, reason, level, crisis, state, opened_at) VALUES ('one', 'crisis', 'U', true, 'waiting', :now)",
    "INSERT INTO care_case (conversation_id, reason, level, crisis, state, opened_at) "
    "VALUES ('two', 'person_requested', 'R', false, 'waiting', :now)",
    "INSERT INTO case_event (case_id, dedupe_key, what, who, at) SELECT id, CAST(id AS VARCHAR(20)), 'opened', 'bot', :now FROM care_case",
)
