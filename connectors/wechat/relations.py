"""What is no message: who has left, who allows notices, and what became of one."""

from __future__ import annotations

import logging

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.followup import reminders
from bot.handoff.cases import note_unreachable, open_case_of
from bot.handoff.closing import close
from bot.inbox import conversations
from bot.outbox.store import drop_waiting
from bot.settings import Settings
from connectors.wechat import grants, ledger
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
            self._left(work, known.id, event)
        elif isinstance(event, Decided):
            lasting, now = self._settings.wechat_subscription_lasting, self._services.clock()
            grants.decide(work, known.id, event.consents, event=event.external_id, lasting=lasting, now=now)
        elif isinstance(event, DeskClosed):
            self._desk_closed(work, known.id)
        elif isinstance(event, Noticed):
            grants.settle_latest(work, known.id, event.template, arrived=event.arrived)

    def _desk_closed(self, work: Work, conversation_id: str) -> None:
        """Somebody at WeChat's desk has helped: what waited for a person at ours is done, and the bot answers again."""
        case = open_case_of(work, conversation_id)
        if case is not None and case.reason == "person_requested" and case.claimed_by is None:
            phrases, now = self._services.content.current().phrases, self._services.clock()
            close(work, case.id, who=DESK, outcome="other", now=now, phrases=phrases)

    def _left(self, work: Work, conversation_id: str, event: Left) -> None:
        now = self._services.clock()
        ledger.leave(work, conversation_id, now=now)
        drop_waiting(work, conversation_id=conversation_id)
        reminders.nobody_there(work, conversation_id, now=now)
        note_unreachable(work, conversation_id, event.external_id, now=now)
