"""Another model takes over while the assistant talks: no turn is lost, none waits long, and one that does not load changes nothing."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bot.messages import Answer, Turn
from bot.nlu.following import Following
from bot.nlu.lock_store import AsyncioLockStore
from bot.nlu.serving import KEEP_MODELS, choose_newest, newest_model, serve, served
from tests.nlu.served import TOKEN, Actions, Assistant


@pytest.fixture
def folder(models, tmp_path):
    """A folder of models that serves the present one."""
    configure_structlog(logging.INFO)
    serve(newest_model(models), tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def agent(folder) -> Agent:
    return Agent.load(str(folder), action_endpoint=Actions(), lock_store=AsyncioLockStore())


@pytest.fixture
async def assistant(agent, database, monkeypatch) -> AsyncIterator[Assistant]:
    monkeypatch.setenv("DAOZHEN_ASSISTANT_TOKEN", TOKEN.decode())
    running = await Assistant(agent, database).start()
    yield running
    await running.stop()


def turn(conversation: str, text: str, number: int = 1) -> Turn:
    return Turn(conversation, str(number), text, "en", "CN", "webchat")


def another(folder, name: str = "another.tar.gz"):
    """A copy of the model under another name, to be served."""
    copy = folder.parent / name
    shutil.copy(newest_model(folder), copy)
    serve(copy, folder)
    return name


async def test_talks_go_on_while_another_model_takes_over(assistant, agent, folder):
    asked = [await assistant.hears(turn(f"c{number}", "my ear hurts")) for number in range(3)]
    assert all(isinstance(one, Answer) for one in asked)
    before, name = agent.processor, another(folder)

    swapping = asyncio.create_task(Following().look(agent, folder))
    meanwhile = [await assistant.hears(turn(f"c{number}", "hello", 2)) for number in range(3)]
    await swapping
    afterwards = [await assistant.hears(turn(f"c{number}", "where can I park?", 3)) for number in range(3)]

    assert agent.processor is not before and agent.processor.model_filename == name
    assert all(isinstance(one, Answer) and one.replies for one in [*meanwhile, *afterwards])
    assert await assistant.texts_kept("c1") == ["my ear hurts", "hello", "where can I park?"]


async def test_a_model_that_does_not_load_changes_nothing_and_is_told(agent, folder):
    before, following = agent.processor, Following()
    (folder.parent / "broken.tar.gz").write_bytes(b"no model")
    serve(folder.parent / "broken.tar.gz", folder)

    await following.look(agent, folder)
    await following.look(agent, folder)

    assert agent.processor is before and following.refused == "broken.tar.gz"


async def test_a_model_that_did_not_load_is_tried_again_when_it_is_chosen_again(agent, folder):
    """The memory was short for a moment: what was published in vain can be published later."""
    good, following = newest_model(folder), Following()
    kept = folder.parent / "later.tar.gz"
    kept.write_bytes(b"half a model")
    serve(kept, folder)
    await following.look(agent, folder)
    serve(good, folder)
    await following.look(agent, folder)
    assert following.refused == ""

    shutil.copy(good, kept)
    serve(kept, folder)
    await following.look(agent, folder)

    assert agent.processor.model_filename == "later.tar.gz"


async def test_the_model_that_answers_is_not_loaded_again(agent, folder):
    before = agent.processor

    await Following().look(agent, folder)

    assert agent.processor is before


async def test_nothing_is_taken_over_where_nobody_chose(agent, folder):
    before = agent.processor
    another(folder)
    choose_newest(folder)

    await Following().look(agent, folder)

    assert agent.processor is before and served(folder) == ""


async def test_slots_of_the_model_that_took_over_are_those_of_talks_under_way(assistant, agent):
    await assistant.hears(turn("c1", "my ear hurts"))
    assert assistant.store._live

    agent.tracker_store.domain = agent.domain

    assert not assistant.store._live


def test_a_model_whose_file_is_gone_is_not_served(folder):
    (folder / served(folder)).unlink()

    assert served(folder) == ""


def test_only_the_latest_models_are_kept_and_the_served_one_among_them(folder):
    names = [another(folder, f"{number}.tar.gz") for number in range(KEEP_MODELS + 2)]

    assert len(list(folder.glob("*.tar.gz"))) == KEEP_MODELS
    assert served(folder) == names[-1] == newest_model(folder).name


async def test_who_asks_is_told_which_model_answers(assistant, agent):
    told = (await assistant._http.get("/ready")).json()

    assert told == {"ready": True, "model": agent.processor.model_filename, "refused": ""}


async def test_looking_begins_with_the_server():
    begun: list[object] = []
    await Following().begin(SimpleNamespace(add_task=begun.append))

    assert len(begun) == 1
    begun[0].close()
