"""The answer to an alarm: call, what to do until help is there, nothing else."""

from __future__ import annotations

from bot.languages import Language
from bot.messages import Reply
from bot.phrases import Phrases
from bot.triage.hotlines import crisis_number, emergency_number
from bot.triage.red_flags import rule_of
from bot.triage.tables import Tables
from bot.triage.types import Safety


def emergency_reply(safety: Safety, *, language: Language, region: str | None, tables: Tables, phrases: Phrases) -> Reply:
    """Return the emergency or crisis answer with the number of the patient's `region` (None: unknown)."""
    ambulance = emergency_number(region, language, tables=tables)
    if safety.crisis:
        crisis = crisis_number(region, language, tables=tables)
        which = "violence" if safety.red_flags and all(flag.id in ("RF122", "RF092") for flag in safety.red_flags) else "crisis"
        return Reply(phrases.get(f"emergency.{which}", language, crisis=crisis, emergency=ambulance), kind="crisis")
    lines = [phrases.get("emergency.e1" if safety.level == "E1" else "emergency.e2", language, emergency=ambulance)]
    action = _action(safety, tables)
    if action not in ("none", "crisis"):
        lines.append(phrases.get(f"emergency.do_{action}", language))
    lines.append(phrases.get("emergency.staff_told", language))
    return Reply("\n".join(lines), kind="emergency")


def _action(safety: Safety, tables: Tables) -> str:
    for flag in safety.red_flags:
        rule = rule_of(flag, tables)
        if rule is not None and rule.level == safety.level:
            return rule.action
    return "none"
