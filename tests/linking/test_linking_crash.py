"""`kill -9` before any database statement: two chats are linked once and parted once, and each hears it once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.settings import ROOT

GOOD = {"notices": [1, 1, 1, 1, 1], "acts": ["linked two chats", "separated two chats"], "patients": 2}


@pytest.mark.slow
def test_every_point(tmp_path):
    command = [sys.executable, "-m", "tests.linking.crash", str(tmp_path), "11"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 10
    assert [outcome for outcome in found if outcome != GOOD] == []
