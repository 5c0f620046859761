"""The only place where rows become JSON, for calls and stream alike: what is masked here is masked everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.content.load import Content
from bot.desk import shapes
from bot.desk.masking import Known, Mask
from bot.desk.rows import RowFacts, Seen
from bot.desk.thread import Piece
from bot.handoff.said import words_of
from bot.handoff.windows import Window
from bot.languages import Language, detect, is_right_to_left
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


def said(text: str, language: Language, mask: Mask) -> dict[str, Any]:
    """Return words as an item shows them."""
    shown, hidden = mask.text(text, language)
    return {"text": shown, "masked": hidden, "language": language, "dir": direction(language)}


@dataclass(frozen=True)
class Context:
    """What the pieces of a thread are shown with. `wrote`: who wrote which message; `delivery`: what became of it."""

    viewing: Viewing
    mask: Mask
    wrote: Mapping[int, str]
    delivery: Mapping[int, shapes.Delivery]


# What an event may say beside itself: staff, teams, levels, times. Never the bot's trace, which quotes the patient.
_EVENT_DATA = (
    *("to", "from", "team", "level", "was", "until", "department", "department_right", "outcome", "due_at", "state", "into"),
    *("reason", "what", "step", "on_duty", "problem", "via"),
)
# Of these what a colleague wrote to it stands in the event: why, or how a reply read before it was changed.
_EVENT_WORDS = {"snoozed": "reason", "blocked": "reason", "edited": "before"}


def item(piece: Piece, context: Context) -> shapes.Item:
    """Return a piece of the thread as it is shown."""
    made: shapes.Item = {"key": piece.key, "at": piece.at.isoformat(timespec="milliseconds"), "author": None}  # type: ignore[typeddict-item]
    if piece.kind == "event":
        return {**made, **_event(piece, context)}  # type: ignore[typeddict-item]
    language = piece.language if piece.kind != "note" else detect(words_of(piece.content), context.viewing.staff.language)
    words = said(words_of(piece.content), language, context.mask)
    if piece.kind == "note":
        return {**made, **words, "kind": "note", "author": context.viewing.colleague(piece.who)}  # type: ignore[typeddict-item]
    form = str(piece.content.get("form") or piece.content.get("kind") or "text")
    if piece.content.get("erased"):
        form = "erased"
    made = {**made, **words, "form": form, "channel": piece.channel, "kind": "patient"}  # type: ignore[typeddict-item]
    return made if piece.kind == "in" else _ours(made, piece, context)


def _ours(made: shapes.Item, piece: Piece, context: Context) -> shapes.Item:
    is_nurse = piece.author == "nurse"
    made["kind"] = "nurse" if is_nurse else "bot"
    made["author"] = context.viewing.colleague(context.wrote.get(piece.id)) if is_nurse else None
    if piece.id in context.delivery:
        made["delivery"] = context.delivery[piece.id]
    return made


def _event(piece: Piece, context: Context) -> dict[str, Any]:
    viewing, content = context.viewing, piece.content
    name = _EVENT_WORDS.get(piece.what, "")
    shown = said(words_of({"text": str(content.get(name) or "")}), viewing.staff.language, context.mask)
    data = {key: _plain(content[key], viewing) for key in _EVENT_DATA if key != name and content.get(key) is not None}
    author = None if piece.who in (None, "bot", "patient") else viewing.colleague(piece.who)
    number = content.get("outbound")
    more = {"removes": f"out:{number}"} if piece.what == "undone" else {"of": f"out:{number}"} if number is not None else {}
    return {**shown, **more, "kind": "event", "what": piece.what, "data": data, "author": author}


def _plain(value: object, viewing: Viewing) -> str:
    """Return a value of an event as text: of people of the staff their names."""
    if isinstance(value, list):
        return ", ".join(_plain(one, viewing) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return viewing.names.get(str(value), str(value))


def scheduled(one: Any, viewing: Viewing, mask: Mask) -> shapes.Scheduled:
    """Return a reply that is to be sent later."""
    text, hidden = mask.text(one.text, viewing.staff.language)
    return {
        "id": one.id,
        "text": text,
        "masked": hidden,
        "who": viewing.colleague(one.who) or {"handle": one.who, "name": one.who},
        "due_at": one.due_at.isoformat(timespec="milliseconds"),
        "state": one.state,
        "problem": one.problem,
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


def hit(found: Any, words: tuple[str, tuple[tuple[int, int], ...]], row: shapes.Row, *, hidden: bool) -> shapes.Hit:
    """Return what was found; `words`: the part about it, masked already, and where the words stand in it."""
    language = found.language or detect(words[0], "en")
    return {
        "id": found.case.id,
        "number": number_of(found.case.id),
        "key": found.key,
        "kind": found.kind,
        "at": found.at.isoformat(timespec="milliseconds"),
        "text": words[0],
        "marks": [[start, end] for start, end in words[1]],
        "masked": hidden,
        "language": language,
        "dir": direction(language),
        "row": row,
    }


def summary(sentences: dict[str, Any], language: Language, mask: Mask) -> shapes.Summary:
    """Return the summary; it quotes the patient."""
    shown, hidden = mask.any(sentences, language)
    return {**shown, "masked": hidden}  # type: ignore[typeddict-item]


def trace(found: Any, language: Language, mask: Mask) -> shapes.Trace:
    """Return how the bot came to its level; it quotes the patient, so `language` is theirs."""
    lines = [{"kind": one.kind, "text": one.text, "rule": one.rule, "version": one.version} for one in found.lines]
    shown, _ = mask.any({"lines": lines, "raw": found.raw}, language)
    return {  # type: ignore[typeddict-item]
        "level": found.level,
        "departments": list(found.departments),
        "content_version": found.content_version,
        "source": found.source,
        **shown,
    }


def card(found: Any, content: Content, viewing: Viewing, mask: Mask) -> dict[str, Any]:
    """Return who the patient is, as far as they said: no address, no name."""
    language, tables = viewing.staff.language, content.triage
    known = tables.lexicon.concepts
    labels = [known[one].labels.get(language, one) if one in known else one for one in found.conditions]
    place = None if found.scene is None else content.scenes.by_id.get(found.scene)
    more = {
        "conditions": labels,
        "scene": None if place is None else place.names[language],
        "blocked_by": viewing.colleague(found.blocked_by),
        "earlier": [{**one, "number": number_of(one["id"])} for one in asdict(found)["earlier"]],
    }
    shown, _ = mask.any(_dated({**asdict(found), **more}), language)
    return dict(shown)


def _dated(data: Any) -> Any:
    """Return data with its times as JSON writes them."""
    if isinstance(data, datetime):
        return when(data)
    if isinstance(data, dict):
        return {key: _dated(value) for key, value in data.items()}
    return [_dated(one) for one in data] if isinstance(data, (list, tuple)) else data


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
        "changes": [{**_dated(asdict(one))} for one in page.changes],
        "figures": [asdict(one) for one in page.figures],
    }
