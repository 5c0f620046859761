"""The one way to ask what time it is, so that a test can say it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(timezone.utc)


class Steadiness:
    """How long a clock has gone evenly, as far as this process saw it.

    A machine that starts with a wrong clock is put right within minutes, by a jump. What cannot be undone should not believe it
    before.
    """

    _JUMP = timedelta(seconds=30)

    def __init__(self, clock: Clock, *, elapsed_s: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._elapsed_s = clock, elapsed_s
        self._seen = self._began = (clock(), elapsed_s())

    def lasts(self, span: timedelta) -> bool:
        """Return whether the clock has gone evenly for `span` by now; look now and then, a jump is seen between two looks."""
        now = (self._clock(), self._elapsed_s())
        if abs(now[0] - self._seen[0] - timedelta(seconds=now[1] - self._seen[1])) > self._JUMP:
            self._began = now
        self._seen = now
        return timedelta(seconds=now[1] - self._began[1]) >= span
