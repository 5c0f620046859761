"""Keys of programs: shown once, kept as hashes, for what they are for, ended by a revocation; and how often a program may call."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.database.tables import api_key
from bot.programs import keys
from bot.programs.keys import KeyNameProblem
from bot.programs.pace import MOST_NAMES, Pace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)


def test_a_key_is_found_by_itself_and_its_secret_is_stored_nowhere(database):
    with database.write() as work:
        made = keys.add(work, "records", ["enrol"], who="ina", now=NOW)
        assert keys.find(work, made).name == "records"
        assert keys.find(work, made + "x") is None and keys.find(work, "") is None
        stored = [value for row in work.execute(sa.select(api_key)) for value in row]
    assert made not in stored and len(made) > 40


def test_a_revoked_key_opens_nothing_and_its_name_is_not_given_again(database):
    with database.write() as work:
        made = keys.add(work, "records", ["enrol"], who="ina", now=NOW)
        keys.revoke(work, "records", who="ina", now=NOW)
        assert keys.find(work, made) is None
        with pytest.raises(KeyNameProblem, match="another name"):
            keys.add(work, "records", ["enrol"], who="ina", now=NOW)
        with pytest.raises(KeyNameProblem, match="no valid key"):
            keys.revoke(work, "records", who="ina", now=NOW)
        audit = [tuple(row) for row in work.execute(sa.text("SELECT who, what, subject FROM audit ORDER BY id"))]
    assert audit == [("ina", "added key", "records"), ("ina", "revoked key", "records")]


@pytest.mark.parametrize(
    ("name", "scopes"), [("Records", ["enrol"]), ("r", ["enrol"]), ("records", ["everything"]), ("records", [])]
)
def test_what_is_no_name_or_no_scope_is_refused(database, name, scopes):
    with database.write() as work, pytest.raises(KeyNameProblem):
        keys.add(work, name, scopes, who="ina", now=NOW)


def test_that_a_key_is_used_is_noted_once_a_minute(database):
    with database.write() as work:
        made = keys.add(work, "records", ["enrol"], who="ina", now=NOW)
        for seconds, noted in ((0, 0), (30, 0), (61, 61)):
            keys.touch(work, keys.find(work, made), now=NOW + timedelta(seconds=seconds))
            assert keys.find(work, made).used_at == NOW + timedelta(seconds=noted)


def test_calls_within_the_pace_pass_and_more_are_told_when_to_come():
    now = [0.0]
    pace = Pace(60, clock=lambda: now[0])

    assert [pace.wait_s("one") for _ in range(60)] == [0] * 60
    assert pace.wait_s("one") == 1
    assert pace.wait_s("another") == 0
    now[0] = 1.0
    assert pace.wait_s("one") == 0


def test_a_pace_remembers_no_more_names_than_it_may():
    pace = Pace(1, clock=lambda: 0.0)
    pace.wait_s("first")
    for number in range(MOST_NAMES):
        pace.wait_s(str(number))

    assert pace.wait_s("first") == 0
