"""What was typed into the form of an entry becomes operations of a change. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.errors import KeyedProblem
from bot.languages import LANGUAGES
from bot.packs.catalogue import HEADER, Table
from bot.packs.forms import Field, FieldKind, Path, form_of
from bot.packs.source import PackFile, laid
from bot.training.operations import SetEntry, SetText
from bot.training.scalars import plain

LONGEST = 3000
MOST = 200
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,39}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")


class EditProblem(KeyedProblem):
    """What was typed cannot be kept. Nothing was changed."""


def wrong(path: Path, key: str = "pack_wrong") -> EditProblem:
    """Return what says that a field does not take what was typed."""
    name = " › ".join(str(part) for part in path)
    return EditProblem(key, f"{name} does not take what was typed.", field=name)


def entry_in(table: Table, file: PackFile, entry: str) -> Mapping[str, Any]:
    """Return an entry of a file, "" its header. Raises EditProblem when it is not there any more."""
    if not entry:
        return {name: file.data.get(name, "") for name in HEADER}
    found = table.entries(file.entries).get(entry)
    if not isinstance(found, dict):
        raise EditProblem("pack_gone", f"There is no {entry} in {file.name} any more. Load the page again.", entry=entry)
    return found


def fields_of(table: Table, file: PackFile, entry: str) -> tuple[Field, ...]:
    """Return the form of an entry, "" of the header."""
    return form_of(entry_in(table, file, entry), table.optional if entry else {})


def edits(
    table: Table, file: PackFile, entry: str, typed: Mapping[Path, Any], *, is_new: bool = False
) -> tuple[SetText | SetEntry, ...]:
    """Return the operations that make an entry what was typed: one for each value that changes. Raises EditProblem.

    `is_new`: the entry is only in the draft: then it is one edit of the whole, which becomes one with the one that added it.
    """
    now = entry_in(table, file, entry)
    known = {one.path: one for one in fields_of(table, file, entry)}
    base: Path = table.place(entry)
    found: list[SetText | SetEntry] = []
    for path, value in typed.items():
        if path not in known or known[path].kind == "yaml":
            raise wrong(path)
        new = _READ[known[path].kind](path, value)
        found += _changed(file.name, (*base, *path), _at(now, path), new, known[path].kind)
    if not is_new or not found:
        return tuple(found)
    after = laid({file.name: file}, found)[file.name].entries[entry]
    return (SetEntry(file.name, base, plain(now), plain(after)),)


def added(table: Table, file: PackFile, entry: str, entries: Iterable[str]) -> SetEntry:
    """Return what puts a new, empty entry at the end of a file. `entries`: the ids there are in the table. Raises EditProblem."""
    if table.blank is None or not _ID.fullmatch(entry) or (table.room == "faq" and entry != entry.lower()):
        raise EditProblem("pack_id", f"{entry} is no id. Use small letters, digits and _.")
    if entry in set(entries):
        raise EditProblem("pack_twice", f"There is a {entry} already. Choose another id.", entry=entry)
    return SetEntry(file.name, ("entries", entry), None, plain(dict(table.blank)))


def retired(table: Table, file: PackFile, entry: str) -> SetEntry:
    """Return what takes an entry out. Raises EditProblem."""
    if table.blank is None or not entry:
        raise EditProblem("pack_stays", f"{entry or file.name} stays: other parts of the program know it by its name.")
    return SetEntry(file.name, ("entries", entry), plain(entry_in(table, file, entry)), None)


def _at(entry: Any, path: Path) -> Any:
    for part in path:
        try:
            entry = entry[part]
        except (LookupError, TypeError):
            return None
    return entry


def _changed(file: str, path: Path, before: Any, after: Any, kind: FieldKind) -> Iterator[SetText | SetEntry]:
    before = plain(before)
    # Each language is an edit of its own: two translators at work on one entry are in nobody's way.
    if kind in ("texts", "lists") and isinstance(before, dict):
        for language, text in after.items():
            yield from _changed(file, (*path, language), before.get(language), text, "text")
    elif before in (None, "") and after in ("", [], {}):
        return
    elif before is None:
        yield SetEntry(file, path, None, after)
    elif after == "" and path[-1] == "review_date" and path[0] == "entries":
        yield SetEntry(file, path, before, None)
    elif before != after:
        yield SetText(file, path, before, after)


def _text(path: Path, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        raise wrong(path)
    return re.sub(r"[\ud800-\udfff]", "", value.replace("\r\n", "\n")).strip()


def _yes_no(path: Path, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(path)
    return value


def _number(path: Path, value: Any) -> int | float:
    if not _NUMBER.fullmatch(str(value).strip()):
        raise wrong(path, "pack_number")
    return float(value) if "." in str(value) else int(value)


def _date(path: Path, value: Any) -> str:
    said = _text(path, value)
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        raise wrong(path, "pack_date") from None


def _list(path: Path, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST:
        raise wrong(path)
    return list(dict.fromkeys(said for one in value if (said := _text(path, one))))


def _by_language(read: Callable[[Path, Any], Any]) -> Callable[[Path, Any], dict[str, Any]]:
    def read_all(path: Path, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not value.keys() <= set(LANGUAGES):
            raise wrong(path)
        return {language: read(path, value[language]) for language in LANGUAGES if language in value}

    return read_all


def _pairs(path: Path, value: Any) -> dict[str, str]:
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(one, list) and len(one) == 2 for one in value):
        raise wrong(path)
    pairs = [(_text(path, name), _text(path, said)) for name, said in value]
    return {name: said for name, said in pairs if name}


_READ: Mapping[FieldKind, Callable[[Path, Any], Any]] = {
    "text": _text,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "list": _list,
    "texts": _by_language(_text),
    "lists": _by_language(_list),
    "pairs": _pairs,
}
