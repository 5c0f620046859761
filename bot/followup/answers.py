"""What an answer to a question of a check-in says, and whether it worries. Pure.

None means that it is no answer: then it is a message like any other, and the question stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.followup import off_scale
from bot.followup.off_scale import seen_in
from bot.followup.plans import Question, Worry
from bot.followup.readings import Given, Unclear, parse
from bot.followup.thresholds import LEVELS, Level, Measure
from bot.languages import Language
from bot.triage.answers import yes_or_no
from bot.triage.normalise import normalise

# A free answer is short; more is a story of its own, and the assistant hears it.
LONGEST_CHOICE = 40
# Of the departments: one that was not offered.
OTHER = "other"


@dataclass(frozen=True)
class Understood:
    """An answer. `level` is what it means alone; `kept` is what is stored of it; `ends`: nothing more is asked after it."""

    kept: dict[str, Any] = field(default_factory=dict)
    level: Level = "OK"
    given: Given | None = None  # of a reading: judged with what else is known
    ends: bool = False


@dataclass(frozen=True)
class Compared:
    """What answers are compared with: the measure of a reading, and the names of the departments in all languages by their id."""

    measure: Measure | None = None
    departments: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)


def understand(question: Question, text: str, option: str, language: Language, known: Compared) -> Understood | Unclear | None:
    """Return what an answer says. `option` is the id on the button that was pressed, "" when it was typed."""
    measure = known.measure
    if question.answers == "reading" and measure is not None:
        return _reading(measure, text, language)
    if question.answers == "yes_no":
        said = option if option in ("yes", "no") else yes_or_no(text, language)
        return None if said not in ("yes", "no") else _yes_or_no(question, said)
    if question.answers == "choice":
        return _choice(question, text, option, language)
    if question.answers == "department":
        seen = option or department_in(text, known.departments)
        return Understood({"answer": "" if seen == OTHER else seen, "said": text}) if option or text.strip() else None
    return Understood({"answer": text}) if text.strip() else None


def _reading(measure: Measure, text: str, language: Language) -> Understood | Unclear | None:
    found = parse(measure, text, language)
    if isinstance(found, Given):
        return Understood({"values": dict(found.values)}, given=found)
    if found.ask != "number":
        return found
    # Without any number it is something else that the patient wants to say: but for a meter that shows letters instead of one.
    seen = seen_in(text) if measure.id == off_scale.MEASURE else "none"
    if seen == "sure":
        return Understood({"answer": text}, "E2")
    return Unclear("meter") if seen == "ask" else None


def _yes_or_no(question: Question, said: str) -> Understood:
    worries = said == question.worry_on
    return Understood({"answer": said}, question.worry if worries else "OK")


def _choice(question: Question, text: str, option: str, language: Language) -> Understood | None:
    chosen = option or _typed(question, text, language)
    found = next((one for one in question.options if one.id == chosen), None)
    return None if found is None else Understood({"answer": found.id}, found.worry or "OK", ends=found.ends)


def _typed(question: Question, text: str, language: Language) -> str | None:
    """Return the option that typed words mean: its title, its number, other words for it, or a plain yes or no."""
    plain = normalise(text).text.strip(" .。!！")
    for place, one in enumerate(question.options, 1):
        if plain == str(place) or plain in {normalise(title).text for title in one.titles.values()}:
            return one.id
    if len(plain) > LONGEST_CHOICE:
        return None
    meant = next((one.id for one in question.options for words in one.also if normalise(words).text in plain), None)
    return meant or yes_or_no(text, language)


def department_in(text: str, departments: Mapping[str, Mapping[Language, str]]) -> str:
    """Return the id of the department whose name stands in a text, in any language; the longest name counts. "": none does."""
    plain = normalise(text).text
    names = [(normalise(name).text, one) for one, texts in departments.items() for name in texts.values()]
    return max(((len(name), one) for name, one in names if name and name in plain), default=(0, ""))[1]


def overall(levels: list[Level]) -> Level:
    """Return the most urgent of several levels."""
    return min(levels, key=LEVELS.index, default="OK")


def is_symptom(worry: Worry | Level) -> bool:
    """Return whether an answer is something that makes a reading worse: unwell, and not only a date that is missing."""
    return worry in ("E1", "E2", "U")
