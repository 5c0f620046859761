"""What became of a nurse's message, shown where she wrote it: 👀 taken, 👍 delivered, or a reply that says why not and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.database.tables import conversation, desk_message, outbound
from bot.handoff.case_rows import case_of
from bot.handoff.problems import CaseProblem
from connectors.telegram.desk import rows
from connectors.telegram.desk.calls import Calls, GroupLost, Later, MessageLost, Refused, TopicLost, TopicShut
from connectors.telegram.desk.groups import StaffGroups
from connectors.telegram.desk.rows import Topic
from connectors.telegram.desk.text import Text

TAKEN, DELIVERED = "👀", "👍"
# Of a nurse's message: it waits; it is held back until the patient writes, which was said.
WAITS, HELD_BACK = "wait", "parked"
MOST_AT_ONCE = 10
_OPEN = (WAITS, HELD_BACK)
_OVER = ("sent", "dead", "parked", "undone", "cancelled")


@dataclass(frozen=True)
class Due:
    """A message of a nurse whose fate is known and not shown yet."""

    id: int
    case_id: int
    desk_id: int
    receipt: str
    state: str
    problem: str
    channel: str


class Receipts:
    """Shows receipts."""

    def __init__(self, calls: Calls, groups: StaffGroups, services: Services) -> None:
        self._calls, self._groups, self._services = calls, groups, services

    async def show_due(self) -> None:
        """Show what is known by now. What cannot be shown now is shown later."""
        for due in await self._services.read(_due):
            topic = await self._services.read(lambda work, number=due.case_id: rows.of_case(work, number))  # type: ignore[misc]
            if topic is None or topic.thread is None:
                await self._mark(due, "lost")
                continue
            try:
                await self._show(due, topic)
            except (Later, GroupLost):
                return
            except (TopicLost, TopicShut, MessageLost, Refused):  # deleted meanwhile: nobody is there to be shown anything
                await self._mark(due, "lost")

    async def _show(self, due: Due, topic: Topic) -> None:
        if due.state == "sent":
            await self._calls.react(topic.chat, due.desk_id, DELIVERED)
            await self._mark(due, "sent")
        elif due.state in ("undone", "cancelled"):
            await self._mark(due, "undone")
        elif not (due.state == "parked" and due.receipt == HELD_BACK):
            await self._explain(due, topic)

    async def _explain(self, due: Due, topic: Topic) -> None:
        wait = self._calls.wait(topic.chat, urgent=True)
        if wait > 0:
            raise Later(wait)
        content = self._services.content.current()

        def look(work: Work) -> Text:
            style = self._groups.style(case_of(work, due.case_id), content)
            return Text(style.language).add(style.say(f"failed_{reason_of(due)}"))

        try:
            text = await self._services.read(look)
        except CaseProblem:  # erased
            await self._mark(due, "lost")
            return
        await self._calls.post(topic.chat, topic.thread or 0, text, answers=due.desk_id, silent=False)
        await self._mark(due, HELD_BACK if due.state == "parked" else "failed")

    async def _mark(self, due: Due, receipt: str) -> None:
        await self._services.write(lambda work: rows.mark(work, due.id, receipt))


def reason_of(due: Due) -> str:
    """Return why a message was not delivered, as the end of a phrase. Pure."""
    if due.state == "parked":
        return "window"
    if due.problem == "Closed":
        return "blocked" if due.channel in ("telegram", "webchat") else "closed"
    return "unknown" if due.problem == "Unknown" else "refused"


def _due(work: Work) -> tuple[Due, ...]:
    columns = [desk_message.c[name] for name in ("id", "case_id", "desk_id", "receipt")]
    over = sa.and_(desk_message.c.receipt.in_(_OPEN), outbound.c.state.in_(_OVER))
    shown = sa.and_(desk_message.c.receipt == HELD_BACK, outbound.c.state == "parked")
    query = (
        sa.select(*columns, outbound.c.state, outbound.c.problem, conversation.c.channel)
        .join(outbound, outbound.c.id == desk_message.c.outbound_id)
        .join(conversation, conversation.c.id == outbound.c.conversation_id)
        .where(over, ~shown)
        .order_by(desk_message.c.id)
        .limit(MOST_AT_ONCE)
    )
    return tuple(Due(**{**row._mapping, "problem": row.problem or ""}) for row in work.execute(query))
