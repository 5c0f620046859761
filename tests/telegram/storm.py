"""Many patients at once, everything that can go wrong, and a gateway that is killed again and again.

Run as `python -m tests.telegram.storm --patients 2000 --kill-every 5`: prints what was lost, doubled and out of order.
The gateway is the real process, the assistant a fake that answers "(what was said)", Telegram is simulated.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from bot.messages import Answer, Reply, to_json
from bot.settings import PREFIX, ROOT
from connectors.right_to_left import plain
from simulators.telegram.errors import too_many
from simulators.telegram.faults import Fault
from simulators.telegram.server import Simulator
from simulators.telegram.world import Person
from tests.storm_command import run
from tests.telegram.kit import SECRET

WORDS = 3
# What may have arrived and not be marked when the gateway is killed: what it sends within a second at most.
IN_FLIGHT = 25


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Outcome:
    """What a storm left."""

    patients: int = 0
    finished: int = 0
    kills: int = 0
    updates: int = 0
    expired: int = 0
    answers_missing: int = 0
    answers_doubled: int = 0
    doubles_excused: int = 0  # calls whose outcome nobody could know: killed, or the line cut after the effect
    out_of_order: int = 0
    run_twice: int = 0
    throttled: int = 0
    violations: list[str] = field(default_factory=list)
    ack_p50_ms: float = 0.0
    ack_p99_ms: float = 0.0
    seconds: float = 0.0


class FakeAssistant:
    """An assistant over HTTP, as the gateway calls it. It remembers what it ran."""

    def __init__(self) -> None:
        self.port = free_port()
        self.said: dict[str, dict[str, Any]] = {}
        self.ran: list[str] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/daozhen/turns", self._turn)
        app.router.add_get("/webhooks/daozhen/ready", self._ready)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _ready(self, _: web.Request) -> web.Response:
        return web.json_response({})

    async def _turn(self, request: web.Request) -> web.Response:
        turn = await request.json()
        number = turn["message_id"]
        if turn["attempt"] == 1 or number not in self.said:
            self.ran.append(number)
            self.said[number] = to_json(Answer((Reply(f"({turn['text']})"),)))
        return web.json_response(self.said[number])


class Gateway:
    """The real process."""

    def __init__(self, folder: Path, telegram: Simulator, assistant: FakeAssistant) -> None:
        self.port = free_port()
        values = {
            "PORT": self.port, "DATA_DIR": folder, "ASSISTANT_PORT": assistant.port, "ASSISTANT_TOKEN": "x",
            "TELEGRAM_TOKEN": telegram.token, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_PUBLIC_URL": f"http://127.0.0.1:{self.port}", "LANGUAGE": "en", "LOG_LEVEL": "warning",
        }  # fmt: skip
        own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name.endswith("CONTENT_DIR")}
        self._environment = {**kept, **own, "OMP_NUM_THREADS": "1"}
        self.log = folder / "gateway.log"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "connectors"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(600):
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/health")).status_code == 200:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        raise AssertionError(f"the gateway does not start: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(20)


async def patient(telegram: Simulator, person: Person, until: float) -> bool:
    """Say hello, agree, say some words without waiting; returns whether all was answered in time."""
    world, chat = telegram.world, telegram.world.chats[person.id]

    async def heard(part: str) -> dict[str, Any] | None:
        while time.monotonic() < until:
            for message in chat.messages:
                if message["from"]["id"] == world.bot["id"] and part in message["text"]:
                    return message
            await asyncio.sleep(0.25)
        return None

    world.starts(person)
    asked = await heard("Is that all right?")
    if asked is None:
        return False
    world.presses(person, chat, asked["message_id"], asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    if await heard("(Hello)") is None:
        return False
    for number in range(WORDS):
        world.says(person, f"word {number}")
    return await heard(f"(word {WORDS - 1})") is not None


def judge(telegram: Simulator, people: list[Person], outcome: Outcome) -> None:
    """Count what every patient saw."""
    wanted = ["(Hello)", *(f"(word {number})" for number in range(WORDS))]
    for person in people:
        heard = [plain(text).partition("\n")[0] for text in telegram.said(person.id)]
        answers = [text for text in heard if text in wanted]
        first = list(dict.fromkeys(answers))
        outcome.answers_missing += len(wanted) - len(first)
        outcome.answers_doubled += len(answers) - len(first)
        outcome.out_of_order += first != [text for text in wanted if text in first]


def weather(telegram: Simulator, chance: random.Random, quiet_since: int) -> int:
    """Order something that can go wrong, but after ten calls without; returns how many calls there were at the latest order."""
    sent = sum(name == "sendMessage" for name, _ in telegram.calls)
    if telegram.faults.waiting() or sent < quiet_since + 10:
        return quiet_since
    kind = chance.choice(["lost", "gateway", "unanswered", "garbage", "429"])
    fault = Fault("error", "sendMessage", error=too_many(2)) if kind == "429" else Fault(kind, "sendMessage")  # type: ignore[arg-type]
    telegram.faults.order(fault)
    telegram.faults.repeat_updates += 1
    return sent


async def storm(
    folder: Path, *, patients: int, kill_every_s: float, within_s: float, bad: bool = True, every_s: float = 0.0
) -> Outcome:
    """Let a storm pass."""
    outcome, chance = Outcome(patients=patients), random.Random(7)
    began, until = time.monotonic(), time.monotonic() + within_s
    assistant = FakeAssistant()
    await assistant.start()
    async with Simulator() as telegram:
        gateway = Gateway(folder, telegram, assistant)
        await gateway.start()
        people = [telegram.world.person(f"P{number}") for number in range(patients)]

        async def arrive(person: Person, place: int) -> bool:
            await asyncio.sleep(place * every_s)
            return await patient(telegram, person, until)

        asking = [asyncio.create_task(arrive(person, place)) for place, person in enumerate(people)]
        next_kill, quiet_since = time.monotonic() + kill_every_s, 0
        for _ in itertools.count():
            if all(task.done() for task in asking):
                break
            await asyncio.sleep(0.5)
            if bad:
                quiet_since = weather(telegram, chance, quiet_since)
            if kill_every_s and time.monotonic() > next_kill:
                gateway.kill()
                outcome.kills += 1
                await gateway.start()
                next_kill = time.monotonic() + kill_every_s
        outcome.finished = sum(task.result() for task in asking)
        await asyncio.sleep(3)
        gateway.end()
        judge(telegram, people, outcome)
        counts = telegram.delivery.counts
        outcome.updates, outcome.expired = counts.made, counts.expired + telegram.delivery.waiting()
        outcome.throttled, outcome.violations = telegram.limits.throttled, telegram.violations
        outcome.run_twice = len(assistant.ran) - len(set(assistant.ran))
        outcome.doubles_excused = telegram.faults.unseen + outcome.kills * IN_FLIGHT
        acks = sorted(counts.ack_s)
        outcome.ack_p50_ms, outcome.ack_p99_ms = (round(1000 * acks[int(len(acks) * share)], 1) for share in (0.5, 0.99))
    await assistant.stop()
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


if __name__ == "__main__":
    run(storm, __doc__)
