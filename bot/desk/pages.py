"""The pages of the desk, with what their scripts need to speak the nurse's language. Nothing of patients is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.content.load import Content
from bot.desk.content_store import ContentStore
from bot.handoff import closing, replies
from bot.languages import LANGUAGES, OWN_NAMES, Language, is_right_to_left
from bot.web.frame import Frame
from bot.web.guard import signed_in

FOLDER = Path(__file__).parent
PACK, SUMMARY = "desk.", "summary."


class Pages:
    """Renders the pages in the frame of the staff's pages."""

    def __init__(self, store: ContentStore, frame: Frame) -> None:
        self._store, self._frame = store, frame

    async def desk(self, request: Request) -> Response:
        """Return the desk: queue, conversation, card."""
        return await self._page(request, "desk.html")

    async def handover(self, request: Request) -> Response:
        """Return the page with which a shift begins."""
        return await self._page(request, "handover.html")

    async def ward(self, request: Request) -> Response:
        """Return the page that says who of those in a plan is due, has answered, worries, is silent."""
        return await self._page(request, "ward.html")

    async def scheduler(self, request: Request) -> Response:
        """Return the page that says what is sent next, and what failed."""
        return await self._page(request, "scheduler.html")

    async def _page(self, request: Request, template: str) -> Response:
        session = await signed_in(request)
        data = page_data(self._store.content.current(), session.staff.language)
        return self._frame.page(request, template, session=session, data=json.dumps(data, ensure_ascii=False))


def page_data(content: Content, language: Language) -> dict[str, Any]:
    """Return the texts and names that the scripts of a page need."""
    return {
        "api": "/desk/api",
        "language": language,
        "dir": "rtl" if is_right_to_left(language) else "ltr",
        "texts": _texts(content, language),
        "languages": {code: OWN_NAMES[code] for code in LANGUAGES},
        "teams": {team.id: team.names[language] for team in content.teams.by_id.values()},
        "departments": {one.id: one.names[language] for one in content.triage.departments.values()},
        "outcomes": list(closing.OUTCOMES),
        "limit": replies.LONGEST,
    }


def _texts(content: Content, language: Language) -> dict[str, str]:
    """Return the phrases of the desk, and those of summary and delivery: `problem_…`, `advice_…`, else `summary_…`."""
    own = {key[len(PACK) :]: by[language] for key, by in content.phrases.texts.items() if key.startswith(PACK)}
    of_summary = {key[len(SUMMARY) :]: by[language] for key, by in content.phrases.texts.items() if key.startswith(SUMMARY)}
    shared = {key if key.startswith(("problem_", "advice_")) else f"summary_{key}": text for key, text in of_summary.items()}
    return {**shared, **own}
