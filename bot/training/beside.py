"""Who else is at work at the same place: said to whoever opens it, before both have written something and one has to decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.database.engine import Work
from bot.training import rows
from bot.training.operations import Path, SetEntry, SetText
from bot.training.rows import Change, Kind

# So many of the newest changes that are not finished are looked through.
LOOKED_AT = 60


def others_at(work: Work, *, kinds: Sequence[Kind], file: str, places: Collection[Path], but: str) -> tuple[Change, ...]:
    """Return the changes of these kinds that are not live yet and touch one of the places, or what is in it or around it, the latest
    first. `but`: whose own do not count."""
    found = rows.listed(work, states=rows.OPEN, kinds=kinds, limit=LOOKED_AT)
    return tuple(one for one in found if one.author != but and any(_meets(each, file, places) for each in one.operations))


def _meets(one: object, file: str, places: Collection[Path]) -> bool:
    if not isinstance(one, SetText | SetEntry) or one.file != file:
        return False
    return any(all(mine == theirs for mine, theirs in zip(place, one.path, strict=False)) for place in places)
