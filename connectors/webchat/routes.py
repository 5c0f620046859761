"""The routes of the web chat: landing page, chat page, its files and its calls."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route

from bot.bootstrap import Services
from bot.web.files import OwnFiles
from connectors.webchat.api import Api
from connectors.webchat.pages import FOLDER, Pages


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
        Route("/chat/api/pictures/{number:int}.svg", api.picture),
        Route("/chat/api/readings.pdf", api.readings_pdf),
        Route("/chat/api/readings.csv", api.readings_csv),
        Route("/chat/api/stream", api.listen),
        Route("/chat/api/texts", api.page_texts),
        Mount("/static/webchat", OwnFiles(directory=FOLDER / "static"), name="webchat"),
    ]
