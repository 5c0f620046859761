"""A patient's whole story on WeChat in each language: the real processes, a simulated WeChat, a verified and an unverified account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from connectors.right_to_left import plain
from simulators.wechat import constants
from simulators.wechat.postman import Push
from simulators.wechat.server import Simulator
from tests.system.five_languages import ALL, Words
from tests.system.real_system import System, until_all_is_said

pytestmark = pytest.mark.slow

WITHIN_S = 45.0
QUIET_S = 1.5
MOST_QUESTIONS = 10


class Story:
    """One follower."""

    def __init__(self, wechat: Simulator, system: System, words: Words, phrases: Any) -> None:
        self.wechat, self.system, self.words, self.phrases = wechat, system, words, phrases
        self.person = wechat.official.person(words.language, follows=False)

    def heard(self) -> list[str]:
        return [plain(text) for text in self.person.said()]

    async def after(self, push: Push) -> None:
        """Wait until the request was answered and nothing more comes; each text carries the disclaimer and fits."""
        await push.settled(WITHIN_S)
        assert push.verdict in ("shown", "silent"), push.reason
        await until_all_is_said(self.system, lambda: len(self.heard()), quiet_s=QUIET_S)
        notes = [plain(self.phrases.get(f"disclaimer.{one}", self.words.language)) for one in ("short", "full")]
        for raw, text in zip(self.person.said(), self.heard(), strict=True):
            assert len(raw.encode()) <= 2048 and (text.endswith(tuple(notes)) or self.is_welcome(text)), text

    def is_welcome(self, text: str) -> bool:
        """Whether it is the first text, which is in the language of the hospital: nobody knows theirs yet."""
        return text == self.heard()[0]

    async def says(self, text: str) -> None:
        await self.after(self.wechat.official.says(self.person, text))

    async def tells(self, part: str) -> None:
        """The part was said, maybe only after asking for what waits."""
        for _ in range(4):
            if any(part in text for text in self.heard()):
                return
            await self.says("1")
        raise AssertionError(f"{part!r} is not in:\n" + "\n---\n".join(self.heard()))


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["verified", "unverified"])
async def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Simulator, System]]:
    wechat = Simulator(verified=request.param == "verified")
    await wechat.start()
    system = System(
        tmp_path_factory.mktemp("wechat"),
        wechat_app_id=constants.APP_ID,
        wechat_secret=constants.SECRET,
        wechat_token=constants.TOKEN,
        wechat_aes_keys=",".join(constants.AES_KEYS),
        wechat_api_url=wechat.url,
    )
    try:
        await asyncio.to_thread(system.start)
        assert await wechat.official.postman.accepts(f"{system.url}/wechat/callback")
        yield wechat, system
    finally:
        await asyncio.to_thread(system.end)
        await wechat.stop()
    assert not wechat.complaints
    printed = "".join(path.read_text() for path in system.logs.glob("*.log"))
    secrets = (constants.SECRET, constants.TOKEN, *constants.AES_KEYS, *wechat.official.followers)
    assert not [secret for secret in secrets if secret in printed]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("words", ALL, ids=lambda words: words.language)
async def test_from_the_first_scan_to_the_department(running, phrases, words):
    wechat, system = running
    story = Story(wechat, system, words, phrases)
    await story.after(wechat.official.follows(story.person))
    await story.says(words.hello)
    await story.says("1")
    await story.says(words.ear)
    for _ in range(MOST_QUESTIONS):
        if words.ear_department in "\n".join(story.heard()):
            break
        await story.says("1")
    assert words.ear_department in "\n".join(story.heard()), story.heard()
    await story.says(words.question)
    await story.tells(words.answer)
    before = len(story.heard())
    push = wechat.official.says(story.person, words.alarm)
    await push.settled(WITHIN_S)
    assert len(push.tries) == 1 and push.tries[0].took_s < 1.0
    assert "120" in story.heard()[before]  # of the home hospital: where a follower is, nobody knows
    await story.after(push)
    assert all(one.took_s < 5.0 for push in wechat.official.postman.pushes for one in push.tries)
