"""FAQ and rumours as reviewed data: one entry, five languages, a source and a day by which it is reviewed again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.content.packs import ContentError, Pack
from bot.languages import LANGUAGES, Language

Verdict = Literal["", "false", "misleading", "unproven", "true"]
VERDICTS = ("false", "misleading", "unproven", "true")


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
    """All entries by id. `version` names the packs they came from."""

    by_id: Mapping[str, Entry]
    version: str

    @classmethod
    def from_packs(cls, packs: Iterable[Pack]) -> Entries:
        """Return the entries of packs named logistics-… and rumours-…. Raises ContentError that names file and fix."""
        by_id: dict[str, Entry] = {}
        asked: dict[tuple[Language, str], str] = {}
        versions = []
        for pack in packs:
            versions.append(f"{pack.pack}@{pack.version}")
            for entry_id, data in pack.entries.items():
                if entry_id in by_id:
                    raise ContentError(f"{pack.path}: {entry_id} stands in another file too. Give one of them another id.")
                by_id[entry_id] = _entry(pack, str(entry_id), data)
                _check_asked_once(pack, by_id[entry_id], asked)
        return cls(by_id, " ".join(versions))


def _entry(pack: Pack, entry_id: str, data: Any) -> Entry:
    where = f"{pack.path}: {entry_id}"
    kind: Literal["logistics", "rumour"] = "rumour" if pack.pack.startswith("rumours") else "logistics"
    for name in ("questions", "answers"):
        missing = [language for language in LANGUAGES if not (data.get(name) or {}).get(language)]
        if missing:
            raise ContentError(f"{where} has no {name} in {', '.join(missing)}. Write them by hand.")
    verdict = str(data.get("verdict", "")).lower()
    if kind == "rumour" and verdict not in VERDICTS:
        raise ContentError(f"{where}: a rumour has a verdict, one of {', '.join(VERDICTS)}. Quote it.")
    return Entry(
        id=entry_id,
        kind=kind,
        category=pack.pack.partition("-")[2] or pack.pack,
        questions={language: tuple(data["questions"][language]) for language in LANGUAGES},
        answers={language: str(data["answers"][language]).strip() for language in LANGUAGES},
        source=str(data.get("source") or pack.source),
        verdict=verdict,  # type: ignore[arg-type]
        review_date=data.get("review_date") or pack.review_date,
    )


def _check_asked_once(pack: Pack, entry: Entry, asked: dict[tuple[Language, str], str]) -> None:
    for language, questions in entry.questions.items():
        for question in questions:
            other = asked.setdefault((language, question.strip().casefold()), entry.id)
            if other != entry.id:
                raise ContentError(f"{pack.path}: “{question}” is asked in {entry.id} and in {other}. Keep it in one.")
