"""What waits for somebody in the studio, room by room: said on its first page. Counts, and where to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import release, studio_change, utterance
from bot.studio.access import StudioAct
from bot.studio.visit import Visit
from bot.training import changes
from bot.training.rows import in_conflict


@dataclass(frozen=True)
class Waiting:
    """`count` things of `room` wait; `key`: of the phrase `start_waits_<key>`; `address`: the list of them, "" for none of their own."""

    room: str
    key: str
    count: int
    address: str = ""


@dataclass(frozen=True)
class _Kind:
    room: str
    key: str
    act: StudioAct
    table: Any
    condition: Callable[[Visit], Any]
    address: str = ""


_KINDS = (
    _Kind("inbox", "new", "label", utterance, lambda _: utterance.c.state == "new"),
    # Whoever labelled a sentence does not approve it.
    _Kind(
        "inbox",
        "labelled",
        "approve_label",
        utterance,
        lambda visit: sa.and_(utterance.c.state == "labelled", utterance.c.labelled_by != visit.handle),
    ),
    _Kind(
        "changes",
        "refused",
        "see_studio",
        studio_change,
        lambda visit: sa.and_(studio_change.c.state == "refused", studio_change.c.author == visit.handle),
        "/studio/changes?state=refused&mine=yes",
    ),
    _Kind(
        "changes",
        "apart",
        "see_studio",
        studio_change,
        lambda visit: sa.and_(in_conflict(), studio_change.c.author == visit.handle),
        "/studio/changes?state=approved&mine=yes",
    ),
    _Kind(
        "changes",
        "drafts",
        "see_studio",
        studio_change,
        lambda visit: sa.and_(studio_change.c.state == "draft", studio_change.c.author == visit.handle),
        "/studio/changes?state=draft&mine=yes",
    ),
    _Kind("releases", "approved", "publish", studio_change, lambda _: studio_change.c.state == "approved"),
    _Kind("releases", "ready", "publish", release, lambda _: release.c.state == "ready"),
)


def waiting(work: Work, visit: Visit) -> tuple[Waiting, ...]:
    """Return what waits for who is here, without what they may not do anything about."""
    found = [Waiting("changes", "review", len(changes.to_review(work, visit.staff)), "/studio/changes?state=yours")]
    for kind in _KINDS:
        if visit.may(kind.act):
            query = sa.select(sa.func.count()).select_from(kind.table).where(kind.condition(visit))
            found.append(Waiting(kind.room, kind.key, int(work.execute(query).scalar_one()), kind.address))
    return tuple(one for one in found if one.count)
