"""`daozhen followup key` and `link`: a key is shown once and ended; a link and a page to print offer a plan."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.services import open_database, read_content
from bot.followup.links import link_of
from bot.privacy.encryption import load_cipher
from bot.programs import keys
from bot.settings import read_settings


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DAOZHEN_PUBLIC_URL", "https://chat.hospital.example")
    return lambda *words: CliRunner().invoke(app, ["followup", *map(str, words)])


def test_a_key_is_shown_once_listed_without_its_secret_and_ended(run):
    made = run("key", "add", "records", "--scope", "visit").stdout.splitlines()[0]
    with open_database().read() as work:
        assert keys.find(work, made).scopes == {"visit"}
    listed = run("key", "list").stdout
    assert "records" in listed and "never used" in listed and made not in listed

    assert "opens nothing any more" in run("key", "revoke", "records").stdout
    with open_database().read() as work:
        assert keys.find(work, made) is None
    assert json.loads(run("key", "list", "--json").stdout)[0]["revoked_at"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("key", "add", "records", "--scope", "all"), "A key may be for enrol, visit, read"),
        (("key", "add", "Records!"), "is no name for a key"),
        (("key", "revoke", "records"), "There is no valid key records"),
        (("link", "nothing"), "There is no plan nothing"),
        (("link", "vaccination", "--day", "tomorrow"), "tomorrow is no day"),
        (("link", "vaccination", "--out", "page.docx"), "ends in .svg or .pdf"),
    ],
)
def test_what_cannot_be_is_said_with_what_can(run, words, sentence):
    assert sentence in str(run(*words).exception)


def test_a_link_offers_its_plan_and_the_same_person_has_the_same_one(run):
    first, same, other = (
        json.loads(run("link", "vaccination", "--day", "2026-12-01", "--person", name, "--json").stdout)
        for name in ("bed 1", "bed 1", "bed 2")
    )

    assert first == same and first["code"] != other["code"]
    assert first["webchat"] == f"https://chat.hospital.example/chat?start={first['code']}"
    link = link_of(load_cipher(read_settings()), first["code"], read_content().followup.plans)
    assert (link.plan, str(link.day), link.once) == ("vaccination", "2026-12-01", True)


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_page_to_print_names_the_plan_and_holds_the_code_for_everybody(run, tmp_path, kind):
    page = tmp_path / f"page.{kind}"
    done = run("link", "hypertension", "--out", page)

    assert done.exit_code == 0, done.exception
    assert "webchat" in done.stdout
    data = page.read_bytes()
    assert data.startswith(b"%PDF") if kind == "pdf" else "Blood pressure at home" in data.decode()
