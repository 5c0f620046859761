"""Whether a reminder that is due leaves now, waits, or is given up. Pure: what is known comes as `Facts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.followup.offsets import Quiet
from bot.followup.plans import Late
from bot.outbox.reach import Way

# While a nurse has the case, an emergency is open or the platform's window is closed, it is looked at again after this time.
HELD_FOR = timedelta(minutes=15)

Why = Literal["stopped", "died", "left", "blocked", "no_consent", "ended", "paused", "held", "quiet", "late", "unreachable"]


@dataclass(frozen=True)
class Facts:
    """What is known about one due reminder and its patient. Times are aware."""

    now: datetime
    at: datetime  # when it was to leave
    until: datetime  # from then on it is late
    late: Late
    zone: ZoneInfo
    quiet: Quiet
    own: bool = False  # the patient named this time of day: it holds in quiet hours as well
    no_reminders: Literal["", "stopped", "died", "left", "blocked", "no_consent"] = ""
    is_over: bool = False  # the enrolment was ended, or this step was answered meanwhile
    paused_until: datetime | None = None
    is_held: bool = False  # a nurse has the case, or an emergency is open
    way: Way = "open"  # how the platform lets us write to them


@dataclass(frozen=True)
class Send:
    """It leaves now; `late` says so in the text."""

    late: bool = False


@dataclass(frozen=True)
class Wait:
    """Look again at `until`."""

    until: datetime
    why: Why


@dataclass(frozen=True)
class Skip:
    """It is given up."""

    why: Why


def decide(facts: Facts) -> Send | Wait | Skip:
    """Return what becomes of a reminder now. Who must not be written to never is, and nothing leaves in quiet hours."""
    if facts.no_reminders or facts.is_over:
        return Skip(facts.no_reminders or "ended")
    if facts.way == "gone":
        return Skip("left")
    if facts.now < facts.at:
        return Wait(facts.at, "quiet")
    waits = _waits(facts)
    if waits is not None:
        # What would be given up for its lateness then is given up now, for the reason that kept it: the operator sees why.
        why: Why = "unreachable" if facts.way == "closed" and waits.why == "quiet" else waits.why
        return Skip(why) if waits.until >= last_of(facts) else waits
    if facts.now >= last_of(facts):
        return Skip("late")
    return Send(late=facts.now >= facts.until)


def _waits(facts: Facts) -> Wait | None:
    if facts.paused_until is not None and facts.now < facts.paused_until:
        return Wait(facts.paused_until, "paused")
    if facts.is_held:
        return Wait(facts.now + HELD_FOR, "held")
    free = facts.now if facts.own else facts.quiet.next_free(facts.now, facts.zone)
    if free > facts.now:
        return Wait(free, "quiet")
    return Wait(facts.now + HELD_FOR, "unreachable") if facts.way == "closed" else None


def last_of(facts: Facts) -> datetime:
    """Return from when on it is of no use to anybody: one that stays useful has its window once more."""
    return facts.until + (facts.until - facts.at) if facts.late == "useful" else facts.until
