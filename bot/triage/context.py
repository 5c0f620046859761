"""What the words around a hit say of it: present or absent, now or past, whose it is, asked or told.

The asymmetric rule: absent needs a plain negation in the same clause. Everything doubtful stays present with a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.languages import Language
from bot.triage import cues
from bot.triage.lexicon import Hit
from bot.triage.types import Holder, State, When

_MASK = "\u0001"


@dataclass(frozen=True)
class Context:
    """What surrounds one hit."""

    state: State
    when: When
    holder: Holder
    doubt: bool
    asked: bool


class Sentence:
    """One sentence with its hits masked, so that a negator inside a symptom word is not taken for a cue."""

    def __init__(self, text: str, start: int, end: int, hits: list[Hit]) -> None:
        self.start, self.end = start, end
        self.text = text[start:end]
        masked = list(self.text)
        for hit in hits:
            for index in range(max(hit.start, start) - start, min(hit.end, end) - start):
                masked[index] = _MASK
        self.masked = "".join(masked)
        self.ends_as_question = text[end : end + 1] in "?？؟" and end < len(text)


def sentences(text: str, hits: list[Hit]) -> list[Sentence]:
    """Cut `text` into sentences; a mark inside a hit does not cut."""
    cuts = [
        match.start()
        for match in cues.SENTENCE_END.finditer(text)
        if not any(hit.start < match.start() < hit.end for hit in hits)
    ]
    bounds = [0, *(cut + 1 for cut in cuts), len(text)]
    ends = [*cuts, len(text)]
    return [Sentence(text, start, end, hits) for start, end in zip(bounds, ends, strict=False) if end > start]


def context_of(hit: Hit, sentence: Sentence, hits: list[Hit], language: Language, *, whole: str) -> Context:
    """Return what the sentence says of `hit`."""
    family = cues.family(language)
    start, end = hit.start - sentence.start, hit.end - sentence.start
    before, after = sentence.masked[:start], sentence.masked[end:]
    clause_before = _after_last(cues.adversative[family], before)
    state: State = "absent" if _is_negated(hit, clause_before, after, sentence, hits, family) else "present"
    when = _when(sentence, before, after, family)
    if state == "absent" and re.search(_NO_LONGER[family], sentence.text):
        # "I don't have any chest pain anymore": it was there, a little while ago.
        state, when = "present", "recent"
    return Context(
        state=state,
        when=when,
        holder=_holder(sentence, whole, family, start=start),
        doubt=bool(cues.doubt[family].search(before)),
        asked=_is_asked(sentence, before, family),
    )


_NO_LONGER = {
    "zh": r"不再|(?:不|没)[^，,。]{0,4}了(?=$|[，,。！!])(?<!停了)",
    "en": r"\bany ?more\b|\bno longer\b",
    "de": r"\bnicht mehr\b|\bkeine?\w* [^,.]{0,30}mehr\b",
    "ar": r"\bما عاد\b|\bلم يعد\b",
}


def _is_negated(hit: Hit, before: str, after: str, sentence: Sentence, hits: list[Hit], family: str) -> bool:
    # Looked for in the whole sentence: "never had chest pain like this before" spans the hit.
    start = len(sentence.masked) - len(after) - (hit.end - hit.start) - len(before)
    spans = [match.span() for match in cues.not_a_negation[family].finditer(sentence.text)]
    plain = "".join(_MASK if any(a <= start + i < b for a, b in spans) else character for i, character in enumerate(before))
    found = list(cues.negation[family].finditer(plain))
    cue = found[-1] if found else None
    if cue is not None and _reaches(plain[cue.end() :], sentence, hit, family):
        return not _is_double(plain[: cue.start()], family)
    tail = re.split(cues.SENTENCE_END.pattern, after)[0]
    return bool(cues.negation_after[family].search(tail.lstrip(_MASK)))


def _reaches(between: str, sentence: Sentence, hit: Hit, family: str) -> bool:
    """Whether a negation reaches over `between` to the hit."""
    gap = between.replace(_MASK, "")
    if cues.positive[family].search(gap):
        return False
    if len(gap) > (10 if family == "zh" else 40):
        return False
    if cues.COMMA.search(gap):
        # A bare comma list stops at its first item ("no fever, chest pain"), unless "or" shows that it is one list.
        rest = sentence.masked[hit.start - sentence.start :]
        joined = cues.list_or[family].search(gap) or cues.list_or[family].search(rest)
        return bool(joined) and family != "zh" and not re.search(r"\d", gap)
    return True


def _is_double(before: str, family: str) -> bool:
    return family == "zh" and before.endswith(("不是", "没有", "并非"))


def _when(sentence: Sentence, before: str, after: str, family: str) -> When:
    past = cues.past[family].search(sentence.masked)
    gone = cues.resolved[family].search(after) and not cues.still[family].search(after)
    if past:
        return "past"
    return "recent" if gone else "now"


def _own_clause(sentence: Sentence, position: int) -> str:
    """Return the part between commas that holds the hit: "my mother had cancer, I found a lump"."""
    begin = max((match.end() for match in cues.COMMA.finditer(sentence.text[:position])), default=0)
    end = cues.COMMA.search(sentence.text, position)
    return sentence.text[begin : end.start() if end else len(sentence.text)]


def _holder(sentence: Sentence, whole: str, family: str, *, start: int) -> Holder:
    if cues.family_history[family].search(_own_clause(sentence, start)):
        return "family"
    if cues.not_self[family].search(sentence.text) or (
        cues.not_self[family].search(whole) and not cues.own[family].search(sentence.text)
    ):
        return "other"
    return "self"


_WHETHER = {
    "zh": r"不知道是不是",
    "en": r"\b(?:not sure|don'?t know|wonder(?:ing)?|unsure) (?:if|whether)\b|\bas if\b|\bonly if\b",
    "de": r"\b(?:weiß nicht|weiss nicht|nicht sicher),? (?:ob|wenn)\b|\bals ob\b|\bimmer wenn\b|\bwenn ich\b",
    "ar": r"\b(?:مش عارف|ما ادري|مدري) (?:اذا|لو)\b",
}


def _is_asked(sentence: Sentence, before: str, family: str) -> bool:
    # "not sure if it is chest pain" is a doubt, not a hypothetical.
    if cues.hypothetical[family].search(cues.not_a_negation[family].sub(_MASK, re.sub(_WHETHER[family], _MASK, before))):
        return True
    about = cues.about[family].search(sentence.text)
    return bool(about) and not cues.own[family].search(sentence.text.replace("الم", ""))


def _after_last(pattern: re.Pattern[str], text: str) -> str:
    found = list(pattern.finditer(text))
    return text[found[-1].end() :] if found else text
