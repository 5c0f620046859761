"""The only place where rows become JSON, for calls and stream alike: what is masked here is masked everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.desk import shapes
from bot.desk.masking import Mask
from bot.desk.rows import RowFacts, Seen
from bot.languages import Language, is_right_to_left
from bot.staff.people import Staff


@dataclass(frozen=True)
class Viewing:
    """Who looks, when, and what colleagues are called."""

    staff: Staff
    now: datetime
    names: Mapping[str, str]

    def colleague(self, handle: str | None) -> shapes.Colleague | None:
        """Return a person of the staff, also one of another program, whose handle is all that we know."""
        return None if handle is None else {"handle": handle, "name": self.names.get(handle) or handle}


def number_of(case_id: int) -> str:
    """Return what people call a case."""
    return f"A{case_id}"


def when(moment: datetime | None) -> str | None:
    """Return a time as it is written in JSON."""
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def direction(language: Language) -> shapes.Direction:
    """Return which way a text runs."""
    return "rtl" if is_right_to_left(language) else "ltr"


def clock_of(case: Any, now: datetime) -> Any:
    """Return how the clock of a case stands; when it warns is said by the rounds that page."""
    if case.due_at is None or case.state == "closed":
        return "none"
    return "late" if now >= case.due_at else "warn" if case.warned_at is not None else "ok"


def row(facts: RowFacts, viewing: Viewing) -> shapes.Row:
    """Return a row of the queue for who looks. It holds no words of the patient."""
    case, now = facts.case, viewing.now
    claimed = viewing.colleague(case.claimed_by) if case.state in ("claimed", "waiting_for_patient") else None
    return {
        "id": case.id,
        "number": number_of(case.id),
        "level": case.level,
        "crisis": case.crisis,
        "risk": case.risk,
        "reason": case.reason,
        "state": case.state,
        "team": case.team,
        "department": case.department,
        "language": case.language or "en",
        "channel": facts.channel,
        "opened_at": case.opened_at.isoformat(timespec="milliseconds"),
        "waiting_since": when(case.waiting_since),
        "due_at": when(case.due_at),
        "clock": clock_of(case, now),
        "window_closes_at": when(facts.window_closes_at),
        "claimed_by": claimed,
        "mine": claimed is not None and claimed["handle"] == viewing.staff.handle,
        "assigned_to": viewing.colleague(case.assigned_to),
        "snoozed_until": when(case.snoozed_until),
        "closed_at": when(case.closed_at),
        "outcome": case.outcome,
        "blocked": facts.blocked,
        "presence": present(facts.here(now, but=viewing.staff.handle), viewing),
        "unread": facts.unread_by(viewing.staff.id),
        "version": facts.version,
    }


def present(seen: tuple[Seen, ...], viewing: Viewing) -> list[shapes.Present]:
    """Return who has a case open."""
    return [
        {"handle": one.handle, "name": viewing.names.get(one.handle) or one.handle, "state": one.state}  # type: ignore[typeddict-item]
        for one in seen
    ]


def on_duty(people: tuple[Staff, ...]) -> list[shapes.OnDuty]:
    """Return who is on duty, those on a break last."""
    there = [one for one in people if one.duty in ("on", "break")]
    there.sort(key=lambda one: (one.duty != "on", one.name, one.handle))
    return [{"handle": one.handle, "name": one.name, "duty": one.duty} for one in there]  # type: ignore[typeddict-item]


def me(staff: Staff, *, csrf: str, idle_lock_s: int) -> shapes.Me:
    """Return who is signed in: no address of theirs."""
    return {
        "handle": staff.handle,
        "name": staff.name,
        "role": staff.role,
        "language": staff.language,
        "languages": sorted(staff.languages),
        "teams": sorted(staff.teams),
        "duty": staff.duty,
        "duty_until": when(staff.duty_until),
        "preferences": staff.preferences,
        "csrf": csrf,
        "idle_lock_s": idle_lock_s,
    }


def said(text: str, language: Language, mask: Mask) -> dict[str, Any]:
    """Return words as an item shows them."""
    shown, hidden = mask.text(text, language)
    return {"text": shown, "masked": hidden, "language": language, "dir": direction(language)}
