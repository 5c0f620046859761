"""How many messages Telegram takes. The numbers of its FAQ; the bursts are not published and are assumed here."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from simulators.clock import ScaledClock
from simulators.telegram.errors import too_many

EVERYTHING_A_SECOND = 30
PERSON_A_SECOND, PERSON_BURST = 1.0, 5.0
GROUP_MOST, GROUP_S = 20, 60.0


class Limits:
    """What was taken lately. `throttled` counts the refusals."""

    def __init__(self, clock: ScaledClock) -> None:
        self._clock = clock
        self._taken: defaultdict[object, deque[float]] = defaultdict(deque)
        self._people: dict[int, tuple[float, float]] = {}  # left of the burst, and when that was so
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
        own = self._wait(chat, GROUP_MOST, GROUP_S, now) if chat < 0 else self._wait_of_person(chat, now)
        wait = max(self._wait("all", EVERYTHING_A_SECOND, 1.0, now), own)
        if wait > 0:
            self.throttled += 1
            self._banned_until[chat] = now + math.ceil(wait)
            raise too_many(math.ceil(wait))
        for key in ("all", chat):
            self._taken[key].append(now)
        if chat > 0:
            left, at = self._people[chat]
            self._people[chat] = (left - 1.0, at)

    def _wait_of_person(self, chat: int, now: float) -> float:
        left, at = self._people.get(chat, (PERSON_BURST, now))
        left = min(PERSON_BURST, left + (now - at) * PERSON_A_SECOND)
        self._people[chat] = (left, now)
        return 0.0 if left >= 1.0 else (1.0 - left) / PERSON_A_SECOND

    def _wait(self, key: object, most: int, within: float, now: float) -> float:
        taken = self._taken[key]
        while taken and taken[0] <= now - within:
            taken.popleft()
        return taken[0] + within - now if len(taken) >= most else 0.0
