"""The routes of the web chat: landing page, chat page, its files and its calls."""

from __future__ import annotations

import os

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.bootstrap import Services
from connectors.webchat.api import Api
from connectors.webchat.pages import FOLDER, Pages


class OwnFiles(StaticFiles):
    """Our scripts and styles. The browser asks each time whether they changed: a page never runs half of an update."""

    def file_response(self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200) -> Response:  # fmt: skip
        """Return the file, or 304 when the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


def routes(services: Services) -> list[BaseRoute]:
    """Return the web chat's routes over the services of one gateway."""
    pages, api = Pages(services), Api(services)
    return [
        Route("/", pages.landing),
        Route("/chat", pages.chat),
        Route("/chat/api/session", api.open_session, methods=["POST"]),
        Route("/chat/api/session", api.forget_session, methods=["DELETE"]),
        Route("/chat/api/messages", api.send, methods=["POST"]),
        Route("/chat/api/messages", api.catch_up),
        Route("/chat/api/stream", api.listen),
        Route("/chat/api/texts", api.page_texts),
        Mount("/static/webchat", OwnFiles(directory=FOLDER / "static"), name="webchat"),
    ]
