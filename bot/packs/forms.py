"""An entry as a form, made from its shape: what people can edit, and what is only shown because no form knows it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from bot.languages import LANGUAGES
from bot.training.scalars import plain

# texts, lists: a text, or several, in each language; pairs: names with a short value each; yaml: read only.
FieldKind = Literal["text", "number", "yes_no", "date", "list", "texts", "lists", "pairs", "yaml"]
Path = tuple[str | int, ...]
_DATES = ("review_date", "checked_on")


@dataclass(frozen=True)
class Field:
    """One field of a form. `path`: where it stands in the entry; `value` as JSON knows it."""

    path: Path
    kind: FieldKind
    value: Any


def form_of(entry: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> tuple[Field, ...]:
    """Return the fields of an entry, in its order, then those that it may have and has not."""
    seen: set[int] = set()
    more = {name: blank for name, blank in (optional or {}).items() if name not in entry}
    return (*_fields(entry, (), seen), *_fields(more, (), seen))


def missing_in(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages in which a text of an entry is not written."""
    found: set[str] = set()
    for one in form_of(entry):
        if one.kind in ("texts", "lists"):
            found |= {language for language in LANGUAGES if not _is_written(one.value.get(language))}
    return tuple(language for language in LANGUAGES if language in found)


def _fields(value: Mapping[Any, Any], path: Path, seen: set[int]) -> Iterator[Field]:
    for name, one in value.items():
        yield from _field(one, (*path, name), seen)


def _field(value: Any, path: Path, seen: set[int]) -> Iterator[Field]:
    if isinstance(value, dict | list) and value:
        # What YAML repeats by its name is one thing: it is edited where it stands first.
        if id(value) in seen:
            yield Field(path, "yaml", _yaml(value))
            return
        seen.add(id(value))
    kind = _kind(value, path[-1])
    if path[-1] == "id":
        # What is under way with patients knows a step or a choice by it: renamed it would be another one.
        yield Field(path, "yaml", str(value))
    elif kind is not None:
        yield Field(path, kind, plain(value))
    elif isinstance(value, dict) and all(isinstance(name, str) for name in value):
        yield from _fields(value, path, seen)
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        for place, one in enumerate(value):
            yield from _field(one, (*path, place), seen)
    else:
        yield Field(path, "yaml", _yaml(value))


def _kind(value: Any, name: str | int) -> FieldKind | None:
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, date) or name in _DATES:
        return "date"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "list" if _all(value, str) else None
    return _kind_of_mapping(value) if isinstance(value, dict) else None


def _kind_of_mapping(value: Mapping[Any, Any]) -> FieldKind | None:
    names, values = value.keys(), value.values()
    if names and names <= set(LANGUAGES):
        return "lists" if _all(values, list) else "texts" if _all(values, str) else None
    # An empty mapping is one that pairs can be put into.
    return "pairs" if all(isinstance(name, str) for name in names) and _all(values, str) else None


def _all(values: Collection[Any], kind: type) -> bool:
    return all(isinstance(one, kind) for one in values)


def _is_written(value: Any) -> bool:
    return any(str(one).strip() for one in value) if isinstance(value, list) else bool(str(value or "").strip())


def _yaml(value: Any) -> str:
    return str(yaml.safe_dump(plain(value), allow_unicode=True, sort_keys=False, width=100)).strip()
