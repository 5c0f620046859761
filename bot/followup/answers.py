"""What an answer to a question of a check-in says, and whether it worries. Pure.

None means that it is no answer: then it is a message like any other, and the question stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.followup.plans import Question, Worry
from bot.followup.readings import Given, Unclear, parse
from bot.followup.thresholds import LEVELS, Level, Measure
from bot.languages import Language
from bot.triage.answers import yes_or_no
from bot.triage.normalise import normalise

# A free answer is short; more is a story of its own, and the assistant hears it.
LONGEST_CHOICE = 40


@dataclass(frozen=True)
class Understood:
    """An answer. `level` is what it means alone; `kept` is what is stored of it."""

    kept: dict[str, Any] = field(default_factory=dict)
    level: Level = "OK"
    given: Given | None = None  # of a reading: judged with what else is known


def understand(
    question: Question, text: str, option: str, language: Language, *, measure: Measure | None = None
) -> Understood | Unclear | None:
    """Return what an answer says. `option` is the id on the button that was pressed, "" when it was typed."""
    if question.answers == "reading" and measure is not None:
        return _reading(measure, text, language)
    if question.answers == "yes_no":
        said = option if option in ("yes", "no") else yes_or_no(text, language)
        return None if said not in ("yes", "no") else _yes_or_no(question, said)
    if question.answers == "choice":
        return _choice(question, text, option)
    return Understood({"answer": text}) if text.strip() else None


def _reading(measure: Measure, text: str, language: Language) -> Understood | Unclear | None:
    found = parse(measure, text, language)
    if isinstance(found, Given):
        return Understood({"values": dict(found.values)}, given=found)
    # Without any number it is something else that the patient wants to say.
    return None if found.ask == "number" else found


def _yes_or_no(question: Question, said: str) -> Understood:
    worries = said == question.worry_on
    return Understood({"answer": said}, question.worry if worries else "OK")


def _choice(question: Question, text: str, option: str) -> Understood | None:
    plain = normalise(text).text.strip(" .。!！")
    for place, one in enumerate(question.options, 1):
        titles = {normalise(title).text for title in one.titles.values()}
        if option == one.id or (not option and (plain in titles or plain == str(place))):
            return Understood({"answer": one.id}, one.worry or "OK")
    return None


def overall(levels: list[Level]) -> Level:
    """Return the most urgent of several levels."""
    return min(levels, key=LEVELS.index, default="OK")


def is_symptom(worry: Worry | Level) -> bool:
    """Return whether an answer is something that makes a reading worse: unwell, and not only a date that is missing."""
    return worry in ("E1", "E2", "U")
