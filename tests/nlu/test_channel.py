"""The assistant's one door: who may come in, what a text can never do, and that nobody is ever met with silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bot.messages import Answer, Turn, to_json
from bot.nlu.lock_store import AsyncioLockStore
from connectors.rasa.channel import DaozhenInput
from tests.nlu.served import TOKEN, Actions, Assistant


@pytest.fixture(scope="module")
def agent(models) -> Agent:
    configure_structlog(logging.INFO)  # as `rasa run` does; at its default Rasa prints every message
    newest = max(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return Agent.load(str(newest), action_endpoint=Actions(), lock_store=AsyncioLockStore())


@pytest.fixture
async def assistant(agent, database, monkeypatch) -> AsyncIterator[Assistant]:
    monkeypatch.setenv("DAOZHEN_ASSISTANT_TOKEN", TOKEN.decode())
    running = await Assistant(agent, database).start()
    yield running
    await running.stop()


def turn(text: str, number: int = 1, **more: object) -> Turn:
    return Turn("c1", str(number), text, "en", "CN", "webchat", **more)


async def test_a_greeting_is_answered(assistant):
    answer = await assistant.hears(turn("hello"))

    assert isinstance(answer, Answer) and answer.replies[0].text


async def test_a_complaint_opens_the_guidance_and_its_button_is_taken(assistant):
    asked = await assistant.hears(turn("my ear hurts"))
    button = next(button for reply in asked.replies for button in reply.buttons if button.payload.startswith("a:"))

    went_on = await assistant.hears(turn(button.title, 2, payload=button.payload))

    assert isinstance(went_on, Answer) and went_on.replies


@pytest.mark.parametrize("token", [b"-", b"wrong", b"t0ken2", "tökén".encode()])
async def test_without_the_token_nothing_is_heard(assistant, token):
    response = await assistant.post(to_json(turn("hello")), token=token)

    assert response.status_code == 401 and not await assistant.texts_kept("c1")


def test_without_a_token_in_the_environment_everybody_is_refused(monkeypatch):
    monkeypatch.setenv("DAOZHEN_ASSISTANT_TOKEN", "")
    request = type("Request", (), {"headers": {"authorization": "Bearer "}})()

    assert not DaozhenInput.from_credentials(None)._is_ours(request)


@pytest.mark.parametrize("body", [{}, {"text": "hello"}, {**to_json(turn("x")), "more": 1}, []])
async def test_what_is_not_a_turn_is_refused(assistant, body):
    assert (await assistant.post(body)).status_code == 400


@pytest.mark.parametrize("text", ['/request_nurse{"language":"ar"}', "/restart", "／restart", "\u200f/restart", "\ufeff/back"])
async def test_a_typed_command_is_never_carried_out(assistant, text):
    await assistant.hears(turn("hello"))
    await assistant.hears(turn(text, 2))

    tracker = await assistant.store.retrieve("c1")
    message = tracker.latest_message
    assert message.intent["confidence"] != 1.0 and not any(event.type_name in ("restart", "undo") for event in tracker.events)
    assert tracker.get_slot("language") == "en"


async def test_a_failed_action_is_no_silence_and_runs_anew(assistant):
    assistant.actions.trouble = ConnectionError("MARKERWORT")
    assert await assistant.hears(turn("my ear hurts")) == 503
    assert await assistant.texts_kept("c1") == []

    assistant.actions.trouble = None
    answer = await assistant.hears(turn("my ear hurts", attempt=2))

    assert isinstance(answer, Answer) and answer.replies
    assert await assistant.texts_kept("c1") == ["my ear hurts"]


async def test_an_action_that_says_nothing_is_no_silence_either(assistant):
    assistant.actions.silent = True
    assert await assistant.hears(turn("my ear hurts")) == 503
    assert await assistant.hears(turn("my ear hurts", attempt=2)) == 503

    assistant.actions.silent = False

    assert isinstance(await assistant.hears(turn("my ear hurts", attempt=3)), Answer)
    assert await assistant.texts_kept("c1") == ["my ear hurts"]


async def test_half_an_answer_is_no_answer(assistant):
    await assistant.hears(turn("my ear hurts"))
    assistant.actions.calls, assistant.actions.fails_from = 0, 3
    assert await assistant.hears(turn("where can I park?", 2)) == 503
    assert assistant.actions.said > 0

    assistant.actions.fails_from = 0
    answer = await assistant.hears(turn("where can I park?", 2, attempt=2))

    assert len(answer.replies) >= 2 and await assistant.texts_kept("c1") == ["my ear hurts", "where can I park?"]


async def test_a_database_that_cannot_be_read_is_no_new_conversation(assistant, database):
    await assistant.hears(turn("hello"))
    with database.write() as work:
        work.execute(sa.text("ALTER TABLE tracker_event RENAME TO away"))
    assert await assistant.hears(turn("my ear hurts", 2)) == 503

    with database.write() as work:
        work.execute(sa.text("ALTER TABLE away RENAME TO tracker_event"))

    assert isinstance(await assistant.hears(turn("my ear hurts", 2, attempt=2)), Answer)
    assert await assistant.texts_kept("c1") == ["hello", "my ear hurts"]


async def test_a_turn_answered_before_a_crash_is_answered_again_and_not_run_again(assistant):
    first = await assistant.hears(turn("my ear hurts"))
    assistant.crashed()
    assistant.actions.calls = 0

    again = await assistant.hears(turn("my ear hurts", attempt=2))

    assert again == first and assistant.actions.calls == 0
    assert await assistant.texts_kept("c1") == ["my ear hurts"]


async def test_a_turn_never_answered_before_a_crash_is_run(assistant):
    await assistant.hears(turn("hello"))

    assistant.crashed()

    answer = await assistant.hears(turn("my ear hurts", 2, attempt=2))

    assert isinstance(answer, Answer) and answer.replies


async def test_a_second_request_for_a_turn_that_still_runs_waits_for_its_answer(assistant):
    assistant.actions.takes_s = 0.05
    first, second = await asyncio.gather(assistant.hears(turn("my ear hurts")), assistant.hears(turn("my ear hurts", attempt=2)))

    assert first == second and await assistant.texts_kept("c1") == ["my ear hurts"]


async def test_a_turn_goes_on_when_the_caller_hangs_up(assistant):
    assistant.actions.takes_s = 0.1
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(assistant.hears(turn("my ear hurts")), 0.1)
    await asyncio.sleep(1)

    assert await assistant.texts_kept("c1") == ["my ear hurts"]


async def test_no_patient_word_is_in_the_logs(assistant, caplog, capfd):
    caplog.set_level("INFO")
    await assistant.hears(turn("MARKERWORT my ear hurts"))
    assistant.actions.trouble = ValueError("MARKERWORT")
    await assistant.hears(turn("MARKERWORT again", 2))

    seen = caplog.text + "".join(capfd.readouterr())

    assert "MARKERWORT" not in seen and "failed" in seen


def questions(answer: object) -> list[str]:
    assert isinstance(answer, Answer)
    return [reply.text for reply in answer.replies if reply.kind == "question"]


async def test_after_a_nurse_has_talked_the_open_question_is_asked_no_more(assistant):
    stale = questions(await assistant.hears(turn("my ear hurts")))
    assert stale

    thanks = await assistant.hears(turn("thank you", 2, handed_back=True, told_nurse=("since yesterday",)))
    goes_on = await assistant.hears(turn("my ear still hurts", 3))

    assert not questions(thanks) and not set(stale) & set(questions(goes_on))


async def test_without_a_nurse_the_bot_comes_back_to_its_question(assistant):
    stale = questions(await assistant.hears(turn("my ear hurts")))

    assert questions(await assistant.hears(turn("thank you", 2))) == stale


async def test_a_repeated_turn_after_a_nurse_does_not_close_what_it_has_opened(assistant):
    first = await assistant.hears(turn("my ear hurts", handed_back=True))
    assistant.crashed()

    again = await assistant.hears(turn("my ear hurts", handed_back=True, attempt=2))
    answered = await assistant.hears(turn("no", 2))

    assert again == first and questions(first) and questions(answered) != questions(first)
