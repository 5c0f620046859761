"""What the gateway talks to while it is measured, a process of its own: a Telegram that takes everything, and an assistant."""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

from aiohttp import web

from bot.messages import Answer, Reply, to_json

ME = {"id": 700000001, "is_bot": True, "first_name": "Guide", "username": "daozhen_bench_bot"}
_numbers = itertools.count(1)


def application() -> web.Application:
    """Return both as one application."""
    app = web.Application()
    app.router.add_post("/webhooks/daozhen/turns", _turn)
    app.router.add_get("/webhooks/daozhen/ready", _ready)
    app.router.add_route("*", "/bot{token}/{method}", _call)
    return app


async def _turn(request: web.Request) -> web.Response:
    turn = await request.json()
    return web.json_response(to_json(Answer((Reply(f"({turn['text']})"),))))


async def _ready(_: web.Request) -> web.Response:
    return web.json_response({})


async def _call(request: web.Request) -> web.Response:
    result: Any = True
    method = request.match_info["method"]
    if method == "getMe":
        result = ME
    elif method == "getWebhookInfo":
        result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    elif method == "sendMessage":
        chat = {"id": int((await request.post())["chat_id"]), "type": "private"}  # type: ignore[arg-type]
        result = {"message_id": next(_numbers), "date": int(time.time()), "chat": chat, "text": "x"}
    return web.json_response({"ok": True, "result": result})


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
