"""What the patient of a case has told, as triage understood it: the assessment that was stored, or the words read again by rules.

A case that the safety net opened has no assessment yet, and while a nurse talks no assessment is made: then the patient's own words
are read anew by the same pure rules, and the story says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import assessment as assessment_table
from bot.database.tables import conversation, inbound, outbound
from bot.handoff.case_rows import Case
from bot.handoff.said import GONE_STATES, words_of
from bot.inbox.conversations import EPISODE_ENDS_AFTER
from bot.languages import Language
from bot.messages import Level
from bot.triage import episode as episodes
from bot.triage.assess import assess
from bot.triage.tables import Tables
from bot.triage.types import Assessment, Finding, Ranked, RedFlag

# The latest words are read again, as far as an episode keeps them.
MOST_WORDS = 12
# A case that is open for weeks tells of now, not of then.
LONGEST = timedelta(days=7)
TOLD_KINDS = ("emergency", "crisis", "result")


@dataclass(frozen=True)
class Words:
    """Something the patient wrote."""

    number: int
    at: datetime
    text: str


@dataclass(frozen=True)
class Told:
    """An answer of the bot about how urgent it is and where to go, and what became of it."""

    at: datetime
    kind: str  # emergency | crisis | result
    level: Level | None  # of a result
    department: str
    state: str  # as in the outbox


@dataclass(frozen=True)
class Story:
    """All that a summary speaks of. `source`: the assessment was stored with the talk, or is of now, or nothing was told."""

    assessment: Assessment | None
    source: Literal["stored", "read_again", "nothing"]
    at: datetime | None  # of a stored assessment
    language: Language  # of the patient
    region: str  # "": not known
    words: tuple[Words, ...]  # the latest last
    told: Told | None


def story_of(work: Work, case: Case, content: Content) -> Story:
    """Return what is known of this episode. A few milliseconds; the words are those that are still kept."""
    place = work.execute(
        sa.select(conversation.c.language, conversation.c.region, conversation.c.region_known).where(
            conversation.c.id == case.conversation_id
        )
    ).one()
    region = place.region if place.region_known else ""
    chats = list(work.execute(sa.select(conversation.c.id).where(conversation.c.patient_id == case.patient_id)).scalars())
    since = _since(case)
    words = _words(work, chats, since)
    kept = _stored(work, chats, since)
    told = _told(work, chats, since)
    if kept is not None:
        return Story(kept[1], "stored", kept[0], place.language, region, words, told)
    again = read_again([one.text for one in words], place.language, region, case.level, tables=content.triage)
    return Story(again, "read_again" if again else "nothing", None, place.language, region, words, told)


def _since(case: Case) -> datetime:
    began = case.opened_at - EPISODE_ENDS_AFTER
    latest = max(case.opened_at, case.waiting_since or case.opened_at, case.closed_at or case.opened_at)
    return max(began, latest - LONGEST)


def _words(work: Work, chats: Sequence[str], since: datetime) -> tuple[Words, ...]:
    mine = sa.and_(inbound.c.conversation_id.in_(chats), inbound.c.received_at >= since, inbound.c.sealed.isnot(None))
    own = mine & inbound.c.kind.notin_(("scan", "forwarded", "button"))
    query = sa.select(inbound.c.id, inbound.c.received_at, inbound.c.sealed).where(own)
    rows = list(work.execute(query.order_by(inbound.c.id.desc()).limit(MOST_WORDS)))[::-1]
    found = (Words(row.id, row.received_at, str(work.cipher.unseal(row.sealed)["text"]).strip()) for row in rows)
    return tuple(one for one in found if one.text)


def _stored(work: Work, chats: Sequence[str], since: datetime) -> tuple[datetime, Assessment] | None:
    columns = (assessment_table.c.at, assessment_table.c.sealed)
    mine = (assessment_table.c.conversation_id.in_(chats), assessment_table.c.at >= since)
    row = work.execute(sa.select(*columns).where(*mine).order_by(assessment_table.c.id.desc()).limit(1)).first()
    return None if row is None else (row.at, assessment_from(work.cipher.unseal(row.sealed)))


def _told(work: Work, chats: Sequence[str], since: datetime) -> Told | None:
    columns = (outbound.c.created_at, outbound.c.kind, outbound.c.state, outbound.c.sealed)
    mine = (outbound.c.conversation_id.in_(chats), outbound.c.created_at >= since, outbound.c.kind.in_(TOLD_KINDS))
    here = sa.select(*columns).where(*mine, outbound.c.state.notin_(GONE_STATES))
    row = work.execute(here.order_by(outbound.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    card = work.cipher.unseal(row.sealed).get("card") or {}
    places = card.get("places") or [{}]
    return Told(row.created_at, row.kind, card.get("level"), places[0].get("department", ""), row.state)


def read_again(texts: Sequence[str], language: Language, region: str, floor: Level, *, tables: Tables) -> Assessment | None:
    """Return what the rules say of these words now; None when they find nothing in them."""
    episode = episodes.begin(language, region or tables.home_region, floor)
    for text in texts:
        episode = episodes.hear(episode, text, tables=tables)
    found = assess(episode, tables=tables)
    return found if found.findings or found.red_flags or found.trace.get("measurements") or found.crisis else None


def assessment_from(data: dict[str, Any]) -> Assessment:
    """Return the assessment that was stored with a talk; of older rows only what they have."""
    trace = data.get("trace", {})
    ranked = tuple(Ranked(**one) for one in trace.get("scores", ()))
    named = {one.department for one in ranked}
    rest = tuple(Ranked(one, 0.0, "") for one in data.get("departments", ()) if one not in named)
    return Assessment(
        level=data["level"],
        crisis=bool(data.get("crisis")),
        departments=(*ranked, *rest),
        findings=tuple(Finding(**one) for one in data.get("findings", ())),
        red_flags=_flags(data, trace),
        asks=data.get("asks"),
        reasons=tuple(data.get("reasons", ())),
        soon=bool(data.get("soon")),
        disagreement=bool(data.get("disagreement")),
        content_version=data.get("content_version", ""),
        trace=trace,
    )


def _flags(data: dict[str, Any], trace: dict[str, Any]) -> tuple[RedFlag, ...]:
    told = tuple(RedFlag(**{**one, "said": tuple(one["said"])}) for one in trace.get("red_flags", ()))
    known = {flag.id for flag in told}
    return (*told, *(RedFlag(one, data["level"], ()) for one in data.get("red_flags", ()) if one not in known))


def words_shown(text: str, *, most: int = 160) -> str:
    """Return the patient's words on one line, cut where they are long."""
    line = " ".join(words_of({"text": text}).split())
    return line if len(line) <= most else f"{line[:most].rstrip()}…"
