"""With serialise_words.py the only place where rows become JSON, for calls and stream alike. No words of patients pass here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.briefing.windows import Window
from bot.desk import shapes
from bot.desk.masking import Known
from bot.desk.rows import RowFacts, Seen
from bot.languages import Language, is_right_to_left
from bot.staff.people import Staff

# A case that sleeps until the patient writes sleeps until this year: `bot.handoff.moving.UNTIL_REPLY`.
FAR = 9000


@dataclass(frozen=True)
class Viewing:
    """Who looks, when, and what colleagues are called. `public` and `known`: what is masked, as in `Asking`."""

    staff: Staff
    now: datetime
    names: Mapping[str, str]
    public: frozenset[str] = frozenset()
    known: Known = field(default_factory=Known)

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
        "window_closes_at": when(facts.window.closes_at),
        "claimed_by": claimed,
        "mine": claimed is not None and claimed["handle"] == viewing.staff.handle,
        "assigned_to": viewing.colleague(case.assigned_to),
        "snoozed_until": "reply" if case.snoozed_until and case.snoozed_until.year >= FAR else when(case.snoozed_until),
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


def person(one: Staff, *, is_there: bool) -> shapes.Person:
    """Return a colleague: no address of theirs."""
    return {
        "handle": one.handle,
        "name": one.name,
        "role": one.role,
        "duty": one.duty if is_there else "off",
        "teams": sorted(one.teams),
        "languages": sorted(one.languages),
    }


def dated(data: Any) -> Any:
    """Return data with its times as JSON writes them."""
    if isinstance(data, datetime):
        return when(data)
    if isinstance(data, dict):
        return {key: dated(value) for key, value in data.items()}
    return [dated(one) for one in data] if isinstance(data, (list, tuple)) else data


def delivery(found: Any) -> shapes.Delivery:
    """Return what became of a message to the patient."""
    return {
        "state": found.state,
        "at": when(found.at),
        "seen_at": when(found.seen_at),
        "problem": found.problem,
        "advice": found.advice,
        "window_closes_at": when(found.window_closes_at),
        "undo_until": when(found.undo_until),
    }


def window(found: Window, advice: str | None) -> shapes.Window:
    """Return until when the platform takes a reply, and what to do about it."""
    return {"closes_at": when(found.closes_at), "left": found.left, "gone": found.gone, "advice": advice}


def snippet(one: Any, texts: Mapping[Language, str], missing: Sequence[str], viewing: Viewing) -> shapes.Snippet:
    """Return a text to insert; `missing`: placeholders that have no value in this case."""
    return {
        "id": one.id,
        "shortcut": one.shortcut,
        "texts": {str(language): text for language, text in texts.items()},
        "missing": list(missing),
        "team": one.team,
        "own": one.own,
        "approved_by": None if one.approved_by is None else viewing.names.get(one.approved_by, one.approved_by),
        "used": one.used,
        "kind": one.kind,
    }


def handover(page: Any, shown: Mapping[int, shapes.Row], viewing: Viewing) -> shapes.Handover:
    """Return what one shift hands to the next; `shown`: the rows of all cases that are named, by their number."""

    def numbers(cases: Sequence[Any]) -> list[int]:
        return [case.id for case in cases if case.id in shown]

    return {
        "now": viewing.now.isoformat(timespec="milliseconds"),
        "since": page.since.isoformat(timespec="milliseconds"),
        "until": page.until.isoformat(timespec="milliseconds"),
        "rows": list(shown.values()),
        "open_by_risk": [{"risk": risk, "count": count} for risk, count in page.open_by_risk],
        "open": numbers(page.open),
        "late_now": numbers(page.late_now),
        "breaches": numbers(page.breaches),
        "waking": numbers(page.waking),
        "closing": [{"case": one.case.id, "closes_at": str(when(one.closes_at)), "left": one.left} for one in page.closing],
        "promises": [
            {"case": one.case.id, "id": one.number, "who": viewing.colleague(one.who), "due_at": str(when(one.due_at))}
            for one in page.promises
        ],
        "on_duty": on_duty(page.on_duty),
        "installed_at": when(page.installed_at),
        "changes": [{**dated(asdict(one))} for one in page.changes],
        "figures": [asdict(one) for one in page.figures],
    }
