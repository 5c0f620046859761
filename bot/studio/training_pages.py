"""The page of training data: intents in plain words, their sentences in five languages, checks while one types."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.languages import LANGUAGES, OWN_NAMES
from bot.release.folders import live_folder
from bot.studio import intent_pages
from bot.studio import training_shapes as shapes
from bot.studio.frame import Studio
from bot.studio.training_desk import TrainingDesk, View
from bot.studio.visit import Visit
from bot.training import changes, drafting
from bot.training.checks import LONGEST, Finding, check_example, is_taken
from bot.training.index import Example
from bot.training.intents import check_protected
from bot.training.operations import AddExample, MoveExample, Operation, RemoveExample
from bot.training.places import placed
from bot.training.rows import Change

LONGEST_SEARCH = 200


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    desk = TrainingDesk(live_folder(studio.services.settings))
    own = partial(_Page, studio, desk)
    return [
        studio.page("/studio/training", "edit_training", partial(show, studio)),
        studio.read("training/intents", "edit_training", lambda visit, query: own(visit).intents(query)),
        studio.read("training/names", "edit_training", lambda visit, query: own(visit).names()),
        studio.read("training/examples", "edit_training", lambda visit, query: own(visit).examples(query)),
        studio.read("training/find", "edit_training", lambda visit, query: own(visit).find(query)),
        studio.call("training/check", "edit_training", lambda visit, asked: own(visit).check(asked)),
        studio.call("training/add", "edit_training", lambda visit, asked: own(visit).add(asked)),
        studio.call("training/remove", "edit_training", lambda visit, asked: own(visit).remove(asked)),
        studio.call("training/move", "edit_training", lambda visit, asked: own(visit).move(asked)),
        *intent_pages.routes(studio, desk),
        studio.call("training/restore", "edit_training", lambda visit, asked: own(visit).restore(asked)),
    ]


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the page."""
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    return studio.render(request, visit, "training.html", room="training", spoken=spoken, longest=LONGEST)


class _Page:
    """One request of the page."""

    def __init__(self, studio: Studio, desk: TrainingDesk, visit: Visit) -> None:
        self._studio, self._desk, self._visit = studio, desk, visit

    async def intents(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the intents: what they are called, how many sentences they have, and what is odd about that."""
        view = await self._view()
        return await asyncio.to_thread(shapes.intents, view, query.get("q", "")[:LONGEST_SEARCH], _page(query))

    async def names(self) -> dict[str, Any]:
        """Return all intents and what they are called: where a sentence may move to."""
        view = await self._view()
        return {"names": {intent: view.name(intent) for intent in view.index.intents}}

    async def examples(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the sentences of one intent in one language."""
        view, language = await self._view(), _language(query.get("language"))
        return shapes.examples(view, _intent(view, query.get("intent")), language, _page(query))

    async def find(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return sentences of all intents in which something stands."""
        view, asked = await self._view(), query.get("q", "")[:LONGEST_SEARCH]
        found = await asyncio.to_thread(view.index.find, asked) if asked.strip() else []
        return {"found": [{**shapes.example(one, view), "name": view.name(one.intent)} for one in found]}

    async def check(self, asked: Asked) -> dict[str, Any]:
        """Return what there is to say about a sentence that is being typed."""
        view = await self._view()
        return {"findings": shapes.findings(await self._checked(view, asked), view)}

    async def add(self, asked: Asked) -> dict[str, Any]:
        """Put a sentence into the draft, unless something is wrong with it: that is said instead."""
        view = await self._view()
        found = await self._checked(view, asked)
        if not is_taken(found):
            return {"kept": False, "findings": shapes.findings(found, view)}
        text = asked.text("text", LONGEST)
        operation = AddExample(_intent(view, asked.data.get("intent")), _language(asked.data.get("language")), text)
        return await self._keep(view, operation)

    async def remove(self, asked: Asked) -> dict[str, Any]:
        """Take a sentence away, in the draft."""
        view = await self._view()
        one = _example(view, asked)
        return await self._keep(view, RemoveExample(one.intent, one.language, one.text, one.file))

    async def move(self, asked: Asked) -> dict[str, Any]:
        """Let a sentence mean something else, in the draft."""
        view = await self._view()
        one, to = _example(view, asked), _intent(view, asked.data.get("to"))
        if to == one.intent:
            raise Refused(400, "wrong")
        return await self._keep(view, MoveExample(one.intent, to, one.language, one.text, one.file))

    async def restore(self, asked: Asked) -> dict[str, Any]:
        """Let a sentence that the draft takes away stay."""
        view = await self._view()
        one = _example(view, asked)
        return await self._keep(view, AddExample(one.intent, one.language, one.text, one.file))

    async def _view(self) -> View:
        author = self._visit.handle
        draft = await self._studio.services.read(lambda work: changes.draft_of(work, author=author, kind="training"))
        return await self._desk.view(self._visit, draft)

    async def _checked(self, view: View, asked: Asked) -> tuple[Finding, ...]:
        text = asked.maybe_text("text", 10 * LONGEST).strip()
        intent, language = _intent(view, asked.data.get("intent")), _language(asked.data.get("language"))
        return await asyncio.to_thread(check_example, text, intent, language, view.index)

    async def _keep(self, view: View, operation: Operation) -> dict[str, Any]:
        check_protected([operation], view.known)
        made: Sequence[Operation] = [placed(operation, view.index.intents_of)]
        title, author, now = self._studio.text("training_draft_title", self._visit.language), self._visit.handle, self._visit.now

        def keep(work: Work) -> Change:
            return drafting.add_to_draft(work, author=author, kind="training", operations=made, title=title, now=now)

        draft = await self._studio.services.write(keep)
        return {"kept": True, "draft": shapes.draft(draft)}


def _page(query: Mapping[str, str]) -> int:
    asked = query.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


def _language(found: object) -> Any:
    if found not in LANGUAGES:
        raise Refused(400, "wrong")
    return found


def _intent(view: View, found: object) -> str:
    if not isinstance(found, str) or found not in view.index.intents:
        raise Refused(404, "gone")
    return found


def _example(view: View, asked: Asked) -> Example:
    intent, language = _intent(view, asked.data.get("intent")), _language(asked.data.get("language"))
    text = asked.text("text", 10 * LONGEST)
    found = next((one for one in view.index.by_group.get((intent, language), ()) if one.text == text), None)
    if found is None:
        raise Refused(404, "gone")
    return found
