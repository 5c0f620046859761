"""Many patients at once on 微信客服, everything that can go wrong, and a gateway that is killed again and again.

Run as `python -m tests.wecom.storm --patients 2000 --kill-every 5`: prints what was lost, doubled and out of order.
The gateway is the real process, the assistant a fake that answers "(what was said)", WeCom is simulated.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.settings import PREFIX, ROOT
from connectors.right_to_left import plain
from connectors.wecom.door import PATH
from simulators.wechat import constants
from simulators.wechat.corp import Customer
from simulators.wechat.faults import Fault
from simulators.wechat.server import Simulator
from tests.storm_command import run
from tests.telegram.storm import FakeAssistant, free_port

WORDS = 3
REFUSALS = (95001, 95018)


@dataclass
class Outcome:
    """What a storm left."""

    patients: int = 0
    finished: int = 0
    kills: int = 0
    callbacks: int = 0
    faults: int = 0
    answers_missing: int = 0
    answers_doubled: int = 0
    out_of_order: int = 0
    run_twice: int = 0
    over_quota: int = 0  # calls that WeCom refused because of its window: we count before, so none
    complaints: list[str] = field(default_factory=list)
    ack_p50_ms: float = 0.0
    ack_p99_ms: float = 0.0
    ack_max_ms: float = 0.0
    seconds: float = 0.0


class Gateway:
    """The real process."""

    def __init__(self, folder: Path, wechat: Simulator, assistant: FakeAssistant) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        values = {
            "PORT": self.port, "DATA_DIR": folder, "ASSISTANT_PORT": assistant.port, "ASSISTANT_TOKEN": "x",
            "WECOM_CORP_ID": constants.CORP_ID, "WECOM_KF_SECRET": constants.KF_SECRET, "WECOM_TOKEN": constants.KF_TOKEN,
            "WECOM_AES_KEYS": ",".join(constants.KF_AES_KEYS), "WECOM_API_URL": wechat.url, "LANGUAGE": "en", "LOG_LEVEL": "warning",
        }  # fmt: skip
        own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._environment = {**kept, **own, "OMP_NUM_THREADS": "1"}
        self.log = folder / "gateway.log"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "connectors"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(600):
                try:
                    if (await client.get(f"{self.url}/health")).status_code == 200:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)
        raise AssertionError(f"the gateway does not start: {self.log.read_text()[-2000:]}")

    def send(self, what: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(what)
        self._process.wait(30)


def heard(wechat: Simulator, customer: Customer) -> list[str]:
    """Return what was shown to a customer, first lines only."""
    return [plain(text).partition("\n")[0] for text in customer.said(wechat.kf.open_kfid)]


async def patient(wechat: Simulator, customer: Customer, until: float) -> bool:
    """Say hello, agree, say some words without waiting; returns whether all was answered in time."""
    corp, account = wechat.corp, wechat.kf

    async def hears(part: str) -> bool:
        while time.monotonic() < until:
            if any(part in plain(text) for text in customer.said(account.open_kfid)):
                return True
            await asyncio.sleep(0.25)
        return False

    corp.says(customer, account, "Hello")
    if not await hears("Is that all right?"):
        return False
    corp.says(customer, account, "1")
    if not await hears("(Hello)"):
        return False
    for number in range(WORDS):
        corp.says(customer, account, f"word {number}")
    return await hears(f"(word {WORDS - 1})")


def judge(wechat: Simulator, people: list[Customer], outcome: Outcome) -> None:
    """Count what every patient saw."""
    wanted = ["(Hello)", *(f"(word {number})" for number in range(WORDS))]
    for customer in people:
        answers = [text for text in heard(wechat, customer) if text in wanted]
        first = list(dict.fromkeys(answers))
        outcome.answers_missing += len(wanted) - len(first)
        outcome.answers_doubled += len(answers) - len(first)
        outcome.out_of_order += first != [text for text in wanted if text in first]


def weather(wechat: Simulator, chance: random.Random) -> None:
    """Order something that can go wrong, when the last thing has happened."""
    if wechat.faults.waiting():
        return
    path = chance.choice(["send_msg", "send_msg", "sync_msg"])
    kind = chance.choice(["lost", "gateway", "unanswered", "html", "error", "token"])
    if kind == "token":
        wechat.faults.order(Fault("error", path, code=chance.choice([40014, 42001])))
    elif kind == "error":
        wechat.faults.order(Fault("error", path, code=chance.choice([-1, 45011])))
    else:
        wechat.faults.order(Fault(kind, path))  # type: ignore[arg-type]
    wechat.corp.postman.faults.twice += 2
    wechat.corp.postman.faults.answers_lost += 1


async def storm(
    folder: Path, *, patients: int, kill_every_s: float, within_s: float, bad: bool = True, every_s: float = 0.0
) -> Outcome:
    """Let a storm pass."""
    outcome, chance = Outcome(patients=patients), random.Random(7)
    began, until = time.monotonic(), time.monotonic() + within_s
    assistant = FakeAssistant()
    await assistant.start()
    async with Simulator() as wechat:
        gateway = Gateway(folder, wechat, assistant)
        await gateway.start()
        wechat.corp.postman.address.url = f"{gateway.url}{PATH}"
        people = [wechat.corp.customer(f"P{number}") for number in range(patients)]

        async def arrive(customer: Customer, place: int) -> bool:
            await asyncio.sleep(place * every_s)
            return await patient(wechat, customer, until)

        asking = [asyncio.create_task(arrive(person, place)) for place, person in enumerate(people)]
        next_kill = time.monotonic() + kill_every_s
        while not all(task.done() for task in asking):
            await asyncio.sleep(0.5)
            if bad:
                weather(wechat, chance)
            if kill_every_s and time.monotonic() > next_kill:
                gateway.send(signal.SIGKILL)
                outcome.kills += 1
                await gateway.start()
                next_kill = time.monotonic() + kill_every_s
        outcome.finished = sum(task.result() for task in asking)
        await asyncio.sleep(3)
        gateway.send(signal.SIGTERM)
        judge(wechat, people, outcome)
        counts = wechat.corp.postman.counts
        outcome.callbacks, outcome.faults, outcome.complaints = counts.made, wechat.faults.met, wechat.complaints
        outcome.over_quota = sum(code in REFUSALS for _, code in wechat.refused)
        outcome.run_twice = len(assistant.ran) - len(set(assistant.ran))
        acks = [1000 * seconds for seconds in sorted(counts.ack_s)]
        outcome.ack_p50_ms, outcome.ack_p99_ms = (round(acks[int(len(acks) * share)], 1) for share in (0.5, 0.99))
        outcome.ack_max_ms = round(acks[-1], 1)
    await assistant.stop()
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


if __name__ == "__main__":
    run(storm, __doc__)
