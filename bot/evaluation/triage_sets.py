"""Sets of complaints: the department, the urgency, and what must not be taken for a complaint at all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from bot.evaluation.engines import Engines
from bot.evaluation.scores import Hit, Record, Row, Tally, quantile

FOUND = {"emergency": ("E1", "E2", "U"), "urgent": ("E1", "E2", "U"), "routine": ("U", "R")}
ALARMS = ("E1", "E2")


def departments(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score the departments named, best first, against those that the set accepts.

    The emergency department is left out of the ranking unless the set accepts it: for emergencies the departments behind count.
    """
    tally, took = Tally(name), []
    for record in records:
        began = time.perf_counter()
        said = engines.guide(record)
        took.append(1000 * (time.perf_counter() - began))
        tally.add(str(record.get("lang", "?")), _of_departments(said, set(record["departments"])))
    return tally.rows() + milliseconds(name, took)


def _of_departments(said: Record, accepted: set[str]) -> Iterator[Hit]:
    named = [one for one in said["departments"] if one != "ED" or "ED" in accepted]
    yield Hit("department top-1", bool(named[:1] and named[0] in accepted))
    yield Hit("department top-3", bool(accepted & set(named[:3])))
    yield Hit("an answer given", bool(named))
    if named:
        yield Hit("top-1 among the answered", named[0] in accepted)
        yield Hit("top-3 among the answered", bool(accepted & set(named[:3])))


def urgency(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score the level against emergency, urgent or routine; under- and over-triage beside it."""
    tally = Tally(name)
    for record in records:
        if record.get("urgency") in FOUND:
            level = engines.guide(record)["level"]
            tally.add(str(record.get("lang", "?")), _of_urgency(level, record["urgency"]))
    return tally.rows()


def _of_urgency(level: str, wanted: str) -> Iterator[Hit]:
    yield Hit(f"{wanted} found", level in FOUND[wanted])
    if wanted == "emergency":
        yield Hit("emergency alarmed (E1, E2)", level in ALARMS)
    else:
        yield Hit(f"over-triage: {wanted} alarmed (E1, E2)", level in ALARMS)
    if wanted != "routine":
        yield Hit(f"under-triage: {wanted} not read at all", level == "INFO")


def outside(name: str, records: Sequence[Record], engines: Engines) -> list[Row]:
    """Score how often what is no complaint is taken for one, or answered as a question for the hospital."""
    tally = Tally(name)
    for record in records:
        said = engines.guide(record)
        hits = engines.knowledge.search(record["text"], said["lang"])
        wrong = [
            Hit("taken for a symptom", said["level"] != "INFO"),
            Hit("taken for an emergency", said["level"] in ALARMS or said["crisis"]),
            Hit("answered as an FAQ", bool(hits and hits[0].answered)),
        ]
        tally.add(str(record.get("lang", "?")), wrong)
    return tally.rows()


def milliseconds(name: str, took: Iterable[float]) -> list[Row]:
    """Return median and 99th percentile of times in milliseconds."""
    values = list(took)
    return [Row(name, "all", f"ms a message, {label}", quantile(values, share), len(values)) for label, share in _QUANTILES]


_QUANTILES = (("median", 0.5), ("p99", 0.99))
