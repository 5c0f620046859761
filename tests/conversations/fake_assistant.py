"""An assistant that says what a test wrote down for it, and can be down, slow, or fail on one message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.inbox.assistant import AssistantUnavailable
from bot.messages import Answer, Effect, Reply, Turn


class FakeAssistant:
    """Answers by the first rule whose words stand in the message; else it repeats the message.

    Like the real one it runs a message once: a repeated attempt gets the same answer again.
    """

    def __init__(self) -> None:
        self.turns: list[Turn] = []  # every call, repeated attempts too
        self.ran: list[str] = []  # message ids of the turns that were run, in their order
        self._rules: list[tuple[str, Answer]] = []
        self._failing: list[str] = []
        self._said: dict[str, Answer] = {}
        self._up = asyncio.Event()
        self._up.set()
        self._let_go = asyncio.Event()
        self._let_go.set()

    def replies(self, words: str, *replies: Reply | str, effects: Sequence[Effect] = ()) -> None:
        """Answer messages (or pressed payloads) that contain `words` in this way from now on."""
        said = tuple(reply if isinstance(reply, Reply) else Reply(reply) for reply in replies)
        self._rules.insert(0, (words, Answer(said, tuple(effects))))

    def goes_down(self) -> None:
        """Refuse everything until `comes_back`."""
        self._up.clear()

    def comes_back(self) -> None:
        """Answer again."""
        self._up.set()

    def fails_on(self, words: str) -> None:
        """Fail on messages that contain `words`, and answer all others."""
        self._failing.append(words)

    def holds(self) -> None:
        """Think, until `lets_go`."""
        self._let_go.clear()

    def lets_go(self) -> None:
        """Finish thinking."""
        self._let_go.set()

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn."""
        self.turns.append(turn)
        if not self._up.is_set():
            raise AssistantUnavailable("down")
        await self._let_go.wait()
        if any(words in turn.text for words in self._failing):
            raise AssistantUnavailable("failed")
        if turn.attempt == 1 or turn.message_id not in self._said:
            self.ran.append(turn.message_id)
            self._said[turn.message_id] = self._answer_to(turn)
        return self._said[turn.message_id]

    async def ready(self) -> bool:
        """Whether it is up."""
        return self._up.is_set()

    def _answer_to(self, turn: Turn) -> Answer:
        for words, answer in self._rules:
            if words in turn.text or (turn.payload and words in turn.payload):
                return answer
        return Answer((Reply(f"({turn.text})"),))
