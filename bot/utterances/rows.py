"""The sentences of the inbox as they are stored: state and people in the open, words sealed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import utterance
from bot.languages import Language
from bot.utterances.kinds import Mark, Source, State, Utterance

_PLAIN = (
    *("id", "source", "language", "state", "value", "cluster", "created_at"),
    *("labelled_by", "approved_by", "assigned_to", "change_id"),
)
# The groups are found among so many sentences that are worth most.
LOOKED_AT = 1000


@dataclass(frozen=True)
class Wanted:
    """Which sentences are looked for; what is not said does not matter. `of`: the handle of who it was given to or labelled by."""

    state: State = "new"
    language: Language | None = None
    source: Source | None = None
    assigned_to: str = ""
    labelled_by: str = ""
    not_labelled_by: str = ""


@dataclass(frozen=True)
class Group:
    """Sentences that say nearly the same, the one that is worth most first."""

    sentences: tuple[Utterance, ...]

    @property
    def first(self) -> Utterance:
        """The one that is shown."""
        return self.sentences[0]


def groups(work: Work, wanted: Wanted, *, limit: int = 30, most_alike: int = 20) -> tuple[Group, ...]:
    """Return the groups that are worth most. A group is as large as it is among what is wanted; what was labelled otherwise is another."""
    condition = _where(wanted)
    order = (utterance.c.value.desc(), utterance.c.id.desc())
    query = sa.select(utterance.c.cluster, utterance.c.language).where(condition).order_by(*order).limit(LOOKED_AT)
    tops = list(dict.fromkeys((row.cluster, row.language) for row in work.execute(query)))[:limit]
    alike: dict[tuple[str, str], list[Any]] = {top: [] for top in tops}
    in_tops = utterance.c.cluster.in_([cluster for cluster, _ in tops])
    for row in work.execute(sa.select(utterance).where(condition, in_tops).order_by(utterance.c.value.desc(), utterance.c.id)):
        some = alike.get((row.cluster, row.language))
        if some is not None and len(some) < most_alike:
            some.append(row)
    return tuple(group for some in alike.values() for group in _said_alike([_utterance(work, row) for row in some]))


def _said_alike(some: Iterable[Utterance]) -> Iterator[Group]:
    """Yield groups in which the same person said the same of all: who approves a group has seen all that they approve."""
    found: dict[tuple[str, str, int], list[Utterance]] = {}
    for one in some:
        found.setdefault((one.intent, one.labelled_by, one.id if one.marks else 0), []).append(one)
    yield from (Group(tuple(group)) for group in found.values())


def counts(work: Work, wanted: Wanted) -> int:
    """Return how many sentences are wanted."""
    return int(work.execute(sa.select(sa.func.count()).select_from(utterance).where(_where(wanted))).scalar_one())


def read(work: Work, numbers: Collection[int]) -> tuple[Utterance, ...]:
    """Return the sentences of these numbers that are there, in their order."""
    query = sa.select(utterance).where(utterance.c.id.in_(list(numbers))).order_by(utterance.c.id)
    return tuple(_utterance(work, row) for row in work.execute(query))


def change(work: Work, found: Utterance, *, sealed: dict[str, Any] | None = None, **values: Any) -> bool:
    """Change a row if it is still as it was `found`; return whether it was. `sealed` is laid over what is sealed."""
    same = (utterance.c.id == found.id, utterance.c.state == found.state, utterance.c.labelled_by == found.labelled_by)
    if sealed is not None:
        now = work.execute(sa.select(utterance.c.sealed).where(utterance.c.id == found.id)).scalar()
        if now is None:
            return False
        values["sealed"] = work.cipher.seal({**work.cipher.unseal(now), **sealed})
    return bool(work.execute(sa.update(utterance).where(*same).values(**values)).rowcount == 1)


def blanked(work: Work, found: Utterance, *, by: str, now: datetime) -> bool:
    """Take the words away and keep the row, so that the sentence is not taken again; return whether it was still there."""
    sealed = work.cipher.seal({"text": "", "guesses": [], "marks": [], "said": "", "right": ""})
    gone = {"state": "deleted", "labelled_by": by, "labelled_at": now, "intent": None, "sealed": sealed}
    return bool(work.execute(sa.update(utterance).where(utterance.c.id == found.id).values(**gone)).rowcount == 1)


def _where(wanted: Wanted) -> Any:
    exact = {"language": wanted.language, "source": wanted.source, "assigned_to": wanted.assigned_to}
    exact["labelled_by"] = wanted.labelled_by
    parts = [utterance.c[name] == value for name, value in exact.items() if value]
    if wanted.not_labelled_by:
        parts.append(utterance.c.labelled_by != wanted.not_labelled_by)
    return sa.and_(utterance.c.state == wanted.state, *parts)


def _utterance(work: Work, row: Any) -> Utterance:
    sealed = work.cipher.unseal(row.sealed)
    return Utterance(
        **{name: row[name] for name in _PLAIN},
        intent=row.intent or "",
        text=str(sealed.get("text") or ""),
        guesses=tuple((str(label), float(share)) for label, share in sealed.get("guesses") or ()),
        marks=tuple(Mark(**mark) for mark in sealed.get("marks") or ()),
        said=str(sealed.get("said") or ""),
        right=str(sealed.get("right") or ""),
    )
