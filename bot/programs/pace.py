"""How many calls a program may make in a minute: a mistake in its loop must not hold up patients."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_NAMES = 5_000
MINUTE_S = 60


class Pace:
    """Counts calls by name; what is counted runs out evenly within a minute. Of one gateway, and of the latest names only."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str) -> int:
        """Count a call and return 0, or in how many seconds the next one may come."""
        now = self._clock()
        used, at = self._used.pop(name, (0.0, now))
        used = max(0.0, used - (now - at) * self._per_minute / MINUTE_S)
        fits = used + 1 <= self._per_minute
        self._used[name] = (used + 1 if fits else used, now)
        if len(self._used) > MOST_NAMES:
            self._used.popitem(last=False)
        return 0 if fits else max(1, math.ceil((used + 1 - self._per_minute) * MINUTE_S / self._per_minute))
