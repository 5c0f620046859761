"""What can go wrong on the way, to be ordered by a test or on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulators.telegram.errors import ApiError

# "lost": the call is dropped before its effect; "unanswered": after it; "garbage": an answer that is none;
# "gateway": a proxy's 502 in HTML; "slow": an answer after `seconds`; "error": what the Bot API would say.
Kind = Literal["lost", "unanswered", "garbage", "gateway", "slow", "error"]


@dataclass
class Fault:
    """A fault for the next `times` calls of `method` ("": any), in `chat` (0: any)."""

    kind: Kind
    method: str = ""
    times: int = 1
    chat: int = 0
    error: ApiError | None = None
    seconds: float = 0.0

    def fits(self, method: str, chat: object) -> bool:
        """Whether it is for this call."""
        return self.times > 0 and self.method in ("", method) and self.chat in (0, chat)


class Faults:
    """The ordered faults, first ordered first met; and how updates are to be delivered badly."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self.repeat_updates = 0  # so many of the next updates are delivered once more although they were taken
        self.met = 0
        self.unseen = 0  # calls that were done and whose answer nobody got

    def order(self, fault: Fault) -> None:
        """Let `fault` happen."""
        self._ordered.append(fault)

    def meet(self, method: str, chat: object) -> Fault | None:
        """Return the fault for this call, or None; it is used up."""
        fault = next((fault for fault in self._ordered if fault.fits(method, chat)), None)
        if fault is None:
            return None
        fault.times -= 1
        self.met += 1
        self.unseen += fault.kind in ("unanswered", "garbage")
        self._ordered = [fault for fault in self._ordered if fault.times > 0]
        return fault

    def waiting(self) -> int:
        """Return how many ordered faults have not happened yet."""
        return sum(fault.times for fault in self._ordered)

    def take_repeat(self) -> bool:
        """Return whether the update at hand is to be delivered once more."""
        if self.repeat_updates > 0:
            self.repeat_updates -= 1
            return True
        return False
