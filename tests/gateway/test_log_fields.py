"""What a line of our code wants to say beside its event reaches the log: a field that is not allowed is dropped in silence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.settings import ROOT
from connectors.logs import ALLOWED

LOGGING = [
    path for room in ("bot", "connectors") for path in sorted((ROOT / room).rglob("*.py")) if "extra=" in path.read_text("utf-8")
]


def fields_of(path: Path) -> set[str]:
    """Return the names that a file gives to `extra` of a log line."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    of_logs = (call for call in calls if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "logger")
    extras = (one.value for call in of_logs for one in call.keywords if one.arg == "extra" and isinstance(one.value, ast.Dict))
    return {key.value for extra in extras for key in extra.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("path", LOGGING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_field_of_a_log_line_is_one_that_is_written(path):
    assert fields_of(path) <= ALLOWED


def test_there_are_lines_to_look_at():
    assert {"error", "outbound_id"} <= set().union(*map(fields_of, LOGGING))
