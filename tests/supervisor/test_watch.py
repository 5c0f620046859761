"""The supervisor starts, restarts and ends real processes, and says in one sentence what is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.supervisor.backoff import LONGEST_S, pause_s
from bot.supervisor.processes import Process
from bot.supervisor.watch import StartError, Watch, check_ports

SERVE = "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), type('H', (http.server.BaseHTTPRequestHandler,), {'do_GET': lambda s: (s.send_response(200), s.end_headers()), 'log_message': lambda *a: None})).serve_forever()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def process(tmp_path: Path) -> Process:
    port = free_port()
    return Process(
        "gateway", (sys.executable, "-c", SERVE, str(port)), dict(os.environ), f"http://127.0.0.1:{port}/", port, tmp_path / "log"
    )


async def until(condition, seconds: float = 10.0) -> None:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


async def test_it_says_ready_once_the_process_answers_and_ends_it_on_stop(process):
    told: list[str] = []
    watch = Watch([process], tell=told.append)
    ready = asyncio.Event()
    running = asyncio.create_task(watch.run(when_ready=ready.set))

    await asyncio.wait_for(ready.wait(), 10)
    child = watch.children["gateway"]
    watch.stop()
    await asyncio.wait_for(running, 10)

    assert child.returncode is not None
    assert any("is ready" in sentence for sentence in told)


async def test_a_killed_process_is_started_again_and_the_operator_is_told_when_it_is_back(process):
    told: list[str] = []
    watch = Watch([process], tell=told.append)
    ready = asyncio.Event()
    running = asyncio.create_task(watch.run(when_ready=ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    first = watch.children["gateway"].pid

    os.kill(first, signal.SIGKILL)
    await until(lambda: watch.children["gateway"].pid != first)
    await until(lambda: "is ready" in told[-1] and len(told) == 3)
    watch.stop()
    await asyncio.wait_for(running, 10)

    assert "is ready" in told[0] and "killed by SIGKILL" in told[1] and "started again" in told[1]


def test_a_taken_port_is_named_with_the_setting_that_moves_it(process):
    with socket.socket() as other:
        other.bind(("127.0.0.1", process.port))
        other.listen()
        with pytest.raises(StartError, match="DAOZHEN_PORT"):
            check_ports([process])


def test_a_free_port_is_not_complained_about(process):
    check_ports([process])


def test_pauses_grow_and_stay_bounded():
    pauses = [pause_s(deaths) for deaths in range(1, 20)]

    assert pauses == sorted(pauses) and pauses[0] < 1 and pauses[-1] == LONGEST_S
