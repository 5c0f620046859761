"""Sentences are tried in processes that start when somebody asks, follow what is live, and end when nobody asks any more."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import ClassVar

import pytest

from bot.nlu.serving import serve
from bot.release import trials
from bot.release.hearing import HearingFailed
from bot.release.problems import ReleaseProblem
from bot.release.trials import LIVE, Trials
from tests.release.installation import installation


class Process:
    """Takes the place of a process with a model."""

    started: ClassVar[list[Process]] = []

    def __init__(self, settings, *, model, content, models) -> None:
        self.model, self.loaded, self.closed, self.broken = model.name, threading.Event(), False, False
        Process.started.append(self)

    def wait_until_ready(self) -> None:
        self.loaded.wait(10)
        if self.broken:
            raise HearingFailed("it said no")

    def try_out(self, text: str, language: str) -> dict[str, str]:
        return {"text": text, "model": self.model}

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def here(tmp_path, database, monkeypatch):
    Process.started = []
    monkeypatch.setattr(trials, "Hearing", Process)
    return installation(tmp_path, database)


@pytest.fixture
async def tried(here):
    running = Trials(here.settings)
    yield running
    for one in Process.started:
        one.loaded.set()
    running.close()


async def answered(tried: Trials, name: str = LIVE, text: str = "hello") -> dict[str, str]:
    for process in Process.started:
        process.loaded.set()
    while (seen := await tried.try_out(name, text, "en")) is None:
        Process.started[-1].loaded.set()
        await asyncio.sleep(0)
    return seen


async def test_while_it_loads_nothing_is_seen_and_then_the_sentence(tried):
    assert await tried.try_out(LIVE, "hello", "en") is None

    assert await answered(tried) == {"text": "hello", "model": "first.tar.gz"}
    assert await answered(tried, text="bye") and len(Process.started) == 1


async def test_a_candidate_is_tried_beside_what_is_live(tried, here):
    name = here.ready({})

    assert (await answered(tried, name))["model"] == f"{name}.tar.gz" and (await answered(tried))["model"] == "first.tar.gz"


async def test_when_another_model_is_live_that_one_is_tried(tried, here, tmp_path):
    await answered(tried)
    (tmp_path / "second.tar.gz").write_text("another")
    serve(tmp_path / "second.tar.gz", here.settings.models_dir)

    assert (await answered(tried))["model"] == "second.tar.gz" and Process.started[0].closed


async def test_one_that_does_not_load_says_so_and_the_next_try_begins_anew(tried):
    await tried.try_out(LIVE, "hello", "en")
    Process.started[0].broken = True
    with pytest.raises(HearingFailed):
        await answered(tried)

    assert Process.started[0].closed and await answered(tried)


async def test_what_nobody_asks_for_a_while_ends_and_what_was_just_asked_does_not(tried):
    await answered(tried)

    tried.end_idle(time.monotonic())
    assert not Process.started[0].closed

    tried.end_idle(time.monotonic() + trials.IDLE_S + 1)
    assert Process.started[0].closed


async def test_what_is_not_there_cannot_be_tried(tried, here):
    with pytest.raises(ReleaseProblem):
        await tried.try_out("2020-01-01-1", "hello", "en")
    for model in here.settings.models_dir.glob("*.tar.gz"):
        model.unlink()
    with pytest.raises(ReleaseProblem, match="no model"):
        await tried.try_out(LIVE, "hello", "en")
