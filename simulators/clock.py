"""A clock that runs faster than the wall's, so that 24 hours of retries pass in a test."""

from __future__ import annotations

import asyncio
import time


class ScaledClock:
    """Seconds since the epoch, `scale` of them in each real one. `skip` jumps ahead."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._origin, self._began = time.time(), time.monotonic()
        self._skipped = 0.0

    def now(self) -> float:
        """Return the simulated time."""
        return self._origin + (time.monotonic() - self._began) * self.scale + self._skipped

    def skip(self, seconds: float) -> None:
        """Let time pass at once; who sleeps is not woken earlier."""
        self._skipped += seconds

    async def sleep(self, seconds: float) -> None:
        """Sleep so many simulated seconds."""
        await asyncio.sleep(max(seconds, 0.0) / self.scale)
