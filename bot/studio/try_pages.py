"""The page on which a sentence is tried: what is heard in it and what a patient would read, live and with a candidate side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.database.engine import Work
from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.languages import LANGUAGES, Language
from bot.privacy.personal_data import find
from bot.release import rows
from bot.release.folders import live_folder
from bot.release.problems import ReleaseProblem
from bot.release.sentences import EXPECTED, SAVED, saved_entry
from bot.release.trials import LIVE, Trials
from bot.studio.frame import Studio
from bot.studio.visit import Visit
from bot.training import changes, files
from bot.training.operations import SetEntry, read_data

LONGEST = 1000
# With a release in one of these states there is something to try.
TRIABLE: tuple[rows.State, ...] = ("ready", "refused", "kept")
OFFERED = 10


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    trials = Trials(studio.services.settings)
    return [
        studio.page("/studio/try", "see_studio", partial(show, studio)),
        studio.call("try", "see_studio", partial(try_out, studio, trials)),
        studio.call("try/save", "edit_training", partial(save, studio, trials)),
    ]


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the page, with the releases that can be tried."""
    found = await studio.services.read(lambda work: rows.in_state(work, *TRIABLE))
    offered = [one for one in found if one.model][:OFFERED]
    asked = request.query_params.get("release", "")
    chosen = asked if asked in {one.name for one in offered} else next((one.name for one in offered if one.state == "ready"), "")
    return studio.render(
        request, visit, "try.html", room="try", offered=offered, chosen=chosen, longest=LONGEST, page={"expected": list(EXPECTED)}
    )


async def try_out(studio: Studio, trials: Trials, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Return what is seen of a sentence with one side; {"loading": true} while that is being loaded."""
    seen = await trials.try_out(await _side(studio, asked), asked.text("text", LONGEST), asked.choice("language", LANGUAGES))
    return {"loading": True} if seen is None else seen


async def save(studio: Studio, trials: Trials, visit: Visit, asked: Asked) -> dict[str, Any]:
    """Save a sentence with what was heard in it as a test that every release has to pass: a change, handed over for review."""
    text, language = asked.text("text", LONGEST), asked.choice("language", LANGUAGES)
    if find(text, language):
        raise ReleaseProblem("try_personal", "There is something personal in the sentence. Take it out, and try it again.")
    seen = await trials.try_out(await _side(studio, asked), text, language)
    if seen is None:
        raise Refused(409, "changed")
    operation = _operation(studio, text, language, seen["heard"], _wanted(asked))
    return await studio.services.write(partial(_store, visit, text, operation))


def _operation(studio: Studio, text: str, language: Language, heard: Mapping[str, Any], expect: tuple[str, ...]) -> SetEntry:
    name, entry = saved_entry(text, language, heard, expect=expect)
    known = read_data(files.read(live_folder(studio.services.settings), SAVED), file=SAVED)
    before = ((known or {}).get("entries") or {}).get(name)
    if before == entry:
        raise ReleaseProblem("try_saved_already", "This sentence is saved already, with the same expectation.")
    return SetEntry(SAVED, ("entries", name), before=before, after=entry)


def _store(visit: Visit, text: str, operation: SetEntry, work: Work) -> dict[str, Any]:
    made = changes.create(work, kind="sentences", title=text, author=visit.handle, now=visit.now, operations=[operation])
    changes.submit(work, made.id, by=visit.handle, now=visit.now)
    return {"change": made.id}


def _wanted(asked: Asked) -> tuple[str, ...]:
    expect = asked.data.get("expect")
    if not isinstance(expect, list) or not expect or not set(map(str, expect)) <= set(EXPECTED):
        raise Refused(400, "wrong")
    return tuple(name for name in EXPECTED if name in expect)


async def _side(studio: Studio, asked: Asked) -> str:
    name = asked.text("side", 32)
    if name == LIVE:
        return LIVE
    # What is no release is no folder either: the name comes from outside.
    await studio.services.read(lambda work: rows.need(work, name))
    return name
