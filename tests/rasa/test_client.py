"""Whatever keeps an answer away is one error without patient words; an answer comes through whole."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.inbox.assistant import AssistantUnavailable
from bot.messages import Answer, Button, Effect, Reply, Turn, to_json
from connectors.rasa.client import RasaAssistant
from tests.rasa.conftest import answers

TURN = Turn("c1", "7", "MARKERWORT tut weh", "de", "DE", "webchat")


async def test_an_answer_comes_through_whole(assistant_that):
    said = Answer(
        (Reply("Seit wann?", "question", (Button("heute", "a:onset:today"),)),), (Effect("assessment", {"level": "R"}),)
    )
    assistant = await assistant_that(answers(to_json(said)))

    assert await assistant.answer(TURN) == said


async def test_the_turn_is_sent_with_the_token(assistant_that):
    seen: list[tuple[str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append((request.headers["Authorization"], (await request.json())["text"]))
        return web.json_response({"replies": [], "effects": []})

    await (await assistant_that(handler)).answer(TURN)

    assert seen == [("Bearer t0ken", TURN.text)]


@pytest.mark.parametrize(
    "handler", [answers({}, 503), answers({}, 401), answers([1]), answers({"replies": [{"kind": "answer"}]})]
)
async def test_a_bad_answer_is_unavailable_and_quotes_nothing(assistant_that, handler):
    assistant = await assistant_that(handler)

    with pytest.raises(AssistantUnavailable) as unavailable:
        await assistant.answer(TURN)

    assert "MARKERWORT" not in repr(unavailable.value) and unavailable.value.__cause__ is None


async def test_a_slow_assistant_is_unavailable(assistant_that):
    async def handler(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(2)
        return web.json_response({})

    with pytest.raises(AssistantUnavailable):
        await (await assistant_that(handler)).answer(TURN)


async def test_no_assistant_at_all_is_unavailable_and_not_ready():
    assistant = RasaAssistant("http://127.0.0.1:9", token="t", timeout_s=0.5)

    with pytest.raises(AssistantUnavailable):
        await assistant.answer(TURN)
    assert not await assistant.ready()
    await assistant.close()


async def test_ready_is_what_the_assistant_says(assistant_that):
    assert await (await assistant_that(answers({"ready": True}))).ready()
    assert not await (await assistant_that(answers({"ready": False}, 503))).ready()
