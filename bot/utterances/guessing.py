"""What a sentence may mean, for one key each: what the bot thought, and the questions of the FAQ that sound like it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.knowledge.entries import Entries
from bot.languages import Language
from bot.utterances.kinds import FAQ, Utterance
from bot.utterances.likeness import alike, grams

MOST = 9
# Less than this sounds like nothing in particular.
_SOUNDS_LIKE = 0.15
_MOST_ENTRIES = 3


@dataclass
class Guesses:
    """Guesses labels for sentences. Keeps how the questions of one state of the FAQ are written."""

    entries: Entries
    _grams: dict[Language, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def of(self, found: Utterance, intents: Collection[str]) -> tuple[str, ...]:
        """Return at most nine labels, the likeliest first; of the FAQ first where a question had no good answer."""
        heard = [label for label, _ in found.guesses if self._exists(label, intents)]
        of_faq = [*(label for label in heard if label.startswith(FAQ)), *self._sounding_like(found)]
        meant = [label for label in heard if not label.startswith(FAQ)]
        asks = found.source in ("unanswered", "unhelpful")
        ranked = (*of_faq, *meant) if asks else (*meant[:4], *of_faq, *meant[4:])
        return tuple(dict.fromkeys(ranked))[:MOST]

    def _exists(self, label: str, intents: Collection[str]) -> bool:
        return label.removeprefix(FAQ) in self.entries.by_id if label.startswith(FAQ) else label in intents

    def _sounding_like(self, found: Utterance) -> Sequence[str]:
        mine, best = grams(found.text), dict[str, float]()
        for entry, written in self._written(found.language):
            best[entry] = max(best.get(entry, 0.0), alike(mine, written))
        near = sorted((entry for entry in best if best[entry] >= _SOUNDS_LIKE), key=lambda entry: -best[entry])
        return [f"{FAQ}{entry}" for entry in near[:_MOST_ENTRIES]]

    def _written(self, language: Language) -> list[tuple[str, frozenset[str]]]:
        if language not in self._grams:
            asked = ((entry.id, text) for entry in self.entries.by_id.values() for text in entry.questions[language])
            self._grams[language] = [(entry, grams(text)) for entry, text in asked]
        return self._grams[language]
