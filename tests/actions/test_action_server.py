"""The action server: on loopback only, quick to start, and its errors and logs repeat nothing of what a patient said."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from bot.settings import ROOT

CALL = {
    "next_action": "action_answer_faq",
    "sender_id": "c1",
    "tracker": {"sender_id": "c1", "slots": {}, "latest_message": {"text": "MARKERWORT"}, "events": []},
    "domain": {},
}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[str, int, object]]:
    port, log = free_port(), tmp_path_factory.mktemp("actions") / "log"
    environment = {**os.environ, "DAOZHEN_ACTIONS_PORT": str(port), "DAOZHEN_LOG_LEVEL": "debug"}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "actions"], cwd=ROOT, env=environment, stdout=out, stderr=out)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(address)
        yield address, port, log
    finally:
        process.terminate()
        process.wait(10)


def wait_until_up(address: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if httpx.get(f"{address}/health", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError(address)


def post(server, body: bytes) -> httpx.Response:
    return httpx.post(f"{server[0]}/webhook", content=body, trust_env=False, timeout=10)


@pytest.mark.slow
def test_a_greeting_button_is_answered(server):
    call = {**CALL, "next_action": "action_request_nurse"}
    call["tracker"] = {**CALL["tracker"], "latest_message": {"text": "nurse", "metadata": {"language": "en"}}}

    answer = post(server, json.dumps(call).encode())

    assert answer.status_code == 200 and answer.json()["responses"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        json.dumps({**CALL, "tracker": {"latest_message": "MARKERWORT"}}).encode(),
        json.dumps({**CALL, "next_action": "action_that_is_not_there"}).encode(),
        json.dumps({**CALL, "tracker": None}).encode(),
        b'{"MARKERWORT": ',
        b'["MARKERWORT"]',
    ],
)
def test_an_error_repeats_nothing(server, body):
    answer = post(server, body)

    assert answer.status_code >= 400
    assert "MARKERWORT" not in answer.text and "MARKERWORT" not in server[2].read_text()


@pytest.mark.slow
def test_only_this_machine_can_reach_it(server):
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    others |= {"127.0.0.2"}  # on Linux all of 127/8 is local: what listens on 0.0.0.0 answers there too

    for address in others - {"127.0.0.1"}:
        with pytest.raises(OSError), socket.create_connection((address, server[1]), timeout=1):
            pass
