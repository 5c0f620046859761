"""Logs stay small while their processes write on, and an operator reads at once why a process cannot run."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from bot.errors import CANNOT_RUN
from bot.supervisor.logs import keep_small, last_line, short_of_room
from bot.supervisor.processes import Process
from bot.supervisor.watch import Watch


def test_a_log_that_has_grown_begins_anew_and_its_process_writes_on(tmp_path):
    log = tmp_path / "gateway.log"
    with log.open("ab", buffering=0) as process:
        process.write(b"old line\n" * 100)
        keep_small(log, largest=500)
        process.write(b"new line\n")

    assert log.read_bytes() == b"new line\n"
    assert (tmp_path / "gateway.log.1").read_bytes() == b"old line\n" * 100


def test_a_small_log_and_one_that_is_not_there_are_left_alone(tmp_path):
    log = tmp_path / "gateway.log"
    log.write_bytes(b"line\n")
    keep_small(log, largest=500)
    keep_small(tmp_path / "none.log", largest=500)

    assert [path.name for path in tmp_path.iterdir()] == ["gateway.log"] and log.read_bytes() == b"line\n"


def test_two_old_logs_at_most(tmp_path):
    log = tmp_path / "gateway.log"
    for round_ in (b"first\n", b"second\n"):
        log.write_bytes(round_ * 10)
        keep_small(log, largest=5)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["gateway.log", "gateway.log.1"]
    assert (tmp_path / "gateway.log.1").read_bytes() == b"second\n" * 10


def test_the_last_line_is_the_last_one_that_says_something(tmp_path):
    (tmp_path / "a.log").write_text("one\n" * 5000 + "the reason\n\n", encoding="utf-8")

    assert last_line(tmp_path / "a.log") == "the reason" and last_line(tmp_path / "none.log") == ""


def test_a_disk_that_fills_up_is_said_before_it_is_full_and_one_with_room_is_not(tmp_path):
    assert short_of_room(tmp_path, room=1) == ""
    assert f"The disk of {tmp_path} has less than" in short_of_room(tmp_path, room=10**18)


@pytest.mark.parametrize(
    ("code", "said", "unsaid"),
    [(CANNOT_RUN, "The gateway cannot run: Set X to Y. It is started again", "ended unexpectedly"),
     (3, "ended unexpectedly (exit code 3)", "Set X to Y")],
)  # fmt: skip
async def test_only_a_sentence_that_is_meant_for_the_operator_is_repeated(tmp_path, code, said, unsaid):
    told: list[str] = []
    heard = asyncio.Event()

    def tell(sentence: str) -> None:
        told.append(sentence)
        heard.set()

    script = f"import sys; print('Set X to Y.', file=sys.stderr); sys.exit({code})"
    process = Process("gateway", (sys.executable, "-c", script), dict(os.environ), "http://127.0.0.1:9/", 9, tmp_path / "log")
    watch = Watch([process], tell=tell)
    running = asyncio.create_task(watch.run(when_ready=lambda: None))

    await asyncio.wait_for(heard.wait(), 20)
    watch.stop()
    await asyncio.wait_for(running, 20)

    assert said in told[0] and unsaid not in told[0]
