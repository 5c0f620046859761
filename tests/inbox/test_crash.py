"""`kill -9` before any database statement: a fresh gateway answers everything, once, in order."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.settings import ROOT

ANSWERS = [line for said in ("hello", "one", "two", "crushing chest pain", "four") for line in (f"({said})", "and more")]


def outcomes(folder, *, step, addresses=()):
    command = [sys.executable, "-m", "tests.inbox.crash", str(folder), str(step), *addresses]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(outcome):
    assert outcome["answers"] == ANSWERS, outcome
    assert outcome["kinds"].count("emergency") == 1 and outcome["kinds"].count("consent") == 1, outcome
    assert outcome["states"] == ["handled"] * 6, outcome
    assert len(outcome["ran"]) == len(set(outcome["ran"])) == 5, "the assistant ran a message twice"


def test_sqlite(tmp_path):
    found = outcomes(tmp_path, step=11)
    assert len(found) > 10
    for outcome in found:
        check(outcome)


def test_postgresql(tmp_path, postgres):
    found = outcomes(tmp_path, step=29, addresses=[postgres.database() for _ in range(20)])
    assert len(found) > 4
    for outcome in found:
        check(outcome)


@pytest.mark.parametrize(
    "harm", [{"answers": ANSWERS[2:]}, {"answers": ANSWERS * 2}, {"kinds": []}, {"ran": ["1", "1", "3", "4", "5"]}]
)
def test_the_check_sees_what_is_lost_or_doubled(harm):
    good = {"answers": ANSWERS, "kinds": ["consent", "emergency"], "states": ["handled"] * 6, "ran": list("13456")}
    check(good)
    with pytest.raises(AssertionError):
        check({**good, **harm})
