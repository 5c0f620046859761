"""`daozhen duty`: who is there, and shifts from the terminal."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.duty import moment_of
from bot.commands.output import InputError
from bot.commands.services import open_database
from bot.errors import OperatorError
from bot.settings import read_settings
from tests.handoff.duty_kit import Hospital

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 12, 30, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def installation(tmp_path, monkeypatch, content):
    monkeypatch.setattr("bot.commands.duty.read_content", lambda: content)
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path))
    Hospital(open_database(read_settings()), content, NOW).staff("ana", duty="off", teams="nurses")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    return result.output


def test_somebody_begins_a_shift_and_is_shown_in_their_team_and_no_other():
    assert "ana: on until" in run("duty", "set", "ana", "on", "--until", "23:59")
    found = json.loads(run("duty", "--json"))
    assert [one["handle"] for one in found["nurses"]["there"]] == ["ana"]
    assert found["triage"]["there"] == [] and found["triage"]["open"] is True
    assert "ana" in run("duty") and "on duty since" in run("duty")


def test_a_shift_without_an_end_gets_one():
    assert "ana: on until" in run("duty", "set", "ana", "on")
    assert "until" not in run("duty", "set", "ana", "off")


def test_who_goes_off_is_shown_no_more():
    run("duty", "set", "ana", "on")
    run("duty", "set", "ana", "off")
    assert json.loads(run("duty", "--json"))["nurses"]["there"] == []


@pytest.mark.parametrize("words", [("nobody", "on"), ("ana", "asleep"), ("ana", "on", "--until", "soon")])
def test_a_mistake_is_one_sentence(words):
    with pytest.raises(OperatorError):
        run("duty", "set", *words)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("22:00", datetime(2026, 11, 25, 22, tzinfo=SHANGHAI)),
        ("06:00", datetime(2026, 11, 26, 6, tzinfo=SHANGHAI)),  # over midnight
        ("2026-11-27T08:00", datetime(2026, 11, 27, 8, tzinfo=SHANGHAI)),
    ],
)
def test_a_time_is_the_next_one_that_the_clock_shows(text, moment):
    assert moment_of(text, now=NOW, zone=SHANGHAI) == moment


def test_a_shift_over_the_night_of_the_change_ends_by_the_wall_clock():
    evening = datetime(2026, 3, 28, 20, tzinfo=BERLIN)
    ends = moment_of("06:00", now=evening, zone=BERLIN)
    assert ends.astimezone(timezone.utc) - evening.astimezone(timezone.utc) == timedelta(hours=9)


def test_a_shift_does_not_end_before_it_begins():
    with pytest.raises(InputError):
        moment_of("2026-11-24T08:00", now=NOW, zone=SHANGHAI)
