"""How many messages an account may push to one follower, and until when: the table of the official page."""

from __future__ import annotations

from typing import Literal

from simulators.wechat.errors import ApiError

Trigger = Literal["message", "click", "follow", "scan"]
# How many, for how many seconds.
ALLOWED: dict[Trigger, tuple[int, float]] = {
    "message": (5, 48 * 3600.0),
    "click": (3, 60.0),
    "follow": (3, 60.0),
    "scan": (3, 60.0),
}


class Ledger:
    """The allowances of one follower. A new trigger renews its own allowance, it adds nothing to what was left."""

    def __init__(self) -> None:
        self._left: dict[Trigger, tuple[int, float]] = {}

    def open(self, trigger: Trigger, now: float) -> None:
        """Note what the follower did."""
        count, seconds = ALLOWED[trigger]
        self._left[trigger] = (count, now + seconds)

    def close(self) -> None:
        """Forget all: unfollowed."""
        self._left.clear()

    def take(self, now: float) -> None:
        """Use one, of the window that ends first (assumed). Raises 45015 when no window is open, 45047 when all of the open ones are used up."""
        alive = {trigger: one for trigger, one in self._left.items() if one[1] > now}
        if not alive:
            raise ApiError(45015)
        open_ones = [(until, trigger) for trigger, (left, until) in alive.items() if left > 0]
        if not open_ones:
            raise ApiError(45047)
        until, trigger = min(open_ones)
        self._left[trigger] = (self._left[trigger][0] - 1, until)

    def left(self, now: float) -> int:
        """Return how many may be pushed now."""
        return sum(left for left, until in self._left.values() if until > now)
