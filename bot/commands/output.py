"""How commands speak: data as JSON when asked, sentences for people otherwise, JSON lines in and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.errors import OperatorError

Record = dict[str, Any]
# Numbers of the command line: what no database and no calendar can hold is refused in a sentence. Days: a hundred years.
Limit = Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")]
MOST_DAYS = 36_525
LARGEST_NUMBER = 2**63 - 1


class InputError(OperatorError):
    """A file given on the command line cannot be used. The message names the line and the fix."""


def show_json(data: object) -> None:
    """Print `data` as one JSON document."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def fail(sentence: str) -> None:
    """Print `sentence` to stderr, where it does not mix with data."""
    print(sentence, file=sys.stderr)


def map_lines(source: Path, out: Path | None, handle: Callable[[Record], Record]) -> int:
    """Write `handle(record)` for each JSON line of `source` to `out` (None: stdout). Returns the number of lines.

    Raises InputError for a line that is not a JSON object with `id` and `text`.
    """
    return write_lines(out, (handle(record) for record in read_lines(source)))


def write_lines(out: Path | None, records: Iterable[Record]) -> int:
    """Write each record as a JSON line to `out` (None: stdout). Returns the number of lines. Raises InputError."""
    if out is None:
        return _write(sys.stdout, records)
    try:
        target = out.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}). Name a file in a folder that is there.") from error
    with target:
        return _write(target, records)


def _write(target: TextIO, records: Iterable[Record]) -> int:
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007
        target.write(json.dumps(record, ensure_ascii=False) + "\n")
    return count


def read_lines(source: Path) -> Iterator[Record]:
    """Yield the JSON objects of `source`, line by line. Raises InputError that names the line."""
    try:
        lines = source.open(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror}). Name an existing file of JSON lines.") from error
    try:
        with lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _record(line, where=f"{source}, line {number}")
    except UnicodeDecodeError as error:
        raise InputError(f"{source} is no UTF-8 text. Save it as UTF-8.") from error


def _record(line: str, *, where: str) -> Record:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f'{where}: not JSON ({error.msg}). Each line is an object like {{"id": 1, "text": "…"}}.') from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str) or "id" not in record:
        raise InputError(f'{where}: `id` or `text` is missing. Each line is an object like {{"id": 1, "text": "…"}}.')
    return record
