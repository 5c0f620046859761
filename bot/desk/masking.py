"""Personal data of one patient, taken out of everything that is shown: what is introduced once is masked wherever it stands."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, identity, inbound
from bot.languages import Language
from bot.privacy.personal_data import find, mask
from bot.triage.tables import Tables

# "Li" is a name and a syllable of many words; a platform's id is never this short.
SHORTEST_NAME = {"latin": 4, "other": 2}
READ = 40
KEPT = 500
_LATIN = re.compile(r"[\x00-\u024f]+")
_HIDDEN = "[•••]"
# Characters that no text has stand for names while the text is read: of the private use area, 6,400 of them.
_FIRST_SIGN, _MOST_SIGNS = 0xE000, 6000


@dataclass(frozen=True)
class Mask:
    """Masks the texts of one patient. `secrets`: what is known to be theirs; `public`: numbers of everybody, like hotlines.

    `colleagues`: names of the staff, which "Nurse Ana is with you now" may say.
    """

    secrets: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()

    def text(self, text: str, language: Language) -> tuple[str, bool]:
        """Return the text without personal data, and whether there was any."""
        if not text:
            return text, False
        # A patient may be called like a colleague: then the name is hidden.
        shown = sorted(self.colleagues - self.secrets, key=len, reverse=True)
        for place, name in enumerate(shown):
            text = text.replace(name, chr(_FIRST_SIGN + place))
        masked = mask(text, language, public=self.public)
        kept, hidden = masked.text, bool(masked.spans)
        for place, name in enumerate(shown):
            kept = kept.replace(chr(_FIRST_SIGN + place), name)
        for secret in sorted(self.secrets, key=len, reverse=True):
            if secret in kept:
                kept, hidden = kept.replace(secret, _HIDDEN), True
        return kept, hidden

    def any(self, data: Any, language: Language) -> tuple[Any, bool]:
        """Return JSON data with every text in it masked, keys as they are."""
        if isinstance(data, str):
            return self.text(data, language)
        if isinstance(data, dict):
            parts = {key: self.any(value, language) for key, value in data.items()}
            return {key: value for key, (value, _) in parts.items()}, any(hidden for _, hidden in parts.values())
        if isinstance(data, (list, tuple, set, frozenset)):
            found = [self.any(value, language) for value in data]
            return [value for value, _ in found], any(hidden for _, hidden in found)
        return data, False

    def beside(self, names: Iterable[str]) -> Mask:
        """Return a mask that lets names of the staff stand."""
        return replace(self, colleagues=frozenset(sorted(name for name in names if len(name) > 1)[:_MOST_SIGNS]))

    def learn(self, texts: Iterable[tuple[str, Language]]) -> Mask:
        """Return a mask that also knows what is introduced in these texts."""
        found = {secret for text, language in texts for secret in _secrets(text, language)}
        return replace(self, secrets=self.secrets | found)


def _secrets(text: str, language: Language) -> Iterable[str]:
    for span in find(text, language):
        piece = text[span.start : span.end].strip()
        shortest = SHORTEST_NAME["latin" if _LATIN.fullmatch(piece) else "other"]
        if span.kind == "name":
            yield from (part for part in {piece, *piece.split()} if len(part) >= shortest)
        elif span.kind in ("phone", "email", "id_number", "bank", "record_number", "account"):
            yield piece


class Known:
    """What is known of the latest patients, so that a page that goes on does not read everything again. Of one gateway."""

    def __init__(self) -> None:
        self._masks: OrderedDict[str, tuple[int, Mask]] = OrderedDict()

    def mask_of(self, work: Work, patient_id: str, *, public: frozenset[str] = frozenset()) -> Mask:
        """Return the mask of a patient: of their latest messages, and of their addresses on the platforms."""
        latest = _latest(work, patient_id)
        found = self._masks.get(patient_id)
        if found is None or found[0] != latest:
            found = (latest, (found[1] if found else Mask(_addresses(work, patient_id), public)).learn(_words(work, patient_id)))
            self._masks[patient_id] = found
        self._masks.move_to_end(patient_id)
        while len(self._masks) > KEPT:
            self._masks.popitem(last=False)
        return found[1]


def public_numbers(tables: Tables) -> frozenset[str]:
    """Return the numbers that an answer of the bot may name, as digits."""
    return frozenset(re.sub(r"\D", "", number) for line in tables.hotlines.values() for number in line.numbers)


def _latest(work: Work, patient_id: str) -> int:
    own = sa.select(sa.func.max(inbound.c.id)).join(conversation, conversation.c.id == inbound.c.conversation_id)
    return int(work.execute(own.where(conversation.c.patient_id == patient_id)).scalar() or 0)


def _words(work: Work, patient_id: str) -> list[tuple[str, Language]]:
    own = sa.select(inbound.c.sealed, conversation.c.language).join(conversation, conversation.c.id == inbound.c.conversation_id)
    there = sa.and_(conversation.c.patient_id == patient_id, inbound.c.sealed.isnot(None))
    rows = work.execute(own.where(there).order_by(inbound.c.id.desc()).limit(READ))
    return [(work.cipher.unseal(row.sealed).get("text") or "", row.language) for row in rows]


def _addresses(work: Work, patient_id: str) -> frozenset[str]:
    rows = work.execute(sa.select(identity.c.sealed).where(identity.c.patient_id == patient_id)).scalars()
    return frozenset(text for sealed in rows for text in strings(work.cipher.unseal(sealed)) if len(text) >= 5)


def strings(data: Any) -> list[str]:
    """Return all texts in JSON data."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for value in data.values() for text in strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in strings(value)]
    return []
