"""What is said of an entry: the answer with its source, "did you mean", or honestly that nothing was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.knowledge.entries import Entries, Entry
from bot.languages import Language
from bot.messages import Button, Reply
from bot.phrases import Phrases


def answer_reply(entry_id: str, language: Language, *, entries: Entries, phrases: Phrases, today: date | None = None) -> Reply:
    """Return the answer of `entry_id` with source and "did this help?". An expired entry is not served: a person is offered."""
    entry = entries.by_id[entry_id]
    if entry.is_expired(today or date.today()):
        return Reply(phrases.get("knowledge.expired", language), buttons=(_nurse(language, phrases),))
    text = "\n".join([*_head(entry, language, phrases), entry.answers[language], _source(entry, language, phrases)])
    helped = tuple(Button(phrases.get(f"knowledge.helped_{word}", language), f"faq:{entry_id}:{word}") for word in ("yes", "no"))
    return Reply(text, buttons=helped)


def suggestions_reply(
    entry_ids: Sequence[str], language: Language, *, entries: Entries, phrases: Phrases, today: date | None = None
) -> Reply:
    """Return "did you mean …?" with a button for each entry that may be served, and a person."""
    day = today or date.today()
    served = [entries.by_id[entry] for entry in entry_ids if not entries.by_id[entry].is_expired(day)][:3]
    if not served:
        return not_answered_reply(language, phrases=phrases)
    offered = tuple(Button(_title(entry, language), f"faq:{entry.id}:show") for entry in served)
    return Reply(phrases.get("knowledge.did_you_mean", language), kind="question", buttons=(*offered, _nurse(language, phrases)))


def not_answered_reply(language: Language, *, phrases: Phrases) -> Reply:
    """Return that nothing was found, that the question is kept, and that a person can be asked."""
    return Reply(phrases.get("knowledge.not_answered", language), buttons=(_nurse(language, phrases),))


def thanks_for_feedback(language: Language, *, helpful: bool, phrases: Phrases) -> Reply:
    """Return thanks; after a "no" a person is offered."""
    if helpful:
        return Reply(phrases.get("knowledge.thanks", language))
    return Reply(phrases.get("knowledge.sorry", language), buttons=(_nurse(language, phrases),))


def read_payload(payload: str) -> tuple[str, str] | None:
    """Return (entry id, "yes" | "no" | "show") of a button of ours, or None."""
    parts = payload.split(":")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "faq" and parts[2] in ("yes", "no", "show") else None


def _head(entry: Entry, language: Language, phrases: Phrases) -> list[str]:
    if entry.kind != "rumour":
        return []
    verdict = phrases.get(f"knowledge.verdict_{entry.verdict}", language)
    return [phrases.get("knowledge.rumour", language, claim=_title(entry, language), verdict=verdict)]


def _source(entry: Entry, language: Language, phrases: Phrases) -> str:
    if entry.kind == "rumour":
        return phrases.get("knowledge.source", language, source=entry.source, until=entry.review_date)
    # The hospital's offices are named in the pack, in the language of whoever keeps it: not for patients.
    return phrases.get("knowledge.as_of", language, until=entry.review_date)


def _title(entry: Entry, language: Language) -> str:
    first = entry.questions[language][0]
    return first[:1].upper() + first[1:]


def _nurse(language: Language, phrases: Phrases) -> Button:
    return Button(phrases.get("triage.nurse_button", language), "nurse")
