"""Find and replace in many examples or texts at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exchange import incoming_examples, incoming_texts
from bot.exchange.plan import Line, Plan
from bot.exchange.translations import Translation
from bot.exchange.units import Example, Unit
from bot.languages import LANGUAGES, Language


@dataclass(frozen=True)
class Replacing:
    """What is looked for, and what it becomes, letter by letter, in one language or in all (None)."""

    find: str
    put: str
    language: Language | None = None

    def of(self, text: str, language: Language) -> str:
        """Return a text as it would be."""
        wanted = self.language is None or self.language == language
        return text.replace(self.find, self.put) if wanted and self.find else text


def in_examples(current: Sequence[Example], replacing: Replacing) -> Plan:
    """Return the examples that would become others: each goes and comes back, unless its new form is refused."""
    changing = [(one, replacing.of(one.text, one.language)) for one in current]
    changing = [(one, text) for one, text in changing if text != one.text]
    rows = [(one.intent, one.language, text) for one, text in changing]
    added = incoming_examples.plan(current, rows, whole=False)
    kept = {(one.intent, one.language, one.text) for one in current}
    kept |= {(line.name, line.language, line.after) for line in added.made if line.language}
    # What another one becomes stays, though itself becomes another: "tomorrow" for "tomorrow morning" where both stand there.
    arrive = {(one.intent, one.language, text) for one, text in changing}
    removed = [
        Line("removed", one.intent, one.language, before=one.text, file=one.file)
        for one, text in changing
        if (one.intent, one.language, text) in kept and (one.intent, one.language, one.text) not in arrive
    ]
    return Plan((*added.lines, *removed))


def in_texts(units: Sequence[Unit], replacing: Replacing) -> Plan:
    """Return the texts that would become others."""
    found = [
        Translation(unit.id, code, next((text for other, text in unit.texts.items() if other != code), ""), after)
        for unit in units
        for code in LANGUAGES
        if code in unit.texts and (after := replacing.of(unit.texts[code], code)) != unit.texts[code]
    ]
    plan = incoming_texts.plan_of_translations(units, found)
    return Plan(plan.lines)
