"""What the scripts of a page need to speak the language of who is there: texts, names, what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.content.load import Content
from bot.languages import LANGUAGES, OWN_NAMES, Language, is_right_to_left
from bot.studio.visit import Visit

PACK = "studio."
# What the pieces of the desk say that the studio is built with.
_OF_DESK = (
    "failed", "failed_offline", "keys_title", "keys_switch", "keys_hint", "palette_label", "palette_none", "close_panel",
    "key_help", "key_palette", "key_down", "key_up", "key_open",
)  # fmt: skip


def page_data(content: Content, visit: Visit, *, room: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return it for the page of `room`: the texts that begin with its key, and those of all rooms."""
    language = visit.language
    return {
        "api": "/studio/api",
        "language": language,
        "dir": "rtl" if is_right_to_left(language) else "ltr",
        "texts": _texts(content, language, (f"{room}_", "shared_", "room_", "kind_", "state_")),
        "languages": {code: OWN_NAMES[code] for code in LANGUAGES},
        "directions": {code: "rtl" if is_right_to_left(code) else "ltr" for code in LANGUAGES},
        "teams": {team.id: team.names[language] for team in content.teams.by_id.values()},
        "departments": {one.id: one.names[language] for one in content.triage.departments.values()},
        "can": sorted(visit.acts),
        "me": visit.handle,
        "shortcuts": bool(visit.staff.preferences.get("shortcuts", True)),
        **more,
    }


def _texts(content: Content, language: Language, beginnings: tuple[str, ...]) -> dict[str, str]:
    texts = content.phrases.texts
    own = {key[len(PACK) :]: by[language] for key, by in texts.items() if key.startswith(PACK)}
    of_desk = {key: texts[f"desk.{key}"][language] for key in _OF_DESK}
    return {**of_desk, **{key: text for key, text in own.items() if key.startswith(beginnings)}}
