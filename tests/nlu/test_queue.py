"""Turns wait for each other, and what waits is encoded together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

import bot.nlu.queue as queues
from bot.knowledge.encoder import Remembering
from bot.nlu.queue import Queue


class Counting:
    """An encoder that keeps what it was asked together."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return a vector of each text's length."""
        self.asked.append(tuple(texts))
        return np.array([[len(text), 1.0] for text in texts], np.float32)


@pytest.fixture
def encoder(monkeypatch) -> Counting:
    """Put the counting encoder in the place of the real one."""
    counting = Counting()
    kept = Remembering(counting)
    monkeypatch.setattr(queues, "best_encoder", lambda: kept)
    return counting


async def _turns(queue: Queue, texts: Sequence[str]) -> int:
    most = running = 0

    async def turn(text: str) -> None:
        nonlocal most, running
        async with queue.place(text):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(turn(text) for text in texts))
    return most


async def test_what_waits_is_encoded_together_and_nothing_twice(encoder):
    await _turns(Queue(), [f"question {number}" for number in range(16)])
    assert sorted(text for texts in encoder.asked for text in texts) == sorted(f"question {number}" for number in range(16))
    assert len(encoder.asked) <= 3  # the first two find a free place at once


async def test_one_who_comes_alone_does_not_wait(encoder):
    await _turns(Queue(), ["hello"])
    assert encoder.asked == [("hello",)]


async def test_no_more_turns_run_than_there_are_places(encoder):
    assert await _turns(Queue(at_once=3), [str(number) for number in range(9)]) == 3


async def test_a_button_and_a_text_without_words_are_not_encoded(encoder):
    await _turns(Queue(), ["", "🙂", "?!"])
    assert encoder.asked == []


async def test_a_turn_that_fails_gives_its_place_back(encoder):
    queue = Queue(at_once=1)
    with pytest.raises(RuntimeError):
        async with queue.place("one"):
            raise RuntimeError
    await asyncio.wait_for(_turns(queue, ["two"]), 1)


def test_vectors_computed_together_are_those_computed_alone():
    from bot.knowledge.encoder import best_encoder

    together, texts = best_encoder(), ["where can I park?", "我耳朵疼", "Wo ist die Notaufnahme?"]
    together.prepare(texts)
    for text in texts:
        assert together.has(text)
        assert np.allclose(together.encode([text]), together.encode([text, text])[:1], atol=1e-5)


def test_what_is_encoded_ahead_is_kept_until_its_turn():
    kept = Remembering(Counting(), keep=4)
    kept.prepare(["a", "bb", "ccc", "dddd"])
    kept.prepare(["eeeee"])
    assert not kept.has("a")
    assert kept.has("bb")
    assert kept.has("eeeee")
