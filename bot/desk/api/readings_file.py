"""A patient's readings as a file for the doctor: PDF, or CSV for other programs. Who took it is written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.responses import Response

from bot.database.engine import Work
from bot.desk.asked import Asking, case_number
from bot.desk.content_store import ContentStore
from bot.desk.problems import NO_STORE, Refused
from bot.desk.reads import record
from bot.desk.rights import need
from bot.followup.export import Report, csv_of, report_of
from bot.handoff.case_rows import case_of
from bot.posters.fonts import NoFont

logger = logging.getLogger(__name__)

MEDIA = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


async def take(store: ContentStore, asking: Asking, asked: Mapping[str, str]) -> Response:
    """Return the readings of half a year of a case's patient, in the nurse's language."""
    case_id, kind, content = case_number(asked["case"]), asked["kind"], store.content.current()
    if kind not in MEDIA:
        raise Refused(404, "gone")

    def look(work: Work) -> Report:
        need(work, asking, case_id, "see")
        record(work, asking, [case_id], what="exported readings")
        patient_id = case_of(work, case_id).patient_id
        return report_of(work, patient_id, language=asking.staff.language, content=content, now=asking.now)

    report = await store.write(look)
    try:
        file = await asyncio.to_thread(_pdf if kind == "pdf" else _csv, report)
    except NoFont as problem:
        logger.error("no PDF of readings: %s", problem)
        raise Refused(503, "no_pdf") from None
    named = {"Content-Disposition": f'attachment; filename="readings-{case_id}.{kind}"'}
    return Response(file, media_type=MEDIA[kind], headers=NO_STORE | named)


def _csv(report: Report) -> bytes:
    return csv_of(report, words=False)  # a patient's words are read in the conversation, where names are covered


def _pdf(report: Report) -> bytes:
    from bot.followup.export_pdf import pdf_of  # what draws PDF takes 20 MB, which is rarely needed

    return pdf_of(report)
