"""What is no message: who has left, who allows notices, and what became of one."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.followup import reminders
from bot.handoff.cases import note_unreachable, open_case_of
from bot.handoff.closing import close
from bot.inbox import conversations
from bot.outbox import waiting
from bot.outbox.store import drop_waiting
from bot.settings import Settings
from connectors.wechat import grants, ledger
from connectors.wechat.desk import is_for_desk
from connectors.wechat.incoming import CHANNEL, Decided, DeskClosed, Event, Left, Noticed

logger = logging.getLogger(__name__)

# Who has closed a case, in the log of who did what.
DESK = "wechat-desk"


class Relations:
    """Writes down what changes between a person and the account. The same event twice changes nothing more."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self._services, self._settings = services, settings

    async def changed(self, event: Event) -> None:
        """See to one event. Raises DatabaseProblem: WeChat asks again."""
        await self._services.write(lambda work: self._changed(work, event))

    def _changed(self, work: Work, event: Event) -> None:
        known = conversations.of_sender(work, CHANNEL, event.person)
        if known is None:  # nothing is kept of somebody who never wrote
            return
        if isinstance(event, Left):
            if not _is_after(known.last_at, event):  # else they are back: WeChat may tell late, and twice
                self._left(work, known.id, event)
        elif isinstance(event, Decided):
            lasting, now = self._settings.wechat_subscription_lasting, self._services.clock()
            grants.decide(work, known.id, event.consents, event=event.external_id, lasting=lasting, now=now)
        elif isinstance(event, DeskClosed):
            self._desk_closed(work, known.id, event)
        elif isinstance(event, Noticed):
            self._noticed(work, known.id, event)

    def _noticed(self, work: Work, conversation_id: str, event: Noticed) -> None:
        """Record what became of a notice. Of one that did not arrive the nurse hears, as long as something waits for the person."""
        if event.template:
            grants.settle_latest(work, conversation_id, event.template, arrived=event.arrived)
        if event.arrived:
            return
        now = self._services.clock()
        ledger.not_noticed(work, conversation_id)
        if waiting.is_parked(work, conversation_id) or waiting.is_leaving(work, conversation_id, now=now):
            note_unreachable(work, conversation_id, event.external_id, now=now)

    def _desk_closed(self, work: Work, conversation_id: str, event: DeskClosed) -> None:
        """Somebody at WeChat's desk has helped: what waited for a person at ours is done, and the bot answers again.

        Not what they asked for after that talk: WeChat may tell of its end late, and twice.
        """
        case = open_case_of(work, conversation_id)
        if case is None or _is_after(case.waiting_since or case.opened_at, event):
            return
        if is_for_desk(case) and case.claimed_by is None:
            phrases, now = self._services.content.current().phrases, self._services.clock()
            close(work, case.id, who=DESK, outcome="other", now=now, phrases=phrases)

    def _left(self, work: Work, conversation_id: str, event: Left) -> None:
        now = self._services.clock()
        ledger.leave(work, conversation_id, now=now)
        drop_waiting(work, conversation_id=conversation_id)
        reminders.nobody_there(work, conversation_id, now=now)
        note_unreachable(work, conversation_id, event.external_id, now=now)


def _is_after(at: datetime, event: Event) -> bool:
    """Return whether something happened after an event; WeChat tells whole seconds."""
    return at.replace(microsecond=0) > event.at
