"""Sentences of patients that the gate puts to both sides: those of the inbox, de-identified, for as long as they are kept there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import utterance
from bot.release.heard import Sentence
from bot.utterances import rows

# Those that are worth most: one is heard in some hundredths of a second.
MOST = 400
_ID = "patient "


def of_patients(work: Work) -> tuple[Sentence, ...]:
    """Return them; whose words were taken away is not among them."""
    worth = (utterance.c.value.desc(), utterance.c.id.desc())
    query = sa.select(utterance.c.id).where(utterance.c.state.notin_(("deleted", "skipped"))).order_by(*worth).limit(MOST)
    found = rows.read(work, [int(number) for number in work.execute(query).scalars()])
    return tuple(Sentence(f"{_ID}{one.id}", one.text, one.language, "patient", {}) for one in found if one.text.strip())


def texts_of(work: Work, ids: Collection[str]) -> dict[str, str]:
    """Return the words of these sentences by their ids, where they are still kept."""
    return {f"{_ID}{one.id}": one.text for one in rows.read(work, list(_numbers(ids))) if one.text.strip()}


def _numbers(ids: Collection[str]) -> Iterator[int]:
    for one in ids:
        number = one.removeprefix(_ID)
        if one.startswith(_ID) and number.isdecimal():
            yield int(number)
