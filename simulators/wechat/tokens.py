"""Access tokens of one app: the classic one, where each call replaces the one before, and the stable one."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field

from simulators.clock import ScaledClock
from simulators.wechat.errors import ApiError

LASTS_S, OVERLAP_S = 7200.0, 300.0
CLASSIC_A_DAY, FORCED_A_DAY, FORCED_APART_S = 2000, 20, 30.0
DAY_S = 24 * 3600.0


@dataclass
class Tokens:
    """What was given out. `fetches` counts tokens that were made."""

    clock: ScaledClock
    chance: random.Random
    lasts_s: float = LASTS_S
    fetches: int = 0
    _ends: dict[str, float] = field(default_factory=dict)
    _classic: str = ""
    _stable: str = ""
    _calls: list[float] = field(default_factory=list)
    _forced: list[float] = field(default_factory=list)

    def check(self, token: str) -> None:
        """Raise what Tencent says to a missing, unknown or old token."""
        if not token:
            raise ApiError(41001)
        if token not in self._ends:
            raise ApiError(40001)
        if self._ends[token] <= self.clock.now():
            raise ApiError(42001)

    def knows(self, token: str) -> bool:
        """Whether it was ever given out here."""
        return token in self._ends

    def classic(self) -> tuple[str, int]:
        """Return a new token; the one before is good for five more minutes."""
        now = self.clock.now()
        self._calls = [at for at in self._calls if at > now - DAY_S]
        if len(self._calls) >= CLASSIC_A_DAY:
            raise ApiError(45009)
        self._calls.append(now)
        self._shorten(self._classic, now + OVERLAP_S)
        self._classic = self._new(now)
        return self._classic, int(self.lasts_s)

    def stable(self, *, force: bool) -> tuple[str, int]:
        """Return the token in use; near its end, or by force, a new one."""
        now = self.clock.now()
        if force:
            self._count_force(now)
            self._shorten(self._stable, now)
            self._stable = self._new(now)
        elif self._ends.get(self._stable, 0.0) - now <= min(OVERLAP_S, self.lasts_s / 10):
            self._stable = self._new(now)
        return self._stable, int(self._ends[self._stable] - now)

    def same(self) -> tuple[str, int]:
        """WeCom: the same token as long as it is good."""
        now = self.clock.now()
        if self._ends.get(self._stable, 0.0) <= now:
            self._stable = self._new(now)
        return self._stable, int(self._ends[self._stable] - now)

    def expire(self) -> None:
        """Let every token come to its end now: 42001."""
        self._ends = dict.fromkeys(self._ends, self.clock.now())

    def forget(self) -> None:
        """Let every token be unknown from now on: 40001."""
        self._ends.clear()

    def _count_force(self, now: float) -> None:
        """Count a forced refresh. The limits are documented, the two numbers are assumed."""
        self._forced = [at for at in self._forced if at > now - DAY_S]
        if len(self._forced) >= FORCED_A_DAY:
            raise ApiError(45009)
        if self._forced and now - self._forced[-1] < FORCED_APART_S:
            raise ApiError(45011)
        self._forced.append(now)

    def _shorten(self, token: str, until: float) -> None:
        if token in self._ends:
            self._ends[token] = min(self._ends[token], until)

    def _new(self, now: float) -> str:
        token = "".join(self.chance.choices(string.ascii_letters + string.digits + "_-", k=136))
        self._ends[token] = now + self.lasts_s
        self.fetches += 1
        return token
