"""What may be said to a question in a group: the answer to a general one, or only where to go. Reads, and keeps nothing.

The search here goes by letters alone: the gateway holds no model, and a group's words are sent nowhere else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.content.load import Content
from bot.inbox.receive import check_all
from bot.knowledge.search import Index
from bot.languages import Language, detect
from bot.triage.reading import read

HOW_MANY = 3


@dataclass(frozen=True)
class Verdict:
    """What to say: "answer" and "suggest" with entries; "private": only in private; "danger": besides, whom to call."""

    what: Literal["answer", "suggest", "private", "danger"]
    entries: tuple[str, ...] = ()


class Library:
    """The search over the present entries; made when first needed, again when the content changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._index: Index | None = None

    def index(self, content: Content) -> Index:
        """Return the search over `content`. Takes half a second the first time: not for the event loop."""
        with self._lock:
            if self._index is None or self._version != content.version:
                self._index, self._version = Index(content.knowledge), content.version
            return self._index


def judge(text: str, spoken: Language, *, content: Content, library: Library, answered: Callable[[str], bool]) -> Verdict:
    """Return what may be said to `text` in a group. `answered`: whether a category is answered there.

    Whoever names a symptom or a reading is asking about a body: that is for the private chat, whatever else is asked.
    """
    language = detect(text, spoken)  # a guest may ask in another one
    if check_all(text, language, tables=content.triage).alarm:
        return Verdict("danger")
    hits = library.index(content).search(text, language)
    by_id = content.knowledge.by_id
    served = [hit for hit in hits if answered(by_id[hit.entry].category) and not by_id[hit.entry].is_expired(date.today())]
    # The very words of an entry are its question, also where they name an illness: "does garlic help against a cold?"
    if served and served[0].score == 1.0 and served[0].answered:
        return Verdict("answer", (served[0].entry,))
    if names_a_body(text, language, content=content) or not served:
        return Verdict("private")
    if hits[0].answered and served[0] is hits[0]:
        return Verdict("answer", (hits[0].entry,))
    return Verdict("suggest", tuple(hit.entry for hit in served[:HOW_MANY]))


def names_a_body(text: str, language: Language, *, content: Content) -> bool:
    """Whether `text` names a symptom (be it denied), a reading, an age or a pregnancy: nothing for a group."""
    reading = read(text, language, lexicon=content.triage.lexicon)
    patient = reading.patient
    told = patient.age_years is not None or patient.pregnant is not None
    return told or bool(reading.findings or reading.measurements or reading.crisis)
