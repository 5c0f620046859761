"""The two pages: the chat, and the landing page that tells a newcomer what to try. Rendered in the person's language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.bootstrap import Services
from bot.inbox.rows import LONGEST_TEXT
from bot.languages import Language, is_right_to_left
from connectors.webchat import texts
from connectors.webchat.numbers import ambulance, regions

FOLDER = Path(__file__).parent
EXAMPLES = ("1", "2", "3", "4")
# What an operator may want next: address or command, and the text that says what it is for.
ADDRESSES = (
    ("/desk", "operator_desk"),
    ("/ready", "operator_ready"),
    ("/health", "operator_health"),
    ("/metrics", "operator_metrics"),
)
COMMANDS = (
    ("daozhen staff add HANDLE", "operator_staff"),
    ("daozhen cases", "operator_cases"),
    ("daozhen check", "operator_check"),
    ("daozhen guide TEXT", "operator_guide"),
)


class Pages:
    """Renders the pages over the services of one gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services
        loader = jinja2.FileSystemLoader(FOLDER / "templates")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)

    async def landing(self, request: Request) -> Response:
        """Return the landing page."""
        content, language = self._services.content.current(), self._language(request)
        examples = [(number, texts.text(content, f"example_{number}", language)) for number in EXAMPLES]
        more = {"examples": examples, "addresses": ADDRESSES, "commands": COMMANDS}
        return self._render("landing.html", request, more)

    async def chat(self, request: Request) -> Response:
        """Return the chat page; `?try=2` fills in an example without sending it."""
        content, language = self._services.content.current(), self._language(request)
        number = request.query_params.get("try", "")
        example = texts.text(content, f"example_{number}", language) if number in EXAMPLES else ""
        data = texts.page_texts(content, language, home=self._services.settings.region, limit=LONGEST_TEXT)
        more = {"example": example, "data": json.dumps(data, ensure_ascii=False), "regions": regions(content.triage, language)}
        return self._render("chat.html", request, more)

    def _language(self, request: Request) -> Language:
        accepted = request.headers.get("accept-language", "")
        return texts.choose_language(request.query_params.get("lang"), accepted, self._services.settings.language)

    def _render(self, name: str, request: Request, more: dict[str, Any]) -> Response:
        content, language = self._services.content.current(), self._language(request)
        home = self._services.settings.region
        page = self._templates.get_template(name).render(
            t=lambda key, **values: texts.text(content, key, language, **values),
            language=language,
            # Only a language that was asked for travels on: a guess from the browser must not look like a choice.
            link=f"lang={language}" if request.query_params.get("lang") == language else "",
            direction="rtl" if is_right_to_left(language) else "ltr",
            languages=texts.languages(),
            home=home,
            number=ambulance(content.triage, home),
            region_name=next((region.name for region in regions(content.triage, language) if region.code == home), home),
            **more,
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-store", "Vary": "Accept-Language"})
