"""How fast a platform lets us send: altogether, to one person, to one group. Arithmetic over a clock; one per process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_LANES = 20_000


@dataclass(frozen=True)
class Rate:
    """So many a second, and so many at once after a rest. In any time t at most `burst + a_second * t` leave."""

    a_second: float
    burst: int


@dataclass
class _Bucket:
    rate: Rate
    left: float
    at: float
    not_before: float = 0.0  # the platform named a time

    def fill(self, now: float) -> None:
        self.left = min(self.rate.burst, self.left + (now - self.at) * self.rate.a_second)
        self.at = now

    def wait(self, now: float, reserve: float = 0.0) -> float:
        self.fill(now)
        wanted = min(1.0 + reserve, float(self.rate.burst))
        short = 0.0 if self.left >= wanted else (wanted - self.left) / self.rate.a_second
        return max(short, self.not_before - now, 0.0)


class Pace:
    """Keeps count of what left. A lane is one person's or one group's messages; a group's name begins with "group:"."""

    def __init__(self, *, everything: Rate, person: Rate, group: Rate, seconds: Callable[[], float] = time.monotonic) -> None:
        self._person, self._group, self._seconds = person, group, seconds
        self._all = _Bucket(everything, everything.burst, seconds())
        self._lanes: OrderedDict[str, _Bucket] = OrderedDict()
        self._throttled: tuple[str, float] = ("", float("-inf"))

    def room(self) -> int:
        """Return how many messages may leave now altogether."""
        wait = self._all.wait(self._seconds())
        return 0 if wait > 0 else int(self._all.left)

    def soonest(self) -> float:
        """Return the seconds until there is room for one."""
        return self._all.wait(self._seconds())

    def wait(self, lane: str, *, urgent: bool = False, reserve: float = 0.0) -> float:
        """Return the seconds until this lane may get a message. An urgent one waits only when the platform said so.

        `reserve`: so many have to be left for others of the same lane, which are more important.
        """
        now = self._seconds()
        bucket = self._lane(lane)
        return max(bucket.not_before - now, 0.0) if urgent else bucket.wait(now, reserve)

    def took(self, lane: str) -> None:
        """Count one message."""
        now = self._seconds()
        for bucket in (self._all, self._lane(lane)):
            bucket.fill(now)
            bucket.left -= 1.0

    def throttled(self, lane: str, seconds: float) -> None:
        """The platform asked to wait in this lane. A second lane within a second: it means all of them."""
        now = self._seconds()
        self._lane(lane).not_before = now + seconds
        before, at = self._throttled
        if before not in ("", lane) and now - at <= 1.0:
            self._all.not_before = now + seconds
        self._throttled = (lane, now)

    def pause(self, seconds: float) -> None:
        """Let nothing leave for a while."""
        self._all.not_before = self._seconds() + seconds

    def _lane(self, lane: str) -> _Bucket:
        bucket = self._lanes.get(lane)
        if bucket is None:
            rate = self._group if lane.startswith("group:") else self._person
            bucket = self._lanes[lane] = _Bucket(rate, rate.burst, self._seconds())
            if len(self._lanes) > MOST_LANES:
                self._lanes.popitem(last=False)
        self._lanes.move_to_end(lane)
        return bucket
