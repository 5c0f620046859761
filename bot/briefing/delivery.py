"""The truth about each message to the patient: where it is now, what went wrong, and what a nurse can do about it.

"Sent" means that the platform took it. That it was seen is said only where it is known: the page of the web chat shows all that is
there, so who wrote in it afterwards has seen it. No other platform of ours tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.briefing.windows import Window, windows
from bot.database.engine import Work
from bot.database.tables import conversation, inbound
from bot.handoff.case_rows import Case
from bot.outbox.store import PULLED_CHANNELS

State = Literal["pending", "sending", "sent", "seen", "parked", "dead"]
# Phrases summary.problem_… and summary.advice_….
Problem = Literal["platform", "closed", "left", "window", "quota", "unknown", "trouble", "long"]
Advice = Literal["wait_for_patient", "other_way", "write_shorter", "ask_whether_arrived", "nothing", "tell_admin", "write_soon"]
# What has not left after this time does not leave by itself.
TOO_LONG = timedelta(minutes=10)
# A reply may still be wanted: so long before the window closes the nurse is told.
SOON = timedelta(hours=12)


@dataclass(frozen=True)
class Delivery:
    """`at`: when it came into this state, as far as known. `undo_until`: it can be taken back until then."""

    state: State
    at: datetime | None
    seen_at: datetime | None = None
    undo_until: datetime | None = None
    window_closes_at: datetime | None = None
    problem: Problem | None = None
    advice: Advice | None = None


def delivery_of(work: Work, case: Case, rows: Iterable[Any], now: datetime) -> Mapping[int, Delivery]:
    """Return what became of rows of the outbox (all of its columns as attributes), by their number.

    `case` tells whose they are; of a row that is not there any more nothing is said: it was taken back.
    """
    mine = [row for row in rows if row.conversation_id]
    chats = windows(work, {case.conversation_id, *(row.conversation_id for row in mine)})
    wrote = _wrote(work, {row.conversation_id for row in mine})
    channels = _channels(work, {row.conversation_id for row in mine})
    return {
        row.id: what_became_of(
            row,
            pulled=channels.get(row.conversation_id, "") in PULLED_CHANNELS,
            window=chats.get(row.conversation_id, Window()),
            wrote_at=wrote.get(row.conversation_id),
            now=now,
        )
        for row in mine
    }


def what_became_of(row: Any, *, pulled: bool, window: Window, wrote_at: datetime | None, now: datetime) -> Delivery:
    """Return the truth about one row. Pure. `wrote_at`: when its patient last wrote in that chat."""
    state, closes = row.state, window.closes_at
    if state == "sent":
        seen = wrote_at if pulled and wrote_at is not None and wrote_at > (row.sent_at or row.created_at) else None
        return Delivery("seen" if seen else "sent", row.sent_at, seen_at=seen, window_closes_at=closes)
    if state == "dead":
        problem, advice = _why_dead(row.problem, window)
        return Delivery("dead", None, window_closes_at=closes, problem=problem, advice=advice)
    if state == "parked":
        quota = window.left == 0 and (closes is None or closes > now)
        return Delivery(
            "parked", None, window_closes_at=closes, problem="quota" if quota else "window", advice="wait_for_patient"
        )
    return _on_its_way(row, window, now)


def _on_its_way(row: Any, window: Window, now: datetime) -> Delivery:
    closes = window.closes_at
    if row.state == "pending" and row.author == "nurse" and row.tries == 0 and row.not_before > now:
        return Delivery("pending", row.created_at, undo_until=row.not_before, window_closes_at=closes)
    problem: Problem | None = None
    advice: Advice | None = None
    if now - row.created_at >= TOO_LONG:
        problem, advice = "long", "tell_admin"
    elif row.problem and row.tries:
        problem, advice = "trouble", "nothing"
    return Delivery("sending", row.created_at, window_closes_at=closes, problem=problem, advice=advice)


def _why_dead(error: str | None, window: Window) -> tuple[Problem, Advice]:
    if window.gone:
        return "left", "other_way"
    known: dict[str | None, tuple[Problem, Advice]] = {
        "Closed": ("closed", "other_way"),
        "Parked": ("window", "wait_for_patient"),
        "Unknown": ("unknown", "ask_whether_arrived"),
        "Transient": ("long", "tell_admin"),
    }
    return known.get(error, ("platform", "write_shorter"))


def warning(window: Window, now: datetime) -> Advice | None:
    """Return what to do about a window before a reply is written: it closes soon, or it is closed."""
    if window.gone:
        return "other_way"
    if not window.is_open(now):
        return "wait_for_patient"
    return "write_soon" if window.closes_at is not None and window.closes_at - now <= SOON else None


def _wrote(work: Work, conversations: Iterable[str]) -> dict[str, datetime]:
    latest = sa.func.max(inbound.c.received_at)
    mine = inbound.c.conversation_id.in_(sorted(conversations))
    query = sa.select(inbound.c.conversation_id, latest.label("at")).where(mine, inbound.c.kind.in_(("text", "button")))
    return {row.conversation_id: row.at for row in work.execute(query.group_by(inbound.c.conversation_id))}


def _channels(work: Work, conversations: Iterable[str]) -> dict[str, str]:
    query = sa.select(conversation.c.id, conversation.c.channel).where(conversation.c.id.in_(sorted(conversations)))
    return {row.id: row.channel for row in work.execute(query)}
