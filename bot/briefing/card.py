"""Who the patient of a case is, as far as they said: no platform id, no name, no number to call them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.briefing.story import Story, story_of
from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import assessment, care_case, conversation
from bot.handoff.case_rows import Case
from bot.inbox import conversations
from bot.languages import Language
from bot.privacy import consent
from bot.scenes.codes import scene_of

MOST_LEVELS = 10
MOST_CASES = 10


@dataclass(frozen=True)
class LevelAt:
    """How urgent an assessment found it, of which health question."""

    at: datetime
    level: str
    departments: tuple[str, ...]
    episode: int


@dataclass(frozen=True)
class EarlierCase:
    """A case of this patient that was closed."""

    id: int
    reason: str
    level: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    department: str  # the right one, as the nurse said, else the one that the bot thought of


@dataclass(frozen=True)
class Chat:
    """Another chat that the patient linked to this one."""

    channel: str
    language: str
    last_at: datetime
    consent: consent.State


@dataclass(frozen=True)
class PatientCard:
    """None: not told. `age` in years. `region`: ISO 3166-1; "": not known, then `ambulance` is that of the hospital's place."""

    who: str | None  # self | child | other
    age: float | None
    sex: str | None  # f | m
    pregnant: bool | None
    postpartum: bool | None
    conditions: tuple[str, ...]  # labels in five languages are `content.triage.lexicon.concepts[…].labels`
    channel: str
    language: Language
    region: str
    ambulance: str
    consent: consent.State
    consent_at: datetime | None
    since: datetime  # when they first wrote here
    last_at: datetime
    episodes: int
    levels: tuple[LevelAt, ...]  # the latest last
    earlier: tuple[EarlierCase, ...]  # the latest first
    other_chats: tuple[Chat, ...]
    scene: str | None  # the place whose poster led here: an id of content.scenes
    blocked_at: datetime | None
    blocked_by: str | None


def card_of(work: Work, case: Case, content: Content, *, story: Story | None = None) -> PatientCard:
    """Return the card of the patient of a case. `story`: what `story_of` gave, if it is at hand."""
    told = story or story_of(work, case, content)
    chats = list(work.execute(sa.select(conversation).where(conversation.c.patient_id == case.patient_id)))
    here = next(chat for chat in chats if chat.id == case.conversation_id)
    patient = _patient(work, case, told)
    tables = content.triage
    hotline = tables.hotlines.get(told.region) or tables.hotlines[tables.home_region]
    place = scene_of(work.cipher, here.scene, content.scenes)
    return PatientCard(
        **patient,
        channel=here.channel,
        language=here.language,
        region=told.region,
        ambulance=hotline.ambulance,
        consent=consent.state(work, case.patient_id, here.channel),
        consent_at=consent.since(work, case.patient_id, here.channel),
        since=min(chat.created_at for chat in chats),
        last_at=max(chat.last_at for chat in chats),
        episodes=sum(chat.episode for chat in chats),
        levels=_levels(work, [chat.id for chat in chats]),
        earlier=_earlier(work, case),
        other_chats=tuple(_chat(work, chat) for chat in chats if chat.id != here.id),
        scene=place.id if place else None,
        blocked_at=here.blocked_at,
        blocked_by=here.blocked_by,
    )


def _patient(work: Work, case: Case, told: Story) -> dict[str, Any]:
    """What this talk says of the person; what it does not say, from the guidance before."""
    now = (told.assessment.trace if told.assessment else {}).get("patient", {})
    before = conversations.profile_of(work, case.patient_id)
    # Somebody else's age is not this person's: the earlier guidance counts only if it is about the same.
    same = not now.get("who") or now["who"] == before.get("who")
    kept = before if same else {}
    return {
        "who": now.get("who") or before.get("who"),
        "age": now["age_years"] if now.get("age_years") is not None else kept.get("age"),
        "sex": now.get("sex") or kept.get("sex"),
        "pregnant": now["pregnant"] if now.get("pregnant") is not None else kept.get("pregnant"),
        "postpartum": now.get("postpartum"),
        "conditions": tuple(now.get("conditions", ())),
    }


def _levels(work: Work, chats: Sequence[str]) -> tuple[LevelAt, ...]:
    columns = (assessment.c.at, assessment.c.level, assessment.c.departments, assessment.c.episode)
    query = sa.select(*columns).where(assessment.c.conversation_id.in_(chats)).order_by(assessment.c.id.desc()).limit(MOST_LEVELS)
    found = [LevelAt(row.at, row.level, _listed(row.departments), row.episode) for row in work.execute(query)]
    return tuple(found[::-1])


def _earlier(work: Work, case: Case) -> tuple[EarlierCase, ...]:
    names = ("id", "reason", "level", "opened_at", "closed_at", "outcome", "department", "outcome_department")
    others = (care_case.c.patient_id == case.patient_id, care_case.c.id != case.id)
    query = sa.select(*(care_case.c[name] for name in names)).where(*others).order_by(care_case.c.id.desc()).limit(MOST_CASES)
    return tuple(
        EarlierCase(
            id=row.id,
            reason=row.reason,
            level=row.level,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            outcome=row.outcome,
            department=row.outcome_department or row.department,
        )
        for row in work.execute(query)
    )


def _chat(work: Work, chat: Any) -> Chat:
    return Chat(chat.channel, chat.language, chat.last_at, consent.state(work, chat.patient_id, chat.channel))


def _listed(column: str) -> tuple[str, ...]:
    return tuple(part for part in column.split(",") if part)
