"""A nurse's words to the patient. Replying claims; what is not urgent can be taken back for a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import outbound
from bot.duty.clocks import is_urgent
from bot.handoff.case_rows import Case, case_of, change, locked
from bot.handoff.claims import LEASE, claim, mine
from bot.handoff.events import CaseEvent, add_event, event_with
from bot.handoff.patient_lines import place_of
from bot.handoff.problems import CaseProblem
from bot.outbox.compose import compose_from_nurse
from bot.outbox.held import take_away
from bot.outbox.store import NURSE, enqueue
from bot.phrases import Phrases
from bot.privacy import audit

# How long a reply can be taken back.
HOLD = timedelta(seconds=5)
AT_ONCE = timedelta(0)
LONGEST = 4000


def reply(  # noqa: PLR0913 - who, under which name, once, when, in which words
    work: Work,
    case_id: int,
    text: str,
    *,
    who: str,
    name: str,
    dedupe_key: str,
    now: datetime,
    phrases: Phrases,
    hold: timedelta = HOLD,
) -> int:
    """Send the nurse's words to the patient and return the number of the message; replying claims.

    The same `dedupe_key` again sends nothing and returns the same number. A reply to an emergency leaves at once, any other
    after `hold`. Raises CaseProblem when somebody else holds the case, when it is closed, or when there are no words.
    """
    if not text.strip():
        raise CaseProblem("There are no words in this reply.", key="empty")
    key = f"reply:{case_id}:{dedupe_key}"
    locked(work, case_id)
    before = event_with(work, key)
    if before is not None:
        return int(before.content["outbound"])
    mine(work, case_id, who, now=now)
    case = claim(work, case_id, who=who, name=name, now=now, phrases=phrases)
    place, language = place_of(work, case)
    message = compose_from_nurse(text[:LONGEST], language, name=name, phrases=phrases)
    hold = AT_ONCE if is_urgent(case.level, crisis=case.crisis) else hold
    number = enqueue(work, place, message, dedupe_key=f"nurse:{case_id}:{dedupe_key}"[:160], now=now, priority=NURSE, hold=hold)
    assert number is not None
    add_event(work, case_id, "reply", who=who, dedupe_key=key, now=now, content={"outbound": number, "was": _state(case)})
    _answered(work, case, now=now)
    audit.record(work, who=who, what="replied", subject=str(case_id), now=now)
    return number


def _answered(work: Work, case: Case, *, now: datetime) -> None:
    """Nobody waits any more."""
    nobody_waits = dict.fromkeys(("waiting_since", "due_at", "warned_at", "snoozed_until"))
    values: dict[str, Any] = {"state": "waiting_for_patient", "lease_until": now + LEASE, **nobody_waits}
    change(work, case.id, **values, first_reply_at=case.first_reply_at or now)


def _state(case: Case) -> dict[str, Any]:
    since, due = (at.isoformat() if at else None for at in (case.waiting_since, case.due_at))
    return {"waiting_since": since, "due_at": due, "first": case.first_reply_at is None}


def undo(work: Work, number: int, *, who: str, now: datetime) -> bool:
    """Take a reply back that has not left yet; then the patient waits as before. False when it is too late, or not theirs."""
    key = work.execute(sa.select(outbound.c.dedupe_key, outbound.c.sealed).where(outbound.c.id == number)).first()
    event = None if key is None else event_with(work, f"reply:{str(key.dedupe_key).removeprefix('nurse:')}")
    if key is None or event is None or event.who != who:
        return False
    locked(work, event.case_id)
    if not take_away(work, number, now=now):
        return False
    content = {"outbound": number, "text": work.cipher.unseal(key.sealed)["text"]}
    add_event(work, event.case_id, "undone", who=who, dedupe_key=f"undone:{number}", now=now, content=content)
    _restore(work, case_of(work, event.case_id), event)
    audit.record(work, who=who, what="took reply back", subject=str(event.case_id), now=now)
    return True


def _restore(work: Work, case: Case, event: CaseEvent) -> None:
    was = event.content["was"]
    since, due = (datetime.fromisoformat(was[name]) if was[name] else None for name in ("waiting_since", "due_at"))
    values: dict[str, Any] = {"waiting_since": since, "due_at": due} if since is not None else {}
    if since is not None and case.state == "waiting_for_patient":
        values["state"] = "claimed"
    if was["first"]:
        values["first_reply_at"] = None
    if values and case.state != "closed":
        change(work, case.id, **values)
