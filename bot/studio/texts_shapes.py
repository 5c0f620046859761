"""Texts as the page gets them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.languages import LANGUAGES, Language
from bot.studio.training_shapes import draft
from bot.training.operations import SetText
from bot.training.previews import previews
from bot.training.rows import Change
from bot.training.texts import Text, check_text, is_for_patients

A_PAGE = 60
LONGEST_EXCERPT = 120


def listed(
    texts: Mapping[str, Text], found: Change | None, language: Language, *, asked: str, file: str, page: int
) -> dict[str, Any]:
    """Return a page of the texts, those of the draft first; and the files that there are."""
    edited = {(one.file, one.path) for one in found.operations if isinstance(one, SetText)} if found else set()
    some = [one for one in texts.values() if file in ("", one.file) and _fits(one, asked.strip().casefold())]
    some.sort(key=lambda one: (not _is_edited(one, edited), not is_for_patients(one.file)))
    shown = some[page * A_PAGE : (page + 1) * A_PAGE]
    rows = [
        {
            "id": one.id,
            "key": one.key,
            "excerpt": _excerpt(one.texts.get(language, "")),
            "edited": _is_edited(one, edited),
        }
        for one in shown
    ]
    files = sorted({one.file for one in texts.values()})
    return {"texts": rows, "total": len(some), "more": len(some) > (page + 1) * A_PAGE, "files": files, "draft": draft(found)}


def one(text: Text, now: Mapping[Language, str]) -> dict[str, Any]:
    """Return one text. `now`: as the draft has it."""
    return {
        "id": text.id,
        "file": text.file,
        "key": text.key,
        "live": dict(text.texts),
        "texts": dict(now),
        "slots": sorted(text.slots),
    }


def with_draft(text: Text, found: Change | None) -> dict[Language, str]:
    """Return a text in all languages, as a draft wants it."""
    wanted = (
        {one.path: one.after for one in found.operations if isinstance(one, SetText) and one.file == text.file} if found else {}
    )
    return {language: str(wanted.get(text.places.get(language, ()), text.texts.get(language, ""))) for language in LANGUAGES}


def looked_at(text: Text, now: Mapping[Language, str], notes: Mapping[Language, str]) -> dict[str, Any]:
    """Return what is said about the texts, and how each will look. `notes`: the disclaimers below what the bot says."""
    findings = {language: [asdict(each) for each in check_text(said, language, text.slots)] for language, said in now.items()}
    said_to = now if is_for_patients(text.file) else {}
    shown = {
        language: [
            {**asdict(each), "messages": each.messages}
            for each in previews(said, notes[language], text.buttons.get(language, ()))
        ]
        for language, said in said_to.items()
    }
    return {"findings": findings, "previews": shown}


def _fits(text: Text, asked: str) -> bool:
    return not asked or asked in "\n".join([text.key, *text.texts.values()]).casefold()


def _excerpt(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…"


def _is_edited(text: Text, edited: set[tuple[str, Any]]) -> bool:
    return any((text.file, place) in edited for place in text.places.values())
