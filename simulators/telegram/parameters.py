"""Reads the parameters of a call, in any of the ways the Bot API takes them, and refuses what the method does not know."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from typing import Any

import telegram
from aiohttp import web

from simulators.telegram.errors import bad_request

Parameters = dict[str, Any]

# Of the library's methods, not of the Bot API's.
_LIBRARY = frozenset({"self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs"}) | {
    *("allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview")
}
_NUMBERS = frozenset(
    {"chat_id", "from_chat_id", "user_id", "message_id", "message_thread_id", "offset", "limit", "timeout", "max_connections"}
)


@cache
def known_parameters(method: str) -> frozenset[str] | None:
    """Return the parameters of a method of the Bot API, or None when there is no such method.

    Taken from python-telegram-bot, so from somebody else's reading of Telegram's documentation.
    """
    function = getattr(telegram.Bot, re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found[1].lower(), method), None)
    if not inspect.isfunction(function) or method.startswith("_"):
        return None
    return frozenset(inspect.signature(function).parameters) - _LIBRARY


async def read_parameters(request: web.Request) -> Parameters:
    """Return what the query, a form or a JSON body says. In forms objects are JSON in a string, and files are bytes."""
    values: Parameters = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise bad_request("can't parse request JSON object")
        values |= body
    elif request.can_read_body:
        form = await request.post()
        values |= {name: value.file.read() if isinstance(value, web.FileField) else str(value) for name, value in form.items()}
    return {name: _plain(name, value) for name, value in values.items()}


def _plain(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value  # a text that begins like that
    if name in _NUMBERS and re.fullmatch(r"-?\d{1,20}", value):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if name not in ("text", "caption") else value
