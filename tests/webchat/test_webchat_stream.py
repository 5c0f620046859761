from __future__ import annotations

import asyncio
import json

import pytest

from bot.messages import Inbound
from connectors.webchat import conversation, stream
from connectors.webchat.watch import Watch


@pytest.fixture
async def running(services):
    await services.start()
    yield services
    await services.stop()


async def write(services, text: str, number: int) -> str:
    message = Inbound("webchat", f"m{number}", "someone", text, services.clock(), language="en")
    receipt = await services.inbox.receive(message)
    await services.lanes.idle()
    return receipt.conversation_id


def events(services, conversation_id: str, after: int = 0, *, current: bool = True):
    async def is_current() -> bool:
        return current

    watch = Watch(services.read, feed=services.feed)
    return stream._events(services, watch, stream.Listening(conversation_id, after, is_current))


async def test_the_stream_begins_with_what_was_missed(running):
    conversation_id = await write(running, "hello", 1)
    heard = events(running, conversation_id)

    first = await heard.__anext__()
    await heard.aclose()

    assert first.event == "message"
    assert json.loads(first.data)["kind"] == "consent"


async def test_the_stream_goes_on_with_what_comes(running):
    conversation_id = await write(running, "hello", 1)
    heard = events(running, conversation_id)
    first = json.loads((await heard.__anext__()).data)
    await write(running, "what?", 2)

    second = await heard.__anext__()
    await heard.aclose()

    assert json.loads(second.data)["number"] > first["number"]


async def test_the_stream_does_not_repeat_what_the_page_has(running, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.05)
    conversation_id = await write(running, "hello", 1)
    (known,) = (await conversation.messages_after(running, conversation_id, 0)).items
    heard = events(running, conversation_id, after=known.number)

    first = await heard.__anext__()
    await heard.aclose()

    assert first.event == "beat"


async def test_a_silent_line_beats(running, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.01)
    heard = events(running, "nobody")

    beats = [(await heard.__anext__()).event for _ in range(3)]
    await heard.aclose()

    assert beats == ["beat"] * 3


async def test_the_stream_of_an_erased_conversation_ends(running, monkeypatch):
    monkeypatch.setattr(stream, "BEAT_S", 0.01)

    assert [event async for event in events(running, "erased", current=False)] == []


async def test_typing_is_shown_as_the_feed_says(running):
    heard = events(running, "someone")
    waiting = asyncio.ensure_future(heard.__anext__())
    await let_run()
    running.feed.tell("someone", "typing_on")
    running.feed.tell("someone", "typing_off")

    on, off = await waiting, await heard.__anext__()
    await heard.aclose()

    assert [(one.event, one.data) for one in (on, off)] == [("typing", "true"), ("typing", "false")]


async def test_a_page_that_leaves_is_no_longer_told(running):
    heard = events(running, "someone")
    waiting = asyncio.ensure_future(heard.__anext__())
    await let_run()
    waiting.cancel()
    await let_run()

    assert not running.feed._queues


async def let_run() -> None:
    await asyncio.sleep(0.1)
