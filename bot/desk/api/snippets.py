"""Texts to insert: the pack's, the team's, one's own; with a case their placeholders are filled for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.briefing import snippets
from bot.briefing.snippet_pack import LONGEST, Snippet, SnippetProblem
from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import serialise, shapes
from bot.desk.acting import viewing_of
from bot.desk.asked import Asked, Asking, case_number
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.desk.rights import need
from bot.handoff.case_rows import case_of
from bot.languages import LANGUAGES, Language

Answer = dict[str, list[shapes.Snippet]]
# Problems of `bot.briefing.snippet_pack`, as an answer of the desk.
ANSWERS = {
    "shortcut": (400, "snippet_shortcut"),
    "empty": (400, "empty"),
    "language": (400, "wrong"),
    "long": (413, "long"),
    "placeholder": (400, "snippet_placeholder"),
    "forbidden": (400, "snippet_forbidden"),
    "rights": (403, "not_allowed"),
    "many": (409, "snippet_many"),
    "gone": (404, "gone"),
}


async def listed(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> Answer:
    """Return what may be inserted, the most used first."""
    content, number = store.content.current(), asked.get("case") or ""
    case_id = case_number(number) if number else None
    return await store.read(lambda work: _listed(work, asking, content, case_id))


async def keep(store: ContentStore, asking: Asking, asked: Asked) -> Answer:
    """Keep one's own text, or as a lead one of a team."""
    shortcut, texts = asked.text("shortcut", 32, missing="snippet_shortcut"), asked.data.get("texts")
    team = asked.maybe_text("team", 32) if asked.data.get("team") is not None else None
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise Refused(400, "wrong")
    kept: dict[Language, str] = {language: texts[language] for language in LANGUAGES if texts.get(language)}
    content = store.content.current()

    def write(work: Work) -> Answer:
        snippets.save(work, asking.staff, shortcut=shortcut, texts=kept, team=team, now=asking.now)
        return _listed(work, asking, content, None)

    return await _answered(store, write)


async def remove(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> Answer:
    """Remove a text that is one's own to remove."""
    number, content = (
        int(asked["snippet"]) if asked["snippet"].isdecimal() and len(asked["snippet"]) < 16 else 0,
        store.content.current(),
    )

    def write(work: Work) -> Answer:
        snippets.remove(work, asking.staff, number, now=asking.now)
        return _listed(work, asking, content, None)

    return await _answered(store, write)


async def used(store: ContentStore, asking: Asking, asked: Asked) -> dict[str, str]:
    """Count that a text was inserted, by nobody in particular."""
    shortcut, content = asked.text("shortcut", 32, missing="wrong"), store.content.current()

    def write(work: Work) -> None:
        if any(one.shortcut == shortcut for one in snippets.for_staff(work, content, asking.staff)):
            snippets.count_use(work, shortcut)

    await store.write(write)
    return {}


async def _answered(store: ContentStore, write: Callable[[Work], Answer]) -> Answer:
    try:
        return await store.write(write)
    except SnippetProblem as problem:
        status, key = ANSWERS[problem.key]
        raise Refused(status, key, limit=LONGEST) from None


def _listed(work: Work, asking: Asking, content: Content, case_id: int | None) -> Answer:
    found = snippets.for_staff(work, content, asking.staff)
    viewing = viewing_of(work, asking)
    if case_id is None:
        return {"snippets": [serialise.snippet(one, one.texts, (), viewing) for one in found]}
    need(work, asking, case_id, "see")
    case = case_of(work, case_id)
    values = {language: snippets.values_for(work, case, content, asking.staff, language) for language in LANGUAGES}
    return {"snippets": [_filled(one, values, viewing) for one in found]}


def _filled(one: Snippet, values: Mapping[Language, Mapping[str, str]], viewing: serialise.Viewing) -> shapes.Snippet:
    filled = {language: snippets.fill(text, values[language]) for language, text in one.texts.items()}
    missing = sorted({name for text in filled.values() for name in text.missing})
    return serialise.snippet(one, {language: text.text for language, text in filled.items()}, missing, viewing)
