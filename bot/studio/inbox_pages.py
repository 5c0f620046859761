"""The inbox: sentences that the bot did not serve well, without who said them. One person labels, another approves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.release.folders import live_folder
from bot.staff.people import all_staff
from bot.studio.access import may
from bot.studio.frame import Studio
from bot.studio.inbox_shapes import Names, group_shape
from bot.studio.visit import Visit
from bot.training import changes
from bot.training.changes import Change
from bot.training.checks import Finding, check_example
from bot.training.index import Index, shared_source
from bot.training.intents import described
from bot.training.rows import Kind
from bot.utterances import labelling, rows
from bot.utterances.approving import TAUGHT, approve
from bot.utterances.guessing import Guesses
from bot.utterances.kinds import FAQ, SOURCES, Mark
from bot.utterances.lessons import sentence_of
from bot.utterances.rows import Wanted
from bot.utterances.where import files_now

VIEWS = ("new", "check", "mine", "labelled")
ASIDE = ("skipped", "out_of_scope")
GROUPS = 30
_MOST_MARKS = 20


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    inbox = Inbox(studio)
    return [
        studio.page("/studio/inbox", "label", partial(show, studio)),
        studio.read("inbox/list", "label", inbox.listed),
        studio.read("inbox/labels", "label", inbox.labels),
        studio.call("inbox/label", "label", inbox.label),
        studio.call("inbox/aside", "label", inbox.set_aside),
        studio.call("inbox/back", "label", inbox.take_back),
        studio.call("inbox/delete", "label", inbox.delete),
        studio.call("inbox/assign", "label", inbox.assign),
        studio.call("inbox/approve", "approve_label", inbox.approve),
        studio.call("inbox/send-back", "approve_label", inbox.send_back),
    ]


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the page; its script fetches the sentences."""
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    views = [view for view in VIEWS if view != "check" or visit.may("approve_label")]
    return studio.render(request, visit, "inbox.html", room="inbox", spoken=spoken, views=views, sources=SOURCES)


class Inbox:
    """The calls of the page, over the services of one gateway."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._services = studio, studio.services
        self._folder = live_folder(studio.services.settings)
        self._examples = shared_source(self._folder)
        self._guesses = Guesses(studio.services.content.current().knowledge)

    async def listed(self, visit: Visit, query: Mapping[str, str]) -> dict[str, Any]:
        """Return the groups of a view that are worth most."""
        wanted = _wanted(visit, query)
        found, total = await self._services.read(
            lambda work: (rows.groups(work, wanted, limit=GROUPS), rows.counts(work, wanted))
        )
        index, names = await self._index(), await self._names(visit)
        content = names.content
        if self._guesses.entries is not content.knowledge:
            self._guesses = Guesses(content.knowledge)
        return {"total": total, "groups": [group_shape(group, names, self._guesses, index.intents) for group in found]}

    async def labels(self, visit: Visit, _: Mapping[str, str]) -> dict[str, Any]:
        """Return all that a sentence or a word may be said to mean, and who may be given sentences."""
        index, names = await self._index(), await self._names(visit)
        content = names.content
        labels = [*sorted(index.intents), *(f"{FAQ}{entry}" for entry in content.knowledge.by_id)]
        concepts = {concept: names.concept(concept) for concept in content.triage.lexicon.concepts}
        people = await self._people()
        return {
            "labels": [{"value": label, "name": names.label(label), "id": label} for label in labels],
            "concepts": [{"value": concept, "name": name, "id": concept} for concept, name in concepts.items()],
            "people": people,
        }

    async def label(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Say what sentences mean, and return what there is to mind about it."""
        numbers, label = _numbers(asked), asked.text("label", 64)
        index, content = await self._index(), self._services.content.current()
        known = label.removeprefix(FAQ) in content.knowledge.by_id if label.startswith(FAQ) else label in index.intents
        if not known:
            raise Refused(400, "wrong")
        marks = [one for one in _marks(asked) if one.concept in content.triage.lexicon.concepts]

        def act(work: Work) -> str:
            labelling.label(work, numbers, intent=label, by=visit.handle, now=visit.now, marks=marks)
            first = rows.read(work, numbers[:1])[0]
            return "" if label.startswith(FAQ) else f"{first.language} {sentence_of(first.text)}"

        language, _, text = (await self._services.write(act)).partition(" ")
        findings = [one for one in _checked(text, label, language, index) if one.key not in ("missing_language", "imbalance")]
        return {"done": numbers, "findings": [{"key": one.key, "kind": one.kind, "values": one.values} for one in findings]}

    async def set_aside(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Say that nothing is to be learned from sentences."""
        state: Any = asked.choice("state", ASIDE)
        act = partial(labelling.set_aside, state=state, by=visit.handle, now=visit.now)
        return await self._write(asked, act)

    async def take_back(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Take back what one said oneself."""
        return await self._write(asked, partial(labelling.take_back, by=visit.handle))

    async def send_back(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Do not agree with labels."""
        return await self._write(asked, partial(labelling.send_back, by=visit.handle))

    async def delete(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Take the words away for good."""
        return await self._write(asked, partial(labelling.delete, by=visit.handle, now=visit.now))

    async def assign(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Give sentences to somebody who may label them, or to nobody."""
        to = asked.maybe_text("to", 64)
        people = await self._people()
        if to and to not in people:
            raise Refused(400, "wrong")
        return await self._write(asked, partial(labelling.assign, to=to))

    async def approve(self, visit: Visit, asked: Asked) -> dict[str, Any]:
        """Agree with labels of others: they become changes."""
        numbers = _numbers(asked)
        found = await self._services.read(lambda work: rows.read(work, numbers))
        content = self._services.content.current()
        files = await asyncio.to_thread(files_now, self._folder, self._examples, content, found)

        titles: dict[Kind, str] = {kind: self._studio.text(f"inbox_title_{kind}", visit.language) for kind in TAUGHT}

        def act(work: Work) -> list[dict[str, Any]]:
            made = approve(work, numbers, who=visit.staff, files=files, now=visit.now, titles=titles)
            return [_change_shape(one, [who.handle for who in changes.deciders(work, one)]) for one in made]

        return {"done": numbers, "changes": await self._services.write(act)}

    async def _write(self, asked: Asked, act: Callable[..., None]) -> dict[str, Any]:
        numbers = _numbers(asked)
        await self._services.write(lambda work: act(work, numbers))
        return {"done": numbers}

    async def _names(self, visit: Visit) -> Names:
        known = await asyncio.to_thread(described, self._folder)
        return Names(self._services.content.current(), visit.language, known)

    async def _people(self) -> list[str]:
        return await self._services.read(lambda work: [one.handle for one in all_staff(work) if may(one, "label")])

    async def _index(self) -> Index:
        return await asyncio.to_thread(self._examples.current)


def _checked(text: str, label: str, language: str, index: Index) -> tuple[Finding, ...]:
    known: Language | None = next((one for one in LANGUAGES if one == language), None)
    return check_example(text, label, known, index) if text and known else ()


def _change_shape(one: Change, deciders: list[str]) -> dict[str, Any]:
    return {"id": one.id, "kind": one.kind, "state": one.state, "deciders": deciders, "address": f"/studio/changes/{one.id}"}


def _wanted(visit: Visit, query: Mapping[str, str]) -> Wanted:
    view = query.get("view", "new")
    if view not in VIEWS or (view == "check" and not visit.may("approve_label")):
        raise Refused(400, "wrong")
    language = next((code for code in LANGUAGES if code == query.get("language")), None)
    source = next((one for one in SOURCES if one == query.get("source")), None)
    if view == "check":
        return Wanted("labelled", language, source, not_labelled_by=visit.handle)
    if view == "labelled":
        return Wanted("labelled", language, source, labelled_by=visit.handle)
    return Wanted("new", language, source, assigned_to=visit.handle if view == "mine" else "")


def _numbers(asked: Asked) -> list[int]:
    numbers = asked.data.get("numbers")
    if (
        not isinstance(numbers, list)
        or not 0 < len(numbers) <= labelling.MOST_AT_ONCE
        or any(type(one) is not int for one in numbers)
    ):
        raise Refused(400, "wrong")
    return numbers


def _marks(asked: Asked) -> list[Mark]:
    found = asked.data.get("marks") or []
    if not isinstance(found, list) or len(found) > _MOST_MARKS:
        raise Refused(400, "wrong")
    try:
        return [Mark(int(one["start"]), int(one["end"]), str(one["concept"])) for one in found]
    except (TypeError, KeyError, ValueError):
        raise Refused(400, "wrong") from None
