"""A case goes to somebody else, sleeps, wakes, or becomes more urgent by hand. It is never lost: who is off gets nothing alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, case_event, staff
from bot.duty import clocks, notices
from bot.duty.teams import Teams
from bot.handoff.blocking import block, unblock
from bot.handoff.case_rows import Case, case_of, change, locked, risk_of, still_open
from bot.handoff.cases import page_holder, timed
from bot.handoff.claims import mine
from bot.handoff.events import add_event
from bot.handoff.notes import add_note
from bot.handoff.patient_lines import say
from bot.handoff.problems import CaseProblem
from bot.handoff.scheduled import cancel, schedule, scheduled, send_due
from bot.messages import Level, more_urgent
from bot.phrases import Phrases
from bot.privacy import audit

__all__ = [
    "UNTIL_REPLY",
    "assign",
    "block",
    "cancel",
    "raise_urgency",
    "schedule",
    "scheduled",
    "send_due",
    "snooze",
    "transfer",
    "unblock",
    "wake",
    "wake_due",
]

# A case that sleeps until the patient writes.
UNTIL_REPLY = datetime(9000, 1, 1, tzinfo=timezone.utc)
# What woke longer ago was said long since.
WOKE_LATELY = timedelta(days=7)


def assign(work: Work, case_id: int, *, who: str, to: str, now: datetime, phrases: Phrases) -> bool:
    """Ask `to` to take the case. False when they are not on duty: then it stays in the queue of the team, for everybody.

    Whoever holds it gives it away by this: who went home cannot. Until somebody claims it the bot answers. Raises CaseProblem when
    there is no such person, or when the case is closed.
    """
    case = still_open(locked(work, case_id))
    person = work.execute(sa.select(staff.c.state, staff.c.duty, staff.c.duty_until).where(staff.c.handle == to)).first()
    if person is None or person.state != "active":
        raise CaseProblem(f"There is nobody on the staff called {to}.", key="nobody")
    is_there = person.duty == "on" and (person.duty_until is None or person.duty_until > now)
    content = {"to": to, "on_duty": is_there}
    _give_away(work, case, "assigned", who=who, content=content, now=now, phrases=phrases, assigned_to=to if is_there else None)
    return is_there


def transfer(  # noqa: PLR0913 - to which team, with which note, by whom, in which words
    work: Work, case_id: int, *, who: str, team: str, note: str = "", now: datetime, phrases: Phrases, teams: Teams | None = None
) -> None:
    """Give the case to another team, with a note for it. Raises CaseProblem when there is no such team, or another holds it."""
    case = mine(work, case_id, who, now=now)
    if teams is not None and team not in teams.by_id:
        raise CaseProblem(f"There is no team {team}. Teams: {', '.join(teams.by_id)}.", key="nobody")
    if note.strip():
        add_note(work, case_id, note, who=who, dedupe_key=f"transfer:{now.timestamp()}", now=now)
    content = {"from": case.team, "to": team}
    _give_away(work, case, "transferred", who=who, content=content, now=now, phrases=phrases, team=team, assigned_to=None)


def _give_away(
    work: Work, case: Case, what: str, *, who: str, content: dict[str, Any], now: datetime, phrases: Phrases, **values: Any
) -> None:
    change(work, case.id, state="waiting", claimed_by=None, lease_until=None, snoozed_until=None, **values)
    event = add_event(work, case.id, what, who=who, dedupe_key=f"{what}:{case.id}:{now.timestamp()}", now=now, content=content)
    if case.is_held(now):
        say(work, case, "handed_over", dedupe_key=f"{what}:{case.id}:{event}", now=now, phrases=phrases)
    audit.record(work, who=who, what=f"{what} case", subject=str(case.id), now=now)


def snooze(
    work: Work, case_id: int, *, who: str, until: datetime | None, reason: str = "", now: datetime, phrases: Phrases
) -> None:
    """Let the case sleep until a time, or (None) until the patient writes, which always wakes it; then it stands on top.

    Who held it gives it back to the bot and has it assigned. Raises CaseProblem for a time that is over, when another holds
    it, and for an emergency that nobody has answered.
    """
    case = mine(work, case_id, who, now=now)
    if until is not None and until <= now:
        raise CaseProblem("This time is over. Choose a later one.", key="past")
    if case.waiting_since is not None and clocks.is_urgent(case.level, crisis=case.crisis):
        raise CaseProblem("Somebody waits in an emergency. Answer first.", key="urgent")
    values: dict[str, Any] = {"state": "waiting", "claimed_by": None, "lease_until": None, "assigned_to": who}
    if until is None:  # it is the patient's turn
        values |= dict.fromkeys(("waiting_since", "due_at", "warned_at"))
    elif case.due_at is not None and case.due_at < until:
        values |= {"due_at": until, "warned_at": None}
    change(work, case_id, snoozed_until=until or UNTIL_REPLY, **values)
    content = {"until": until.isoformat() if until else "reply", "reason": reason[:500]}
    event = add_event(
        work, case_id, "snoozed", who=who, dedupe_key=f"snoozed:{case_id}:{now.timestamp()}", now=now, content=content
    )
    if case.is_held(now):
        say(work, case, "will_be_back", dedupe_key=f"snoozed:{case_id}:{event}", now=now, phrases=phrases)
    audit.record(work, who=who, what="snoozed case", subject=str(case_id), now=now)


def wake(work: Work, case_id: int, *, who: str, now: datetime) -> None:
    """End the sleep by hand."""
    still_open(locked(work, case_id))
    if change(work, case_id, care_case.c.snoozed_until.isnot(None), snoozed_until=None):
        add_event(work, case_id, "woke", who=who, dedupe_key=f"woke:{case_id}:{now.timestamp()}", now=now)
        audit.record(work, who=who, what="woke case", subject=str(case_id), now=now)


_TOLD = sa.exists().where(
    case_event.c.case_id == care_case.c.id, case_event.c.what == "woke", case_event.c.at >= care_case.c.snoozed_until
)
_WOKEN = (
    sa.select(care_case.c.id, care_case.c.snoozed_until)
    .where(care_case.c.state != "closed", care_case.c.snoozed_until.between(sa.bindparam("since"), sa.bindparam("now")), ~_TOLD)
    .order_by(care_case.c.id)
    .limit(100)
)


def wake_due(work: Work, now: datetime) -> int:
    """Write down that a sleep is over, once, so that open pages and topics show the case on top. Returns how many."""
    woken = work.execute(_WOKEN, {"now": now, "since": now - WOKE_LATELY}).all()
    for row in woken:
        key = f"woke:{row.id}:{row.snoozed_until.timestamp()}"
        add_event(work, row.id, "woke", who="bot", dedupe_key=key, now=now)
    return len(woken)


def is_somebody_awake(work: Work, now: datetime) -> bool:
    """Return whether `wake_due` has something to do: asked without holding up anybody."""
    return work.execute(_WOKEN.limit(1), {"now": now, "since": now - WOKE_LATELY}).first() is not None


def raise_urgency(work: Work, case_id: int, *, who: str, level: Level = "E2", now: datetime, teams: Teams | None = None) -> Case:
    """Make the case more urgent by hand; it never becomes less. The clock runs anew, and the staff is told as of any such case."""
    case = still_open(locked(work, case_id))
    worst = more_urgent(case.level, level)
    if worst == case.level:
        return case
    after = replace(case, level=worst, risk=risk_of(worst, crisis=case.crisis), waiting_since=case.waiting_since or now)
    after = timed(after, teams, now=now)
    values = {name: getattr(after, name) for name in ("level", "risk", "waiting_since", "due_at", "warned_at")}
    change(work, case_id, **values, snoozed_until=None)
    content = {"level": worst, "was": case.level}
    key = f"urgent:{case_id}:{worst}:{now.timestamp()}"
    event = add_event(work, case_id, "urgent", who=who, dedupe_key=key, now=now, content=content)
    if event and case.is_held(now) and case.claimed_by != who and clocks.is_urgent(worst, crisis=case.crisis):
        page_holder(work, after, event, now=now)
    notices.note(work, case_id, level=worst, crisis=case.crisis, now=now)
    audit.record(work, who=who, what="raised case", subject=str(case_id), now=now)
    return case_of(work, case_id)
