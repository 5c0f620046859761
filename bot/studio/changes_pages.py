"""The pages of changes: who wants what to be otherwise, word by word; handed over, approved, refused, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import LONGEST_REASON, Asked
from bot.desk.problems import Refused
from bot.release.folders import live_folder
from bot.studio.change_shapes import as_listed, as_shown, reads_words
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.training import changes, drafting, problems, rows
from bot.training.files import FileDiff, differences
from bot.training.intents import check_protected, described, with_draft
from bot.training.rows import Change

A_PAGE = 30
# What is shown of the states: everything that somebody has to do something with, or one of them.
SHOWN: Mapping[str, tuple[rows.State, ...]] = {"open": rows.OPEN, **{state: (state,) for state in rows.STATES}}


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
        found = rows.listed(work, states=states, author=author, before=last, limit=A_PAGE + 1)
        return {
            "changes": [as_listed(one, visit) for one in found[:A_PAGE]],
            "more": len(found) > A_PAGE,
            "counts": rows.counts(work),
        }

    return await studio.services.read(look)


async def read(studio: Studio, visit: Visit, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return one change: its lines, the difference in the files as they are now, and what was done with it."""
    return await _shown(studio, visit, int(query["number"]))


async def _shown(studio: Studio, visit: Visit, number: int) -> dict[str, Any]:
    def look(work: Work) -> tuple[Change, tuple[rows.Event, ...]]:
        return changes.need(work, number), rows.events(work, number)

    found, events = await studio.services.read(look)
    folder = live_folder(studio.services.settings)
    # What is live already shows no difference any more: its lines say what it was.
    is_open = found.state in rows.OPEN
    diffs: tuple[FileDiff, ...] = await asyncio.to_thread(differences, folder, found.operations) if is_open else ()
    known = await asyncio.to_thread(described, folder)
    return as_shown(found, events, diffs, visit, known)


async def _own(studio: Studio, act: Any, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Do something with one change and return it as it is then."""
    number = asked.number("number")
    if not reads_words(visit):
        raise Refused(403, "not_allowed")
    if act is _submit:
        await _check_protected(studio, number)
    await studio.services.write(lambda work: act(work, number, visit, asked))
    return await _shown(studio, visit, number)


async def _check_protected(studio: Studio, number: int) -> None:
    """However the edits came in, by hand or as a file: the sentence that shows an intent best stays. Raises ChangeProblem."""
    found = await studio.services.read(lambda work: changes.need(work, number))
    known = await asyncio.to_thread(described, live_folder(studio.services.settings))
    check_protected(found.operations, with_draft(known, found.operations))


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
