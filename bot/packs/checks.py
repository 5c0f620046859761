"""What is wrong with an entry of a pack as it was typed, or worth a second look, field by field. Pure.

`kind` "wrong": it is not kept; "mind": it is kept, with a word of warning. Keys are of phrases `shared_check_<key>`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from bot.content.packs import day_of
from bot.languages import LANGUAGES, Language
from bot.packs.catalogue import Table
from bot.packs.forms import Field, Path, form_of
from bot.privacy.personal_data import Kind, find
from bot.training.scalars import plain
from bot.training.texts import check_text, slots_of

NUMBERS = ("ambulance", "crisis", "police")
# The longest number that there is has 15 digits (ITU E.164), the shortest three; blanks and dashes are for the eye.
_DIALABLE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){2,14}")
OLDEST_CHILD = 21
_OF_THE_HOUSE: Mapping[str, Collection[str]] = {
    "names": ("name", "address"),
    "where": ("address",),
    "answers": get_args(Kind),
}


@dataclass(frozen=True)
class Found:
    """One thing about one field. `language`: of a text, "" for all; `values`: for the phrase."""

    path: Path
    kind: Literal["wrong", "mind"]
    key: str
    language: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def checked(
    table: Table, before: Mapping[str, Any], after: Mapping[str, Any], *, public: Collection[str], today: date
) -> tuple[Found, ...]:
    """Return what there is to say about an entry that was `before` and would be `after`, what is wrong first.

    `public`: numbers, as digits, that are nobody's own. Only fields that change are looked at: what stands there already is not
    in anybody's way.
    """
    known = {one.path: one.value for one in form_of(before, table.optional)}
    changed = [one for one in form_of(after, table.optional) if plain(known.get(one.path)) != plain(one.value)]
    found = [each for one in changed for each in _of(one, known.get(one.path), public, today)]
    if any(one.path[-1] in NUMBERS for one in changed) and not any(one.path[-1] == "checked_on" for one in changed):
        found.append(Found(("checked_on",), "mind", "not_called"))
    return tuple(sorted(found, key=lambda one: one.kind != "wrong"))


def is_wrong(found: Iterable[Found]) -> bool:
    """Whether an entry with these findings is not kept."""
    return any(one.kind == "wrong" for one in found)


def _of(one: Field, before: Any, public: Collection[str], today: date) -> Iterator[Found]:
    name = one.path[-1]
    if one.kind == "texts":
        yield from _texts(one, before if isinstance(before, dict) else {}, public)
    elif name in NUMBERS:
        yield from _number(one)
    elif name == "child_until" and not 0 < one.value <= OLDEST_CHILD:
        yield Found(one.path, "wrong", "child_until", values={"most": str(OLDEST_CHILD)})
    elif name == "checked_on":
        day = day_of(one.value)
        if day is None or day > today:
            yield Found(one.path, "wrong", "not_yet")


def _number(one: Field) -> Iterator[Found]:
    said = str(one.value or "").strip()
    if said and not _DIALABLE.fullmatch(said):
        yield Found(one.path, "wrong", "no_number")
    elif not said and one.path[-1] == "ambulance":
        yield Found(one.path, "wrong", "no_ambulance")


def _texts(one: Field, before: Mapping[str, str], public: Collection[str]) -> Iterator[Found]:
    written = {language: str(one.value.get(language) or "").strip() for language in LANGUAGES}
    missing = [language for language in LANGUAGES if not written[language]]
    if missing and len(missing) < len(LANGUAGES):
        yield from (Found(one.path, "mind", "empty", language) for language in missing)
    slots = frozenset(slot for text in before.values() for slot in slots_of(str(text)))
    for language, text in written.items():
        if text and text != str(before.get(language) or "").strip():
            yield from _text(one.path, text, language, slots, public)


def _text(path: Path, text: str, language: Language, slots: frozenset[str], public: Collection[str]) -> Iterator[Found]:
    for finding in check_text(text, language, slots):
        yield Found(path, finding.kind, finding.key, language, finding.values)
    # Names of places are names, an address is what says where something is, and an answer names whom to write to.
    mine = _OF_THE_HOUSE.get(str(path[-1]), ())
    for span in find(text, language):
        digits = re.sub(r"\D", "", text[span.start : span.end])
        if span.kind == "phone":
            # A number of the hospital is nobody's own; which it is only a person knows.
            if digits not in public:
                yield Found(path, "mind", "phone", language, {"text": text[span.start : span.end]})
        elif span.kind not in mine:
            yield Found(path, "wrong", "personal_data", language)
