"""Takes a sentence into the inbox: without personal data before it is stored, and beside those that say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.once import insert_once
from bot.database.tables import utterance
from bot.desk.masking import Mask
from bot.inbox import conversations
from bot.languages import LANGUAGES, Language
from bot.privacy.personal_data import mask
from bot.utterances.kinds import Found, Source, sealed_of, value_of
from bot.utterances.likeness import grams, nearest

LONGEST = 300
LONGEST_CLUSTER = 64
# So many of the newest groups are compared with.
GROUPS = 1000
_ASKED_TOGETHER = 500
_MASK = re.compile(r"\[[^\]]*\]")


def without_personal_data(text: str, language: Language, hiding: Mask) -> str:
    """Return what of a sentence may be stored: one line, cut, each piece of personal data as its kind in brackets.

    `hiding` knows what this person introduced in other messages. "" when nothing is left to learn from. What is masked is masked
    before it is cut: half a number would not be known as one.
    """
    masked, _ = hiding.text(" ".join(text.split()), language)
    for other in LANGUAGES:  # people introduce themselves in one language and go on in another
        masked = mask(masked, other, public=hiding.public).text if other != language else masked
    short = masked if len(masked) <= LONGEST else f"{masked[: LONGEST - 1].rstrip()}…"
    return short if any(one.isalpha() for one in _MASK.sub("", short)) else ""


def known_among(work: Work, keys: Sequence[str]) -> frozenset[str]:
    """Return which of these sentences were taken before, whatever became of them since."""
    found: set[str] = set()
    for start in range(0, len(keys), _ASKED_TOGETHER):
        some = keys[start : start + _ASKED_TOGETHER]
        found |= set(work.execute(sa.select(utterance.c.dedupe_key).where(utterance.c.dedupe_key.in_(some))).scalars())
    return frozenset(found)


def take(work: Work, found: Found, *, text: str, cluster: str, now: datetime) -> int | None:
    """Store a sentence, of which `text` may be read; return its number, or None when it is there already or its chat is gone.

    All of its group are worth more with it: what many say is looked at first.
    """
    if conversations.get(work, found.conversation_id, lock=True) is None:  # erased meanwhile
        return None
    row: dict[str, Any] = {
        "conversation_id": found.conversation_id,
        "source": found.source,
        "language": found.language,
        "state": "new",
        "value": value_of(found.source, 1),
        "cluster": cluster[:LONGEST_CLUSTER],
        "dedupe_key": found.key,
        "created_at": now,
        "sealed": work.cipher.seal(sealed_of(text, found)),
    }
    number = insert_once(work, utterance, row)
    if number is not None:
        _weigh(work, row["cluster"])
    return number


def cluster_of(text: str, key: str, groups: dict[str, frozenset[str]]) -> str:
    """Return the group of a sentence among `groups` of its language; where none is alike, one of its own begins, and is added."""
    cluster = nearest(text, groups) or key
    groups.setdefault(cluster, grams(text))
    while len(groups) > GROUPS:
        groups.pop(next(iter(groups)))
    return cluster


def groups_of(work: Work, language: Language) -> dict[str, frozenset[str]]:
    """Return the newest groups of sentences in a language, each by its first sentence that is still there."""
    mine = sa.and_(utterance.c.language == language, utterance.c.state != "deleted")
    firsts = sa.select(sa.func.min(utterance.c.id)).where(mine).group_by(utterance.c.cluster)
    query = sa.select(utterance.c.cluster, utterance.c.sealed).where(utterance.c.id.in_(firsts))
    rows = work.execute(query.order_by(utterance.c.id.desc()).limit(GROUPS))
    # The oldest first: it is the first to be left out.
    return {row.cluster: grams(str(work.cipher.unseal(row.sealed).get("text") or "")) for row in reversed(rows.all())}


def _weigh(work: Work, cluster: str) -> None:
    mine = sa.and_(utterance.c.cluster == cluster, utterance.c.state == "new")
    rows = work.execute(sa.select(utterance.c.id, utterance.c.source).where(mine)).all()
    by_source: dict[Source, list[int]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row.id)
    for source, numbers in by_source.items():
        value = value_of(source, len(rows))
        work.execute(sa.update(utterance).where(utterance.c.id.in_(numbers)).values(value=value))
