"""The gateway as a process: serves without the assistant, ends in order, and says in one sentence why it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from bot.errors import CANNOT_RUN
from bot.settings import ROOT


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder, port, **settings):
    environment = {
        **os.environ,
        "DAOZHEN_DATA_DIR": str(folder),
        "DAOZHEN_PORT": str(port),
        "DAOZHEN_ASSISTANT_PORT": "1",
        **settings,
    }
    command = [sys.executable, "-m", "connectors"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answers(port, path="/ready"):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the gateway did not answer")


@pytest.mark.slow
def test_it_serves_without_the_assistant_and_ends_in_order(tmp_path, port):
    process = start(tmp_path, port)
    try:
        assert answers(port).json()["status"] == "degraded"
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in log and '"level": "error"' not in log


@pytest.mark.slow
def test_a_taken_port_gives_one_sentence_with_the_fix(tmp_path, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = start(tmp_path, port)
        _, log = process.communicate(timeout=20)
    assert process.returncode == CANNOT_RUN and log.count("\n") == 1
    assert f"port {port}" in log and "DAOZHEN_PORT" in log


@pytest.mark.slow
def test_a_broken_setting_gives_one_sentence_with_the_fix(tmp_path, port):
    process = start(tmp_path, port, DAOZHEN_DATABASE_URL="mysql://nowhere")
    _, log = process.communicate(timeout=20)
    assert process.returncode == CANNOT_RUN and "DAOZHEN_DATABASE_URL" in log and "Traceback" not in log
