"""The supervisor starts, restarts and ends real processes, and says in one sentence what is wrong."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
from dataclasses import replace
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


async def test_a_process_that_the_machine_cannot_start_now_is_said_and_tried_again(process, tmp_path):
    """No memory for a moment, no more open files, or somebody moved the folder of the logs: patients must not stay alone."""
    told: list[str] = []
    missing = tmp_path / "logs" / "log"
    watch = Watch([replace(process, log=missing)], tell=told.append)
    ready = asyncio.Event()
    running = asyncio.create_task(watch.run(when_ready=ready.set))

    await until(lambda: any("cannot be started (No such file or directory)" in sentence for sentence in told))
    missing.parent.mkdir()
    await asyncio.wait_for(ready.wait(), 10)
    watch.stop()
    await asyncio.wait_for(running, 10)


async def test_a_killed_process_is_started_again_also_when_nobody_can_be_told(process):
    def no_room(sentence: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    watch = Watch([process], tell=no_room)
    ready = asyncio.Event()
    running = asyncio.create_task(watch.run(when_ready=ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    first = watch.children["gateway"]
    first.kill()

    await until(lambda: watch.children["gateway"] is not first)
    watch.stop()
    await asyncio.wait_for(running, 10)


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
