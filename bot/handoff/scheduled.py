"""Replies that are sent later. When their time comes the case is looked at again: what cannot be sent any more comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, kf_session, scheduled_reply, wechat_follower
from bot.handoff.blocking import is_blocked
from bot.handoff.case_rows import Case, change, locked, still_open
from bot.handoff.claims import take_over_from_bot
from bot.handoff.events import add_event, event_with
from bot.handoff.patient_lines import place_of
from bot.handoff.problems import CaseProblem
from bot.outbox.compose import compose_from_nurse
from bot.outbox.store import NURSE, enqueue
from bot.phrases import Phrases
from bot.privacy import audit

LONGEST = 4000
# Both of Tencent's platforms take what a person sends within this time after the patient's own words.
WINDOW = timedelta(hours=48)
# Longer late than this (the service was down) it may no longer fit: the nurse decides.
TOO_LATE = timedelta(hours=12)

Refusal = Literal["closed", "held", "blocked", "window", "left", "late"]
# Then nobody else sees to the patient: the case stands on top again, as after a sleep.
COMES_BACK = frozenset({"window", "left", "late"})


@dataclass(frozen=True)
class Scheduled:
    """A reply that waits for its time, or what became of it."""

    id: int
    who: str
    state: Literal["waiting", "sent", "cancelled", "refused"]
    problem: Refusal | None
    due_at: datetime
    text: str


def schedule(  # noqa: PLR0913 - who, under which name, once, for when
    work: Work, case_id: int, text: str, *, who: str, name: str, due_at: datetime, dedupe_key: str, now: datetime
) -> int:
    """Have `text` sent at `due_at` and return its number; the same `dedupe_key` again schedules nothing.

    Raises CaseProblem when the case is closed, when there are no words, or when the time is over.
    """
    still_open(locked(work, case_id))
    if not text.strip():
        raise CaseProblem("There are no words in this reply.", key="empty")
    key = f"scheduled:{case_id}:{dedupe_key}"
    before = event_with(work, key)
    if before is not None:
        return int(before.content["scheduled"])
    if due_at <= now:
        raise CaseProblem("This time is over. Choose a later one.", key="past")
    sealed = work.cipher.seal({"text": text[:LONGEST], "name": name})
    row = {"case_id": case_id, "who": who, "state": "waiting", "due_at": due_at, "created_at": now, "sealed": sealed}
    number = int(work.execute(scheduled_reply.insert().values(**row)).inserted_primary_key[0])
    content = {"scheduled": number, "due_at": due_at.isoformat()}
    add_event(work, case_id, "scheduled", who=who, dedupe_key=key, now=now, content=content)
    audit.record(work, who=who, what="scheduled reply", subject=str(case_id), now=now)
    return number


def cancel(work: Work, number: int, *, who: str, now: datetime) -> bool:
    """Take a scheduled reply back; False when it is sent already, or there is none. Whose case it is was looked at before."""
    case_id = work.execute(sa.select(scheduled_reply.c.case_id).where(scheduled_reply.c.id == number)).scalar()
    if case_id is None or not _settle(work, number, "cancelled"):
        return False
    content = {"scheduled": number}
    add_event(work, case_id, "schedule_cancelled", who=who, dedupe_key=f"cancelled:{number}", now=now, content=content)
    audit.record(work, who=who, what="cancelled reply", subject=str(case_id), now=now)
    return True


def scheduled(work: Work, case_id: int) -> tuple[Scheduled, ...]:
    """Return the replies of a case that wait for their time or were refused, the earliest first."""
    shown = sa.and_(scheduled_reply.c.case_id == case_id, scheduled_reply.c.state.in_(("waiting", "refused")))
    rows = work.execute(sa.select(scheduled_reply).where(shown).order_by(scheduled_reply.c.due_at, scheduled_reply.c.id))
    return tuple(
        Scheduled(row.id, row.who, row.state, row.problem, row.due_at, work.cipher.unseal(row.sealed)["text"]) for row in rows
    )


_DUE = (
    sa.select(*(scheduled_reply.c[name] for name in ("id", "case_id", "who", "due_at", "sealed")))
    .where(scheduled_reply.c.state == "waiting", scheduled_reply.c.due_at <= sa.bindparam("now"))
    .order_by(scheduled_reply.c.due_at, scheduled_reply.c.id)
    .limit(20)
)


def is_due(work: Work, now: datetime) -> bool:
    """Return whether `send_due` has something to do: asked without holding up anybody."""
    return work.execute(_DUE.limit(1), {"now": now}).first() is not None


def send_due(work: Work, now: datetime, phrases: Phrases) -> int:
    """Send the replies whose time has come, each once; returns how many were sent.

    Refused, with an event for the nurse: to a closed case, while somebody else talks with the patient, to somebody who is blocked
    or has left, when the platform takes no more, and when the service was down at its time for longer than `TOO_LATE`.
    """
    return sum(_send(work, row, now=now, phrases=phrases) for row in work.execute(_DUE, {"now": now}).all())


def _send(work: Work, row: Any, *, now: datetime, phrases: Phrases) -> bool:
    case = locked(work, row.case_id)
    problem: Refusal | None = "late" if row.due_at < now - TOO_LATE else refusal(work, case, who=row.who, now=now)
    if not _settle(work, row.id, "refused" if problem else "sent", problem):
        return False  # somebody was quicker
    if problem:
        content: dict[str, Any] = {"scheduled": row.id, "problem": problem}
        add_event(work, case.id, "not_sent", who=row.who, dedupe_key=f"not_sent:{row.id}", now=now, content=content)
        if problem in COMES_BACK:
            change(work, case.id, snoozed_until=now)
        return False
    said = work.cipher.unseal(row.sealed)
    place, language = place_of(work, case)
    message = compose_from_nurse(said["text"], language, name=said["name"], phrases=phrases)
    number = enqueue(work, place, message, dedupe_key=f"nurse:scheduled:{row.id}", now=now, priority=NURSE)
    # It claims nothing: nobody sits there now. Who waits for an answer goes on waiting.
    content = {"outbound": number, "scheduled": row.id}
    add_event(work, case.id, "reply", who=row.who, dedupe_key=f"reply:scheduled:{row.id}", now=now, content=content)
    take_over_from_bot(work, case, now=now)  # what comes next answers the nurse, not the bot's last question
    audit.record(work, who=row.who, what="replied", subject=str(case.id), now=now)
    return True


def refusal(work: Work, case: Case, *, who: str, now: datetime) -> Refusal | None:
    """Return why a reply cannot be sent to this case now, or None when it can."""
    if case.state == "closed":
        return "closed"
    if case.is_held(now) and case.claimed_by != who:
        return "held"
    return "blocked" if is_blocked(work, case) else _platform_refuses(work, case, now)


def _platform_refuses(work: Work, case: Case, now: datetime) -> Refusal | None:
    chat = work.execute(
        sa.select(
            conversation.c.erase_after, wechat_follower.c.wrote_at, wechat_follower.c.left_at, kf_session.c.wrote_at.label("kf")
        )
        .select_from(
            conversation.outerjoin(wechat_follower, wechat_follower.c.conversation_id == conversation.c.id).outerjoin(
                kf_session, kf_session.c.conversation_id == conversation.c.id
            )
        )
        .where(conversation.c.id == case.conversation_id)
    ).one()
    if chat.erase_after is not None or chat.left_at is not None:
        return "left"
    wrote_at = chat.wrote_at or chat.kf
    return "window" if wrote_at is not None and wrote_at <= now - WINDOW else None


def _settle(work: Work, number: int, state: str, problem: str | None = None) -> bool:
    row = sa.update(scheduled_reply).where(scheduled_reply.c.id == number, scheduled_reply.c.state == "waiting")
    return bool(work.execute(row.values(state=state, problem=problem)).rowcount == 1)
