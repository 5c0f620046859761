"""Many patients on WeChat at once, everything that can go wrong, and a gateway that is killed again and again.

Run as `python -m tests.wechat.storm --patients 2000 --kill-every 5`: prints what was lost, doubled and out of order, and how long
WeChat had to wait. The gateway is the real process, the assistant a fake that answers "(what was said)", sometimes late; WeChat is
simulated, with its five seconds and three tries.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bot.database.engine import Database, make_engine
from bot.database.tables import inbound, outbound
from bot.inbox import conversations
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from connectors.right_to_left import plain
from connectors.wechat.connector import PATH
from simulators.wechat import constants
from simulators.wechat.faults import Fault
from simulators.wechat.official import Follower
from simulators.wechat.postman import Push
from simulators.wechat.server import Simulator
from tests.storm_command import run
from tests.telegram.storm import FakeAssistant, Gateway, free_port

WORDS = 3
ANSWER = re.compile(r"\((?:Hello|word \d)\)")
# Who hears nothing for so long writes again, as people do: an answer that could not be pushed comes then.
ASKS_AGAIN_S = 40.0
# What was answered and not yet marked so when the gateway is killed.
IN_FLIGHT = 25


@dataclass
class Outcome:
    """What a storm left."""

    patients: int = 0
    finished: int = 0
    kills: int = 0
    callbacks: int = 0
    tries: int = 0
    given_up: int = 0  # WeChat asked three times and found nobody, or lost the answers: the person was told of an outage
    said_again: int = 0  # and said it again, as they were asked to
    asked_again: int = 0  # who heard nothing for 40 s
    answers_missing: int = 0
    missing: list[str] = field(default_factory=list)  # what became of the first of them
    stories: list[list[str]] = field(default_factory=list)  # what WeChat saw of the first people who miss something
    answers_doubled: int = 0
    doubles_excused: int = 0  # outcomes that nobody could know: killed, or the line cut after the effect
    out_of_order: int = 0
    out_of_order_after_loss: int = 0  # WeChat lost an answer, and heard it again after a later one
    run_twice: int = 0
    passive: int = 0
    pushed: int = 0
    refused_by_wechat: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    answered_p50_ms: float = 0.0
    answered_p99_ms: float = 0.0
    answered_max_ms: float = 0.0
    cut: int = 0  # requests that a living gateway left open for five seconds
    cut_by_death: int = 0  # and those that it could not answer because it was killed or starting
    gateway_cpu_ms: float = 0.0  # of the last gateway's life with its start, for each callback: fair weather only
    seconds: float = 0.0


class SlowAssistant(FakeAssistant):
    """Now and then it thinks longer than WeChat waits."""

    def __init__(self, chance: random.Random, *, slow: float) -> None:
        super().__init__()
        self._chance, self._slow = chance, slow

    async def _turn(self, request: Any) -> Any:
        if self._chance.random() < self._slow:
            await asyncio.sleep(6.0)
        return await super()._turn(request)


class WeChatGateway(Gateway):
    """The real process, for the simulated account."""

    def __init__(self, folder: Path, wechat: Simulator, assistant: FakeAssistant) -> None:
        self.port = free_port()
        values = {
            "PORT": self.port, "DATA_DIR": folder, "ASSISTANT_PORT": assistant.port, "ASSISTANT_TOKEN": "x",
            "WECHAT_APP_ID": constants.APP_ID, "WECHAT_SECRET": constants.SECRET, "WECHAT_TOKEN": constants.TOKEN,
            "WECHAT_AES_KEYS": ",".join(constants.AES_KEYS), "WECHAT_API_URL": wechat.url, "LANGUAGE": "en", "LOG_LEVEL": "warning",
        }  # fmt: skip
        own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name.endswith("CONTENT_DIR")}
        self._environment = {**kept, **own, "OMP_NUM_THREADS": "1"}
        self.log = folder / "gateway.log"
        self._process = None

    def cpu_s(self) -> float:
        """Return the processor time that this gateway has used."""
        assert self._process is not None
        used = psutil.Process(self._process.pid).cpu_times()
        return used.user + used.system


class Patients:
    """People who say hello, agree, and say some words without waiting."""

    def __init__(self, wechat: Simulator, until: float) -> None:
        self.official, self.until, self.asked_again, self.said_again = wechat.official, until, 0, 0

    async def one(self, person: Follower) -> bool:
        """Return whether all was answered in time."""
        if not await self._hears(person, "Is that all right?", self.official.says(person, "Hello"), again="Hello"):
            return False
        if not await self._hears(person, "(Hello)", self.official.says(person, "1"), again="hello?"):
            return False
        pushes = []
        for number in range(WORDS):
            pushes.append(self.official.says(person, f"word {number}"))
            await asyncio.sleep(0.05)
        return all([await self._hears(person, f"(word {number})", push, again="hello?") for number, push in enumerate(pushes)])

    async def _hears(self, person: Follower, part: str, push: Push, *, again: str) -> bool:
        patience = time.monotonic() + ASKS_AGAIN_S
        while time.monotonic() < self.until:
            if any(part in text for text in person.said()):
                return True
            if push.verdict == "outage":  # "try again later": they do
                push = self.official.says(person, push.fields["Content"])
                self.said_again += 1
            if time.monotonic() > patience:
                patience = time.monotonic() + ASKS_AGAIN_S
                self.asked_again += 1
                self.official.says(person, again)
            await asyncio.sleep(0.25)
        return False


def given_up(wechat: Simulator) -> set[tuple[str, str]]:
    """Return who was told of an outage for which words."""
    outages = [push.fields for push in wechat.official.postman.pushes if push.verdict == "outage"]
    return {(fields["FromUserName"], fields.get("Content", "")) for fields in outages}


def answers_lost(wechat: Simulator) -> set[str]:
    """Return whose answers WeChat has lost: it heard one, and asked again."""
    pushes = wechat.official.postman.pushes
    return {push.fields["FromUserName"] for push in pushes if any(one.came in ("shown", "silent") for one in push.tries[:-1])}


def judge(
    people: list[Follower], stored: dict[str, list[str]], outages: set[tuple[str, str]], lost: set[str], outcome: Outcome
) -> None:
    """Count what every patient saw. `stored`: what of each came in, in its order: WeChat has swapped some."""
    wanted = {"Hello", *(f"word {number}" for number in range(WORDS))}
    for person in people:
        came = list(dict.fromkeys(text for text in stored.get(person.openid, ()) if text in wanted))
        answers = [found[1:-1] for text in person.said() for found in ANSWER.findall(plain(text))]
        first = list(dict.fromkeys(answers))
        missing = {text for text in set(came) - set(first) if (person.openid, text) not in outages}
        outcome.answers_missing += len(missing)
        outcome.missing += [f"{text}: {stored.get(f'{person.openid}:{text}')}" for text in missing if len(outcome.missing) < 5]
        # "Hello" may be said again by who heard nothing.
        doubled = (max(answers.count(one) - 1, 0) for one in wanted - {"Hello"} if (person.openid, one) not in outages)
        outcome.answers_doubled += sum(doubled)
        if first != [text for text in came if text in first]:
            outcome.out_of_order += person.openid not in lost
            outcome.out_of_order_after_loss += person.openid in lost


def stored_words(folder: Path, people: list[Follower]) -> dict[str, list[str]]:
    """Return what the gateway has stored of each person, in its order."""
    settings = Settings(data_dir=folder)
    database = Database(make_engine(settings.database_url), load_cipher(settings))
    found = {}
    with database.read() as work:
        for person in people:
            known = conversations.of_sender(work, "wechat", person.openid)
            if known is not None:
                rows = work.execute(inbound.select().where(inbound.c.conversation_id == known.id).order_by(inbound.c.id)).all()
                rest = work.execute(outbound.select().where(outbound.c.conversation_id == known.id).order_by(outbound.c.id)).all()
                for row in rest:
                    text = work.cipher.unseal(row.sealed)["text"].partition(")")[0].lstrip("(")
                    found[f"{person.openid}:{text}"] = [row.state, str(row.platform_id), str(row.problem), str(row.tries)]
                found[person.openid] = [work.cipher.unseal(row.sealed)["text"] for row in rows if row.sealed is not None]
    database.engine.dispose()
    return found


def weather(wechat: Simulator, chance: random.Random, lost_until: int) -> int:
    """Order something that can go wrong. Returns how many callbacks have to be made before the next answer may get lost."""
    faults, made = wechat.official.postman.faults, wechat.official.postman.counts.made
    faults.twice = min(faults.twice + 2, 10)
    if made >= lost_until and chance.random() < 0.25:
        # One of ten at most: else those who are late would lose all three answers to a message, and nobody could tell.
        faults.answers_lost, lost_until = faults.answers_lost + 1, made + 10
    faults.hold = faults.hold or 2  # two swap their places; more would be kept for ever once it is quiet
    if wechat.faults.waiting() < 1 and chance.random() < 0.3:
        kind = chance.choice(["lost", "gateway", "unanswered", "html", "-1", "45011", "token", "token", "45009"])
        if kind == "token":
            wechat.tokens.expire()
        elif kind.lstrip("-").isdigit():
            wechat.faults.order(Fault("error", "custom/send", code=int(kind)))
        else:
            wechat.faults.order(Fault(kind, "custom/send"))  # type: ignore[arg-type]
    return lost_until


async def storm(
    folder: Path, *, patients: int, kill_every_s: float, within_s: float, bad: bool = True, every_s: float = 0.05
) -> Outcome:
    """Let a storm pass."""
    outcome, chance = Outcome(patients=patients), random.Random(7)
    began, until = time.monotonic(), time.monotonic() + within_s
    assistant = SlowAssistant(chance, slow=0.08 if bad else 0.0)
    await assistant.start()
    async with Simulator() as wechat:
        gateway = WeChatGateway(folder, wechat, assistant)
        await gateway.start()
        wechat.official.postman.address.url = f"http://127.0.0.1:{gateway.port}{PATH}"
        people, crowd = [wechat.official.person(f"P{number}") for number in range(patients)], Patients(wechat, until)

        async def arrive(person: Follower, place: int) -> bool:
            await asyncio.sleep(place * every_s)
            return await crowd.one(person)

        asking = [asyncio.create_task(arrive(person, place)) for place, person in enumerate(people)]
        lost_until = 0
        next_kill, dead = time.monotonic() + kill_every_s, list[tuple[float, float]]()
        while not all(task.done() for task in asking):
            await asyncio.sleep(0.5)
            if bad:
                lost_until = weather(wechat, chance, lost_until)
            if kill_every_s and time.monotonic() > next_kill:
                died = wechat.clock.now()
                gateway.kill()
                outcome.kills += 1
                await gateway.start()
                dead.append((died, wechat.clock.now()))
                next_kill = time.monotonic() + kill_every_s
        outcome.finished = sum(task.result() for task in asking)
        outcome.asked_again, outcome.said_again = crowd.asked_again, crowd.said_again
        await wechat.idle(60)
        await asyncio.sleep(3)
        if not outcome.kills:
            outcome.gateway_cpu_ms = round(1000 * gateway.cpu_s() / max(wechat.official.postman.counts.made, 1), 1)
        gateway.end()
        judge(people, stored_words(folder, people), given_up(wechat), answers_lost(wechat), outcome)
        explain(people, wechat, outcome)
        measure(wechat, dead, outcome)
        outcome.run_twice = len(assistant.ran) - len(set(assistant.ran))
        outcome.doubles_excused = wechat.faults.unseen + outcome.kills * IN_FLIGHT
    await assistant.stop()
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


def explain(people: list[Follower], wechat: Simulator, outcome: Outcome) -> None:
    """Write down what WeChat saw of the first person who misses something."""
    wanted = {"(Hello)", *(f"(word {number})" for number in range(WORDS))}
    for person in people:
        said = [plain(text) for text in person.said()]
        if all(any(part in text for text in said) for part in wanted) or len(outcome.stories) >= 3:
            continue
        mine = [push for push in wechat.official.postman.pushes if push.fields["FromUserName"] == person.openid]
        outcome.stories.append([*map(story, mine), *(text[:80] for text in said)])


def story(push: Push) -> str:
    """Return what WeChat saw of one message."""
    tries = ", ".join(f"{one.came} after {one.took_s:.1f} s" for one in push.tries)
    return f"{push.fields.get('Content', push.fields.get('Event', ''))}: {push.verdict} ({tries}) {plain(push.text)[:80]}"


def measure(wechat: Simulator, dead: list[tuple[float, float]], outcome: Outcome) -> None:
    """Write down what WeChat saw. `dead`: when the gateway was."""
    postman = wechat.official.postman
    outcome.callbacks, outcome.tries = postman.counts.made, postman.counts.tried
    outcome.given_up = postman.counts.settled.get("outage", 0)
    cuts = [one for push in postman.pushes for one in push.tries if one.came == "cut"]
    outcome.cut_by_death = sum(any(one.at <= up and one.at + one.took_s >= down for down, up in dead) for one in cuts)
    outcome.cut = len(cuts) - outcome.cut_by_death
    routes = [route for route, _, _ in wechat.official.sent]
    outcome.passive, outcome.pushed = routes.count("passive"), routes.count("kf")
    for _, code in wechat.refused:
        outcome.refused_by_wechat[str(code)] = outcome.refused_by_wechat.get(str(code), 0) + 1
    outcome.complaints = wechat.complaints
    took = sorted(postman.counts.ack_s) or [0.0]
    shares = [took[min(int(len(took) * share), len(took) - 1)] for share in (0.5, 0.99, 1.0)]
    outcome.answered_p50_ms, outcome.answered_p99_ms, outcome.answered_max_ms = (round(1000 * one, 1) for one in shares)


if __name__ == "__main__":
    run(storm, __doc__, every_s=0.05)
