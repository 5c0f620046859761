"""How Rasa calls the action server: noticed when it fails, one check of the answer, one kept connection.

Three methods of Rasa 3.6.21 are replaced when the input channel is loaded; each line says what it costs otherwise.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import jsonschema
import ujson
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.nlu.content import settings
from bot.nlu.turn import mark_failed

# What actions look back at (actions/turn.py): the latest messages, what was said to them, which actions ran. Slots are sent
# as they are now; with the events that set them, a call in the middle of a guidance grew to 100 KB.
EVENTS_SENT = ("user", "bot", "action", "active_loop")
MESSAGES_SENT = 4
# Our actions compute for some milliseconds. Less than the gateway waits, so that the failure is noticed here first.
CALL_TIMEOUT_S = 5.0
# Sanic hangs up on a quiet connection after 5 s; one that is used in that very moment fails.
KEEP_CONNECTION_S = 3.0

_validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())
_sessions: dict[int, aiohttp.ClientSession] = {}
_original_run = RemoteAction.run
_original_format = RemoteAction._action_call_format


def apply() -> None:
    """Replace the three methods. Doing it twice changes nothing."""
    RemoteAction.run = _run
    # 24 of 26 ms of an action call went into compiling the same JSON schema again.
    RemoteAction._validate_action_result = _validate
    RemoteAction._action_call_format = _format
    # A new connection for every call: 1 ms.
    EndpointConfig.session = _session


async def _run(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
    # endpoints.yml names the address that holds without settings, for plain `rasa shell`.
    if self.action_endpoint is not None:
        self.action_endpoint.url = f"{settings().actions_url}/webhook"
    # Rasa logs the failure of an action and says nothing to the patient.
    try:
        return await _original_run(self, *args, **kwargs)
    except Exception as error:
        if type(error).__name__ == "ActionExecutionRejection":
            raise
        mark_failed()
        # The text of the error may hold the tracker, that is the patient's words.
        raise RasaException(f"action {self.name()} failed: {type(error).__name__}") from None


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    if not _is_usual(result):
        _validator.validate(result)
    return True


def _is_usual(result: Any) -> bool:
    """Whether an answer is what our actions nearly always give: slots set, things said. Then the schema agrees.

    The general validator takes a tenth of a turn for it.
    """
    if not isinstance(result, dict) or not result.keys() <= {"events", "responses"}:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        isinstance(events, list) and isinstance(responses, list) and all(map(_sets_a_slot, events)) and all(map(_says, responses))
    )


def _sets_a_slot(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.keys() <= {"event", "name", "value", "timestamp"}
        and event.get("event") == SlotSet.type_name
        and isinstance(event.get("name"), str)
        and "value" in event
        and event.get("timestamp") is None
    )


def _says(response: Any) -> bool:
    return isinstance(response, dict)


def _format(self: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
    # The whole session travels with every call otherwise, and grows without end.
    call = dict(_original_format(self, _Tail(tracker), domain))
    if "domain" in call:
        # rasa_sdk's forms read no more of it; with intents and responses it is 25 KB.
        call["domain"] = {part: call["domain"].get(part, {}) for part in ("forms", "slots")}
    return call


class _Tail:
    """A tracker that tells only its latest events."""

    def __init__(self, tracker: Any) -> None:
        self._tracker = tracker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def current_state(self, _: EventVerbosity) -> dict[str, Any]:
        latest: list[dict[str, Any]] = []
        messages = 0
        for event in reversed(self._tracker.events):
            if event.type_name in EVENTS_SENT:
                latest.append(_without_effects(event.as_dict()))
                messages += event.type_name == "user"
            if messages == MESSAGES_SENT:
                break
        return {**self._tracker.current_state(EventVerbosity.NONE), "events": latest[::-1]}


def _without_effects(event: dict[str, Any]) -> dict[str, Any]:
    # Effects are for the gateway: the trace of a result alone is 10 KB.
    custom = (event.get("data") or {}).get("custom")
    if not custom:
        return event
    return {**event, "data": {**event["data"], "custom": {"reply": custom.get("reply")}}}


class _Kept:
    """`async with` around a session that stays open."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: Any) -> None:
        return None


def _session(self: EndpointConfig) -> Any:
    kept = _sessions.get(id(self))
    if kept is None or kept.closed:
        connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_CONNECTION_S)
        # The tracker's JSON is large: Sanic's encoder writes it in a third of the time.
        kept = aiohttp.ClientSession(
            connector=connector,
            headers=self.headers,
            timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_S),
            json_serialize=ujson.dumps,
        )
        _sessions[id(self)] = kept
    return _Kept(kept)
