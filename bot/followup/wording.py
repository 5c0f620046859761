"""What a reminder says: that it is late, its own text, how to end it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.followup.enrolments import OWN, Enrolment
from bot.followup.plans import Step
from bot.followup.reminders import Reminder
from bot.followup.steps import zone_of
from bot.languages import Language
from bot.phrases import Phrases
from bot.triage.explain import quoted


@dataclass(frozen=True)
class Saying:
    """One reminder that leaves now. `late`: it comes after its time."""

    reminder: Reminder
    enrolment: Enrolment
    step: Step
    late: bool


def lines_of(one: Saying, language: Language, *, phrases: Phrases) -> Iterator[str]:
    """Yield the lines of one reminder."""
    reminder, enrolment = one.reminder, one.enrolment
    if one.late:
        at = reminder.wanted_at.astimezone(zone_of(enrolment.zone))
        yield phrases.get("followup.late", language, at=f"{at:%m-%d %H:%M}")
    if enrolment.plan == OWN:
        yield phrases.get("followup.own", language, text=quoted(enrolment.details["text"], language))
    elif reminder.attempt:
        yield phrases.get("followup.once_more", language)
    else:
        yield one.step.texts[language].replace("{day}", enrolment.anchor.isoformat())
    if reminder.number == 0 and not reminder.attempt:
        yield phrases.get("followup.how_to_stop", language)
