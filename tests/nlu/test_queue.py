"""Turns wait for each other, and what waits is read together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from bot.knowledge.encoder import Remembering, best_encoder
from bot.knowledge.latest import Latest
from bot.nlu.ahead import ReadsAhead, Waiting, read_ahead
from bot.nlu.queue import Queue
from bot.nlu.readers import current_index


class Counting:
    """An encoder that keeps what it was asked together."""

    name, dimension = "counting", 2

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return a vector of each text's length."""
        self.asked.append(tuple(texts))
        return np.array([[len(text), 1.0] for text in texts], np.float32)


async def _turns(queue: Queue, texts: Sequence[str], together: list[list[str]] | None = None) -> int:
    most = running = 0

    def read(waiting: Sequence[Waiting]) -> None:
        if together is not None:
            together.append([one.text for one in waiting])

    async def turn(text: str) -> None:
        nonlocal most, running
        async with queue.place(Waiting(text, "en"), read):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(turn(text) for text in texts))
    return most


async def test_what_waits_is_read_together_and_nothing_twice():
    together: list[list[str]] = []
    await _turns(Queue(), [f"question {number}" for number in range(16)], together)
    assert sorted(text for texts in together for text in texts) == sorted(f"question {number}" for number in range(16))
    assert len(together) <= 3  # the first two find a free place at once


async def test_one_who_comes_alone_does_not_wait():
    together: list[list[str]] = []
    await _turns(Queue(), ["hello"], together)
    assert together == [["hello"]]


async def test_no_more_turns_run_than_there_are_places():
    assert await _turns(Queue(at_once=3), [str(number) for number in range(9)]) == 3


async def test_a_button_and_a_text_without_words_are_not_read_ahead():
    together: list[list[str]] = []
    await _turns(Queue(), ["", "🙂", "?!"], together)
    assert together == []


async def test_a_turn_that_fails_gives_its_place_back():
    queue = Queue(at_once=1)
    with pytest.raises(RuntimeError):
        async with queue.place(Waiting("one", "en"), lambda waiting: None):
            raise RuntimeError
    await asyncio.wait_for(_turns(queue, ["two"]), 1)


def test_vectors_computed_together_are_those_computed_alone():
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


def test_several_encoded_together_use_what_is_kept_and_keep_nothing():
    counting = Counting()
    kept = Remembering(counting)
    kept.prepare(["a", "bb"])
    assert kept.encode(["bb", "ccc", "a", "ccc"]).tolist() == [[2, 1], [3, 1], [1, 1], [3, 1]]
    assert counting.asked == [("a", "bb"), ("ccc",)]
    assert not kept.has("ccc")


WORDS = (
    Waiting("where can I park?", "en"), Waiting("mir tut das Ohr weh", "de"), Waiting("我想挂号", "zh-Hans"), Waiting("謝謝", "zh-Hant"),
    Waiting("صدري يؤلمني جدا", "ar"), Waiting("ok", "en"),
)  # fmt: skip


@pytest.fixture
def processor(understanding):
    """The processor of the model, whose readers have read nothing yet."""
    processor = understanding._agent.processor
    forget(processor)
    return processor


def kept_by(processor) -> list[Latest]:
    own = [kept for reader in readers(processor) for kept in vars(reader).values() if isinstance(kept, Latest)]
    return [*own, current_index()._known_fits]


def forget(processor) -> None:
    for kept in kept_by(processor):
        kept._latest.clear()


def readers(processor) -> list[ReadsAhead]:
    components = [node._component for node in processor.graph_runner._instantiated_nodes.values()]
    return [component for component in components if isinstance(component, ReadsAhead)]


def read_by_all(understanding) -> list[dict]:
    return [understanding.understand_line({"id": one.text, "text": one.text, "lang": one.language}) for one in WORDS]


def test_messages_that_were_read_together_are_read_as_they_are_alone(understanding, processor):
    read_ahead(processor, WORDS)
    together = read_by_all(understanding)
    for one, expected in zip(WORDS, together, strict=True):
        forget(processor)
        found = understanding.understand_line({"id": one.text, "text": one.text, "lang": one.language})
        assert found["intent"] == expected["intent"]
        assert found["confidence"] == pytest.approx(expected["confidence"], abs=1e-3)


def test_nothing_is_computed_in_a_turn_that_was_read_ahead(understanding, processor, monkeypatch):
    read_ahead(processor, WORDS)
    monkeypatch.setattr(Latest, "prepare", only_known(Latest.prepare))
    read_by_all(understanding)


def only_known(prepare):
    def checked(self, asked):
        assert all(self.known(one) is not None for one in asked), asked
        prepare(self, asked)

    return checked


def test_one_alone_is_not_read_ahead(processor):
    read_ahead(processor, WORDS[:1])
    assert not any(kept._latest for kept in kept_by(processor))
