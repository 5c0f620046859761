"""Which changes are in what is served: those of a release, and of all that it was built upon."""

from __future__ import annotations

from bot.database.engine import Work
from bot.release import rows

# In the report of a release: the name of the one that was live when it went live first, "" for none.
FOLLOWS = "follows"


def contained(work: Work, release: rows.Release | None) -> tuple[int, ...]:
    """Return the numbers of the changes that are in the files of a release, the oldest first.

    What was kept as it stood on disk has those of the release that it was edited from, whatever it is called.
    """
    found: list[int] = []
    seen: set[str] = set()
    while release is not None and release.name not in seen:
        seen.add(release.name)
        found = [*release.changes, *found]
        release = _followed(work, release)
    return tuple(dict.fromkeys(found))


def _followed(work: Work, release: rows.Release) -> rows.Release | None:
    name = release.report.get(FOLLOWS)
    if name is not None:
        return rows.read(work, str(name)) if name else None
    # Of one that is older than this note: the last before it that was ever live.
    return next((one for one in rows.newest(work, 200) if one.id < release.id and one.published_at is not None), None)
