from __future__ import annotations

import asyncio

import pytest

from benchmarks import desk_live

pytestmark = pytest.mark.slow


def test_an_escalation_is_on_the_screens_of_fifty_nurses_within_a_second(tmp_path, monkeypatch, capsys):
    """Real processes, real lines: the benchmark, with few escalations."""
    monkeypatch.setattr(desk_live, "PORT", 8932)
    monkeypatch.setattr(desk_live, "ADDRESS", "http://127.0.0.1:8932")
    cookies = desk_live.prepare(tmp_path, 51)

    with desk_live.gateway(tmp_path) as pid:
        missed = asyncio.run(desk_live.measure(pid, cookies, 3))

    assert not missed, capsys.readouterr().out
