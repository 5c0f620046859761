"""`daozhen staff`: the first admin gets a link and never a password; what is done at the terminal is audited."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import utc_now
from bot.commands import system
from bot.commands.services import open_database
from bot.errors import OperatorError
from bot.settings import read_settings
from bot.staff import accepting, people
from tests.staff.people_kit import HASHED, SECRET

LINK = re.compile(r"https?://[^\s\"]+/staff/invite/([A-Za-z0-9_-]{43})")


@pytest.fixture
def daozhen(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["staff", *arguments])
        if isinstance(result.exception, OperatorError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def added(daozhen, handle="omar", role="admin", *more):
    return LINK.search(daozhen("add", handle, "--role", role, "--name", "Omar Faruk", *more)).group(1)


def take(token):
    with open_database().write() as work:
        return accepting.accept(work, token, HASHED, (SECRET, 1), now=utc_now())


def test_on_an_empty_staff_it_says_how_to_add_the_first_admin(daozhen):
    assert "daozhen staff add HANDLE --role admin" in daozhen("list")


def test_the_first_admin_gets_a_link_that_lets_in_once_and_no_password(daozhen):
    said = daozhen("add", "omar", "--role", "admin", "--name", "Omar Faruk")
    assert "password" not in said.lower()
    token = LINK.search(said).group(1)
    assert take(token).staff.role == "admin" and take(token) is None


def test_links_lead_to_the_address_of_the_desk(daozhen, monkeypatch):
    monkeypatch.setenv("DAOZHEN_DESK_URL", "https://desk.example.org/desk")
    assert "https://desk.example.org/staff/invite/" in daozhen("add", "omar", "--role", "admin", "--name", "Omar")


def test_data_come_as_json(daozhen):
    one = json.loads(
        daozhen(
            "add",
            "ana",
            "--role",
            "nurse",
            "--name",
            "Ana",
            "--team",
            "nurses",
            "--team",
            "triage",
            "--speaks",
            "de",
            "--speaks",
            "ar",
            "--json",
        )
    )
    assert (one["handle"], one["teams"], one["languages"], one["hours"]) == ("ana", ["nurses", "triage"], ["ar", "de"], 72)
    assert LINK.match(one["link"])
    (listed,) = json.loads(daozhen("list", "--json"))
    assert (listed["state"], listed["link_waits"]) == ("invited", True) and "link" not in listed
    take(LINK.match(one["link"]).group(1))
    assert json.loads(daozhen("reset", "ana", "--json"))["hours"] == 1
    assert json.loads(daozhen("disable", "ana", "--json"))["state"] == "disabled"
    assert [line["what"] for line in json.loads(daozhen("audit", "--json", "--what", "disabled"))] == ["disabled"]


def test_what_is_done_at_the_terminal_is_audited_as_the_terminals(daozhen):
    added(daozhen)
    added(daozhen, "ana", "nurse")
    daozhen("reset", "ana")
    daozhen("disable", "ana")
    lines = json.loads(daozhen("audit", "--json", "--limit", "100"))
    assert {"invited admin", "invited nurse", "gave a link: invite", "disabled"} <= {line["what"] for line in lines}
    assert all(line["who"].startswith("terminal:") for line in lines if line["what"] != "no codes")
    assert json.loads(daozhen("audit", "--json", "--limit", "1"))[0]["what"] == "searched audit"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "ana", "--role", "boss", "--name", "Ana"), "Choose nurse, lead, admin, auditor"),
        (("add", "A B", "--role", "nurse", "--name", "Ana"), "small letters"),
        (("add", "ana", "--role", "nurse", "--name", "Ana", "--team", "moon"), "There is no team moon"),
        (("add", "ana", "--role", "nurse", "--name", "Ana", "--speaks", "fr"), "There is no such language"),
        (("add", "omar", "--role", "nurse", "--name", "Omar"), "Choose another handle"),
        (("disable", "nobody"), "daozhen staff list"),
        (("reset", "nobody"), "daozhen staff list"),
        (("audit", "--since", "yesterday"), "Write 2026-03-02"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_fix(daozhen, arguments, says):
    added(daozhen)
    with pytest.raises(OperatorError, match=re.escape(says)):
        daozhen(*arguments)


def test_the_only_admin_is_not_disabled(daozhen):
    take(added(daozhen))
    with pytest.raises(OperatorError, match="Make another one first"):
        daozhen("disable", "omar")


def test_the_demo_gets_sample_people_with_links_once_and_only_on_an_empty_staff(daozhen):
    settings = read_settings()
    lines = system.staff_lines(settings, demo=True)
    tokens = [LINK.search(line).group(1) for line in lines[1:]]
    with open_database(settings).read() as work:
        assert {(one.handle, one.role, one.state) for one in people.all_staff(work)} == {
            ("ana", "nurse", "invited"), ("lin", "lead", "invited"), ("omar", "admin", "invited"), ("eva", "auditor", "invited"),
        }  # fmt: skip
    assert len(tokens) == 4 and all(take(token) is not None for token in tokens)
    assert system.staff_lines(settings, demo=True) == ()


def test_without_the_demo_nobody_is_added_and_the_first_admin_is_hinted_at(daozhen):
    settings = read_settings()
    (hint,) = system.staff_lines(settings, demo=False)
    assert "daozhen staff add HANDLE --role admin" in hint
    added(daozhen)
    assert system.staff_lines(settings, demo=False) == () == system.staff_lines(settings, demo=True)


def test_codes_are_optional_in_the_demo_only_where_nobody_said_otherwise(monkeypatch):
    assert system._settings(demo=True, port=None).desk_codes == "optional"
    assert system._settings(demo=False, port=None).desk_codes == "required"
    monkeypatch.setenv("DAOZHEN_DESK_CODES", "required")
    assert system._settings(demo=True, port=None).desk_codes == "required"


def test_in_production_codes_are_required():
    from bot.settings import SettingsError

    with pytest.raises(SettingsError, match="DESK_CODES"):
        read_settings({"DAOZHEN_ENVIRONMENT": "production", "DAOZHEN_DESK_CODES": "optional"})
