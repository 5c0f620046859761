"""Whatever WeChat answers in whatever order, a pushed message ends: sent, waiting for the person, or given up; twice only if nobody can know."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.bootstrap import build
from bot.database.tables import outbound
from bot.handoff import cases
from bot.handoff.cases import Cause
from bot.handoff.replies import AT_ONCE, reply
from bot.outbox.deliver import deliver_due
from bot.outbox.pacing import Pace, Rate
from connectors.tencent.api import ApiError, HttpError, NoAnswer
from connectors.wechat.rendering import Look
from connectors.wechat.sender import WeChatSender
from tests.conversations.bench import Bench
from tests.wechat.kit import NOWHERE, settings

WORDS = "Please come at nine."
SENT = httpx.Request("POST", NOWHERE)
CODES = [-1, 45011, 42001, 45009, 45015, 45047, 43004, 40003, 48001, 40164]


class Moody:
    """WeChat's API that answers by a list, then well. `seen` is what arrived; `unknown`: arrived, and nobody was told."""

    def __init__(self, moods: list[Any]) -> None:
        self.moods, self.seen, self.unknown = moods, list[str](), 0

    async def call(self, path: str, payload: dict[str, Any]) -> dict[str, Any]:
        mood = self.moods.pop(0) if self.moods else None
        if isinstance(mood, int):
            raise ApiError(mood)
        if mood == "lost":
            raise httpx.ConnectError("x", request=SENT)
        if mood == "gateway":
            raise HttpError(502)
        if mood == "html":
            raise NoAnswer
        self.seen.append(payload["text"]["content"])
        if mood == "unanswered":
            self.unknown += 1
            raise httpx.ReadTimeout("x", request=SENT)
        return {"errcode": 0}


@pytest.mark.parametrize("seed", range(12))
async def test_every_sequence_ends(tmp_path, seed):
    chance = random.Random(seed)
    moods = [
        chance.choice([*CODES, "lost", "gateway", "html", "unanswered", "unanswered", None]) for _ in range(chance.randint(1, 8))
    ]
    api = Moody(list(moods))
    sender = WeChatSender(api, settings(tmp_path, wechat_push="on"), look=Look())  # type: ignore[arg-type]
    sender.pace = Pace(
        everything=Rate(10_000, 10_000), person=Rate(10_000, 10_000), group=Rate(1, 1), seconds=lambda: float("inf")
    )

    # Its own senders are none: the test delivers itself, with a clock that runs.
    async with Bench(tmp_path, build_services=build) as bench:
        sender.attach(bench.services)
        patient = bench.patient(language="en", channel="wechat")
        await patient.says("Hello")
        with bench.database.write() as work:
            work.execute(outbound.update().values(state="sent"))
            case, _ = cases.open_case(work, patient.conversation().id, Cause("person_requested", "R", "test"), now=bench.now())
            phrases = bench.services.content.current().phrases
            once = {"dedupe_key": "1", "hold": AT_ONCE}
            reply(work, case.id, WORDS, who="li", name="Li", now=bench.now(), phrases=phrases, **once)
        for _ in range(60):
            await deliver_due(bench.database, senders={"wechat": sender}, clock=bench.now)
            bench._later += timedelta(minutes=40)
        with bench.database.read() as work:
            states = [row.state for row in work.execute(outbound.select().order_by(outbound.c.id))]

    arrived = sum(WORDS in text for text in api.seen)
    assert set(states) <= {"sent", "parked", "dead"}, (moods, states)
    assert arrived <= 1 + api.unknown and (arrived >= 1 or states[-1] in ("parked", "dead")), (moods, states)
