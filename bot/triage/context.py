"""What the words around a hit say of it: present or absent, now or past, whose it is, asked or told.

The asymmetric rule: absent needs a plain negation in the same clause. Everything doubtful stays present with a doubt.
What a sentence holds is looked up once, whatever the number of hits in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.languages import Language
from bot.triage import cues
from bot.triage.lexicon import Hit
from bot.triage.types import Holder, State, When

_MASK = "\u0001"  # a hit
_TIMES = frozenset({"long_ago", "for_long"})
_VOID = "\u0002"  # looks like a negation and is none
# How far a negation reaches over words that are no symptom, in characters.
_REACH = {"zh": 2, "en": 40, "de": 40, "ar": 40}


@dataclass(frozen=True)
class Context:
    """What surrounds one hit. `denied`: a negation was said of it, even where it does not make it absent."""

    state: State
    when: When
    holder: Holder
    doubt: bool
    asked: bool
    denied: bool = False


def contexts_of(text: str, hits: Sequence[Hit], language: Language, *, of: Sequence[Hit] | None = None) -> list[Context]:
    """Return what `text` (normalised) says of each of `hits`, or only `of` some of them, in their order."""
    family = cues.family(language)
    parts = _sentences(text, hits, family)
    if cues.aside[family].search(text) and cues.errand[family].search(text):
        for part in parts:
            part.on_errand = True
    starts = [part.start for part in parts]
    about_other = bool(cues.not_self[family].search(text))
    return [
        _context(hit, parts[bisect_right(starts, hit.start) - 1], about_other=about_other) for hit in (hits if of is None else of)
    ]


class _Sentence:
    """One sentence with its hits masked, so that a negator inside a symptom word is not taken for a cue."""

    def __init__(self, text: str, start: int, end: int, masked: str, timed: str, family: str) -> None:
        self.start, self.family = start, family
        self.text, self.masked, self.timed = text[start:end], masked[start:end], timed[start:end]
        # Whether the message wants something of the house and says the rest in passing.
        self.on_errand = False
        self.is_question = text[end : end + 1] in ("?", "؟")
        self.answered_no = self.is_question and bool(cues.bare_no[family].match(masked[end + 1 : end + 30].lstrip(" ?؟")))

    @cached_property
    def plain(self) -> str:
        """The masked text without what looks like a negation and is none."""
        # Looked for in the whole sentence: "never had chest pain like this before" spans the hit.
        return _masking(self.masked, [match.span() for match in cues.not_a_negation[self.family].finditer(self.text)], _VOID)

    @cached_property
    def negations(self) -> list[tuple[int, int]]:
        return [match.span() for match in cues.negation[self.family].finditer(self.plain)]

    @cached_property
    def turns(self) -> list[int]:
        """Where a "but" ends: a negation before it does not reach behind it."""
        return [0, *(match.end() for match in cues.adversative[self.family].finditer(self.masked))]

    @cached_property
    def commas(self) -> list[int]:
        return [match.start() for match in cues.COMMA.finditer(self.text)]

    @cached_property
    def is_own(self) -> bool:
        """Whether somebody tells of themselves or of now, other than by asking: "I want to know"."""
        return bool(cues.own[self.family].search(cues.asker[self.family].sub(" ", self.text).replace("الم", "")))

    @cached_property
    def about(self) -> tuple[int, int] | None:
        """Where the thing itself is asked about: "is chest pain dangerous?". What comes before its clause is told."""
        match = None if self.is_own else cues.about[self.family].search(self.text)
        if match is None:
            return None
        begin = max((cut + 1 for cut in self.commas if cut < match.end() - 1), default=0)
        # "He suddenly cannot speak, is it serious?" and "it swelled just now is it serious" tell of somebody.
        asked = cues.asker[self.family].sub(lambda one: " " * len(one[0]), self.text)
        told = cues.specific[self.family].search(asked, begin, match.end())
        return None if told else (min(begin, match.start()), match.end())

    @cached_property
    def of_other(self) -> bool:
        return bool(cues.not_self[self.family].search(self.text))

    @cached_property
    def has_past(self) -> bool:
        return bool(cues.past[self.family].search(self.timed))

    @cached_property
    def condition(self) -> re.Match[str] | None:
        # "not sure if it is chest pain" is a doubt, not a condition.
        text = _WHETHER[self.family].sub(lambda match: _VOID * len(match[0]), self.masked)
        return cues.hypothetical[self.family].search(text)

    @cached_property
    def general(self) -> list[re.Match[str]]:
        """Where a thing is asked about in general: "what is…", "does … cause", "in which city did…"."""
        found = list(cues.general[self.family].finditer(self.text))
        if not (cues.own[self.family].search(self.text) or cues.told[self.family].search(self.text)):
            found += cues.trivia[self.family].finditer(self.text)
        return sorted(found, key=lambda match: match.start())

    @cached_property
    def is_mention(self) -> bool:
        """Whether a thing is spoken of and not had: a poster, an exam, a play. What is told of a body or of now is had."""
        spoken_of = cues.mention[self.family].search(self.masked)
        if not spoken_of and not (self.on_errand and cues.aside[self.family].search(self.masked)):
            return False
        return not cues.told[self.family].search(self.text)

    @cached_property
    def staged(self) -> list[tuple[int, int]]:
        """Where a play, a film, a figure of speech or the assistant is spoken of: what starts within is no complaint."""
        told = (cues.staged[self.family], cues.to_bot[self.family])
        return [match.span() for pattern in told for match in pattern.finditer(self.text)]

    @cached_property
    def asks(self) -> bool:
        return self.is_question or bool(cues.asks[self.family].search(self.text))

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the part between commas and buts that holds start to end."""
        begin = max((cut + 1 for cut in self.commas if cut < start), default=0)
        turn = self.turns[bisect_right(self.turns, start) - 1]
        stop = next((cut for cut in self.commas if cut >= end), len(self.text))
        following = bisect_right(self.turns, end)
        return max(begin, turn), min(stop, self.turns[following] if following < len(self.turns) else stop)


def _sentences(text: str, hits: Sequence[Hit], family: str) -> list[_Sentence]:
    """Cut `text` into sentences; a mark inside a hit does not cut."""
    masked = _masking(text, [span for hit in hits for span in _spans(hit)], _MASK)
    # "As a child" and the "for years" of "years ago" are findings and times: where the time matters they stay readable.
    timed = _unmasking(masked, text, [(hit.start, hit.end) for hit in hits if hit.concept in _TIMES])
    # The end of a hit is masked too: a mark counts only where it was not.
    cuts = [match.start() for match in cues.SENTENCE_END.finditer(masked)]
    bounds = zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True)
    parts = [_Sentence(text, start, end, masked, timed, family) for start, end in bounds if end > start]
    return parts or [_Sentence(text, 0, len(text), masked, timed, family)]


def _spans(hit: Hit) -> list[tuple[int, int]]:
    # Between two parts of a complaint a negation is one: "my chest does not hurt".
    return [(hit.start, hit.end)] if hit.gap is None else [(hit.start, hit.gap[0]), (hit.gap[1], hit.end)]


def _masking(text: str, spans: Sequence[tuple[int, int]], mask: str) -> str:
    if not spans:
        return text
    out = list(text)
    for start, end in spans:
        out[start:end] = mask * (end - start)
    return "".join(out)


def _unmasking(masked: str, text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        masked = masked[:start] + text[start:end] + masked[end:]
    return masked


def _context(hit: Hit, sentence: _Sentence, *, about_other: bool) -> Context:
    start, end = hit.start - sentence.start, hit.end - sentence.start
    cue = _negation(hit, sentence, start, end)
    family = sentence.family
    state: State = "present"
    when = _when(sentence, start, end)
    doubt = bool(cues.doubt[family].search(sentence.masked, 0, start))
    if cue is not None:
        weak = cue.weak or bool(cues.guessed[family].search(sentence.masked[: cue.start]))
        no_longer = _is_no_longer(sentence, cue, end)
        # "I don't have any chest pain anymore": it was there, a little while ago.
        state = "present" if weak or no_longer else "absent"
        when = "recent" if no_longer and when == "now" else when
        doubt = doubt or weak
    asked = _is_asked(sentence, start, end)
    return Context(state, when, _holder(sentence, start, end, about_other=about_other), doubt, asked, denied=cue is not None)


@dataclass(frozen=True)
class _Cue:
    """A negation that is said of a hit. `weak`: not plainly enough to rule anything out."""

    start: int
    end: int
    weak: bool = False


def _negation(hit: Hit, sentence: _Sentence, start: int, end: int) -> _Cue | None:
    family = sentence.family
    after = sentence.plain[end : end + 60].lstrip(_MASK)
    if cues.yes_after[family].match(after) or cues.at_that_time[family].match(after):
        return None
    until = start if hit.gap is None else hit.gap[1] - sentence.start
    cue = _before(sentence, until)
    if cue is not None and not (hit.gap is not None and cue[0] >= end):
        found = _reaching(sentence, cue, until, end)
        if found is not None:
            return found
    # "The fever is gone, the cough is not": then it is the going that is denied.
    of_relief = cues.resolved[family].search(sentence.masked, 0, start)
    if (cues.negation_after[family].match(after) and not of_relief) or (sentence.answered_no and len(sentence.text) - end <= 2):
        return _Cue(end, end)
    return None


def _before(sentence: _Sentence, position: int) -> tuple[int, int] | None:
    """Return the last negation before `position` that no "but" cuts off."""
    index = bisect_right(sentence.negations, (position, -1)) - 1
    if index < 0:
        return None
    turn = sentence.turns[bisect_right(sentence.turns, position) - 1]
    cue = sentence.negations[index]
    return cue if cue[1] <= position and cue[0] >= turn else None


def _reaching(sentence: _Sentence, cue: tuple[int, int], until: int, end: int) -> _Cue | None:
    """Return the negation if it reaches over the words between it and the hit."""
    family, between = sentence.family, sentence.plain[cue[1] : until]
    if cues.double[family].search(sentence.masked[: cue[1]]):
        return None
    if cues.not_thought[family].match(between) and len(between) <= 2 * _REACH[family]:
        return _Cue(*cue, weak=True)
    if not _is_bridged(between, family) or not _is_one_list(sentence, between, end):
        return None
    weak = bool(_AND[family].search(between.replace(_MASK, "")))
    # "no chest pain?" is no denial.
    return _Cue(*cue, weak=weak or (sentence.is_question and len(sentence.text) - end <= 1 and not sentence.is_own))


def _is_bridged(between: str, family: str) -> bool:
    if family == "zh":
        rest = _SEE_THROUGH.sub("", between.replace(_MASK, ""))
        ends = _VOID in rest or _CAUSING.search(between) or cues.positive[family].search(rest)
        return len(rest) <= _REACH[family] and not ends
    if _VOID in between or cues.positive[family].search(between):
        return False
    words = between.replace(_MASK, "")
    return max((len(item) for item in cues.COMMA.split(words)), default=0) <= _REACH[family]


def _is_one_list(sentence: _Sentence, between: str, end: int) -> bool:
    """Whether commas between a negation and its hit part one list: "no fever, cough or chest pain".

    A bare comma list stops at its first item ("no fever, chest pain"): whoever writes so may well have the second.
    """
    if not _PARTING[sentence.family].search(between):
        return True
    rest = sentence.plain[end : end + 120].lstrip(_MASK)
    if sentence.family == "zh":
        return bool(_AND_SO_ON.match(rest))
    items = [item for item in cues.COMMA.split(between)[1:-1] if item.strip(f"{_MASK} ")]
    if any(len(item.split()) > 4 for item in items) or re.search(r"\d", between):
        return False
    listed = cues.list_or[sentence.family]
    return bool(listed.search(between) or _LISTED[sentence.family].match(rest) or _DOCTORS.search(sentence.text[:40]))


def _is_no_longer(sentence: _Sentence, cue: _Cue, end: int) -> bool:
    family, after = sentence.family, sentence.masked[end : end + 40].lstrip(_MASK)
    if cues.no_longer_after[family].match(after) or (family == "zh" and sentence.text[end - 1] == "了" and cue.end < end):
        return True
    return bool(cues.no_longer_before[family].search(sentence.masked, max(0, cue.start - 12), min(cue.end + 20, end)))


def _when(sentence: _Sentence, start: int, end: int) -> When:
    if sentence.has_past and _is_past(sentence, start, end):
        return "past"
    stopped = cues.stopped[sentence.family].search(sentence.masked, max(0, start - 24), start)
    return "recent" if stopped or _is_gone(sentence, end) else "now"


def _is_past(sentence: _Sentence, start: int, end: int) -> bool:
    """Whether the clause of the hit is told of long ago: "started two years ago" and "and now" are not."""
    family = sentence.family
    begin, stop = sentence.clause(start, end)
    clause = sentence.timed[begin:stop]
    marks = [match.span() for match in cues.past[family].finditer(clause)]
    if not marks:
        return _is_led_by_past(sentence, begin, clause)
    if cues.began[family].search(clause) or cues.returned[family].search(sentence.text, end):
        return False
    now = [match.span() for match in cues.now[family].finditer(clause)]
    middle = start - begin
    return not now or _nearest(marks, middle) <= _nearest(now, middle)


def _is_led_by_past(sentence: _Sentence, begin: int, clause: str) -> bool:
    # "Last year, I had a stroke": a clause that is nothing but the time belongs to the next one.
    family = sentence.family
    earlier = re.sub(r"[ ,，،、]+$", "", sentence.masked[:begin])
    before = re.split(cues.COMMA, earlier)[-1] if earlier else ""
    match = cues.past[family].search(before)
    if match is None or _MASK in before or len(before) - len(match[0]) > (2 if family == "zh" else 9):
        return False
    return not (cues.now[family].search(clause) or cues.began[family].search(clause))


def _nearest(spans: Sequence[tuple[int, int]], position: int) -> int:
    return min(abs(start - position) if start > position else abs(position - end) for start, end in spans)


def _is_gone(sentence: _Sentence, end: int) -> bool:
    """Whether what follows says that it is over; what follows a comma and another symptom speaks of that one."""
    after = sentence.masked[end : end + 80]
    match = cues.resolved[sentence.family].search(after)
    if match is None or cues.still[sentence.family].search(after):
        return False
    between = after[: match.start()].lstrip(_MASK)
    return _MASK not in between or not _APART[sentence.family].search(between[: between.rindex(_MASK)])


def _holder(sentence: _Sentence, start: int, end: int, *, about_other: bool) -> Holder:
    family = sentence.family
    if not about_other:
        # Who speaks of relatives in general still names nobody: "it runs in the family".
        return "family" if _in_family(sentence, start, end) else "self"
    if _in_family(sentence, start, end):
        return "family"
    return "other" if sentence.of_other or not cues.own[family].search(sentence.text) else "self"


def _in_family(sentence: _Sentence, start: int, end: int) -> bool:
    begin = max((cut + 1 for cut in sentence.commas if cut < start), default=0)
    stop = next((cut for cut in sentence.commas if cut >= end), len(sentence.text))
    told = cues.family_history[sentence.family].search(sentence.text, begin, stop)
    return told is not None and not cues.back_to_self[sentence.family].search(sentence.text, told.end(), max(told.end(), start))


def _is_asked(sentence: _Sentence, start: int, end: int) -> bool:
    about = sentence.about
    return (
        (about is not None and about[0] <= start < about[1])
        or sentence.is_mention
        or any(begin <= start < stop for begin, stop in sentence.staged)
        or _is_general(sentence, start, end)
        or _is_imagined(sentence, start)
    )


def _is_general(sentence: _Sentence, start: int, end: int) -> bool:
    """Whether the hit follows on "what is…" with nobody and nothing in particular between: not "what is wrong, he…"."""
    family = sentence.family
    match = next((one for one in reversed(sentence.general) if one.start() <= start), None)
    if match is None or _PARTED.search(sentence.text, match.end(), max(match.end(), start)):
        return False
    turn = sentence.turns[bisect_right(sentence.turns, match.start()) - 1]
    begin = max((cut + 1 for cut in sentence.commas if cut < match.start()), default=0)
    told = cues.asker[family].sub(" ", sentence.text[max(begin, turn) : end]).replace("الم", "")
    return not (cues.own[family].search(told) or cues.specific[family].search(told))


def _is_imagined(sentence: _Sentence, start: int) -> bool:
    """Whether the hit stands in what follows an "if", not in what follows from it."""
    condition = sentence.condition
    if condition is None or condition.start() > start:
        return False
    between = sentence.masked[condition.end() : start]
    if ":" in between or cues.main_clause[sentence.family].search(between):
        return False
    return sentence.asks or not cues.COMMA.search(between)


def _all(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {family: re.compile(pattern) for family, pattern in patterns.items()}


_WHETHER = _all(
    {
        "zh": r"不知道是不是|无论如何|如果(?:方便|可以|可能|有空|能)|要是(?:方便|可以|有|能)",
        "en": r"\b(?:not sure|don'?t know|wonder(?:ing)?|unsure|can'?t tell|no idea) (?:if|whether)\b|\bas if\b|\bonly if\b|\beven if\b|\bif (?:that|it) (?:helps|matters)\b|\bif (?:possible|so|needed|necessary|you (?:can|could|don'?t mind|please|have)|i may|anyone|anybody|somebody|someone (?:can|could))\b",
        "de": r"\b(?:weiß nicht|weiss nicht|nicht sicher),? (?:ob|wenn)\b|\bals (?:ob|wenn)\b|\bimmer wenn\b|\bauch wenn\b|\bwenn (?:möglich|nötig|sie|es geht|jemand|das geht)\b",
        "ar": r"\b(?:مش عارفه?|ما ادري|مدري|لا ادري|لا اعرف|متاكده?) (?:اذا|لو|ان)\b|\bكما لو\b|\bلو (?:سمحت\w*|تكرمت\w*|ممكن|امكن|في مجال)\b|\bاذا (?:ممكن|سمحت\w*|تكرمت\w*|امكن|في مجال)\b|\bحتي لو\b",
    }
)
# "no fever and chest pain": neither, or the second after all? In Chinese and with "or" it is neither.
_AND = _all({"zh": r"^$(?!)", "en": r"\band\b|&|\bplus\b", "de": r"\bund\b(?! auch nicht\b)", "ar": r"(?:^|\s)و(?!لا)"})
_PARTED = re.compile("[,，،:]")
_PARTING = _all({"zh": r"[，,]", "en": r"[,;/]", "de": r"[,;/]", "ar": r"[،,;/]"})
_CAUSING = re.compile("还有|\u0001(?:引起|导致|造成)")
_AND_SO_ON = re.compile("^(?:[，,、和及与]?[\u0001]+)*(?:等|之类|什么的|这些|一类)")
# The hit stands in a list that goes on to an "or": items of at most three words each.
_LISTED = _all(
    {
        "zh": r"^$(?!)",
        "en": r"^(?:\s*,\s*(?:[\w'\u0001-]+ ?){1,3})*\s*,?\s*\b(?:or|nor)\b",
        "de": r"^(?:\s*,\s*(?:[\w'\u0001-]+ ?){1,3})*\s*,?\s*\b(?:oder|noch|sowie|bzw)\b",
        "ar": r"^(?:\s*[،,]\s*(?:[\w\u0001]+ ?){1,3})*\s*[،,]?\s*(?:او|ولا)\b",
    }
)
# Doctors list what was denied with commas alone. No patient writes so.
_DOCTORS = re.compile(r"\b(?:denie[ds]|denying|negative for)\b")
_APART = _all({"zh": r"[，,]", "en": r",|\bbut\b", "de": r",|\baber\b", "ar": r"[،,]|\bلكن\b|\bبس\b"})
# Chinese words between a negation and its symptom that do not end it.
_SEE_THROUGH = re.compile(
    r"有过?|什么|任何|明显|再次?|怎么|感觉到?|感到|觉得|觉着|出现过?|发生过?|发现过?|见到?过?|看到过?|听到过?|过|伴有?|伴随|其[他它]|别?的|太大?|特别|特殊|很|那种|这种|这些|那些|多少|啥|得|是|持续|严重|症状|情况|现象|引起|一点儿?|半点|一丝|都|也|并|曾经?|相关|既往|反复|会|以来|合并|显著|典型|和|跟|或者|或是|或|以及|及|与|、|同时|还|能|我|孩子|宝宝|他|她|身上|身体|到|了|大|性|在|里|吧"
)
