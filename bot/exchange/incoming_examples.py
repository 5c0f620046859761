"""Examples that come in: which of them can be taken, and why others cannot. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.content.language_check import language_problem
from bot.exchange.plan import Line, Plan, examples_plan, problem
from bot.exchange.problems import ExchangeProblem
from bot.exchange.sheets import Sheet
from bot.exchange.units import Example
from bot.languages import LANGUAGES
from bot.privacy import personal_data
from bot.training.checks import LONGEST, check_example
from bot.training.index import Index

COLUMNS = ("intent", "language", "text")
# Looked at by itself: thousands of rows held against all sentences would take minutes. Whoever reviews sees what is near.
_ALONE = Index({}, {})


def from_sheet(sheet: Sheet) -> tuple[tuple[str, str, str], ...]:
    """Return intent, language and text of each row. Raises ExchangeProblem when a column is missing."""
    missing = [name for name in COLUMNS if name not in sheet.head]
    if missing:
        raise ExchangeProblem("columns", f"The column {missing[0]} is missing.", columns=", ".join(COLUMNS))
    return tuple((intent.strip(), code.strip(), " ".join(text.split())) for intent, code, text in sheet.columns(COLUMNS))


def plan(current: Sequence[Example], rows: Iterable[tuple[str, str, str]], *, whole: bool) -> Plan:
    """Return what the rows would change."""
    intents, there = {one.intent for one in current}, {(one.intent, one.language, one.text) for one in current}
    rows = tuple(rows)
    # Where the file says all there is of an intent, a sentence may move from there to another.
    leave = {(intent, code) for intent, code, _ in rows} if whole else set()
    owners: dict[tuple[str, str], str] = {
        (one.language, one.text): one.intent for one in current if (one.intent, one.language) not in leave
    }
    wanted: dict[tuple[str, str], Example] = {}
    problems: list[Line] = []
    for intent, code, text in rows:
        # What stands there already was looked at when it came.
        known = (intent, code, text) in there
        wrong = (None if known else _wrong(intent, code, text, intents)) or _taken(intent, code, text, owners)
        if wrong is not None:
            problems.append(wrong)
        elif text:
            language = next(one for one in LANGUAGES if one == code)
            wanted[code, text] = Example(intent, language, text)
            owners[code, text] = intent
    return examples_plan(current, tuple(wanted.values()), whole=whole, problems=problems)


def _wrong(intent: str, code: str, text: str, intents: set[str]) -> Line | None:
    language = next((one for one in LANGUAGES if one == code), None)
    if language is None:
        return problem(intent, None, "language", text, code=code)
    if intent not in intents:
        return problem(intent, language, "intent", text)
    if not text:
        return None
    found = check_example(text, intent, language, _ALONE)
    wrong = next((one for one in found if one.kind == "wrong"), None)
    if wrong is not None:
        # Shown without what must not be shown.
        shown = personal_data.mask(text[:LONGEST], language).text
        return problem(intent, language, f"check_{wrong.key}", shown, **wrong.values)
    other_language = any(one.key == "wrong_language" for one in found) and language_problem(text, language) is not None
    return problem(intent, language, "script", text) if other_language else None


def _taken(intent: str, code: str, text: str, owners: Mapping[tuple[str, str], str]) -> Line | None:
    """Say that another intent has the same sentence: the classifier could not tell the two apart."""
    owner = owners.get((code, text), intent)
    language = next((one for one in LANGUAGES if one == code), None)
    return problem(intent, language, "two_intents", text, other=owner) if text and owner != intent else None
