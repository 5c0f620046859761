"""A patient's whole story on Telegram in each language: the real processes, a simulated Telegram, by long polling."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from connectors.right_to_left import plain
from simulators.telegram.server import Simulator
from tests.system.five_languages import ALL, Words
from tests.system.real_system import System

pytestmark = pytest.mark.slow

APPS = {"zh-Hans": "zh-hans", "zh-Hant": "zh-hant", "en": "en", "de": "de", "ar": "ar"}
WITHIN_S = 45.0
MOST_QUESTIONS = 10


class Story:
    """One person in a private chat with the bot."""

    def __init__(self, telegram: Simulator, words: Words, phrases: Any) -> None:
        self.telegram, self.world, self.words, self.phrases = telegram, telegram.world, words, phrases
        self.person = self.world.person("P", APPS[words.language])
        self.chat = self.world.chats[self.person.id]

    def heard(self) -> list[dict[str, Any]]:
        return [message for message in self.chat.messages if message["from"]["id"] == self.world.bot["id"]]

    def all_words(self) -> str:
        return "\n".join(plain(message["text"]) for message in self.heard())

    async def hears_more(self, before: int) -> None:
        """Wait for another message and for what comes with it; each carries the disclaimer in the person's language."""
        until = time.monotonic() + WITHIN_S
        while len(self.heard()) <= before:
            assert time.monotonic() < until, f"nothing was said to {self.words.language}"
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)
        for message in self.heard():
            text = plain(message["text"])
            notes = [plain(self.phrases.get(f"disclaimer.{one}", self.words.language)) for one in ("short", "full")]
            assert text.endswith(tuple(notes)), text

    async def says(self, text: str) -> None:
        before = len(self.heard())
        self.world.says(self.person, text)
        await self.hears_more(before)

    async def presses(self, index: int) -> None:
        before = len(self.heard())
        asked = [message for message in self.heard() if "reply_markup" in message]
        assert asked, [message["text"] for message in self.chat.messages]
        message = asked[-1]
        key = message["reply_markup"]["inline_keyboard"][index][0]
        self.world.presses(self.person, self.chat, message["message_id"], key["callback_data"])
        await self.hears_more(before)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Simulator]:
    telegram = Simulator()
    await telegram.start()
    system = System(
        tmp_path_factory.mktemp("telegram"),
        telegram_token=telegram.token,
        telegram_mode="polling",
        telegram_api_url=telegram.url,
    )
    try:
        await asyncio.to_thread(system.start)
        yield telegram
    finally:
        await asyncio.to_thread(system.end)
        await telegram.stop()
    assert not telegram.violations
    printed = "".join(path.read_text() for path in system.logs.glob("*.log"))
    assert telegram.token not in printed and telegram.token.partition(":")[2] not in printed


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)
async def test_from_start_to_the_department(running, phrases, words):
    story = Story(running, words, phrases)
    await story.says("/start")
    await story.presses(0)
    await story.says(words.ear)
    for _ in range(MOST_QUESTIONS):
        if words.ear_department in story.all_words():
            break
        await story.presses(0)
    assert words.ear_department in story.all_words()
    await story.says(words.question)
    assert words.answer in story.all_words()
    await story.says(words.alarm)
    emergency = next(message for message in reversed(story.heard()) if message.get("entities", [{}])[0].get("type") == "bold")
    assert "120" in plain(emergency["text"])  # of the home hospital: where a patient on Telegram is, nobody knows
    assert running.limits.throttled == 0
