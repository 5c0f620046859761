"""What can go wrong on the way, to be ordered by a test or on the page: of calls, and of what we push."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

# "lost": the line is cut before the call's effect; "unanswered": after it; "html": a proxy's page with 200; "gateway": a proxy's
# 502; "slow": an answer after `seconds`; "hang": the effect, and then nothing for `seconds`; "error": Tencent's own `code`.
Kind = Literal["lost", "unanswered", "html", "gateway", "slow", "hang", "error"]
ALWAYS = 10**9


@dataclass
class Fault:
    """A fault for the next `times` calls of `path` ("": any; else the end of the path), for `person` ("": any)."""

    kind: Kind
    path: str = ""
    times: int = 1
    person: str = ""
    code: int = -1
    seconds: float = 0.0

    def fits(self, path: str, person: str) -> bool:
        """Whether it is for this call."""
        return self.times > 0 and path.endswith(self.path) and self.person in ("", person)


class Faults:
    """The ordered faults, first ordered first met."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self.met = 0
        self.unseen = 0  # calls that were done and whose answer nobody got

    def order(self, fault: Fault) -> None:
        """Let `fault` happen."""
        self._ordered.append(fault)

    def meet(self, path: str, person: str) -> Fault | None:
        """Return the fault for this call, or None; it is used up."""
        fault = next((fault for fault in self._ordered if fault.fits(path, person)), None)
        if fault is None:
            return None
        fault.times -= 1
        self.met += 1
        self.unseen += fault.kind in ("unanswered", "hang")
        self._ordered = [fault for fault in self._ordered if fault.times > 0]
        return fault

    def waiting(self) -> int:
        """Return how many ordered faults have not happened yet."""
        return sum(fault.times for fault in self._ordered)

    def clear(self) -> None:
        """Forget what has not happened."""
        self._ordered.clear()


@dataclass
class DeliveryFaults:
    """How pushes are to be delivered badly."""

    twice: int = 0  # so many of the next pushes are sent twice at the same time
    hold: int = 0  # so many of the next pushes are kept, and sent last first when all are there
    answers_lost: int = 0  # the answers of so many of the next tries are never seen: tried again
    old_key: int = 0  # so many of the next pushes are sealed with the key before
    skew_s: float = 0.0  # added to every timestamp
    cuts_s: deque[float] = field(default_factory=deque)  # simulated seconds after which the next tries are cut

    def take(self, name: Literal["twice", "hold", "answers_lost", "old_key"]) -> bool:
        """Return whether this fault is for what is at hand; it is used up."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0
