"""How often an answer of the FAQ was shown, and how it was judged: from what patients pressed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import faq_feedback

# A share of fewer judgements says nothing, and perhaps something about one person.
FEWEST = 5


@dataclass(frozen=True)
class Judged:
    """Of one entry. `shown`: how often it was said; `yes`, `no`: whether it helped."""

    shown: int = 0
    yes: int = 0
    no: int = 0

    @property
    def share(self) -> float | None:
        """Return which share of 1 of those who judged it found it helpful, None where too few did."""
        count = self.yes + self.no
        return self.yes / count if count >= FEWEST else None


def judged(work: Work) -> dict[str, Judged]:
    """Return it for each entry that was ever shown."""
    columns = faq_feedback.c
    query = sa.select(columns.entry, columns.helpful, sa.func.count()).group_by(columns.entry, columns.helpful)
    counts: dict[str, dict[bool | None, int]] = {}
    for entry, helpful, count in work.execute(query):
        counts.setdefault(str(entry), {})[helpful] = int(count)
    return {entry: Judged(some.get(None, 0), some.get(True, 0), some.get(False, 0)) for entry, some in counts.items()}
