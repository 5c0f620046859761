"""The page of import, export and bulk edits. What comes in is shown first, and kept as a draft of a change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.desk.asked import Asked
from bot.desk.problems import Refused
from bot.exchange import bulk, outgoing
from bot.exchange.bulk import Replacing
from bot.exchange.incoming import LARGEST_FILE, Bringing, Incoming, incoming
from bot.exchange.plan import Line, Plan
from bot.exchange.reading import SCOPES, Scope, read_examples, read_units
from bot.languages import LANGUAGES, OWN_NAMES, Language
from bot.privacy import audit
from bot.release.folders import live_folder
from bot.studio.exchange_drafts import keep, may_change, undo, within_rights
from bot.studio.frame import API, Studio
from bot.studio.visit import Visit
from bot.web.guard import NO_STORE

# Files are larger than a message.
LARGER: Mapping[str, int] = dict.fromkeys((f"{API}/exchange/preview", f"{API}/exchange/keep"), LARGEST_FILE)
LINES_SHOWN = 200
LONGEST = 500


def routes(studio: Studio) -> list[BaseRoute]:
    """Return the routes of this slice."""
    return [
        studio.page("/studio/exchange", "import_export", partial(show, studio)),
        studio.file("exchange/examples", "import_export", partial(give_examples, studio)),
        studio.file("exchange/texts", "import_export", partial(give_texts, studio)),
        studio.upload("exchange/preview", "import_export", partial(preview, studio)),
        studio.upload("exchange/keep", "import_export", partial(take, studio)),
        studio.call("exchange/bulk", "import_export", partial(preview_bulk, studio)),
        studio.call("exchange/bulk/keep", "import_export", partial(take_bulk, studio)),
        studio.call("exchange/undo", "import_export", partial(undo, studio)),
    ]


async def show(studio: Studio, request: Request, visit: Visit) -> Response:
    """Show the page."""
    scopes = [scope for scope in ("examples", *SCOPES) if may_change(visit, scope)]
    spoken = [(code, OWN_NAMES[code]) for code in LANGUAGES]
    forms = {"of_examples": outgoing.OF_EXAMPLES, "of_texts": outgoing.OF_TEXTS}
    return studio.render(
        request, visit, "exchange.html", room="exchange", scopes=scopes, all_scopes=SCOPES, spoken=spoken, forms=forms
    )


async def give_examples(studio: Studio, request: Request, visit: Visit) -> Response:
    """Return the examples as a file."""
    form, language = _one_of(request, "format", outgoing.OF_EXAMPLES), _language(request, "language")
    if form == "yaml" and language is None:
        raise Refused(400, "wrong")
    folder = live_folder(studio.services.settings)
    file = await asyncio.to_thread(outgoing.examples, folder, form, language)
    return await _given(studio, visit, file, form, f"examples-{language}" if language else "examples")


async def give_texts(studio: Studio, request: Request, visit: Visit) -> Response:
    """Return the texts of a scope as a file."""
    form, scope = _one_of(request, "format", outgoing.OF_TEXTS), _one_of(request, "scope", SCOPES)
    source, target = _language(request, "source"), _language(request, "target")
    if form in ("xliff", "po") and (source is None or target is None or source == target):
        raise Refused(400, "wrong")
    pair = outgoing.Pair(source or "en", target or "de")
    file = await asyncio.to_thread(outgoing.texts, live_folder(studio.services.settings), form, scope, pair)
    name = f"{scope}-{source}-{target}" if form in ("xliff", "po") else scope
    return await _given(studio, visit, file, form, name)


async def preview(studio: Studio, request: Request, visit: Visit) -> Any:
    """Return what a file would change."""
    found = await _incoming(studio, request)
    return {"format": found.format, **_told(within_rights(visit, found.plan))}


async def take(studio: Studio, request: Request, visit: Visit) -> Any:
    """Keep what a file changes as drafts."""
    found = await _incoming(studio, request)
    return await keep(studio, visit, found.plan, title=studio.text("exchange_title_import", visit.language, format=found.format))


async def preview_bulk(studio: Studio, visit: Visit, asked: Asked) -> Any:
    """Return what replacing would change."""
    return _told(within_rights(visit, await _replacing(studio, visit, asked)))


async def take_bulk(studio: Studio, visit: Visit, asked: Asked) -> Any:
    """Keep what replacing changes as a draft."""
    return await keep(
        studio, visit, await _replacing(studio, visit, asked), title=studio.text("exchange_title_bulk", visit.language)
    )


async def _replacing(studio: Studio, visit: Visit, asked: Asked) -> Plan:
    scope = asked.choice("scope", ("examples", *SCOPES))
    if not may_change(visit, scope):
        raise Refused(403, "not_allowed")
    language = next((code for code in LANGUAGES if code == asked.data.get("language")), None)
    replacing = Replacing(asked.maybe_text("find", LONGEST), asked.maybe_text("put", LONGEST), language)
    if not replacing.find:
        raise Refused(400, "empty")
    return await asyncio.to_thread(_replaced, studio, scope, replacing)


def _replaced(studio: Studio, scope: str, replacing: Replacing) -> Plan:
    folder = live_folder(studio.services.settings)
    if scope == "examples":
        return bulk.in_examples(read_examples(folder), replacing)
    of_texts: Scope = next(one for one in SCOPES if one == scope)
    return bulk.in_texts(read_units(folder, of_texts), replacing)


async def _incoming(studio: Studio, request: Request) -> Incoming:
    bringing = Bringing(request.query_params.get("whole") == "yes", _language(request, "language"))
    return await asyncio.to_thread(incoming, await request.body(), bringing, live_folder(studio.services.settings))


async def _given(studio: Studio, visit: Visit, file: bytes, form: str, name: str) -> Response:
    await studio.services.write(
        lambda work: audit.record(work, who=visit.handle, what=f"exported {name}"[:64], subject="studio", now=visit.now)
    )
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}.{_ENDINGS.get(form, form)}"'}
    return Response(file, media_type=outgoing.TYPES[form], headers=headers)


_ENDINGS = {"yaml": "yml", "xliff": "xlf"}


def _told(plan: Plan) -> dict[str, Any]:
    counts = {kind: plan.counts.get(kind, 0) for kind in ("added", "changed", "removed", "problem")}
    # What cannot be taken is seen first.
    lines = sorted(plan.lines, key=lambda line: line.kind != "problem")
    return {
        "counts": {**counts, "same": plan.same},
        "lines": [_line(line) for line in lines[:LINES_SHOWN]],
        "more": max(0, len(lines) - LINES_SHOWN),
        "possible": bool(plan.made),
    }


def _line(line: Line) -> dict[str, Any]:
    found = {"kind": line.kind, "name": line.name, "language": line.language, "before": line.before, "after": line.after}
    return {**found, "why": line.problem, "values": dict(line.values)}


def _language(request: Request, name: str) -> Language | None:
    return next((code for code in LANGUAGES if code == request.query_params.get(name)), None)


def _one_of(request: Request, name: str, among: tuple[Any, ...]) -> Any:
    asked = request.query_params.get(name)
    if asked not in among:
        raise Refused(400, "wrong")
    return asked
