"""Results that are kept for a while, of what costs less for several at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked", bound=Hashable)
Found = TypeVar("Found")

# More than wait together (bot.nlu.queue), twice: nothing is forgotten before its turn comes.
KEEP = 256


class Latest(Generic[Asked, Found]):
    """Keeps the latest results of `compute`, which answers several questions together, in their order."""

    def __init__(self, compute: Callable[[Sequence[Asked]], Sequence[Found]], *, keep: int = KEEP) -> None:
        self._compute, self._keep = compute, keep
        self._latest: OrderedDict[Asked, Found] = OrderedDict()  # the oldest first

    def of(self, asked: Asked) -> Found:
        """Return the result of one, kept or computed."""
        self.prepare([asked])
        return self._latest[asked]

    def known(self, asked: Asked) -> Found | None:
        """Return the result where it is kept, and compute nothing."""
        return self._latest.get(asked)

    def prepare(self, all_asked: Sequence[Asked]) -> None:
        """Compute together what is not kept yet."""
        new = [asked for asked in dict.fromkeys(all_asked) if asked not in self._latest]
        if not new:
            return
        self._latest.update(zip(new, self._compute(new), strict=True))
        while len(self._latest) > max(self._keep, len(new)):
            self._latest.popitem(last=False)
