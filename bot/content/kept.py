"""Keeps the packs as JSON beside the data, since reading their YAML takes half a second in each of four processes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.content.packs import Pack, read_packs

Rooms = Mapping[str, tuple[Pack, ...]]
_NAME = "packs-{}.json"
_DATE = "$date"


def read_rooms(content: Path, rooms: Sequence[str], *, version: str, keep_in: Path | None) -> Rooms:
    """Return the packs of each room of `content` as they were kept in `keep_in`, else as they stand. Raises ContentError.

    `version` is a hash over the files: what was kept is never older than they are. Without `keep_in` nothing is kept.
    """

    def read() -> Rooms:
        return {room: read_packs(content / room) for room in rooms}

    if keep_in is None:
        return read()
    path = keep_in / _NAME.format(version)
    try:
        return _from_json(path.read_text(encoding="utf-8"), content)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        found = read()
    _keep(found, path, content)
    return found


def _keep(rooms: Rooms, path: Path, content: Path) -> None:
    try:
        plain = {room: [_plain(pack, content) for pack in packs] for room, packs in rooms.items()}
        text = json.dumps(plain, ensure_ascii=False, default=_named)
        if _from_json(text, content) != rooms:
            return  # JSON has no keys but text: such packs are read from YAML each time
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
        for other in path.parent.glob(_NAME.format("*")):
            if other != path:
                other.unlink(missing_ok=True)
    except (OSError, TypeError, AttributeError):
        return  # it only makes the next start quicker


def _plain(pack: Pack, content: Path) -> dict[str, Any]:
    return {**asdict(pack), "path": pack.path.relative_to(content).as_posix()}


def _from_json(text: str, content: Path) -> Rooms:
    rooms = json.loads(text, object_hook=_unnamed)
    return {room: tuple(Pack(**{**data, "path": content / data["path"]}) for data in packs) for room, packs in rooms.items()}


def _named(value: date) -> dict[str, str]:
    return {_DATE: value.isoformat()}


def _unnamed(data: dict[str, Any]) -> Any:
    return date.fromisoformat(data[_DATE]) if data.keys() == {_DATE} else data
