"""The pages of changes: who wants what to be otherwise, word by word; handed over, approved, refused, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import LONGEST_REASON, Asked
from bot.desk.problems import Refused
from bot.packs.handing import problem_of
from bot.release.folders import Folder, live_folder
from bot.studio.change_shapes import Looked, as_listed, as_shown, reads_words
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.training import changes, drafting, problems, rows
from bot.training.ahead import ahead_of, texts_for
from bot.training.files import differences
from bot.training.intents import check_protected, described, with_draft
from bot.training.rows import Change
from bot.training.settling import CHOICES, LONGEST, Choice, Decision, mark_of, places_in, settled, told

A_PAGE = 30
YOURS = "yours"
# What is shown of the states: everything that somebody has to do something with, what oneself may decide about, or one state.
SHOWN: Mapping[str, tuple[rows.State, ...]] = {
    "open": rows.OPEN,
    YOURS: ("review",),
    **{state: (state,) for state in rows.STATES},
}


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    one = "changes/{number:int}"
    return [
        studio.page("/studio/changes", "see_studio", partial(show_all, studio)),
        studio.page("/studio/changes/{number:int}", "see_studio", partial(show, studio)),
        studio.read("changes", "see_studio", partial(listed, studio)),
        studio.read(one, "see_studio", partial(read, studio)),
        studio.call(f"{one}/rename", "see_studio", partial(_own, studio, _rename)),
        studio.call(f"{one}/drop", "see_studio", partial(_own, studio, _drop)),
        studio.call(f"{one}/reopen", "see_studio", partial(reopen, studio)),
        studio.call(f"{one}/settle", "see_studio", partial(settle, studio)),
        studio.call(f"{one}/submit", "see_studio", partial(_own, studio, _submit)),
        studio.call(f"{one}/approve", "review", partial(_own, studio, _approve)),
        studio.call(f"{one}/refuse", "review", partial(_own, studio, _refuse)),
        studio.call(f"{one}/withdraw", "see_studio", partial(_own, studio, _withdraw)),
    ]


async def show_all(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the list."""
    return studio.render(request, visit, "changes.html", room="changes", shown=tuple(SHOWN))


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show one change."""
    number = int(request.path_params["number"])
    found = await studio.services.read(lambda work: rows.read(work, number))
    if found is None:
        return studio.missing(request, visit)
    return studio.render(request, visit, "change.html", room="changes", change=found, page={"change": number})


async def listed(studio: Studio, visit: Visit, query: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of the list, the latest first."""
    states = SHOWN.get(query.get("state", ""), rows.OPEN)
    before = query.get("before", "")
    author = visit.handle if query.get("mine") == "yes" else ""

    def look(work: Work) -> dict[str, Any]:
        last = int(before) if before.isdecimal() and len(before) < 16 else 0
        if query.get("state") == YOURS:
            found = tuple(one for one in changes.to_review(work, visit.staff) if not last or one.id < last)
        else:
            found = rows.listed(work, states=states, author=author, before=last, limit=A_PAGE + 1)
        apart = rows.numbers_in_conflict(work)
        return {
            "changes": [as_listed(one, visit, is_apart=one.id in apart) for one in found[:A_PAGE]],
            "more": len(found) > A_PAGE,
            "counts": rows.counts(work),
        }

    return await studio.services.read(look)


async def read(studio: Studio, visit: Visit, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return one change: its lines, the difference in the files as they are now, and what was done with it."""
    return await _shown(studio, visit, int(query["number"]))


async def _shown(studio: Studio, visit: Visit, number: int) -> dict[str, Any]:
    return as_shown(await _looked(studio, number), visit)


async def _looked(studio: Studio, number: int) -> Looked:
    folder = live_folder(studio.services.settings)

    def look(work: Work) -> tuple[Looked, tuple[Change, ...]]:
        found = changes.need(work, number)
        # What is live already shows no difference any more: its lines say what it was.
        ahead = ahead_of(work, found) if found.state in rows.OPEN else ()
        deciders = [one.handle for one in changes.deciders(work, found)]
        return Looked(found, rows.events(work, number), {}, deciders=deciders), ahead

    looked, ahead = await studio.services.read(look)
    return await asyncio.to_thread(_with_files, folder, looked, ahead)


def _with_files(folder: Folder, looked: Looked, ahead: tuple[Change, ...]) -> Looked:
    """Read what a change would do to the files as it will find them."""
    looked, found = replace(looked, known=described(folder)), looked.change
    if found.state not in rows.OPEN:
        return looked
    texts = texts_for(folder, found, ahead)
    looked = replace(looked, diffs=differences(texts, found.operations))
    if looked.is_odd or not looked.is_apart:
        return looked
    return replace(looked, places=places_in(found.operations, texts))


async def reopen(studio: Studio, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Make a draft again of one's own change that does not fit any more, or was given up, and return it. Raises ChangeProblem."""
    _check_reads(visit)
    number, edition = asked.number("number"), asked.number("edition")
    looked = await _looked(studio, number)
    if not looked.is_apart and looked.change.state != "withdrawn":
        raise problems.fits(number)
    await studio.services.write(lambda work: changes.reopen(work, number, by=visit.handle, edition=edition, now=visit.now))
    return await _shown(studio, visit, number)


async def settle(studio: Studio, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Take what the author decided about each place that does not fit, and return the change. Raises ChangeProblem."""
    _check_reads(visit)
    number, edition = asked.number("number"), asked.number("edition")
    folder = live_folder(studio.services.settings)

    def read(work: Work) -> tuple[Change, tuple[Change, ...]]:
        found = changes.need(work, number)
        return found, ahead_of(work, found)

    found, ahead = await studio.services.read(read)
    if found.author != visit.handle:
        raise problems.not_own(number, found.author)
    texts = await asyncio.to_thread(texts_for, folder, found, ahead)
    places = await asyncio.to_thread(places_in, found.operations, texts)
    if not places:
        raise problems.fits(number)
    if asked.data.get("seen") != mark_of(places):
        raise Refused(409, "changed")
    decisions = _decisions(asked, len(places))
    made = await asyncio.to_thread(settled, found.operations, texts, decisions)
    decided, by, now = told(places, decisions), visit.handle, visit.now

    def store(work: Work) -> Change:
        return changes.settle(work, number, by=by, operations=made, decided=decided, now=now, edition=edition)

    await studio.services.write(store)
    return await _shown(studio, visit, number)


def _decisions(asked: Asked, count: int) -> list[Decision]:
    found = asked.data.get("decisions")
    if not isinstance(found, list) or len(found) != count or not all(isinstance(one, dict) for one in found):
        raise problems.not_decided()
    return [_decision(Asked(one)) for one in found]


def _decision(one: Asked) -> Decision:
    choice: Choice = one.choice("choice", CHOICES)
    return Decision(choice, one.maybe_text("value", LONGEST))


async def _own(studio: Studio, act: Any, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Do something with one change and return it as it is then."""
    number = asked.number("number")
    _check_reads(visit)
    if act is _submit:
        await _check_whole(studio, number)
    if act is _approve:
        await _check_fits(studio, number)
    await studio.services.write(lambda work: act(work, number, visit, asked))
    return await _shown(studio, visit, number)


async def _check_fits(studio: Studio, number: int) -> None:
    looked = await _looked(studio, number)
    if looked.is_apart:
        raise problems.apart(number)
    if looked.is_odd:
        raise problems.odd(number)


def _check_reads(visit: Visit) -> None:
    if not reads_words(visit):
        raise Refused(403, "not_allowed")


async def _check_whole(studio: Studio, number: int) -> None:
    """However the edits came in, by hand or as a file: the sentence that shows an intent best stays, and packs that could not go live
    are not handed over: they would stop the release for everybody. Raises ChangeProblem."""

    def read(work: Work) -> tuple[Change, tuple[Change, ...]]:
        return changes.need(work, number), changes.approved_changes(work)

    found, ahead = await studio.services.read(read)
    folder = live_folder(studio.services.settings)
    known = await asyncio.to_thread(described, folder)
    check_protected(found.operations, with_draft(known, found.operations))
    tables = studio.services.content.current().triage
    if problem := await asyncio.to_thread(problem_of, folder, found, ahead, tables):
        raise problems.broken(number, problem)


def _rename(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    title = asked.text("title", changes.LONGEST_TITLE)
    changes.edit(work, number, by=visit.handle, edition=asked.number("edition"), title=title, now=visit.now)


def _drop(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    place, edition = asked.number("place"), asked.number("edition")
    drafting.without(work, number, place, by=visit.handle, edition=edition, now=visit.now)


def _submit(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    if asked.number("edition") != changes.need(work, number).edition:
        raise problems.edited(number)
    changes.submit(work, number, by=visit.handle, now=visit.now)


def _approve(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    reason = asked.maybe_text("reason", LONGEST_REASON)
    changes.approve(work, number, who=visit.staff, edition=asked.number("edition"), reason=reason, now=visit.now)


def _refuse(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    reason = asked.text("reason", LONGEST_REASON)
    changes.refuse(work, number, who=visit.staff, edition=asked.number("edition"), reason=reason, now=visit.now)


def _withdraw(work: Work, number: int, visit: Visit, asked: Asked) -> None:
    changes.withdraw(work, number, who=visit.staff, reason=asked.maybe_text("reason", LONGEST_REASON), now=visit.now)
