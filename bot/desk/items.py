"""Pieces of a thread with all that they are shown with: who wrote, what became of it, and what is masked."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.briefing.delivery import delivery_of
from bot.database.engine import Work
from bot.database.tables import care_case, case_event
from bot.desk import presence, serialise, serialise_words, shapes, thread
from bot.desk.masking import Mask
from bot.desk.serialise import Viewing
from bot.desk.serialise_words import Context
from bot.desk.thread import Part, Piece
from bot.handoff.case_rows import case_of


def items(work: Work, case_id: int, pieces: Sequence[Piece], viewing: Viewing) -> list[shapes.Item]:
    """Return pieces of a case's thread as they are shown to somebody."""
    texts = [(str(piece.content.get("text", "")), piece.language) for piece in pieces if piece.kind in ("in", "note")]
    mask = mask_of(work, case_id, viewing).learn(texts)
    context = Context(viewing, mask, _wrote(work, case_id, pieces), _delivery(work, case_id, pieces, viewing))
    return [serialise_words.item(piece, context) for piece in pieces]


def part(work: Work, case_id: int, found: Part, viewing: Viewing) -> shapes.Thread:
    """Return some of a case's thread."""
    here = presence.here(work, case_id, now=viewing.now, but=viewing.staff.id)
    return {
        "items": items(work, case_id, found.pieces, viewing),
        "after": str(found.after),
        "older": None if found.older is None else str(found.older),
        "version": thread.version(work, case_id),
        "presence": serialise.present(here, viewing),
    }


def mask_of(work: Work, case_id: int, viewing: Viewing) -> Mask:
    """Return what masks the texts of the patient of a case."""
    patient = work.execute(sa.select(care_case.c.patient_id).where(care_case.c.id == case_id)).scalar()
    mask = Mask(public=viewing.public) if patient is None else viewing.known.mask_of(work, patient, public=viewing.public)
    return mask.beside(viewing.names.values())


def _wrote(work: Work, case_id: int, pieces: Sequence[Piece]) -> dict[int, str]:
    """Return who wrote which of the nurses' messages: their events have the same key."""
    keys = {
        f"reply:{piece.row.dedupe_key.removeprefix('nurse:')}": piece.id
        for piece in pieces
        if piece.kind == "out" and piece.author == "nurse"
    }
    if not keys:
        return {}
    query = sa.select(case_event.c.dedupe_key, case_event.c.who).where(case_event.c.dedupe_key.in_(list(keys)))
    return {keys[row.dedupe_key]: row.who for row in work.execute(query)}


def _delivery(work: Work, case_id: int, pieces: Sequence[Piece], viewing: Viewing) -> dict[int, shapes.Delivery]:
    rows = [piece.row for piece in pieces if piece.kind == "out"]
    if not rows:
        return {}
    found = delivery_of(work, case_of(work, case_id), rows, viewing.now)
    return {number: serialise.delivery(one) for number, one in found.items()}
