"""Which measures a labelled set is for, by its fields and its name; and the whole report of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bot.evaluation import language_sets, triage_sets
from bot.evaluation.engines import Engines
from bot.evaluation.scores import Record, Row

Measure = Callable[[str, Sequence[Record], Engines], list[Row]]
# The task stands in the second part of a file's name: en_dept_….jsonl. Fields say it better where they are clear.
BY_TASK: dict[str, Measure] = {
    "oos": triage_sets.outside,
    "smalltalk": triage_sets.outside,
    "faq": language_sets.same_question,
    "intent": language_sets.intents,
    "negation": language_sets.negation,
    "yesno": language_sets.yes_no,
    "anamnesis": language_sets.yes_no,
    "pii": language_sets.personal_data,
    "time": language_sets.times,
}
BY_FIELD: dict[str, Measure] = {
    "departments": triage_sets.departments,
    "urgency": triage_sets.urgency,
}


def measures_for(name: str, records: Sequence[Record]) -> Iterator[Measure]:
    """Yield the measures that fit a set; none for a set whose labels are not known."""
    for field, measure in BY_FIELD.items():
        if any(record.get(field) for record in records):
            yield measure
    task = name.split("_")[1] if "_" in name else name
    if task in BY_TASK:
        yield BY_TASK[task]


def report(sets: Iterable[tuple[str, Sequence[Record]]], engines: Engines) -> Iterator[Row]:
    """Yield the rows of all sets, in their order."""
    for name, records in sets:
        for measure in measures_for(name, records):
            yield from measure(name, records, engines)
        yield from language_sets.language(name, records)


def read_sets(folder: Path, read: Callable[[Path], Iterable[Record]]) -> Iterator[tuple[str, Sequence[Record]]]:
    """Yield name and records of each .jsonl file in `folder`."""
    for path in sorted(folder.glob("*.jsonl")):
        yield path.stem, list(read(path))
