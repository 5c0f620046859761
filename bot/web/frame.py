"""The frame of the staff's pages: language, direction, theme, who is signed in. Pages of other rooms are rendered with it too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.bootstrap import Services
from bot.languages import LANGUAGES, OWN_NAMES, Language, choose_language, is_right_to_left
from bot.staff.access import Elsewhere, may
from bot.staff.sessions import Session

FOLDER = Path(__file__).parent
THEMES = ("light", "dark")
# What is found in the frame, and who finds it there.
PLACES: tuple[tuple[str, Elsewhere, str], ...] = (
    ("/desk", "use_desk", "staff.place_desk"),
    ("/desk/handover", "handover", "staff.place_handover"),
    ("/desk/ward", "ward", "staff.place_ward"),
    ("/desk/scheduler", "scheduler", "staff.place_scheduler"),
    ("/staff/people", "manage_staff", "staff.place_people"),
    ("/staff/audit", "read_audit", "staff.place_audit"),
    ("/staff/glass", "see_glass", "staff.place_glass"),
    ("/studio", "use_studio", "studio.room_start"),
)


class Frame:
    """Renders templates that extend `frame.html`. `folders`: where else templates are, before the frame's own."""

    def __init__(self, services: Services, folders: Sequence[Path] = ()) -> None:
        self._services = services
        loader = jinja2.FileSystemLoader([*folders, FOLDER / "templates"])
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)

    def page(
        self, request: Request, template: str, *, session: Session | None = None, status: int = 200, **more: Any
    ) -> Response:
        """Return a page. Nothing of it is kept by the browser; its title must not say anything of a patient."""
        language = self.language(request, session)
        place = request.url.path
        values = {
            "t": lambda key, **filled: self.text(key, language, **filled),
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "languages": [(code, OWN_NAMES[code], "rtl" if is_right_to_left(code) else "ltr") for code in LANGUAGES],
            "theme": theme_of(session),
            "session": session,
            "places": [] if session is None or session.locked else places_of(session),
            "place": place,
        }
        html = self._templates.get_template(template).render({**values, **more})
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store", "Vary": "Accept-Language"})

    def text(self, key: str, language: Language, **values: object) -> str:
        """Return a phrase by its whole key, like `staff.title`."""
        return self._services.content.current().phrases.get(key, language, **values)

    def language(self, request: Request, session: Session | None = None) -> Language:
        """Return the language of a page: of who is signed in, else the one asked for, the browser's, or the hospital's."""
        if session is not None:
            return session.staff.language
        asked, accepted = request.query_params.get("lang"), request.headers.get("accept-language", "")
        return choose_language(asked, accepted, self._services.settings.language)


def theme_of(session: Session | None) -> str:
    """Return "light" or "dark" where somebody chose one; "": the device decides."""
    theme = session.staff.preferences.get("theme", "") if session is not None else ""
    return theme if theme in THEMES else ""


def places_of(session: Session) -> list[tuple[str, str]]:
    """Return address and phrase of each page that this person may open."""
    return [(address, key) for address, act, key in PLACES if may(session.staff, act)]


def home_of(session: Session) -> str:
    """Return where this person begins."""
    return next((address for address, _ in places_of(session)), "/staff/me")
