"""Texts that come in: from a table with the languages as columns, or as translations. Nothing newer is overwritten. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Formatter

from bot.content.language_check import language_problem
from bot.exchange.plan import Line, Plan, problem
from bot.exchange.problems import ExchangeProblem
from bot.exchange.sheets import Sheet
from bot.exchange.translations import Translation, stamp_of
from bot.exchange.units import Unit
from bot.languages import LANGUAGES, Language
from bot.training.texts import check_text

ID, STAMP = "id", "stamp"
HEAD = (ID, STAMP, *LANGUAGES)
LONGEST = 4_000
# What the bot never says, and what would become two messages: the same as on the page of texts.
_MUST_NOT = ("forbidden", "blank_line")


def rows_of(units: Sequence[Unit]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each text, with a stamp by which it is known whether somebody changed it meanwhile."""
    for unit in units:
        yield (unit.id, unit.stamp, *(unit.texts.get(code, "") for code in LANGUAGES))


def plan_of_sheet(units: Sequence[Unit], sheet: Sheet) -> Plan:
    """Return what a table would change; empty cells change nothing. Raises ExchangeProblem when it is none of ours."""
    if ID not in sheet.head or not {code.lower() for code in LANGUAGES} & set(sheet.head):
        raise ExchangeProblem("columns", f"The column {ID} or every language is missing.", columns=", ".join(HEAD))
    known = {unit.id: unit for unit in units}
    lines: list[Line | None] = []
    for name, stamp, *texts in sheet.columns(HEAD):
        unit = known.get(name.strip())
        if unit is None:
            lines.append(problem(name.strip()[:200], None, "unknown"))
            continue
        stale = bool(stamp.strip()) and stamp.strip() != unit.stamp
        pairs = zip(LANGUAGES, texts, strict=True)
        lines += [_line(unit, code, _tidy(text), stale=stale) for code, text in pairs if text.strip()]
    return _plan(lines)


def plan_of_translations(units: Sequence[Unit], translations: Iterable[Translation]) -> Plan:
    """Return what translations would change. A translation of words that have changed since is not taken."""
    known = {unit.id: unit for unit in units}
    lines: list[Line | None] = []
    for one in translations:
        unit = known.get(one.id)
        if unit is None:
            lines.append(problem(one.id[:200], one.language, "unknown"))
        elif one.was and one.was == stamp_of(one.text):
            lines.append(None)  # the translator left it as it was: what stands there by now stays
        elif one.text.strip():
            lines.append(_line(unit, one.language, _tidy(one.text), stale=_changed(unit, one)))
    return _plan(lines)


def _changed(unit: Unit, one: Translation) -> bool:
    """Return whether what the translator had before them stands there no more: in any other language, or in their own."""
    if one.was and one.was != stamp_of(unit.texts.get(one.language, "")):
        return True
    return _tidy(one.source) not in {_tidy(text) for code, text in unit.texts.items() if code != one.language}


def _line(unit: Unit, language: Language, after: str, *, stale: bool) -> Line | None:
    before = unit.texts.get(language)
    if before is None:
        return problem(unit.id, language, "no_place", after)
    if after == _tidy(before):
        return None
    if stale:
        return problem(unit.id, language, "stale", after)
    wrong = _wrong(before, after, language)
    if wrong:
        return problem(unit.id, language, wrong[0], after, **wrong[1])
    return Line("changed", unit.id, language, before, after, file=unit.file, place=unit.places[language])


def _wrong(before: str, after: str, language: Language) -> tuple[str, Mapping[str, str]] | None:
    """Return why a text is not taken, and what fills in the sentence. What stood there already is in nobody's way."""
    if len(after) > LONGEST:
        return "long", {}
    if _placeholders(before) != _placeholders(after):
        return "placeholders", {}
    if language_problem(before, language) is None and language_problem(after, language) is not None:
        return "script", {}
    known = {(one.key, one.values.get("text", "")) for one in check_text(before, language, frozenset())}
    found = (one for one in check_text(after, language, frozenset()) if one.key in _MUST_NOT)
    new = next((one for one in found if (one.key, one.values.get("text", "")) not in known), None)
    return None if new is None else (f"check_{new.key}", new.values)


def _placeholders(text: str) -> frozenset[str] | None:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _tidy(text: str) -> str:
    """Return a text as it would be stored: tools and spreadsheets add blanks at the ends, and other ends of lines."""
    return text.replace("\r\n", "\n").strip()


def _plan(lines: Iterable[Line | None]) -> Plan:
    found = list(lines)
    made: Mapping[tuple[str, str], Line] = {(line.name, line.language or ""): line for line in found if line is not None}
    return Plan(tuple(made.values()), sum(line is None for line in found))
