"""A person's own readings as a file for their doctor."""

from __future__ import annotations

import asyncio
from typing import Literal

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.followup.export import Report, csv_of, report_of
from bot.inbox import conversations
from bot.languages import Language

Kind = Literal["pdf", "csv"]
MEDIA: dict[Kind, str] = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


class Exports:
    """Makes files, one at a time: each takes a second, and messages of others must not wait for them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._one = asyncio.Semaphore(1)

    @property
    def is_busy(self) -> bool:
        """Whether one is being made right now."""
        return self._one.locked()

    async def file(self, conversation_id: str, kind: Kind, language: Language) -> bytes | None:
        """Return the readings of the person of a conversation as a file; None: there are none. Raises NoFont, for a PDF."""
        content, now = self._services.content.current(), self._services.clock()

        def look(work: Work) -> Report | None:
            one = conversations.get(work, conversation_id)
            return None if one is None else report_of(work, one.patient_id, language=language, content=content, now=now)

        async with self._one:
            report = await self._services.read(look)
            if report is None or not report.courses:
                return None
            return await asyncio.to_thread(_pdf if kind == "pdf" else csv_of, report)


def _pdf(report: Report) -> bytes:
    from bot.followup.export_pdf import pdf_of  # what draws PDF takes 20 MB, which most gateways never need

    return pdf_of(report)
