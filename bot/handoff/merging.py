"""Two persons turn out to be one: of their open cases one goes on, with what was written about both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, case_draft, case_note, scheduled_reply
from bot.duty import notices
from bot.handoff.case_rows import COLUMNS, Case, case_from, change, risk_of
from bot.handoff.events import add_event
from bot.messages import more_urgent

# Written as the outcome of the case that ended in another; nobody comes back to it.
MERGED = "merged"


def move_to(work: Work, *, gone: str, kept: str, now: datetime) -> None:
    """Give the cases of one patient to another; of two that are open the earlier goes on, with what is more urgent of both.

    Notes, drafts and scheduled replies go with it, and who holds either holds it. All conversations of both are held already.
    """
    both = sa.select(*COLUMNS).where(care_case.c.patient_id.in_([gone, kept]), care_case.c.state != "closed")
    found = [case_from(row) for row in work.execute(both.order_by(care_case.c.id))]
    for ended in found[1:]:
        _end(work, ended, found[0], now=now)
    work.execute(sa.update(care_case).where(care_case.c.patient_id == gone).values(patient_id=kept))


def _end(work: Work, ended: Case, kept: Case, *, now: datetime) -> None:
    nobody = dict.fromkeys(("lease_until", "waiting_since", "due_at", "warned_at", "snoozed_until"))
    change(work, ended.id, state="closed", closed_at=now, outcome=MERGED, **nobody)
    for table in (case_note, scheduled_reply):
        work.execute(sa.update(table).where(table.c.case_id == ended.id).values(case_id=kept.id))
    _move_drafts(work, ended.id, kept.id)
    values = _both(kept, ended, now)
    change(work, kept.id, **values)
    add_event(work, ended.id, "merged", who="bot", dedupe_key=f"merged:{ended.id}", now=now, content={"into": kept.id})
    content = {"from": ended.id, "reason": ended.reason, "level": ended.level, "held_by": ended.claimed_by}
    add_event(work, kept.id, "raised", who="bot", dedupe_key=f"merged:{ended.id}:into", now=now, content=content)
    notices.note(work, kept.id, level=values["level"], crisis=values["crisis"], now=now)


def _both(kept: Case, ended: Case, now: datetime) -> dict[str, Any]:
    level, crisis = more_urgent(kept.level, ended.level), kept.crisis or ended.crisis
    urgent = ended if ended.risk < kept.risk else kept
    values: dict[str, Any] = {
        "level": level,
        "crisis": crisis,
        "risk": risk_of(level, crisis=crisis),
        "department": urgent.department or kept.department or ended.department,
        "waiting_since": _earlier(kept.waiting_since, ended.waiting_since),
        "due_at": _earlier(kept.due_at, ended.due_at),
        "first_reply_at": _earlier(kept.first_reply_at, ended.first_reply_at),
        "assigned_to": kept.assigned_to or ended.assigned_to,
        "snoozed_until": _sleep(kept, ended, now),
    }
    if kept.state == "waiting" and not kept.assigned_to:  # as when a case rises: what somebody has is not taken away
        values["team"] = urgent.team
    if kept.state == "waiting_for_patient" and values["waiting_since"] is not None:
        values["state"] = "claimed"
    if ended.is_held(now) and not kept.is_held(now):
        values |= {"claimed_by": ended.claimed_by, "lease_until": ended.lease_until, "state": ended.state, "snoozed_until": None}
        values["conversation_id"] = ended.conversation_id
    return values


def _sleep(kept: Case, ended: Case, now: datetime) -> datetime | None:
    """Return until when the case sleeps that goes on: who waits in the other one must not fall asleep with it."""
    if kept.snoozed_until is None or kept.snoozed_until <= now:
        return kept.snoozed_until
    sleeps = ended.snoozed_until is not None and ended.snoozed_until > now
    return _earlier(kept.snoozed_until, ended.snoozed_until) if sleeps else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _move_drafts(work: Work, ended: int, kept: int) -> None:
    """Move drafts; where somebody has one on both, the texts stand below each other."""
    columns = ("id", "staff_id", "mode", "sealed")
    of_case = sa.select(*(case_draft.c[name] for name in columns))
    there = {(row.staff_id, row.mode): row for row in work.execute(of_case.where(case_draft.c.case_id == kept))}
    for row in work.execute(of_case.where(case_draft.c.case_id == ended)).all():
        other = there.get((row.staff_id, row.mode))
        if other is None:
            work.execute(sa.update(case_draft).where(case_draft.c.id == row.id).values(case_id=kept))
            continue
        text = "\n".join(work.cipher.unseal(one.sealed)["text"] for one in (other, row))
        work.execute(sa.update(case_draft).where(case_draft.c.id == other.id).values(sealed=work.cipher.seal({"text": text})))
        work.execute(sa.delete(case_draft).where(case_draft.c.id == row.id))
