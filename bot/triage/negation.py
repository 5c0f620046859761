"""Whether a text says that one finding is there or not: the same reading as the engine's, for a phrase that somebody marked.

For evaluation and for questions of the form "did the patient say they have X?". Pure.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.languages import Language
from bot.triage import cues
from bot.triage.context import Context, contexts_of
from bot.triage.lexicon import Hit, Lexicon
from bot.triage.normalise import Normal, normalise

Said = Literal["present", "absent", "unknown"]

MARKED = "marked"


def state_of(text: str, finding: str, language: Language, *, lexicon: Lexicon, context: str = "") -> Said:
    """Return whether `text` says that `finding` is present. `context` is the question that the text answers.

    Unknown: nothing was said. Whoever marked the finding saw it in the text, so what is not denied counts as present.
    """
    normal = normalise(text)
    known = lexicon.find(normal, language)
    marked = _marked(normal, finding, known, language, lexicon)
    if not marked:
        return _of_answer(normal, finding, language, lexicon, context)
    hits = sorted({*known, *marked}, key=lambda hit: (hit.start, -hit.end, hit.concept))
    read = zip(hits, contexts_of(normal.text, hits, language), strict=True)
    return _safest([context for hit, context in read if hit in marked])


def _marked(normal: Normal, finding: str, known: list[Hit], language: Language, lexicon: Lexicon) -> list[Hit]:
    """Return where `normal` speaks of `finding`: by the words, by a concept of the lexicon, by what most of the words share."""
    return (
        _by_words(normal, finding)
        or _by_concept(finding, known, language, lexicon)
        or (_by_characters(normal, finding) if cues.family(language) == "zh" else [])
    )


def _by_words(normal: Normal, finding: str) -> list[Hit]:
    words = re.escape(normalise(finding).text.strip())
    if not words:
        return []
    found = [Hit(MARKED, match.start(), match.end()) for match in re.finditer(words, normal.text)]
    # In doctors' notes the phrase that is meant stands in capitals, its other mentions do not.
    capitals = [hit for hit in found if normal.said(hit.start, hit.end).isupper()]
    return capitals or found


def _by_concept(finding: str, known: list[Hit], language: Language, lexicon: Lexicon) -> list[Hit]:
    meant = {hit.concept for hit in lexicon.find(normalise(finding), language) if lexicon.concepts[hit.concept].kind != "part"}
    meant |= {implied for concept in meant for implied in lexicon.concepts[concept].implies}
    return [hit for hit in known if hit.concept in meant or meant.intersection(lexicon.concepts[hit.concept].implies)]


# Characters that many findings share say nothing: 大便 of 绿便 is any stool.
_SHARED = frozenset("大小便性病炎症状度热感染的不有无部痛疼")


def _by_characters(normal: Normal, finding: str) -> list[Hit]:
    own = [character for character in normalise(finding).text if character not in _SHARED]
    return [Hit(MARKED, index, index + 1) for index, character in enumerate(normal.text) if character in own]


def _safest(contexts: list[Context]) -> Said:
    # What is over is not there; what is only asked about, or in doubt, was not denied. The last word on it counts.
    over = contexts[-1].when == "recent" or all(one.denied or one.when == "recent" for one in contexts)
    return "absent" if over else "present"


def _of_answer(normal: Normal, finding: str, language: Language, lexicon: Lexicon, context: str) -> Said:
    """Read an answer that does not repeat what was asked about: "no", "a little", "38.5"."""
    asked = normalise(context)
    if not normal.text.strip():
        return "unknown"
    denied = cues.bare_no[cues.family(language)].match(normal.text)
    if denied and (not context or _marked(asked, finding, lexicon.find(asked, language), language, lexicon)):
        return "absent"
    return "present"
