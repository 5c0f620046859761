"""What a topic has to show: the case, what was said and what happened since the last time. One consistent look at the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Work
from bot.database.tables import conversation, inbound, outbound
from bot.desk.masking import Mask
from bot.handoff.case_rows import Case, case_of
from bot.handoff.events import CaseEvent, events
from bot.handoff.notes import notes
from bot.handoff.problems import CaseProblem
from bot.handoff.said import GONE_STATES, words_of
from bot.inbox.late import form_of
from bot.languages import Language
from bot.privacy import consent
from bot.staff.people import names
from connectors.telegram.desk import rows
from connectors.telegram.desk.masks import mask_of
from connectors.telegram.desk.rows import Topic

MOST_EARLY = 24
# What was said long before belongs to something else; the desk has it.
EARLY = timedelta(hours=12)
# Said to everybody, or about the conversation itself: they tell a nurse nothing.
_SILENT = ("consent", "notice")
_PRESENT = ("received", "handled", "failed")


@dataclass(frozen=True)
class Spoken:
    """One message. `who`: a handle when a nurse wrote it at the web desk. `is_change`: a correction of an earlier one."""

    kind: Literal["in", "out"]
    id: int
    at: datetime
    who: str  # patient | bot | handle
    text: str
    form: str = "text"
    language: Language = "en"
    is_change: bool = False


@dataclass(frozen=True)
class View:
    """A case as its topic has to show it. `new`: not shown yet; `early`: the transcript of the card; `held`: leaves only later."""

    case: Case
    channel: str
    agreed: bool  # the patient's words may be shown
    names: Mapping[str, str]
    events: tuple[CaseEvent, ...]
    new: tuple[Spoken, ...]
    early: tuple[Spoken, ...]
    last_event: int
    last_in: int
    last_out: int
    held: datetime | None = None
    notes: Mapping[int, str] = field(default_factory=dict)  # those of `events`

    @property
    def is_urgent(self) -> bool:
        """Whether it jumps the queue."""
        return self.case.crisis or self.case.level in ("E1", "E2")


def read(work: Work, topic: Topic, content: Content, *, now: datetime) -> View | None:
    """Return what the topic has to show; None: the case was erased."""
    assert topic.case_id is not None
    try:
        case = case_of(work, topic.case_id)
    except CaseProblem:
        return None
    channel = str(work.execute(sa.select(conversation.c.channel).where(conversation.c.id == case.conversation_id)).scalar_one())
    agreed = consent.state(work, case.patient_id, channel) == "granted"
    mask = mask_of(work, case.patient_id, content)
    since = (topic.told_inbound, topic.upto_out) if topic.card is not None else (0, 0)
    spoken = _spoken(work, case, since=since, mask=mask) if agreed else []
    elsewhere = rows.sent_from_here(work, [one.id for one in spoken if one.kind == "out"])
    shown = [one for one in spoken if not (one.kind == "out" and one.id in elsewhere)]
    if topic.card is None:
        early, new = spoken[-MOST_EARLY:], []
    else:
        early, new = (_early(work, case, topic, mask) if agreed else []), shown
    happened = events(work, case.id, after=topic.told_event)
    return View(
        case=case,
        channel=channel,
        agreed=agreed,
        names=names(work),
        events=happened,
        new=tuple(new),
        early=tuple(early),
        last_event=max((event.id for event in happened), default=topic.told_event),
        last_in=max((one.id for one in spoken if one.kind == "in"), default=topic.told_inbound),
        last_out=max((one.id for one in spoken if one.kind == "out"), default=topic.upto_out),
        held=_held(work, case, now=now),
        notes=_notes(work, case, happened, mask),
    )


def _notes(work: Work, case: Case, happened: tuple[CaseEvent, ...], mask: Mask) -> dict[int, str]:
    numbers = {int(event.content["note"]) for event in happened if event.what == "note" and "note" in event.content}
    written = notes(work, case.id) if numbers else ()
    return {note.id: mask.text(note.text, case.language)[0] for note in written if note.id in numbers}


def _early(work: Work, case: Case, topic: Topic, mask: Mask) -> list[Spoken]:
    """Return the transcript of the card as it was when the card was written."""
    upto = {"in": topic.card_in, "out": topic.card_out}
    return [one for one in _spoken(work, case, since=(0, 0), mask=mask) if one.id <= upto[one.kind]][-MOST_EARLY:]


def _spoken(work: Work, case: Case, *, since: tuple[int, int], mask: Mask) -> list[Spoken]:
    chats = sa.select(conversation.c.id).where(conversation.c.patient_id == case.patient_id)
    found = [*_theirs(work, chats, since[0], case), *_ours(work, chats, since[1], case)]
    masked = [_masked(one, mask) for one in found if one.text or one.form not in ("text", "button")]
    return sorted(masked, key=lambda one: (one.at, one.kind, one.id))


def _theirs(work: Work, chats: Any, after: int, case: Case) -> list[Spoken]:
    columns = [inbound.c[name] for name in ("id", "received_at", "kind", "sealed", "channel", "external_id", "conversation_id")]
    query = sa.select(*columns, conversation.c.language).join(conversation, conversation.c.id == inbound.c.conversation_id)
    theirs = sa.and_(inbound.c.conversation_id.in_(chats), inbound.c.id > after, inbound.c.kind != "scan")
    lately = sa.and_(inbound.c.state.in_(_PRESENT), inbound.c.sealed.isnot(None), inbound.c.received_at > case.opened_at - EARLY)
    found = (_inbound(work, row) for row in work.execute(query.where(theirs, lately).order_by(inbound.c.id)))
    return [one for one in found if one is not None]


def _inbound(work: Work, row: Any) -> Spoken | None:
    content = work.cipher.unseal(row.sealed)
    if content.get("payload") in (consent.YES, consent.NO):
        return None
    text = str(content.get("text", ""))
    is_change = row.kind == "edited" or _is_second(work, row)
    return Spoken("in", row.id, row.received_at, "patient", text, form_of(row.kind, content), row.language, is_change)


def _is_second(work: Work, row: Any) -> bool:
    """Whether an earlier message has the same number on the platform: then this one is what it was changed to."""
    number = row.external_id.partition(".")[0]
    if not number.isdigit():
        return False
    earlier = sa.and_(inbound.c.conversation_id == row.conversation_id, inbound.c.id < row.id)
    same = inbound.c.external_id.startswith(f"{number}.", autoescape=True)
    return bool(work.execute(sa.select(sa.exists().where(earlier, same))).scalar())


def _ours(work: Work, chats: Any, after: int, case: Case) -> list[Spoken]:
    columns = [outbound.c[name] for name in ("id", "created_at", "author", "sealed", "dedupe_key")]
    query = sa.select(*columns, conversation.c.language).join(conversation, conversation.c.id == outbound.c.conversation_id)
    ours = sa.and_(outbound.c.conversation_id.in_(chats), outbound.c.id > after, outbound.c.kind.notin_(_SILENT))
    lately = sa.and_(outbound.c.state.notin_(GONE_STATES), outbound.c.created_at > case.opened_at - EARLY)
    writers = _writers(work, case)
    return [
        Spoken("out", row.id, row.created_at, writers.get(row.id, row.author), words_of(work.cipher.unseal(row.sealed)),
               language=row.language)
        for row in work.execute(query.where(ours, lately).order_by(outbound.c.id))
    ]  # fmt: skip


def _writers(work: Work, case: Case) -> dict[int, str]:
    """Return which nurse wrote which of the messages of this case."""
    replies = (event for event in events(work, case.id) if event.what == "reply" and "outbound" in event.content)
    return {int(event.content["outbound"]): event.who for event in replies}


def _masked(one: Spoken, mask: Mask) -> Spoken:
    text, _ = mask.text(one.text, one.language)
    return replace(one, text=text)


def _held(work: Work, case: Case, *, now: datetime) -> datetime | None:
    """Return when a reply of the web desk that can still be taken back is to leave, or None."""
    mine = sa.and_(outbound.c.conversation_id == case.conversation_id, outbound.c.author == "nurse")
    waits = sa.and_(outbound.c.state == "pending", outbound.c.tries == 0, outbound.c.not_before > now)
    at: datetime | None = work.execute(sa.select(sa.func.max(outbound.c.not_before)).where(mine, waits)).scalar()
    return at
