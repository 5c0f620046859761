"""The page of one intent: what it is called and means; and a new one, with its sentences and its answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.studio import training_shapes as shapes
from bot.studio.frame import Studio
from bot.studio.training_desk import TrainingDesk, View
from bot.studio.visit import Visit
from bot.training import changes, drafting
from bot.training.checks import FEWEST, LONGEST, Finding, check_example, is_taken
from bot.training.index import same
from bot.training.intents import Described
from bot.training.operations import Operation
from bot.training.own_intents import NewIntent, creating, describing, id_of
from bot.training.rows import Change
from bot.training.texts import check_text

LONGEST_NAME, LONGEST_MEANING, MOST_SENTENCES = 60, 300, 50
# In each language: field, then what is said about it; of sentences about each.
Findings = dict[str, dict[str, list[dict[str, Any]]]]


def routes(studio: Studio, desk: TrainingDesk) -> list[BaseRoute]:
    """Return the routes of this part of the training pages."""
    return [
        studio.page("/studio/training/intent", "edit_training", partial(show, studio, desk)),
        studio.call("training/new", "edit_training", lambda visit, asked: _Page(studio, desk, visit).new(asked)),
        studio.call("training/describe", "edit_training", lambda visit, asked: _Page(studio, desk, visit).describe(asked)),
    ]


async def show(studio: Studio, desk: TrainingDesk, request: Request, visit: Visit) -> Response:
    """Show the form: of an intent that there is, or of a new one."""
    intent = request.query_params.get("intent", "")
    view = await _Page(studio, desk, visit).view()
    if intent and intent not in view.index.intents:
        return studio.missing(request, visit)
    best = {
        code: [one.text for one in view.index.by_group.get((intent, code), ()) if one.draft != "removed"] for code in LANGUAGES
    }
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    return studio.render(
        request, visit, "intent.html", room="training", intent=intent, known=view.known.get(intent), best=best, spoken=spoken, fewest=FEWEST,
        longest_name=LONGEST_NAME, longest_meaning=LONGEST_MEANING, title=view.name(intent),
        page={"intent": intent, "seen": _mark(view.known.get(intent))},
    )  # fmt: skip


class _Page:
    """One request of the page."""

    def __init__(self, studio: Studio, desk: TrainingDesk, visit: Visit) -> None:
        self._studio, self._desk, self._visit = studio, desk, visit

    async def view(self) -> View:
        """Return the sentences and intents with the draft on top."""
        author = self._visit.handle
        draft = await self._studio.services.read(lambda work: changes.draft_of(work, author=author, kind="training"))
        return await self._desk.view(self._visit, draft)

    async def new(self, asked: Asked) -> dict[str, Any]:
        """Put a new intent into the draft, unless something is wrong: that is said instead, field by field."""
        view = await self.view()
        made = _new_of(asked)
        id_ = id_of(made.name["en"], [*view.index.intents, *view.known])
        found = await asyncio.to_thread(_checked, made, id_, view)
        if found:
            return {"kept": False, "findings": found}
        return {**await self._keep(creating(made, id_)), "intent": id_}

    async def describe(self, asked: Asked) -> dict[str, Any]:
        """Put another name, meaning or best sentence into the draft."""
        view, intent = await self.view(), asked.data.get("intent")
        if not isinstance(intent, str) or intent not in view.index.intents:
            raise Refused(404, "gone")
        if asked.maybe_text("seen", 32) not in ("", _mark(view.known.get(intent))):
            raise Refused(409, "changed")
        texts = {part: _in_all(asked, part, most) for part, most in _PARTS.items()}
        found = {language: _empty(texts, language) for language in LANGUAGES}
        for language in LANGUAGES:
            if texts["example"][language] not in {one.text for one in view.index.by_group.get((intent, language), ())}:
                found[language]["example"] = [{"kind": "wrong", "key": "empty", "values": {}}]
        if any(found.values()):
            return {"kept": False, "findings": {language: some for language, some in found.items() if some}}
        new = Described(intent, texts["name"], texts["means"], texts["example"])
        return {**await self._keep([describing(new, view.known.get(intent))]), "intent": intent}

    async def _keep(self, operations: Sequence[Operation]) -> dict[str, Any]:
        title, author, now = self._studio.text("training_draft_title", self._visit.language), self._visit.handle, self._visit.now

        def keep(work: Work) -> Change:
            return drafting.add_to_draft(work, author=author, kind="training", operations=operations, title=title, now=now)

        return {"kept": True, "draft": shapes.draft(await self._studio.services.write(keep))}


def _mark(known: Described | None) -> str:
    """Return a mark of what was on the screen: another description by now is not overwritten."""
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


_PARTS = {"name": LONGEST_NAME, "means": LONGEST_MEANING, "example": LONGEST}


def _in_all(asked: Asked, part: str, most: int) -> dict[Language, str]:
    found = asked.data.get(part)
    if not isinstance(found, dict):
        raise Refused(400, "wrong")
    return {language: Asked(found).maybe_text(language, most).strip() for language in LANGUAGES}


def _new_of(asked: Asked) -> NewIntent:
    sentences = _in_all(asked, "sentences", MOST_SENTENCES * LONGEST)
    split = {language: _lines(text) for language, text in sentences.items()}
    if any(len(some) > MOST_SENTENCES for some in split.values()):
        raise Refused(413, "long", limit=MOST_SENTENCES)
    texts = {part: _in_all(asked, part, _PARTS[part]) for part in ("name", "means")}
    return NewIntent(texts["name"], texts["means"], split, _in_all(asked, "answer", 3 * LONGEST))


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _checked(new: NewIntent, id_: str, view: View) -> Findings:
    """Return what is wrong, by language and field; what is only worth a second look is said while reviewing."""
    found: Findings = {}
    for language in LANGUAGES:
        fields = _empty({"name": new.name, "means": new.means}, language)
        answer = [one for one in check_text(new.answer[language], language, frozenset()) if one.kind == "wrong"]
        if sentences := [*_of_sentences(new.sentences[language], id_, language, view)]:
            fields["sentences"] = shapes.findings(sentences, view)
        if answer:
            fields["answer"] = shapes.findings(answer, view)
        if fields:
            found[language] = fields
    return found


def _of_sentences(some: Sequence[str], id_: str, language: Language, view: View) -> list[Finding]:
    if len({same(one) for one in some}) < FEWEST:
        return [Finding("wrong", "few", {"least": str(FEWEST)})]
    found = []
    for one in some:
        said = check_example(one, id_, language, view.index)
        if not is_taken(said):
            found.append(next(each for each in said if each.kind == "wrong"))
    return found


def _empty(texts: Mapping[str, Mapping[Language, str]], language: Language) -> dict[str, list[dict[str, Any]]]:
    missing: list[dict[str, Any]] = [{"kind": "wrong", "key": "empty", "values": {}}]
    return {part: missing for part, by_language in texts.items() if not by_language[language]}
