"""The packs as they stand on disk, and as a draft would have them. The lexicon, which is large and not edited here, is never read."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.content.packs import ContentError, Pack, read_yaml
from bot.release.folders import Folder
from bot.training.operations import Operation, SetEntry, SetText
from bot.training.scalars import typed

ROOMS = ("content/knowledge", "content/hospital", "content/triage", "content/followup")
LEXICON = "content/triage/lexicon/"


@dataclass(frozen=True)
class PackFile:
    """One file. `data`: all that it says, the header with it."""

    name: str
    data: Mapping[str, Any]

    @property
    def entries(self) -> Mapping[str, Any]:
        """Its entries by their ids."""
        found = self.data.get("entries")
        return found if isinstance(found, dict) else {}

    @property
    def pack(self) -> Pack:
        """The file as the content reads it. Raises ContentError for a header that is not whole."""
        try:
            return Pack(path=Path(self.name), **{**self.data, "version": str(self.data["version"])})
        except (TypeError, KeyError):
            raise ContentError(f"{self.name}: the header is not whole. Mend it by hand.") from None


Files = Mapping[str, PackFile]


@dataclass
class PackSource:
    """The packs of `folder`: only files that were written since are read again."""

    folder: Folder
    _known: dict[str, tuple[tuple[int, int], PackFile]] = field(default_factory=dict)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> dict[str, PackFile]:
        """Return them by their names, as the files stand now. Raises ContentError for a file that is no YAML."""
        with self._one_at_a_time:
            return {name: self._read(name) for name in self._names()}

    def _read(self, name: str) -> PackFile:
        path = self.folder.path(name)
        about = path.stat()
        stamp = (about.st_mtime_ns, about.st_size)
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            said = read_yaml(path)
            known = self._known[name] = (stamp, PackFile(name, said if isinstance(said, dict) else {}))
        return known[1]

    def _names(self) -> Iterator[str]:
        for room in ROOMS:
            root = self.folder.path(room)
            found = (f"{room}/{path.relative_to(root).as_posix()}" for path in sorted(root.rglob("*.yml")))
            yield from (name for name in found if not name.startswith(LEXICON))


@cache
def shared_packs(folder: Folder) -> PackSource:
    """Return the source of a folder that all of this process use: whoever comes first reads them for everybody."""
    return PackSource(folder)


def laid(files: Files, operations: Iterable[Operation]) -> dict[str, PackFile]:
    """Return the packs as they would be after the operations of a draft. What does not fit any more is left out."""
    made = dict(files)
    for one in operations:
        if isinstance(one, SetText | SetEntry) and one.file in files and one.path:
            if made[one.file] is files[one.file]:
                made[one.file] = PackFile(one.file, copy.deepcopy(dict(files[one.file].data)))
            _put(made[one.file].data, one.path, one.after, is_new=one.before is None)
    return made


def _put(data: Any, path: tuple[str | int, ...], after: Any, *, is_new: bool) -> None:
    try:
        for part in path[:-1]:
            data = data[part]
        if after is None:
            data.pop(path[-1])
        elif isinstance(data, list) and is_new:
            if after not in data:
                data.insert(int(path[-1]), after)
        else:
            data[path[-1]] = typed(after, data.get(path[-1]) if isinstance(data, dict) else data[path[-1]])
    except (LookupError, TypeError, AttributeError):
        return  # the page of changes says that it does not fit
