"""Reads one pack: a YAML file of reviewed content with an owner. What is inside belongs to the rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.errors import OperatorError

Status = Literal["sample", "draft", "signed"]
HEADER = ("pack", "version", "status", "owner", "source", "author", "reviewer", "review_date", "entries")

# The C loader reads the lexicon ten times faster; a PyYAML built without it still works.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(OperatorError):
    """A content pack cannot be used. The message names the file, what is wrong and what to do."""


@dataclass(frozen=True)
class Pack:
    """One content file. `entries` is what the room that owns the pack understands, untouched."""

    path: Path
    pack: str
    version: str
    status: Status
    owner: str
    source: str
    author: str
    reviewer: str
    review_date: date  # to be reviewed again by this day; afterwards the pack is expired
    entries: Any


def day_of(value: Any) -> date | None:
    """Return a day, also one that was written in quotes as the studio writes it; None for anything else."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


def read_yaml(path: Path) -> Any:
    """Return the YAML in `path`. Raises ContentError that names the line of a mistake."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ContentError(f"{path}: cannot be read ({error.strerror}). Restore the file or its permissions.") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: not valid YAML. {error}. Mend that line.") from error


def read_pack(path: Path) -> Pack:
    """Return the pack in `path`. Raises ContentError when the header is not complete."""
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise ContentError(f"{path}: a pack starts with `pack:`, `version:` and the other header lines. Add them.")
    missing = [key for key in HEADER if data.get(key) in (None, "")]
    if missing:
        raise ContentError(f"{path}: the header lacks {', '.join(missing)}. Add it above `entries:`.")
    unknown = sorted(set(data) - set(HEADER))
    if unknown:
        raise ContentError(f"{path}: the header does not know {', '.join(unknown)}. Remove it or mend the spelling.")
    if data["status"] not in ("sample", "draft", "signed"):
        raise ContentError(f"{path}: status is {data['status']!r}. Use sample, draft or signed.")
    if not isinstance(data["review_date"], date):
        raise ContentError(f"{path}: review_date is not a date. Write it as 2027-05-31, without quotes.")
    if data["status"] == "signed" and data["author"] == data["reviewer"]:
        raise ContentError(f"{path}: author and reviewer are the same. A second person signs a pack.")
    return Pack(path=path, **{**data, "version": str(data["version"])})


def read_packs(folder: Path) -> tuple[Pack, ...]:
    """Return all packs under `folder`, in the order of their file names. An empty folder is an error."""
    paths = sorted(folder.rglob("*.yml"))
    if not paths:
        raise ContentError(f"{folder}: no pack in this folder. Restore it, or set DAOZHEN_CONTENT_DIR.")
    return tuple(read_pack(path) for path in paths)
