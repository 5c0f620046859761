"""What a field of a pack may be, where it is chosen and not typed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import get_args
from zoneinfo import available_timezones

from bot.followup.plans import ANCHORS, Answers, Late, Worry
from bot.followup.thresholds import LEVELS as LEVELS_OF_READINGS
from bot.knowledge.entries import VERDICTS
from bot.messages import LEVELS
from bot.packs.source import PackFile
from bot.triage.tables import Tables

_PLAN_QUESTIONS = "content/followup/questions.yml"
# Of follow-up, by table and field.
_OF_FOLLOWUP: Mapping[tuple[str, str], Sequence[str]] = {
    ("plans", "anchor"): ANCHORS,
    ("plans", "late"): get_args(Late),
    ("plan_questions", "answers"): get_args(Answers),
    ("plan_questions", "worry"): get_args(Worry),
    ("plan_questions", "worry_on"): ("yes", "no"),
    ("thresholds", "level"): LEVELS_OF_READINGS,
    ("thresholds", "with_symptoms"): LEVELS_OF_READINGS,
}
FOLLOWUP = ("plans", "plan_questions", "thresholds")


_OF_RULES: Mapping[str, Callable[[Tables], Iterable[str]]] = {
    **dict.fromkeys(("to", "department", "instead", "exceptions"), lambda tables: tables.departments),
    **dict.fromkeys(("level", "raises"), lambda tables: LEVELS),
    "region": lambda tables: (region for region, line in tables.hotlines.items() if line.ambulance),
    "time_zone": lambda tables: sorted(available_timezones()),
    "action": lambda tables: sorted({rule.action for rule in tables.red_flags} | {"none"}),
    "verdict": lambda tables: VERDICTS,
}


def choices_of(table: str, name: str, *, tables: Tables, files: Mapping[str, PackFile]) -> list[str]:
    """Return what the field `name` of a table may be; nothing where it is typed. `files`: the packs, with somebody's draft."""
    if (table, name) == ("plans", "questions"):
        return [str(one) for one in files[_PLAN_QUESTIONS].entries] if _PLAN_QUESTIONS in files else []
    if table in FOLLOWUP:
        return list(_OF_FOLLOWUP.get((table, name), ()))
    return list(_OF_RULES[name](tables)) if name in _OF_RULES else []
