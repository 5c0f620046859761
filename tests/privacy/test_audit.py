"""The audit: nothing is changed or removed, on either database; it is searched by who, what, subject and time, and exported."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database import DatabaseProblem, make_engine, migrate
from bot.database.tables import audit as table
from bot.privacy import audit
from bot.privacy.audit import Line, Wanted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
ROWS = (("ana", "read case", "1"), ("bo", "read case", "2"), ("ana", "reply", "1"), ("omar", "role nurse to lead", "staff:3"))
_ROW = "(id, at, who, what, subject) VALUES (1, '2026-01-01', 'x', 'x', 'x')"


@pytest.fixture
def filled(database):
    with database.write() as work:
        for number, (who, what, subject) in enumerate(ROWS):
            audit.record(work, who=who, what=what, subject=subject, now=NOW + number * HOUR)
    return database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'somebody'",
        "UPDATE audit SET at = at WHERE id = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 2",
        f"INSERT INTO audit {_ROW} ON CONFLICT (id) DO UPDATE SET who = 'x'",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_line(filled, statement):
    with pytest.raises((sa.exc.DBAPIError, DatabaseProblem)), filled.write() as work:
        work.execute(sa.text(statement))
    with filled.read() as work:
        assert [(line.who, line.what, line.subject) for line in audit.chunk(work, Wanted())] == list(ROWS)


def test_there_is_no_way_around_the_refusal_either(filled):
    with filled.read() as work:
        way = "TRUNCATE audit" if work.is_postgres else f"REPLACE INTO audit {_ROW}"
    with pytest.raises((sa.exc.DBAPIError, DatabaseProblem)), filled.write() as work:
        work.execute(sa.text(way))
    with filled.read() as work:
        assert len(audit.search(work, Wanted()).lines) == len(ROWS)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [4, 3, 2, 1]),
        (Wanted(who="ana"), [3, 1]),
        (Wanted(what="read"), [2, 1]),
        (Wanted(what="re"), [3, 2, 1]),
        (Wanted(subject="1"), [3, 1]),
        (Wanted(since=NOW + HOUR), [4, 3, 2]),
        (Wanted(until=NOW + HOUR), [1]),
        (Wanted(who="ana", what="reply", subject="1", since=NOW, until=NOW + 9 * HOUR), [3]),
        (Wanted(what="%"), []),
        (Wanted(who="an"), []),
    ],
)
def test_it_is_searched_by_who_what_subject_and_time(filled, wanted, numbers):
    with filled.read() as work:
        assert [line.id for line in audit.search(work, wanted).lines] == numbers
        assert [line.id for line in audit.chunk(work, wanted)] == numbers[::-1]


def test_it_is_read_page_by_page_without_gap_or_double(filled):
    with filled.read() as work:
        first = audit.search(work, Wanted(), limit=3)
        second = audit.search(work, Wanted(), before=first.more, limit=3)
    assert [line.id for line in (*first.lines, *second.lines)] == [4, 3, 2, 1] and second.more is None


def test_an_export_goes_on_after_a_number_and_knows_its_end(filled):
    with filled.read() as work:
        assert [line.id for line in audit.chunk(work, Wanted(), after=2)] == [3, 4]
        assert audit.last_number(work) == 4


def test_a_spreadsheet_runs_nothing_of_it():
    line = Line(1, NOW, "=1+1", "@x", "-2")
    assert list(audit.csv_rows((line,))) == [("1", NOW.isoformat(), "'=1+1", "'@x", "'-2")]


def test_searching_on_sqlite_uses_the_indexes(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/store.sqlite")
    migrate(engine)
    with engine.connect() as connection:
        for wanted, index in ((Wanted(who="ana"), "ix_audit_who"), (Wanted(subject="1"), "ix_audit_subject")):
            query = sa.select(table).where(*audit._conditions(wanted)).order_by(table.c.id.desc()).limit(51)
            text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = " ".join(str(row) for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
            assert index in plan and "TEMP B-TREE" not in plan
    engine.dispose()
