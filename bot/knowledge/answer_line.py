"""One question through the search, for the command line and for evaluation."""

from __future__ import annotations

from typing import Any

from bot.knowledge.search import Index
from bot.languages import LANGUAGES, detect


def answer_line(record: dict[str, Any], *, index: Index) -> dict[str, Any]:
    """Return `{id, faq: [ids, best first], score, answered}` for `{id, text, lang?}`."""
    given = record.get("lang")
    language = given if given in LANGUAGES else detect(record["text"], None)
    hits = index.search(record["text"], language, limit=5)
    return {
        "id": record["id"],
        "faq": [hit.entry for hit in hits],
        "score": hits[0].score if hits else 0.0,
        "answered": bool(hits and hits[0].answered),
    }
