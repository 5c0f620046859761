"""How many messages a session and an address may send. Generous: it stops machines, not worried people."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["free", "slow_down", "stop"]

# A hospital's whole ward may share one address.
ADDRESS_TIMES = 50
# Above this many times the limit nothing is read any more, not even for red flags.
HARD_TIMES = 5
MOST_KEYS = 20_000


@dataclass
class _Bucket:
    used: float
    at: float


class Limits:
    """Counts per key; what is counted runs out evenly within a minute. Keeps the latest keys only."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def count(self, session: str, address: str | None) -> Verdict:
        """Count one message and return whether it may pass. `address` None: behind a proxy it says nothing."""
        verdicts = [self._count(f"s:{session}", self._per_minute)]
        if address is not None:
            verdicts.append(self._count(f"a:{address}", self._per_minute * ADDRESS_TIMES))
        return "stop" if "stop" in verdicts else "slow_down" if "slow_down" in verdicts else "free"

    def _count(self, key: str, per_minute: int) -> Verdict:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(0.0, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        bucket.used = max(0.0, bucket.used - (now - bucket.at) * per_minute / 60)
        bucket.at = now
        if bucket.used >= per_minute * HARD_TIMES:
            return "stop"
        bucket.used += 1
        return "free" if bucket.used <= per_minute else "slow_down"
