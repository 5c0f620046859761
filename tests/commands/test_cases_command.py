"""`daozhen cases`: the desk of a terminal, on the same case as the web desk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import utc_now
from bot.commands.cases import cases
from bot.database import Database, make_engine
from bot.privacy.encryption import load_cipher
from bot.settings import read_settings
from tests.handoff.desk_kit import Ward
from tests.stores import with_tables


@pytest.fixture
def ward(tmp_path: Path, monkeypatch, content) -> Ward:
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path))
    settings = read_settings()
    engine = make_engine(with_tables(settings.database_url))
    return Ward(Database(engine, load_cipher(settings)), content, utc_now())


def run(*arguments: str, fails: bool = False) -> str:
    result = CliRunner().invoke(cases, arguments)
    assert fails or result.exception is None, result.exception
    return str(result.exception) if fails else result.output


def test_a_case_is_claimed_answered_noted_closed_and_reopened(ward):
    ward.hires("ana")
    chat = ward.chat()
    case = str(ward.case(chat, department="ENT").id)

    run("claim", case, "--as", "Ana")
    run("reply", case, "Please come today.", "--as", "Ana")
    run("note", case, "looks pale", "--as", "Ana")
    shown = json.loads(run("show", case, "--json", "--as", "Ana"))
    assert shown["case"]["claimed_by"] == "ana" and [note["text"] for note in shown["notes"]] == ["looks pale"]
    assert "Nurse Ana" in ward.texts(chat)[-1] and not any("pale" in text for text in ward.texts())

    assert "Say what came of it" in run("close", case, "--outcome", "done", "--as", "Ana", fails=True)
    run("close", case, "--outcome", "referred", "--department", "ORTHO", "--as", "Ana")
    assert "ENT      right 0, wrong 1, instead ORTHO 1×" in run("outcomes")
    assert "0 open cases" in run("list")
    run("reopen", case, "--as", "Ana")
    assert "1 open cases" in run("list")


def test_a_name_that_is_no_account_acts_as_itself(ward):
    case = str(ward.case(ward.chat()).id)

    run("claim", case, "--as", "Nurse Li")

    assert "held by Nurse Li" in run("list")


BIG = "99999999999999999999"


@pytest.mark.parametrize(
    "words",
    [
        *(("cases", what, BIG) for what in ("show", "claim", "release", "reopen")),
        *(("cases", "show", "0"), ("cases", "outcomes", "--days", BIG), ("cases", "outcomes", "--days", "36526")),
        *(("followup", "outcomes", "--days", BIG), ("followup", "due", "--limit", BIG), ("followup", "due", "--limit", "-1")),
        *(("unanswered", "--limit", BIG), ("disagreements", "--limit", BIG), ("guide", "hi", "--age", BIG)),
    ],
)
def test_a_number_that_nothing_can_hold_is_refused_in_a_sentence(ward, words):
    result = CliRunner().invoke(app, words)

    assert result.exit_code == 2 and "is not in the range" in result.output


def test_the_largest_numbers_that_are_taken_find_nothing(ward):
    assert "There is no case" in run("show", str(2**63 - 1), fails=True)
    assert "0 cases with a word" in run("outcomes", "--days", "36525")
