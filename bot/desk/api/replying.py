"""Replies to the patient: once, undone for a moment, and with a warning when a colleague wrote meanwhile. Notes are elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import case_event, outbound
from bot.desk import items, shapes, thread
from bot.desk.acting import act, viewing_of
from bot.desk.asked import Asked, Asking
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.handoff import drafts, replies
from bot.handoff.said import words_of


async def reply(store: ContentStore, asking: Asking, case_id: int, asked: Asked) -> shapes.Sent:
    """Send the nurse's words. The same `client_id` again sends nothing and is answered alike."""
    text, client = asked.text("text", replies.LONGEST), asked.client_id()
    key, seen = f"{asking.staff.id}:{client}", asked.number("seen") if "seen" in asked.data else None
    phrases, who = store.content.current().phrases, asking.staff
    hold = timedelta(0) if asked.flag("urgent") else replies.HOLD

    def send(work: Work) -> tuple[int, datetime | None]:
        if not asked.flag("anyway") and seen is not None and not _was_sent(work, case_id, key):
            _warn(work, asking, case_id, seen)
        number = replies.reply(
            work, case_id, text, who=who.handle, name=who.name, dedupe_key=key, now=asking.now, phrases=phrases, hold=hold
        )
        drafts.clear(work, case_id, who.id, "reply")
        return number, _undo_until(work, number, asking.now)

    (number, until), done = await act(store, asking, case_id, "reply", send)
    return {**done, "number": number, "key": f"out:{number}", "undo_until": None if until is None else until.isoformat()}


async def undo(store: ContentStore, asking: Asking, case_id: int, asked: Asked) -> shapes.Undone:
    """Take a reply back that has not left; its words are the draft again."""
    number, who = asked.number("number"), asking.staff

    def take_back(work: Work) -> str | None:
        content = _content(work, case_id, number)
        if content is None or not replies.undo(work, number, who=who.handle, now=asking.now):
            return None
        text = words_of(content)
        if not drafts.get(work, case_id, who.id, "reply"):  # what was begun meanwhile is not lost
            drafts.save(work, case_id, who.id, "reply", text, asking.now)
        return text

    text, done = await act(store, asking, case_id, "reply", take_back)
    return {**done, "undone": text is not None, "text": text or ""}


def _was_sent(work: Work, case_id: int, key: str) -> bool:
    mine = case_event.c.dedupe_key == f"reply:{case_id}:{key}"
    return work.execute(sa.select(case_event.c.id).where(mine)).first() is not None


def _warn(work: Work, asking: Asking, case_id: int, seen: int) -> None:
    """Raise Refused when a colleague has written to the patient after what the nurse saw: a warning, never a lock."""
    others = (case_event.c.case_id == case_id, case_event.c.what == "reply", case_event.c.who != asking.staff.handle)
    query = sa.select(case_event.c.who).where(*others, case_event.c.id > seen)
    last = work.execute(query.order_by(case_event.c.id.desc()).limit(1)).scalar()
    if last is None:
        return
    viewing = viewing_of(work, asking)
    by = viewing.colleague(last) or {"handle": last, "name": last}
    found = thread.latest(work, case_id, limit=5)
    newer = items.items(work, case_id, found.pieces, viewing)
    raise Refused(409, "colleague_wrote", more={"by": by, "items": newer}, name=by["name"])


def _undo_until(work: Work, number: int, now: datetime) -> datetime | None:
    row = work.execute(sa.select(outbound.c.state, outbound.c.not_before).where(outbound.c.id == number)).first()
    if row is None or row.state != "pending" or row.not_before <= now:
        return None
    until: datetime = row.not_before
    return until


def _content(work: Work, case_id: int, number: int) -> dict[str, str] | None:
    """Return what a message of this case says; None: it is of another, or is gone."""
    row = work.execute(sa.select(outbound.c.sealed, outbound.c.dedupe_key).where(outbound.c.id == number)).first()
    if row is None or not row.dedupe_key.startswith(f"nurse:{case_id}:"):
        return None
    return dict(work.cipher.unseal(row.sealed))
