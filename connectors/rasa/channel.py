"""Rasa's side of the line to the gateway: one route, one token, turns in and answers out."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.messages import Answer, Button, Effect, Reply, Turn, effect_from_json, reply_from_json, to_json, turn_from_json
from bot.nlu import remote_actions, speed
from bot.nlu.ahead import Waiting, read_ahead
from bot.nlu.following import Following
from bot.nlu.handed_back import hand_back
from bot.nlu.harmless import harmless
from bot.nlu.lock_store import AsyncioLockStore
from bot.nlu.queue import Queue
from bot.nlu.turn import TurnState, current_turn, mark_said

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class Collected(OutputChannel):
    """Collects what the bot says in one turn."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.effects: list[Effect] = []

    @classmethod
    def name(cls) -> str:
        """The name that responses may refer to."""
        return "daozhen"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one bot message: a custom payload of our actions, or a response of the domain."""
        self.add(message.get("text"), message.get("buttons"), message.get("custom"))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Take a plain text."""
        self.add(text, None, None)

    def add(self, text: str | None, buttons: Iterable[dict[str, Any]] | None, custom: dict[str, Any] | None) -> None:
        """Read one message into replies and effects."""
        if custom:
            if custom.get("reply"):
                self.replies.append(reply_from_json(custom["reply"]))
            self.effects += [effect_from_json(effect) for effect in custom.get("effects", ())]
        if text:
            quick = tuple(Button(button["title"], button["payload"]) for button in buttons or ())
            self.replies.append(Reply(text, buttons=quick))
        if self.replies or self.effects:
            mark_said()

    def answer(self) -> Answer:
        """Return all of it."""
        return Answer(tuple(self.replies), tuple(self.effects))


class DaozhenInput(InputChannel):
    """The only door of the assistant."""

    def __init__(self, token: str) -> None:
        self._token = token
        # The gateway gives up after some seconds and asks again while the first run may still be working.
        self._conversations = AsyncioLockStore()
        self._queue = Queue()
        self._following = Following()

    @classmethod
    def name(cls) -> str:
        """The name in the route: /webhooks/daozhen."""
        return "daozhen"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DaozhenInput:
        """Return the channel; its token comes from the environment. Without one every turn is refused."""
        remote_actions.apply()
        speed.apply()
        return cls(os.environ.get("DAOZHEN_ASSISTANT_TOKEN", ""))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("daozhen_webhook", __name__)

        routes.listener("after_server_start")(end_without_model)
        routes.listener("after_server_start")(self._following.begin)

        @routes.route("/ready", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            agent = _agent(request)
            loaded = agent is not None and agent.is_ready()
            state = {
                "ready": loaded,
                "model": agent.processor.model_filename if loaded else "",
                "refused": self._following.refused,
            }
            return json_response(state, status=200 if loaded else 503)

        @routes.route("/turns", methods=["POST"])
        async def turns(request: Request) -> HTTPResponse:
            if not self._is_ours(request):
                return json_response({"error": "the token is missing or wrong"}, status=401)
            agent = _agent(request)
            if agent is None or not agent.is_ready():
                return json_response({"error": "no model is loaded yet"}, status=503)
            try:
                turn = turn_from_json(request.json)
            except TypeError:
                return json_response({"error": "this is not a turn"}, status=400)
            # Shielded: Sanic cancels a handler when the caller hangs up, which would leave half a turn behind.
            answer = await asyncio.shield(self._one_at_a_time(turn, agent, on_new_message))
            if answer is None:
                return json_response({"error": "the turn failed; send it again"}, status=503)
            return json_response(to_json(answer))

        return routes

    async def _one_at_a_time(self, turn: Turn, agent: Any, on_new_message: OnNewMessage) -> Answer | None:
        # A button has no words; whatever the reader gets is what Rasa will give it: without spaces around.
        words = Waiting("" if turn.payload else harmless(turn.text).strip(), turn.language)
        together = partial(read_ahead, agent.processor)
        async with self._conversations.lock(turn.conversation_id), self._queue.place(words, together):
            return await _take(turn, agent, on_new_message)

    def _is_ours(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        return bool(self._token) and hmac.compare_digest(given, self._token.encode())


async def end_without_model(app: Sanic, _: Any = None) -> None:
    """End the process when no model could be loaded: Rasa would go on without one for ever, and nobody would notice."""
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        logger.error("no model could be loaded, the reason stands above: ending, to be started again")
        app.stop()  # type: ignore[no-untyped-call]


async def _take(turn: Turn, agent: Any, on_new_message: OnNewMessage) -> Answer | None:
    state = TurnState()
    token = current_turn.set(state)
    try:
        if turn.attempt > 1:
            said = await said_before(agent, turn)
            if said is not None or state.failed:
                return None if state.failed else said
        if turn.handed_back:
            await hand_back(agent, turn)
        out = Collected()
        await on_new_message(user_message(turn, out))
        # Rasa answers a failed action, a failed store and a failed prediction with silence.
        return out.answer() if state.said and not state.failed else None
    except Exception as error:
        # The text of the error may quote the patient.
        logger.error("turn failed: %s", type(error).__name__)
        return None
    finally:
        current_turn.reset(token)


async def said_before(agent: Any, turn: Turn) -> Answer | None:
    """Return what was answered to this very message when the gateway died before it could store it, else None."""
    tracker = await agent.tracker_store.retrieve(turn.conversation_id)
    events = [] if tracker is None else list(tracker.events)
    ours = [index for index, event in enumerate(events) if isinstance(event, UserUttered) and event.message_id == turn.message_id]
    if not ours:
        return None
    out = Collected()
    for event in events[ours[-1] + 1 :]:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            out.add(event.text, event.data.get("buttons"), event.data.get("custom"))
    return out.answer() if out.replies or out.effects else None


def user_message(turn: Turn, out: OutputChannel) -> UserMessage:
    """Return the message for Rasa: no text can be a command, and a button is an intent of its own."""
    metadata = {
        "language": turn.language,
        "region": turn.region,
        "channel": turn.channel,
        "payload": turn.payload,
        "level_floor": turn.level_floor,
    }
    text = harmless(turn.text)
    parse_data = None
    if turn.payload:
        language = {"entity": "language", "value": turn.language, "start": 0, "end": 0}
        parse_data = {
            "text": text,
            "intent": {"name": "press_button", "confidence": 1.0},
            "entities": [language],
            "intent_ranking": [],
        }
    return UserMessage(
        text,
        out,
        turn.conversation_id,
        parse_data=parse_data,
        input_channel="daozhen",
        message_id=turn.message_id,
        metadata=metadata,
    )


def _agent(request: Request) -> Any:
    return getattr(request.app.ctx, "agent", None)
