"""Intents and sentences as the page gets them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.studio.training_desk import View
from bot.training.checks import FEWEST, Finding, is_much_more
from bot.training.index import Example
from bot.training.rows import Change

INTENTS_A_PAGE = 60
EXAMPLES_A_PAGE = 100


def intents(view: View, asked: str, page: int) -> dict[str, Any]:
    """Return a page of the intents whose name, meaning or id has what was asked for."""
    found = [intent for intent in view.index.intents if _fits(view, intent, asked.strip().casefold())]
    shown = found[page * INTENTS_A_PAGE : (page + 1) * INTENTS_A_PAGE]
    more = len(found) > (page + 1) * INTENTS_A_PAGE
    return {"intents": [_intent(view, one) for one in shown], "total": len(found), "more": more, "draft": draft(view.draft)}


def examples(view: View, intent: str, language: Language, page: int) -> dict[str, Any]:
    """Return a page of the sentences of one intent in one language: what the draft does to them first."""
    # The draft is what one works at: it stands first, whatever page its sentences are on.
    group = sorted(view.index.by_group.get((intent, language), ()), key=lambda one: not one.draft)
    shown = group[page * EXAMPLES_A_PAGE : (page + 1) * EXAMPLES_A_PAGE]
    about = {**_intent(view, intent), "best": _best(view, intent, language)}
    more = len(group) > (page + 1) * EXAMPLES_A_PAGE
    return {"intent": about, "examples": [example(one, view) for one in shown], "total": len(group), "more": more}


def example(one: Example, view: View) -> dict[str, Any]:
    """Return one sentence. `best`: it shows its intent best, and stays."""
    return {
        "text": one.text,
        "intent": one.intent,
        "language": one.language,
        "draft": one.draft,
        "best": one.text == _best(view, one.intent, one.language),
    }


def findings(found: Iterable[Finding], view: View) -> list[dict[str, Any]]:
    """Return what is said about a sentence, with intents and languages by their names."""
    return [{"kind": one.kind, "key": one.key, "values": _named(one, view)} for one in found]


def draft(found: Change | None) -> dict[str, Any] | None:
    """Return what is said of a draft."""
    return None if found is None else {"id": found.id, "title": found.title, "count": len(found.operations)}


def _fits(view: View, intent: str, asked: str) -> bool:
    known = view.known.get(intent)
    means = known.means[view.visit.language] if known else ""
    return asked in f"{view.name(intent)}\n{means}\n{intent}".casefold()


def _intent(view: View, intent: str) -> dict[str, Any]:
    known = view.known.get(intent)
    counts = {language: view.index.counts[language][intent] for language in LANGUAGES}
    return {
        "id": intent,
        "name": view.name(intent),
        "means": known.means[view.visit.language] if known else "",
        "counts": counts,
        "few": [language for language in LANGUAGES if counts[language] < FEWEST],
        "many": [language for language in LANGUAGES if is_much_more(view.index, intent, language)],
    }


def _best(view: View, intent: str, language: Language) -> str:
    known = view.known.get(intent)
    return "" if known is None else known.example[language]


def _named(one: Finding, view: View) -> dict[str, str]:
    values = dict(one.values)
    if "intent" in values:
        values["intent"] = view.name(values["intent"])
    if "languages" in values:
        values["languages"] = ", ".join(OWN_NAMES[code] for code in LANGUAGES if code in values["languages"].split(","))
    return values
