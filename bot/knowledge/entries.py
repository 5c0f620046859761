"""FAQ and rumours as reviewed data: one entry, five languages, a source and a day by which it is reviewed again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.content.packs import ContentError, Pack, day_of
from bot.languages import LANGUAGES, Language

Verdict = Literal["", "false", "misleading", "unproven", "true"]
VERDICTS = ("false", "misleading", "unproven", "true")
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Entry:
    """One question with its answer. `verdict` is set for rumours only; their first question is the claim."""

    id: str
    kind: Literal["logistics", "rumour"]
    category: str
    questions: Mapping[Language, tuple[str, ...]]
    answers: Mapping[Language, str]
    source: str
    verdict: Verdict
    review_date: date

    def is_expired(self, today: date) -> bool:
        """Whether the entry may no longer be served: a person is offered instead."""
        return today > self.review_date


@dataclass(frozen=True)
class Entries:
    """All entries by id. `version` names the packs they came from; `outside` are sentences that none of them answers."""

    by_id: Mapping[str, Entry]
    version: str
    outside: tuple[str, ...] = ()

    @classmethod
    def from_packs(cls, packs: Iterable[Pack]) -> Entries:
        """Return the entries of packs named logistics-…, rumours-… and outside. Raises ContentError that names file and fix."""
        by_id: dict[str, Entry] = {}
        asked: dict[str, str] = {}
        outside: list[str] = []
        versions = []
        for pack in packs:
            versions.append(f"{pack.pack}@{pack.version}")
            _mapping(pack.entries, str(pack.path))
            if pack.pack == "outside":
                outside += _outside(pack)
                continue
            for entry_id, data in pack.entries.items():
                if entry_id in by_id:
                    raise ContentError(f"{pack.path}: {entry_id} stands in another file too. Give one of them another id.")
                by_id[entry_id] = _entry(pack, entry_id, data)
                _check_asked_once(pack, by_id[entry_id], asked)
        return cls(by_id, " ".join(versions), tuple(dict.fromkeys(outside)))


def _outside(pack: Pack) -> list[str]:
    sentences: list[str] = []
    for name, by_language in pack.entries.items():
        for language, listed in _mapping(by_language, f"{pack.path}: {name}").items():
            if language not in LANGUAGES:
                raise ContentError(f"{pack.path}: {name} has a language {language}. Use {', '.join(LANGUAGES)}.")
            sentences += _listed(f"{pack.path}: {name}", listed)
    return sentences


def _mapping(data: Any, where: str) -> Mapping[Any, Any]:
    # Whatever an editor's slip of the pen makes of a file: the last good content must stay, so it is a ContentError.
    if not isinstance(data, dict):
        raise ContentError(f"{where}: names with their values are expected here. Mend the indentation.")
    return data


def _entry(pack: Pack, entry_id: Any, data: Any) -> Entry:
    where = f"{pack.path}: {entry_id}"
    if not isinstance(entry_id, str) or not _ID.fullmatch(entry_id):
        raise ContentError(f"{where} is no id. Use small letters, digits and _, and never change it: feedback is kept under it.")
    _mapping(data, where)
    kind: Literal["logistics", "rumour"] = "rumour" if pack.pack.startswith("rumours") else "logistics"
    for name in ("questions", "answers"):
        missing = [language for language in LANGUAGES if not _mapping(data.get(name) or {}, where).get(language)]
        if missing:
            raise ContentError(f"{where} has no {name} in {', '.join(missing)}. Write them by hand.")
    verdict, review_date = str(data.get("verdict", "")).lower(), day_of(data.get("review_date") or pack.review_date)
    if kind == "rumour" and verdict not in VERDICTS:
        raise ContentError(f"{where}: a rumour has a verdict, one of {', '.join(VERDICTS)}. Quote it.")
    if review_date is None:
        raise ContentError(f"{where}: review_date is not a date. Write it as 2027-05-31.")
    return Entry(
        id=entry_id,
        kind=kind,
        category=pack.pack.partition("-")[2] or pack.pack,
        questions={language: _listed(where, data["questions"][language]) for language in LANGUAGES},
        answers={language: str(data["answers"][language]).strip() for language in LANGUAGES},
        source=str(data.get("source") or pack.source),
        verdict=verdict if kind == "rumour" else "",  # type: ignore[arg-type]
        review_date=review_date,
    )


def _listed(where: str, questions: Any) -> tuple[str, ...]:
    # A single string would be read as a list of letters.
    if not isinstance(questions, list):
        raise ContentError(f"{where}: questions are a list. Write each after a dash, or all in [ ].")
    return tuple(str(question).strip() for question in questions)


def _check_asked_once(pack: Pack, entry: Entry, asked: dict[str, str]) -> None:
    for question in (question for questions in entry.questions.values() for question in questions):
        other = asked.setdefault(question.casefold(), entry.id)
        if other != entry.id:
            raise ContentError(f"{pack.path}: “{question}” is asked in {entry.id} and in {other}. Keep it in one.")
