"""Whether a text says that one finding is there or not: the same reading as the engine's, for a phrase that somebody marked.

For evaluation and for questions of the form "did the patient say they have X?". Pure.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.languages import Language
from bot.triage import cues
from bot.triage.context import Context, context_of, sentences
from bot.triage.lexicon import Hit, Lexicon
from bot.triage.normalise import Normal, normalise

Said = Literal["present", "absent", "unknown"]

MARKED = "marked"


def state_of(text: str, finding: str, language: Language, *, lexicon: Lexicon, context: str = "") -> Said:
    """Return whether `text` says that `finding` is present. `context` is the question that the text answers.

    Unknown: it is only asked about, or neither text nor context speaks of it. A doubt counts as present.
    """
    normal = normalise(text)
    known = lexicon.find(normal, language)
    marked = _marked(normal, finding, known, language, lexicon)
    if not marked:
        return _of_answer(normal, finding, language, lexicon, context)
    hits = _together(known, marked)
    return _safest([_context(hit, hits, normal, language) for hit in marked])


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


def _together(known: list[Hit], marked: list[Hit]) -> list[Hit]:
    return sorted({*known, *marked}, key=lambda hit: (hit.start, -hit.end, hit.concept))


def _context(hit: Hit, hits: list[Hit], normal: Normal, language: Language) -> Context:
    sentence = next(part for part in sentences(normal.text, hits) if part.start <= hit.start < part.end)
    return context_of(hit, sentence, hits, language, whole=normal.text)


def _safest(contexts: list[Context]) -> Said:
    told = [one for one in contexts if not one.asked]
    if any(one.state == "present" for one in told):
        return "present"
    return "absent" if any(one.state == "absent" for one in contexts) else "unknown"


_BARE_NO = {
    "zh": re.compile(r"^\W*(?:都|也|还|倒|暂时|目前|现在|一直)*(?:没|不|无|未|否)"),
    "en": re.compile(r"^\W*(?:no\b|not\b|none\b|nope\b|never\b)"),
    "de": re.compile(r"^\W*(?:nein\b|nicht\b|nie\b|kein)"),
    "ar": re.compile(r"^\W*(?:لا\b|مش\b|مو\b|ما\b|مفيش\b|كلا\b)"),
}


def _of_answer(normal: Normal, finding: str, language: Language, lexicon: Lexicon, context: str) -> Said:
    """Read an answer that does not repeat what was asked about: "no", "a little", "38.5"."""
    if not normal.text.strip():
        return "unknown"
    asked = normalise(context)
    if context and not _marked(asked, finding, lexicon.find(asked, language), language, lexicon):
        return "present" if len(normal.text) > 1 else "unknown"
    return "absent" if _BARE_NO[cues.family(language)].search(normal.text) else "present"
