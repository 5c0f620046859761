"""A patient has the steps of a plan at another time of day, as far as the plan allows: no earlier and no later than it says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from bot.followup.offsets import Quiet, is_within
from bot.followup.plans import Step
from bot.followup.schedule import SPREAD

# Where the chosen times stand in the details of an enrolment: {step: [HH:MM, ...]}.
MOVED = "moved"
_DAY = 24 * 60
_NEVER_QUIET = Quiet(time(0), time(0))
Minutes = tuple[int, ...]  # of a day, in their order


def with_moved(step: Step, details: Mapping[str, Any]) -> Step:
    """Return a step at the times that the patient chose; as the plan has it where it does not allow them, or not any more."""
    chosen = tuple(time.fromisoformat(one) for one in (details.get(MOVED) or {}).get(step.id, ()))
    allowed = possible(step, _NEVER_QUIET)
    if len(chosen) != len(allowed) or not all(_minute(one) in span for one, span in zip(chosen, allowed, strict=True)):
        return step
    return replace(step, times=chosen)


def possible(step: Step, quiet: Quiet) -> tuple[Minutes, ...]:
    """Return for each time of a step of the plan the minutes of the day at which a patient may have it instead.

    They stay nearer to it than to its neighbours, and out of the quiet hours.
    """
    clocks = [_minute(one) for one in sorted(step.times)]
    before, after = int(step.earlier.total_seconds()) // 60, int(step.window.total_seconds()) // 60
    spans = []
    for place, clock in enumerate(clocks):
        first = max(0 if place == 0 else (clocks[place - 1] + clock) // 2 + 1, clock - before)
        last = min(_DAY - 1 if place + 1 == len(clocks) else (clock + clocks[place + 1]) // 2, clock + after)
        spans.append(tuple(one for one in range(first, last + 1) if not _is_quiet(one, quiet)))
    return tuple(spans)


def moved(plan_step: Step, now: Step, wanted: Sequence[time], quiet: Quiet) -> tuple[str, ...] | None:
    """Return the times of a step when `wanted` are had instead of those nearest to them; None when the plan does not allow one.

    `now`: the step as the patient has it until then.
    """
    spans, times = possible(plan_step, quiet), sorted(now.times)
    for one in wanted:
        place = next((number for number, span in enumerate(spans) if _minute(one) in span), None)
        if place is None:
            return None
        times[place] = one
    return tuple(f"{one:%H:%M}" for one in times)


def spans_of(steps: Iterable[Step], quiet: Quiet) -> tuple[tuple[str, str], ...]:
    """Return from when to when these steps may come (HH:MM), each span once."""
    found = {(span[0], span[-1]) for step in steps for span in possible(step, quiet) if span}
    return tuple((_clock(first), _clock(last)) for first, last in sorted(found))


def _is_quiet(minute: int, quiet: Quiet) -> bool:
    # It is sent less than a quarter of an hour later, and must not fall into the quiet hours then.
    ends = (minute, min(minute + int(SPREAD.total_seconds()) // 60 - 1, _DAY - 1))
    return quiet.start != quiet.end and any(is_within(time(*divmod(one, 60)), quiet.start, quiet.end) for one in ends)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> str:
    return f"{time(*divmod(minute, 60)):%H:%M}"
