"""From records to factors, and what they gain on records that they were not learned from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.calibration.learn import Told, learned
from bot.calibration.records import Record
from bot.evaluation.scores import interval
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.calibration import Calibration
from bot.triage.facts import facts_of
from bot.triage.guide import Reader
from bot.triage.opinions import with_opinions
from bot.triage.routing import voices
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Episode, Opinion

FILE = "content/triage/calibration.yml"
EMERGENCY = "ED"
TOGETHER = 64


@dataclass(frozen=True)
class Score:
    """How many of `count` records have a department that was booked first, or among the first three."""

    count: int
    first: int
    among_three: int

    @property
    def share(self) -> float:
        """The share whose first department was booked."""
        return self.first / self.count if self.count else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return interval(self.first, self.count) if self.count else (0.0, 1.0)


@dataclass(frozen=True)
class Calibrated:
    """The factors, and the held-out records before and after. `learned_from`: how many records."""

    calibration: Calibration
    learned_from: int
    before: Score
    after: Score

    @property
    def gains(self) -> bool:
        """Whether it is worth to propose them."""
        return self.after.first > self.before.first

    def entries(self) -> dict[str, Any]:
        """Return the factors as the pack has them."""
        concepts = {concept: dict(sorted(factors.items())) for concept, factors in sorted(self.calibration.concepts.items())}
        return {"departments": dict(sorted(self.calibration.departments.items())), "concepts": concepts}


def calibrate(records: Sequence[Record], *, tables: Tables, reader: Reader | None) -> Calibrated:
    """Return factors learned from all records but those held out, and what they gain on these."""
    plain = replace(tables, calibration=Calibration())
    heard = list(_heard(records, plain, reader))
    told = [Told(_voices(episode, plain), one.departments) for one, episode in heard if not one.held_out]
    calibration = learned(told)
    held_out = [(one, episode) for one, episode in heard if one.held_out]
    after = replace(tables, calibration=calibration)
    return Calibrated(calibration, len(told), _scored(held_out, tables), _scored(held_out, after))


def score(records: Sequence[Record], *, tables: Tables, reader: Reader | None) -> Score:
    """Return how well the tables, as they are, send these records to the departments that were booked."""
    return _scored(list(_heard(records, tables, reader)), tables)


def _heard(records: Sequence[Record], tables: Tables, reader: Reader | None) -> Iterator[tuple[Record, Episode]]:
    for start in range(0, len(records), TOGETHER):
        some = records[start : start + TOGETHER]
        texts = [(one.text, one.language) for one in some]
        opinions: Sequence[Opinion | None] = reader.read_all(texts) if reader is not None else [None] * len(some)
        for one, opinion in zip(some, opinions, strict=True):
            begun = episodes.begin(one.language, tables.home_region)
            yield one, episodes.hear(begun, one.text, tables=tables, opinion=opinion)


def _voices(episode: Episode, tables: Tables) -> tuple[Any, ...]:
    facts = facts_of(episode.readings, answers=episode.answers, child_until=tables.child_until)
    opinions = tuple(reading.opinion for reading in episode.readings if reading.opinion is not None)
    return voices(with_opinions(replace(facts, patient=episode.patient), opinions), tables, opinions=opinions)


def _scored(heard: Sequence[tuple[Record, Episode]], tables: Tables) -> Score:
    named = [(one.departments, _named(assess(episode, tables=tables), one.departments)) for one, episode in heard]
    first = sum(bool(departments[:1]) and departments[0] in right for right, departments in named)
    return Score(len(named), first, sum(bool(right & set(departments[:3])) for right, departments in named))


def _named(found: Assessment, right: frozenset[str]) -> list[str]:
    """Return the departments in their order. In an emergency the one for emergencies comes first, and the ones behind it count."""
    return [one.department for one in found.departments if one.department != EMERGENCY or EMERGENCY in right]
