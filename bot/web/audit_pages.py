"""The auditor's pages: the audit searched and exported, and every glass that was broken with its reason. Reading is audited too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.privacy import audit
from bot.privacy.audit import CSV_HEAD, Wanted
from bot.staff import glass
from bot.staff.sessions import Session
from bot.web.frame import Frame
from bot.web.guard import signed_in

ROWS = 50
FIELDS = ("who", "what", "subject", "since", "until")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?")
_LONGEST = 64


class AuditPages:
    """The pages over the services of one gateway."""

    def __init__(self, services: Services, frame: Frame) -> None:
        self._services, self._frame = services, frame

    async def page(self, request: Request) -> Response:
        """Show lines of the audit, the latest first."""
        session, wanted, now = await signed_in(request), wanted_of(request), self._services.clock()
        before = _number(request, "before")

        await self._services.write(lambda work: record(work, session, "searched audit", now=now))
        found = await self._services.read(lambda work: audit.search(work, wanted, before=before, limit=ROWS))
        typed = {name: request.query_params.get(name, "")[:_LONGEST] for name in FIELDS}
        query = urlencode({name: value for name, value in typed.items() if value})
        return self._frame.page(request, "audit.html", session=session, found=found, typed=typed, query=query)

    async def export(self, request: Request) -> Response:
        """Return all lines that are wanted as CSV, oldest first, up to this moment."""
        session, wanted, now = await signed_in(request), wanted_of(request), self._services.clock()

        await self._services.write(lambda work: record(work, session, "exported audit", now=now))
        last = await self._services.read(audit.last_number)
        name = f"audit-{now:%Y%m%d-%H%M}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingResponse(self._csv(wanted, last), media_type="text/csv; charset=utf-8", headers=headers)

    async def glass(self, request: Request) -> Response:
        """Show who looked into a case that was not theirs, and why."""
        session, now = await signed_in(request), self._services.clock()
        before = _number(request, "before")

        await self._services.write(lambda work: record(work, session, "read broken glass", now=now))
        found = await self._services.read(lambda work: glass.broken(work, session.staff, before=before, limit=ROWS + 1))
        more = found[ROWS - 1].id if len(found) > ROWS else None
        return self._frame.page(request, "glass.html", session=session, found=found[:ROWS], more=more, now=now)

    async def _csv(self, wanted: Wanted, last: int) -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + _lines([CSV_HEAD])  # with this mark spreadsheets read it as UTF-8
        after = 0
        while after < last:
            start = after
            found = await self._services.read(lambda work, start=start: audit.chunk(work, wanted, after=start))  # type: ignore[misc]
            kept = tuple(line for line in found if line.id <= last)
            if not kept:
                return
            yield _lines(list(audit.csv_rows(kept)))
            after = kept[-1].id


def record(work: Work, session: Session, what: str, *, now: datetime) -> None:
    """Write down that the audit is read. Apart from the reading, which may take its time: nobody who writes waits for it."""
    audit.record(work, who=session.staff.handle, what=what, subject="audit", now=now)


def wanted_of(request: Request) -> Wanted:
    """Return what a request asks for. Times without a zone are UTC, as the page says; a time that is none is left out."""
    given = {name: "".join(filter(str.isprintable, request.query_params.get(name, ""))).strip()[:_LONGEST] for name in FIELDS}
    return Wanted(given["who"].lower(), given["what"], given["subject"], _moment(given["since"]), _moment(given["until"]))


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _lines(rows: list[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
