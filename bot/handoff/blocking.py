"""Somebody abuses the staff: nobody reads them any more. The bot and its safety net still answer, and an alarm still calls."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation
from bot.handoff.case_rows import Case, change, locked
from bot.handoff.claims import mine
from bot.handoff.events import add_event
from bot.handoff.patient_lines import say
from bot.privacy import audit
from bot.triage.hotlines import emergency_number

if TYPE_CHECKING:
    from bot.content.load import Content

# What still reaches the staff.
SURFACES = frozenset({"red_flag", "crisis"})


def block(work: Work, case_id: int, *, who: str, now: datetime, content: Content) -> None:
    """Read this person no more, in none of their chats; they are told, once, with the emergency number.

    The bot answers again. The case stays to be closed. Raises CaseProblem when somebody else holds it.
    """
    case = mine(work, case_id, who, now=now) if locked(work, case_id).state != "closed" else locked(work, case_id)
    theirs = sa.and_(conversation.c.patient_id == case.patient_id, conversation.c.blocked_at.is_(None))
    if not work.execute(sa.update(conversation).where(theirs).values(blocked_at=now, blocked_by=who)).rowcount:
        return
    if case.state != "closed":
        nobody = dict.fromkeys(
            ("claimed_by", "lease_until", "waiting_since", "due_at", "warned_at", "snoozed_until", "assigned_to")
        )
        change(work, case_id, state="waiting", **nobody)
    event = add_event(work, case_id, "blocked", who=who, dedupe_key=f"blocked:{case_id}:{now.timestamp()}", now=now)
    number = emergency_of(work, case, content)
    say(work, case, "blocked", dedupe_key=f"blocked:{case_id}:{event}", now=now, phrases=content.phrases, emergency=number)
    audit.record(work, who=who, what="blocked patient", subject=str(case_id), now=now)


def unblock(work: Work, case_id: int, *, who: str, now: datetime, content: Content) -> None:
    """Read this person again; they are told."""
    case = locked(work, case_id)
    theirs = sa.and_(conversation.c.patient_id == case.patient_id, conversation.c.blocked_at.isnot(None))
    if not work.execute(sa.update(conversation).where(theirs).values(blocked_at=None, blocked_by=None)).rowcount:
        return
    event = add_event(work, case_id, "unblocked", who=who, dedupe_key=f"unblocked:{case_id}:{now.timestamp()}", now=now)
    say(work, case, "unblocked", dedupe_key=f"unblocked:{case_id}:{event}", now=now, phrases=content.phrases)
    audit.record(work, who=who, what="unblocked patient", subject=str(case_id), now=now)


def is_blocked(work: Work, case: Case) -> bool:
    """Return whether the staff reads this person no more."""
    blocked = sa.select(conversation.c.blocked_at).where(conversation.c.id == case.conversation_id)
    return work.execute(blocked).scalar() is not None


def emergency_of(work: Work, case: Case, content: Content) -> str:
    """Return the emergency number for this patient, as text."""
    columns = (conversation.c.region, conversation.c.region_known, conversation.c.language)
    row = work.execute(sa.select(*columns).where(conversation.c.id == case.conversation_id)).one()
    return emergency_number(row.region if row.region_known else None, row.language, tables=content.triage)
