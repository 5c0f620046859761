"""Records of the hospital: what somebody complained of and which department they were booked in. From CSV, kept nowhere."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import OperatorError
from bot.languages import Language, detect
from bot.triage.tables import Department

# Every fourth record is not learned from: by a hash of its words, so that the same file is parted the same way.
HELD_OUT = 4
TEXT = ("complaint", "text", "主诉", "主訴", "beschwerde", "الشكوى")
BOOKED = ("department", "departments", "科室", "科別", "abteilung", "القسم")
_SEVERAL = re.compile(r"[;|、]")


class RecordsProblem(OperatorError):
    """The file of records cannot be used. The message names the line or the column and the fix."""


@dataclass(frozen=True)
class Record:
    """One booking. `departments`: ids, each of which was right."""

    text: str
    language: Language
    departments: frozenset[str]

    @property
    def held_out(self) -> bool:
        """Whether it is only for measuring."""
        return int(hashlib.sha256(self.text.encode()).hexdigest()[:8], 16) % HELD_OUT == 0


@dataclass(frozen=True)
class Records:
    """What was read: the records, and departments that this hospital does not have, with how often they stood there."""

    records: tuple[Record, ...]
    unknown: Mapping[str, int]


def read_records(path: Path, departments: Mapping[str, Department], *, names: Mapping[str, str] | None = None) -> Records:
    """Return the records of a CSV file with a column for the complaint and one for the department: its id or its name in any language.

    `names`: what else a department is called in the file, with its id. Raises RecordsProblem.
    """
    ids = _ids(departments, names or {})
    found, unknown = [], dict[str, int]()
    for text, booked in _rows(path):
        known = frozenset(ids[name] for name in booked if name in ids)
        for name in booked:
            if name not in ids:
                unknown[name] = unknown.get(name, 0) + 1
        if known:
            found.append(Record(text, detect(text, None), known))
    if not found:
        raise RecordsProblem(f"{path}: no line names a department of this hospital. Use ids of departments.yml, or --names.")
    return Records(tuple(found), unknown)


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
            text = next((columns[name] for name in TEXT if name in columns), None)
            booked = next((columns[name] for name in BOOKED if name in columns), None)
            if text is None or booked is None:
                raise RecordsProblem(f"{path}: the first line has to name the columns “complaint” and “department”.")
            for row in reader:
                named = [name.strip().casefold() for name in _SEVERAL.split(row[booked] or "") if name.strip()]
                if (row[text] or "").strip() and named:
                    yield row[text].strip(), named
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordsProblem(f"{path} cannot be read as CSV in UTF-8 ({type(error).__name__}). Export it anew.") from error


def _ids(departments: Mapping[str, Department], names: Mapping[str, str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for one in departments.values():
        for name in (one.id, *one.names.values()):
            ids[name.casefold()] = one.id
    unknown = sorted(set(names.values()) - set(departments))
    if unknown:
        raise RecordsProblem(f"There is no department {', '.join(unknown)} in departments.yml. Mend --names.")
    return ids | {name.strip().casefold(): one for name, one in names.items()}
