"""One masked field, to one person, written down before it is shown. It stands in no later answer."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.engine import Work
from bot.database.tables import care_case, conversation
from bot.desk import shapes, thread
from bot.desk.acting import act
from bot.desk.asked import Asked, Asking
from bot.desk.problems import Refused
from bot.desk.store import Store
from bot.handoff.said import words_of
from bot.inbox.conversations import address
from bot.privacy import audit

# What may be revealed beside the words of an item: the id of the person on their platform.
FIELDS = ("address",)


async def reveal(store: Store, asking: Asking, case_id: int, asked: Asked) -> shapes.Revealed:
    """Return one field as it is. Raises Refused when it is not kept, or is not of this case."""
    field = asked.text("field", 40, missing="wrong")

    def look(work: Work) -> str:
        value = _address(work, case_id) if field in FIELDS else _words(work, case_id, field)
        what = "address" if field in FIELDS else field.partition(":")[0]
        audit.record(work, who=asking.staff.handle, what=f"revealed {what}", subject=str(case_id), now=asking.now)
        return value

    value, _ = await act(store, asking, case_id, "reveal", look)
    return {"field": field, "value": value}


def _address(work: Work, case_id: int) -> str:
    query = sa.select(conversation.c.id, conversation.c.channel).join(care_case, care_case.c.conversation_id == conversation.c.id)
    row = work.execute(query.where(care_case.c.id == case_id)).first()
    found = None if row is None else address(work, row.id, row.channel)
    if found is None:
        raise Refused(404, "gone")
    return found


def _words(work: Work, case_id: int, key: str) -> str:
    piece = thread.one(work, case_id, key)
    words = "" if piece is None or piece.kind == "event" else words_of(piece.content)
    if not words:
        raise Refused(404, "gone")
    return words
