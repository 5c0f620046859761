"""One number for a message of the patient, of ours, or a note, that sorts by time: what the search index points to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Literal

Kind = Literal["in", "out", "note"]
KINDS: tuple[Kind, ...] = ("in", "out", "note")

# 31 bits of seconds since 2020 (until 2088), 30 bits of number (a thousand million of each kind), 2 bits of kind.
_BEGIN = int(datetime(2020, 1, 1, tzinfo=timezone.utc).timestamp())
_NUMBER_BITS, _KIND_BITS = 30, 2
_LATEST = (1 << 31) - 1
LAST = (1 << 63) - 1  # greater than any


@dataclass(frozen=True)
class Ref:
    """Which message: its kind and the number in its table."""

    kind: Kind
    number: int

    @property
    def key(self) -> str:
        """What the desk calls it, e.g. "in:12"."""
        return f"{self.kind}:{self.number}"


def ref_of(kind: Kind, number: int, at: datetime) -> int:
    """Return the number of a message that was said at `at`. Raises ValueError beyond a thousand million messages."""
    if not 0 <= number < 1 << _NUMBER_BITS:
        raise ValueError("more messages than a reference can count")
    seconds = min(max(int(at.timestamp()) - _BEGIN, 0), _LATEST)
    return ((seconds << _NUMBER_BITS) | number) << _KIND_BITS | KINDS.index(kind)


def read_ref(ref: int) -> Ref:
    """Return which message a reference points to."""
    return Ref(KINDS[ref & ((1 << _KIND_BITS) - 1)], (ref >> _KIND_BITS) & ((1 << _NUMBER_BITS) - 1))
