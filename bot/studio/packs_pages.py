"""The pages of FAQ and clinical packs: tables whose rows are edited as forms, what an edit changes, what has to be reviewed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.errors import OperatorError
from bot.knowledge.answers import answer_reply
from bot.knowledge.entries import VERDICTS
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.messages import LEVELS
from bot.packs import edits
from bot.packs.candidate import entries_of, problem_in
from bot.packs.catalogue import Room, Table
from bot.packs.checks import Found, checked, is_wrong
from bot.packs.helpful import judged
from bot.packs.source import Files, PackFile, laid
from bot.release.folders import live_folder
from bot.release.listening import Listening
from bot.release.patients import of_patients
from bot.studio import packs_shapes as shapes
from bot.studio.access import StudioAct
from bot.studio.change_shapes import as_others
from bot.studio.frame import Studio
from bot.studio.packs_desk import PacksDesk, View, Waits, table_named
from bot.studio.training_shapes import draft
from bot.studio.visit import Visit
from bot.training import changes, drafting
from bot.training.beside import others_at
from bot.training.operations import SetEntry, SetText
from bot.training.previews import Preview, previews
from bot.training.rows import Change, Kind
from bot.training.texts import check_text

LONGEST_SEARCH = 200
KINDS: Mapping[Room, tuple[Kind, ...]] = {"faq": ("faq",), "clinical": ("clinical", "calibration")}
_CHOICE = "studio.pack_choice_"
ROOMS: Mapping[Room, StudioAct] = {"faq": "edit_faq", "clinical": "edit_clinical"}
Made = Sequence[SetText | SetEntry]


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice: the same for both rooms, each behind its own right."""
    desk = PacksDesk(live_folder(studio.services.settings), studio.services.content, Listening(studio.services.settings))
    return [route for room, act in ROOMS.items() for route in _routes(studio, desk, room, act)]


def _routes(studio: Studio, desk: PacksDesk, room: Room, act: StudioAct) -> list[BaseRoute]:
    own = partial(_Page, studio, desk, room)
    return [
        studio.page(f"/studio/{room}", act, partial(show, studio, desk, room)),
        studio.read(f"{room}/rows", act, lambda visit, query: own(visit).rows(query)),
        studio.read(f"{room}/one", act, lambda visit, query: own(visit).one(query)),
        studio.read(f"{room}/due", act, lambda visit, query: own(visit).due()),
        studio.call(f"{room}/look", act, lambda visit, asked: own(visit).look(asked)),
        studio.call(f"{room}/keep", act, lambda visit, asked: own(visit).keep(asked)),
    ]


async def show(studio: Studio, desk: PacksDesk, room: Room, request: Request, visit: Visit) -> Response:
    """Show the page of a room."""
    if room == "clinical":
        desk.get_ready(await studio.services.read(of_patients))
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    phrases = studio.services.content.current().phrases
    names: dict[str, str] = {level: phrases.get(f"desk.level_{level}", visit.language) for level in LEVELS}
    content = studio.services.content.current()
    names |= {region: line.names[visit.language] for region, line in content.triage.hotlines.items()}
    names |= {verdict: phrases.get(f"knowledge.verdict_{verdict}", visit.language) for verdict in VERDICTS}
    if room == "clinical":
        names |= _names_of_followup(content, visit.language)
    data = {"room": room, "names": names}
    return studio.render(request, visit, "packs.html", room=room, tables=shapes.rooms_tables(room), spoken=spoken, page=data)


def _names_of_followup(content: Content, language: Language) -> dict[str, str]:
    """Return what choices of plans are called: questions by what they ask, the others by their phrase."""
    texts = content.phrases.texts
    chosen = {key[len(_CHOICE) :]: by[language] for key, by in texts.items() if key.startswith(_CHOICE)}
    return {**{one.id: one.texts[language] for one in content.followup.plans.questions.values()}, **chosen}


class _Page:
    """One request of one of the two rooms."""

    def __init__(self, studio: Studio, desk: PacksDesk, room: Room, visit: Visit) -> None:
        self._studio, self._desk, self._room, self._visit = studio, desk, room, visit

    async def rows(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the rows of a table."""
        table, view = table_named(self._room, query.get("table")), await self._view()
        scores = await self._studio.services.read(judged) if self._room == "faq" else {}
        only = query.get("only", "")
        if only not in ("", "missing", "due", "draft"):
            raise Refused(400, "wrong")
        asked, page = query.get("q", "")[:LONGEST_SEARCH], _page(query)
        found = await asyncio.to_thread(partial(shapes.listed, view, table, scores, asked=asked, only=only, page=page))
        return {**found, "labels": {column: self._named(table.id, column) for column in table.columns}}

    async def one(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return an entry as a form; without its name the header of its file."""
        view = await self._view()
        form = self._form(view, query.get("file"), query.get("entry", ""))
        return {**form, "others": as_others(await self._others(view, query.get("file"), query.get("entry", "")))}

    async def due(self) -> dict[str, Any]:
        """Return what has to be reviewed now or soon."""
        rows = shapes.expiring(await self._view(), self._room)
        return {"due": rows, "owners": shapes.owners(rows)}

    async def look(self, asked: Asked) -> dict[str, Any]:
        """Return what an edit would change: what keeps it from going live, sentences that are answered otherwise, how it looks."""
        view = await self._view()
        table, file = view.place(self._room, asked.data.get("file"))
        made = self._made(view, table, file, asked)
        after = laid(view.files, made)
        said = self._checked(view, after, asked)
        found: dict[str, Any] = {"count": len(made), "problem": self._problem(view, after, file.name)}
        found["found"] = [asdict(one) for one in said]
        entry = asked.maybe_text("entry", 60)
        if self._room == "faq":
            return {**found, **(self._answer(after, file.name, entry) if entry else {})}
        return found if found["problem"] or not made or is_wrong(said) else {**found, **await self._impact(after)}

    async def keep(self, asked: Asked) -> dict[str, Any]:
        """Put an edit into one's draft, and return the entry as it is then."""
        view = await self._view()
        table, file = view.place(self._room, asked.data.get("file"))
        made = self._made(view, table, file, asked)
        if not made:
            return {"kept": False, "draft": draft(view.draft)}
        if is_wrong(self._checked(view, laid(view.files, made), asked)):
            raise edits.EditProblem(
                "pack_found", "Something that was typed cannot go live. Look at it again: it is said below each field."
            )
        title, author, now = (
            self._studio.text(f"{self._room}_draft_title", self._visit.language),
            self._visit.handle,
            self._visit.now,
        )
        kind = self._room

        def store(work: Work) -> Change:
            return drafting.add_to_draft(work, author=author, kind=kind, operations=made, title=title, now=now)

        kept = await self._studio.services.write(store)
        return {"kept": True, "draft": draft(kept)}

    def _made(self, view: View, table: Table, file: PackFile, asked: Asked) -> Made:
        entry, act = asked.maybe_text("entry", 60), asked.choice("act", ("edit", "add", "retire"))
        if act == "add":
            known = [str(name) for one in view.in_table(table) for name in one.entries]
            return (edits.added(table, file, entry, known),)
        if asked.data.get("seen") != shapes.seen(edits.entry_in(table, file, entry)):
            raise Refused(409, "changed")
        if act == "retire":
            return (edits.retired(table, file, entry),)
        return edits.edits(table, file, entry, _typed(asked), is_new=view.is_new(file.name, entry))

    def _checked(self, view: View, after: Files, asked: Asked) -> tuple[Found, ...]:
        """Return what there is to say about what was typed into a form."""
        table, file = view.place(self._room, asked.data.get("file"))
        entry = asked.maybe_text("entry", 60)
        if not entry or asked.data.get("act") != "edit":
            return ()
        hotlines = self._desk.content.current().triage.hotlines.values()
        public = frozenset(number for line in hotlines for number in line.numbers)
        before, now = (edits.entry_in(table, one, entry) for one in (file, after[file.name]))
        return checked(table, before, now, public=public, today=view.today)

    def _problem(self, view: View, after: Files, name: str) -> str:
        live = self._desk.content.current().triage
        return problem_in(after, {name: None}, live)

    async def _impact(self, after: Files) -> dict[str, Any]:
        patients = await self._studio.services.read(of_patients)
        found = await self._desk.preview(after, patients)
        if isinstance(found, Waits):
            return {"waits": asdict(found)}
        listening = None if found.listening is None else asdict(found.listening)
        impact = shapes.effects(found.impact, patients=self._visit.may("label"))
        return {"impact": impact, "listening": listening, "deaf": found.deaf}

    def _answer(self, after: Files, name: str, entry: str) -> dict[str, Any]:
        """Return what is said about the answer in each language, and how it will look on each platform."""
        phrases = self._desk.content.current().phrases
        said = after[name].entries.get(entry, {}).get("answers") or {}
        findings = {
            language: [asdict(one) for one in check_text(str(said.get(language, "")), language, frozenset())]
            for language in LANGUAGES
        }
        try:
            entries = entries_of(after)
        except (OperatorError, LookupError, TypeError, ValueError, AttributeError):
            return {"findings": findings, "previews": {}}
        if entry not in entries.by_id:
            return {"findings": {}, "previews": {}}

        def looks(language: Language) -> list[dict[str, Any]]:
            reply = answer_reply(entry, language, entries=entries, phrases=phrases, today=self._visit.now.date())
            note = phrases.get("disclaimer.short", language)
            shown = previews(reply.text, note, [one.title for one in reply.buttons])
            return [self._preview(one) for one in shown]

        return {"findings": findings, "previews": {language: looks(language) for language in LANGUAGES}}

    def _preview(self, one: Preview) -> dict[str, Any]:
        language = self._visit.language
        name = self._studio.text(f"texts_on_{one.platform}", language)
        length = self._studio.text(f"texts_length_{one.unit}", language, n=one.count, most=one.limit)
        return {**asdict(one), "messages": one.messages, "name": name, "length": length}

    def _form(self, view: View, name: object, entry: str) -> dict[str, Any]:
        table, file = view.place(self._room, name)
        return {
            **shapes.form(view, table, file, entry, self._desk.content.current().triage, partial(self._named, table.id)),
            "draft_all": draft(view.draft),
        }

    async def _others(self, view: View, name: object, entry: str) -> tuple[Change, ...]:
        """Return the changes of others that touch this entry and are not live yet."""
        table, file = view.place(self._room, name)
        if not entry:
            return ()
        about = {"kinds": KINDS[self._room], "file": file.name, "places": [table.place(entry)], "but": self._visit.handle}
        return await self._studio.services.read(lambda work: others_at(work, **about))  # type: ignore[arg-type]

    def _named(self, table: str, part: str) -> str:
        """Return what a field is called: in this table, or everywhere."""
        phrases = self._desk.content.current().phrases
        keys = (f"studio.pack_field_{table}_{part}", f"studio.pack_field_{part}")
        known = next((key for key in keys if key in phrases.texts), None)
        return OWN_NAMES.get(part, part) if known is None else phrases.get(known, self._visit.language)  # type: ignore[call-overload]

    async def _view(self) -> View:
        author, kind = self._visit.handle, self._room
        found = await self._studio.services.read(lambda work: changes.draft_of(work, author=author, kind=kind))
        return await self._desk.view(self._visit, found)


def _typed(asked: Asked) -> dict[tuple[str | int, ...], Any]:
    found = asked.data.get("values")
    if not isinstance(found, list) or len(found) > edits.MOST:
        raise Refused(400, "wrong")
    typed = {}
    for one in found:
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, list) or not path or not all(isinstance(part, str | int) for part in path):
            raise Refused(400, "wrong")
        typed[tuple(path)] = one.get("value")
    return typed


def _page(query: Mapping[str, str]) -> int:
    asked = query.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0
