"""One text through the whole engine, for the command line and for evaluation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from bot.languages import LANGUAGES, Language, detect
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.facts import merge
from bot.triage.tables import Tables
from bot.triage.types import Patient

_SHORT: dict[str, Language] = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-hans": "zh-Hans",
    "zh-hant": "zh-Hant",
}


def guide_line(record: dict[str, Any], *, tables: Tables) -> dict[str, Any]:
    """Return the assessment of `{id, text, lang?, age?, sex?, pregnant?, region?}` as plain data."""
    text = record["text"]
    language = _language(record.get("lang"), text)
    known = Patient(age_years=_age(record.get("age")), sex=_sex(record.get("sex")), pregnant=record.get("pregnant"))
    heard = episodes.hear(episodes.begin(language, record.get("region") or tables.home_region), text, tables=tables)
    result = assess(replace(heard, patient=merge(heard.patient, known)), tables=tables)
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


def _age(given: object) -> float | None:
    try:
        return float(str(given))
    except ValueError:
        return None


def _sex(given: object) -> Literal["f", "m"] | None:
    letter = str(given or "").strip().lower()[:1]
    return "f" if letter in ("f", "w") else "m" if letter == "m" else None


def _language(given: str | None, text: str) -> Language:
    if given in LANGUAGES:
        return given  # type: ignore[return-value]
    return _SHORT.get((given or "").lower()) or detect(text, None)
