"""One text through the whole engine, for the command line and for evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Literal, Protocol

from bot.languages import LANGUAGES, Language, detect
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.facts import merge
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Opinion, Patient

# Texts that the second reader is given at a time.
TOGETHER = 16
_SHORT: dict[str, Language] = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-hans": "zh-Hans",
    "zh-hant": "zh-Hant",
}


class Reader(Protocol):
    """Reads sentences beside the rules."""

    def read_all(self, texts: Sequence[tuple[str, Language]]) -> Sequence[Opinion]:
        """Return the opinion on each text; together they cost a quarter of one by one."""


def guide_line(record: dict[str, Any], *, tables: Tables, second_reader: Reader | None = None) -> dict[str, Any]:
    """Return the assessment of `{id, text, lang?, age?, sex?, pregnant?, region?}` as plain data."""
    return next(guide_lines([record], tables=tables, second_reader=second_reader))


def guide_lines(
    records: Iterable[dict[str, Any]], *, tables: Tables, second_reader: Reader | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the assessments of many records, in their order."""
    left = iter(records)
    while some := list(islice(left, TOGETHER)):
        texts = [(record["text"], language_of(record)) for record in some]
        opinions = second_reader.read_all(texts) if second_reader else [None] * len(some)
        for record, opinion in zip(some, opinions, strict=True):
            yield as_line(record, *assessed(record, tables=tables, opinion=opinion))


def as_line(record: dict[str, Any], language: Language, result: Assessment) -> dict[str, Any]:
    """Return an assessment as the plain data that the command line promises."""
    return {
        "id": record["id"],
        "lang": language,
        "level": result.level,
        "crisis": result.crisis,
        "departments": [one.department for one in result.departments] if result.level != "INFO" or result.findings else [],
        "findings": [{"id": finding.id, "state": finding.state, "said": finding.said} for finding in result.findings],
        "red_flags": [flag.id for flag in result.red_flags],
        "asks": result.asks,
        "reasons": list(result.reasons),
        "content_version": result.content_version,
    }


def assessed(record: dict[str, Any], *, tables: Tables, opinion: Opinion | None = None) -> tuple[Language, Assessment]:
    """Return the language of a record's text and its whole assessment, with the trace."""
    text = record["text"]
    language = language_of(record)
    known = Patient(age_years=_age(record.get("age")), sex=_sex(record.get("sex")), pregnant=record.get("pregnant"))
    begun = episodes.begin(language, record.get("region") or tables.home_region)
    heard = episodes.hear(begun, text, tables=tables, opinion=opinion)
    return language, assess(replace(heard, patient=merge(heard.patient, known)), tables=tables)


def _age(given: object) -> float | None:
    try:
        return float(str(given))
    except ValueError:
        return None


def _sex(given: object) -> Literal["f", "m"] | None:
    letter = str(given or "").strip().lower()[:1]
    return "f" if letter in ("f", "w") else "m" if letter == "m" else None


def language_of(record: dict[str, Any]) -> Language:
    """Return the language that a record names, in any spelling that is used for it, else the one of its text."""
    given = record.get("lang")
    if given in LANGUAGES:
        return given  # type: ignore[no-any-return]
    return _SHORT.get((given or "").lower()) or detect(record["text"], None)
