"""What is no message: who has left, who allows notices, and what became of one."""

from __future__ import annotations

import logging

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.handoff.cases import note_unreachable
from bot.inbox import conversations
from bot.outbox.store import drop_waiting
from bot.settings import Settings
from connectors.wechat import grants, ledger
from connectors.wechat.incoming import CHANNEL, Decided, Event, Left, Noticed

logger = logging.getLogger(__name__)


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
            self._left(work, known.id, event)
        elif isinstance(event, Decided):
            lasting, now = self._settings.wechat_subscription_lasting, self._services.clock()
            grants.decide(work, known.id, event.consents, event=event.external_id, lasting=lasting, now=now)
        elif isinstance(event, Noticed):
            grants.settle_latest(work, known.id, event.template, arrived=event.arrived)

    def _left(self, work: Work, conversation_id: str, event: Left) -> None:
        now = self._services.clock()
        ledger.leave(work, conversation_id, now=now)
        drop_waiting(work, conversation_id=conversation_id)
        note_unreachable(work, conversation_id, event.external_id, now=now)
