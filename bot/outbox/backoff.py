"""When to try a failed delivery again. Pure arithmetic: no clock, no database."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=15)
# About a day of trying; an emergency answer a day late is a case for a person, not for another try.
GIVE_UP_AFTER_TRIES = 100


def next_delay(tries: int) -> timedelta | None:
    """Return how long to wait after `tries` failures (at least 1), or None to give up. Doubles from 2 s to 15 min."""
    if tries >= GIVE_UP_AFTER_TRIES:
        return None
    return min(LONGEST, FIRST * int(2 ** min(tries - 1, 10)))
