"""A patient's whole story on 微信客服 in each language: the real processes, a simulated WeCom, and a robot in the staff's group."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from connectors.right_to_left import plain
from connectors.wecom.door import PATH
from connectors.wecom.rendering import LIMIT
from simulators.wechat import constants
from simulators.wechat.server import Simulator
from tests.system.five_languages import ALL, Words
from tests.system.real_system import System

pytestmark = pytest.mark.slow

WITHIN_S = 45.0
MOST_QUESTIONS = 10


class Story:
    """One person who writes to the hospital's account of customer service."""

    def __init__(self, wechat: Simulator, words: Words, phrases: Any) -> None:
        self.wechat, self.words, self.phrases = wechat, words, phrases
        self.customer = wechat.corp.customer(words.language)

    def shown(self) -> list[Any]:
        return [bubble for bubble in self.wechat.corp.talk(self.customer, self.wechat.kf).chat if bubble.who == "account"]

    def all_words(self) -> str:
        return "\n".join(plain(bubble.text) for bubble in self.shown())

    async def hears_more(self, before: int) -> None:
        """Wait for another message and for what comes with it; each fits and carries the disclaimer in the person's language."""
        until = time.monotonic() + WITHIN_S
        while len(self.shown()) <= before:
            assert time.monotonic() < until, f"nothing was said to {self.words.language}"
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)
        notes = tuple(plain(self.phrases.get(f"disclaimer.{one}", self.words.language)) for one in ("short", "full"))
        for bubble in self.shown():
            if (
                "Hello, I help you find the right department." in bubble.text
            ):  # nothing is known of them yet: all languages together
                assert any(note in plain(bubble.text) for note in notes)
                continue
            assert plain(bubble.text).endswith(notes) and len(bubble.text.encode()) <= LIMIT, bubble.text

    async def says(self, text: str, menu_id: str = "") -> None:
        before = len(self.shown())
        self.wechat.corp.says(self.customer, self.wechat.kf, text, menu_id=menu_id)
        await self.hears_more(before)

    async def chooses(self, number: int, *, by_typing: bool) -> None:
        menu = next(bubble.more["menu"] for bubble in reversed(self.shown()) if bubble.more.get("menu"))
        click = menu["list"][number - 1]["click"]
        await (self.says(str(number)) if by_typing else self.says(click["content"], click["id"]))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    wechat = Simulator()
    await wechat.start()
    system = System(
        tmp_path_factory.mktemp("wecom"),
        wecom_corp_id=constants.CORP_ID,
        wecom_kf_secret=constants.KF_SECRET,
        wecom_token=constants.KF_TOKEN,
        wecom_aes_keys=",".join(constants.KF_AES_KEYS),
        wecom_robot_keys=constants.ROBOT_KEY,
        wecom_api_url=wechat.url,
    )
    try:
        await asyncio.to_thread(system.start)
        assert await wechat.corp.postman.accepts(f"{system.url}{PATH}")
        wechat.corp.postman.address.url = f"{system.url}{PATH}"
        yield wechat
    finally:
        await asyncio.to_thread(system.end)
        await wechat.stop()
    assert not wechat.complaints
    printed = "".join(path.read_text() for path in system.logs.glob("*.log"))
    for secret in (constants.KF_SECRET, constants.KF_TOKEN, constants.ROBOT_KEY, *wechat.corp.customers):
        assert secret not in printed


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)
async def test_from_the_first_word_to_the_department(running, phrases, words):
    story = Story(running, words, phrases)
    notices = len(running.robot.notices)
    running.corp.enters(story.customer, running.kf)
    await story.says(words.hello)
    await story.chooses(1, by_typing=False)
    await story.says(words.ear)
    for turn in range(MOST_QUESTIONS):
        if words.ear_department in story.all_words():
            break
        await story.chooses(1, by_typing=turn % 2 == 0)
    assert words.ear_department in story.all_words()
    await story.says(words.question)
    assert words.answer in story.all_words()
    await story.says(words.alarm)
    assert "120" in "\n".join(plain(bubble.text) for bubble in story.shown()[-3:])
    until = time.monotonic() + WITHIN_S
    while len(running.robot.notices) == notices:
        assert time.monotonic() < until, "the staff's group was not told"
        await asyncio.sleep(0.05)
    assert words.alarm not in running.robot.notices[-1].text


@pytest.mark.asyncio(loop_scope="module")
async def test_every_callback_was_answered_at_once(running, phrases):
    answered = running.corp.postman.counts.ack_s
    assert answered and max(answered) < 1.0, max(answered)
    assert running.corp.postman.counts.settled.get("outage", 0) == 0
