"""What stands beside an order about reminders: whether its words tell of trouble as well, and which reminder they mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.followup.wishes import is_measure, measures_in
from bot.languages import Language
from bot.triage.lexicon import Lexicon
from bot.triage.reading import read
from bot.triage.types import Finding

# What somebody feels or what happened to them; a known illness and its treatment are what reminders are about.
_TROUBLE = frozenset({"symptom", "sign", "event"})
_CARE = frozenset({"condition", "request", "context"})
# Why people want reminders at all.
_FORGETS = "memory_loss"
# "Cough syrup", "头疼药": the name of a medicine, an exercise, a chart. Such words stand after it, in Arabic before it.
_THINGS = (
    r"(?:pills?|tablets?|meds|medicines?|medication|syrup|drops|spray|inhaler|cream|ointment|patch|exercises?|diary|chart|log|readings?|values?|"
    r"tabletten?|pille|tropfen|saft|salbe|creme|mittel|medikamente?|übung(?:en)?|tagebuch|kurve|werte|"
    r"药|藥|片|胶囊|膠囊|糖浆|糖漿|膏|滴剂|滴劑|喷雾|噴霧|日记|日記|记录|紀錄|记錄|曲线|曲線|图|圖|操|练习|練習)"
)
_AFTER = re.compile(rf"[\s-]*的?{_THINGS}", re.IGNORECASE)
# "The pill", "Gewichtskurve": only such a thing; "too many pills" is more.
_NAMES = re.compile(rf"(?:(?:the|my|die|meine?) )?[a-zäöüß]*{_THINGS}", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:دواء|أدوية|ادوية|حبوب|حبة|شراب|قطرة|بخاخ|مرهم|تمارين|قراءات|منحنى|tabletten gegen|mittel gegen|pills for|medicine for)\s+(?:ال)?$"
)
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def tells_trouble(text: str, language: Language, *, lexicon: Lexicon) -> bool:
    """Return whether words about reminders or readings tell of a symptom that is there, not only of its medicine or its measuring."""
    findings = [one for one in read(text, language, lexicon=lexicon).findings if one.state == "present"]
    kinds = {one.id: lexicon.concepts[one.id].kind for one in findings if one.id in lexicon.concepts}
    care = [one.said for one in findings if kinds.get(one.id) in _CARE]
    return any(kinds.get(one.id) in _TROUBLE and not _is_care(one, text, care) for one in findings)


def _is_care(finding: Finding, text: str, care: list[str]) -> bool:
    said = finding.said
    place = text.casefold().find(said.casefold())
    if finding.id == _FORGETS or any(said in one for one in care) or is_measure(said) or _NAMES.fullmatch(said):
        return True
    return place >= 0 and bool(_AFTER.match(text[place + len(said) :]) or _BEFORE.search(text[:place].casefold()))


def meant_by(said: str, known: Mapping[int, str]) -> int | None:
    """Return of which reminder `said` speaks, by the words that each is called by; the only one there is, or None: not clear."""
    if len(known) == 1:
        return next(iter(known))
    spoken, measures = _words(said), measures_in(said)
    shared = {number: 3 * len(measures & measures_in(called)) + len(spoken & _words(called)) for number, called in known.items()}
    best = max(shared.values(), default=0)
    first = [number for number, count in shared.items() if count == best]
    return first[0] if best and len(first) == 1 else None


def _words(text: str) -> frozenset[str]:
    """Return words of four letters and more, and pairs of Chinese characters."""
    found = [word.casefold() for word in _WORD.findall(text)]
    pairs = (word[place : place + 2] for word in found if _HAN.search(word) for place in range(len(word) - 1))
    return frozenset((*(word for word in found if len(word) > 3 and not _HAN.search(word)), *pairs)) - _OF_ALL


# Every order about a reminder may hold these.
_OF_ALL = frozenset(
    {"remind", "reminder", "reminders", "erinnerung", "erinnerungen", "erinnern", "提醒", "تذكير", "تذكيري", "ذكرني"}
)
