"""A nurse changes the words of a reply. What has not left is changed here; what has, where the platform lets the bot change it.

The words before stay in the event: a colleague sees both versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import conversation, identity, outbound
from bot.handoff.case_rows import locked
from bot.handoff.events import CaseEvent, add_event, event_with
from bot.handoff.problems import CaseProblem
from bot.handoff.replies import LONGEST
from bot.outbox.compose import compose_from_nurse
from bot.phrases import Phrases
from bot.privacy import audit

# As long as people can change their own messages on the platforms.
WITHIN = timedelta(hours=48)
# Whose messages the bot can change after they were sent.
CHANGEABLE = frozenset({"telegram"})

Fate = Literal["unsent", "sent", "late", "cannot", "same"]


@dataclass(frozen=True)
class Edit:
    """What becomes of a change: `unsent` and `sent` can be done; `recipient` and `platform_id` say where the message stands."""

    number: int
    case_id: int
    fate: Fate
    channel: str
    content: dict[str, Any]
    recipient: str = ""
    platform_id: str = ""


def look(work: Work, number: int, text: str, *, who: str, name: str, now: datetime, phrases: Phrases) -> Edit:
    """Return what would become of changing reply `number` to `text`. Raises CaseProblem: not theirs, gone, or no words."""
    if not text.strip():
        raise CaseProblem("There are no words in this reply.", key="empty")
    row = _row(work, number)
    event = _event(work, row)
    if row is None or event is None or event.who != who:
        raise CaseProblem("This reply is not yours, or it is gone.", key="not_yours")
    before = work.cipher.unseal(row.sealed)
    after = compose_from_nurse(text[:LONGEST], before["language"], name=name, phrases=phrases).content()
    edit = Edit(
        number,
        event.case_id,
        _fate(row, before, after, now),
        row.channel,
        {**before, "text": after["text"], "note": after["note"]},
    )
    if edit.fate != "sent":
        return edit
    return Edit(number, event.case_id, "sent", row.channel, edit.content, _recipient(work, row), row.platform_id or "")


def _fate(row: Any, before: dict[str, Any], after: dict[str, Any], now: datetime) -> Fate:
    if before["text"] == after["text"]:
        return "same"
    if row.state == "pending" and row.tries == 0:
        return "unsent"
    is_whole = bool(row.platform_id) and "," not in row.platform_id
    if row.state != "sent" or row.channel not in CHANGEABLE or not is_whole:
        return "cannot"
    return "sent" if now - row.sent_at <= WITHIN else "late"


def store(work: Work, edit: Edit, *, who: str, now: datetime) -> bool:
    """Keep the new words, and the ones before in an event. False: it left in this moment, look again."""
    locked(work, edit.case_id)
    row = _row(work, edit.number)
    if row is None:
        return False
    change = sa.update(outbound).where(outbound.c.id == edit.number, outbound.c.state == row.state)
    still_here = change.where(outbound.c.state == "pending", outbound.c.tries == 0) if edit.fate == "unsent" else change
    before = str(work.cipher.unseal(row.sealed)["text"])
    if work.execute(still_here.values(sealed=work.cipher.seal(edit.content))).rowcount != 1:
        return False
    content = {"outbound": edit.number, "before": before}
    key = f"edited:{edit.number}:{now.timestamp()}"
    add_event(work, edit.case_id, "edited", who=who, dedupe_key=key, now=now, content=content)
    audit.record(work, who=who, what="changed reply", subject=str(edit.case_id), now=now)
    return True


def _row(work: Work, number: int) -> Any:
    query = sa.select(*outbound.c, conversation.c.channel, conversation.c.patient_id)
    joined = query.join(conversation, conversation.c.id == outbound.c.conversation_id)
    return work.execute(joined.where(outbound.c.id == number, outbound.c.author == "nurse")).first()


def _event(work: Work, row: Any) -> CaseEvent | None:
    return None if row is None else event_with(work, f"reply:{row.dedupe_key.removeprefix('nurse:')}")


def _recipient(work: Work, row: Any) -> str:
    whose = sa.and_(identity.c.patient_id == row.patient_id, identity.c.channel == row.channel)
    sealed = work.execute(sa.select(identity.c.sealed).where(whose)).scalar()
    return "" if sealed is None else str(work.cipher.unseal(sealed))
