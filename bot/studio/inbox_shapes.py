"""Sentences of the inbox as the page gets them: names instead of ids, in the language of who looks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.content.load import Content
from bot.languages import Language
from bot.training.intents import Described, name_of
from bot.triage.reading import read
from bot.utterances.guessing import Guesses
from bot.utterances.kinds import FAQ, Utterance
from bot.utterances.rows import Group


@dataclass(frozen=True)
class Names:
    """What things are called in the language of who looks."""

    content: Content
    language: Language
    intents: Mapping[str, Described]

    def label(self, label: str) -> str:
        """Return what an intent is called in plain words, or the question of an entry; what has no name goes by its id."""
        if label.startswith(FAQ):
            entry = self.content.knowledge.by_id.get(label.removeprefix(FAQ))
            return label if entry is None else entry.questions[self.language][0]
        return name_of(self.intents, label, self.language)

    def concept(self, concept: str) -> str:
        """Return what a sign is called."""
        known = self.content.triage.lexicon.concepts.get(concept)
        return concept if known is None else known.labels.get(self.language, concept)

    def place(self, said: str) -> str:
        """Return what a department or an entry is called."""
        department = self.content.triage.departments.get(said)
        return self.label(said) if department is None else department.names[self.language]


def group_shape(group: Group, names: Names, guesses: Guesses, intents: Collection[str]) -> dict[str, Any]:
    """Return a group for the page: its first sentence, and those that say nearly the same."""
    one = group.first
    return {
        "id": one.id,
        "numbers": [each.id for each in group.sentences],
        "alike": [each.text for each in group.sentences[1:]],
        "text": one.text,
        "language": one.language,
        "source": one.source,
        "state": one.state,
        "day": one.created_at.date().isoformat(),
        "said": names.place(one.said) if one.said else "",
        "right": names.place(one.right) if one.right else "",
        "guesses": [{"label": label, "name": names.label(label)} for label in guesses.of(one, intents)],
        "label": one.intent,
        "label_name": names.label(one.intent) if one.intent else "",
        "labelled_by": one.labelled_by,
        "assigned_to": one.assigned_to,
        "change": one.change_id,
        "marks": [{**asdict(mark), "name": names.concept(mark.concept)} for mark in one.marks],
        "known": _known(one, names),
    }


def _known(one: Utterance, names: Names) -> list[dict[str, Any]]:
    """Return the words that the lexicon knows already: nobody need mark them."""
    findings = read(one.text, one.language, lexicon=names.content.triage.lexicon).findings
    places = ((finding, one.text.find(finding.said)) for finding in findings if finding.said)
    return [
        {"start": start, "end": start + len(finding.said), "concept": finding.id, "name": names.concept(finding.id)}
        for finding, start in places
        if start >= 0
    ]
