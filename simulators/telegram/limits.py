"""How many messages Telegram takes. The numbers of its FAQ; the bursts are not published and are assumed here."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from simulators.clock import ScaledClock
from simulators.telegram.errors import too_many

EVERYTHING_A_SECOND = 30
PERSON_BURST, PERSON_S = 5, 5.0  # five in any five seconds: one a second, short bursts allowed
GROUP_BURST, GROUP_S = 20, 60.0


class Limits:
    """Sliding windows over what was taken. `throttled` counts the refusals."""

    def __init__(self, clock: ScaledClock) -> None:
        self._clock = clock
        self._taken: defaultdict[object, deque[float]] = defaultdict(deque)
        self._banned_until: dict[int, float] = {}
        self.throttled = 0
        self.is_on = True

    def take(self, chat: int) -> None:
        """Count one message or edit. Raises a 429."""
        if not self.is_on:
            return
        now = self._clock.now()
        if now < self._banned_until.get(chat, 0.0):  # asking before the named time is over helps nothing
            self.throttled += 1
            raise too_many(math.ceil(self._banned_until[chat] - now))
        most, within = (GROUP_BURST, GROUP_S) if chat < 0 else (PERSON_BURST, PERSON_S)
        wait = max(self._wait("all", EVERYTHING_A_SECOND, 1.0, now), self._wait(chat, most, within, now))
        if wait > 0:
            self.throttled += 1
            self._banned_until[chat] = now + math.ceil(wait)
            raise too_many(math.ceil(wait))
        for key in ("all", chat):
            self._taken[key].append(now)

    def _wait(self, key: object, most: int, within: float, now: float) -> float:
        taken = self._taken[key]
        while taken and taken[0] <= now - within:
            taken.popleft()
        return taken[0] + within - now if len(taken) >= most else 0.0
