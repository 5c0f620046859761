"""What one entry of the list means for us: a message is stored, an event changes what we know. Safe to be taken twice."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem, Work
from bot.database.tables import outbound
from bot.handoff.cases import note_unreachable
from bot.inbox import conversations
from bot.inbox.late import is_late
from bot.inbox.mistakes import log_mistake
from bot.languages import LANGUAGES, Language
from bot.messages import Button, Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.waiting import is_parked, unpark
from bot.scenes.codes import code_in
from bot.triage.hotlines import emergency_number
from connectors.contract import Malformed
from connectors.numbered import choice_at, chosen, number_meant
from connectors.right_to_left import for_reading
from connectors.tencent.api import Api, describe
from connectors.wecom import calls, windows
from connectors.wecom.messages import CHANNEL, Entered, Event, Ignored, NotDelivered, Said, StaffCame, StaffLeft, read
from connectors.wecom.rendering import choice_of
from connectors.wecom.sessions import Sessions

logger = logging.getLogger(__name__)

MOST_SCENES = 5000
_NUMBERED = re.compile(r"^\d{1,2}\. ")


class Intake:
    """Takes entries one after the other. Calls that only make it nicer run beside and may fail."""

    def __init__(self, services: Services, api: Api, sessions: Sessions) -> None:
        self._services, self._api, self._sessions = services, api, sessions
        self._beside: set[asyncio.Task[None]] = set()
        # Who came with which code of a poster and has not written yet. Lost with the process: then it is a plain hello.
        self._scenes: OrderedDict[str, str] = OrderedDict()

    async def take(self, item: Any) -> None:
        """See to one entry. Raises DatabaseProblem when it could not be stored: the page must come again.

        What cannot be read, or is met by a mistake of ours, is counted and done with: it would stop all others behind it.
        """
        try:
            await self._take(read(item))
        except Malformed:
            self._count("malformed")
        except DatabaseProblem:
            raise
        except Exception as error:
            log_mistake(logger, "an entry was not understood by a mistake of ours", error)
            self._count("mistake")

    async def stop(self) -> None:
        """Let go of what runs beside."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _take(self, event: Event) -> None:
        if isinstance(event, Said):
            await self._said(event)
        elif isinstance(event, Entered):
            self._entered(event)
        elif isinstance(event, NotDelivered):
            await self._services.write(lambda work: self._not_delivered(work, event))
        elif isinstance(event, StaffCame):
            await self._sessions.came(event)
        elif isinstance(event, StaffLeft):
            await self._left(event)
        elif isinstance(event, Ignored):
            self._count(event.kind.replace(" ", "_"))

    async def _left(self, event: StaffLeft) -> None:
        language = await self._sessions.left(event)
        if language is not None:
            self._run(self._sessions.say(event.code, "handoff.closed", language))

    async def _said(self, said: Said) -> None:
        known, meant = await self._services.read(lambda work: self._meant(work, said))
        if known:  # first: what has waited for this goes before what is answered to it
            await self._services.write(lambda work: self._wrote(work, known, said))
        if meant is not None:  # else it was "1": go on, said to us and not to the assistant
            receipt = await self._services.inbox.receive(meant)
            self._scenes.pop(said.customer.sender, None)
            if not known:
                await self._services.write(lambda work: self._wrote(work, receipt.conversation_id, said))
        self._services.feed.outgoing.set()

    def _wrote(self, work: Work, conversation_id: str, said: Said) -> None:
        windows.wrote(work, conversation_id, at=said.sent_at)
        unpark(work, conversation_id)

    def _meant(self, work: Work, said: Said) -> tuple[str, Inbound | None]:
        """Return the conversation ("": a new one) and the message as the inbox takes it.

        None: it only asks for what is left of an earlier answer.
        """
        message = Inbound(
            channel=CHANNEL,
            external_id=said.msgid,
            sender=said.customer.sender,
            text=said.text,
            sent_at=said.sent_at,
            kind=said.kind,
            scene=self._scenes.get(said.customer.sender, ""),
        )
        found = conversations.of_sender(work, CHANNEL, said.customer.sender)
        known = "" if found is None else found.id
        # One that we could not fetch in time: whoever wrote it has acted since, so a nurse looks, not the bot.
        if is_late(said.sent_at, self._services.clock()):
            return known, replace(message, kind="late")
        return known, _chosen(work, known, said, message) if known and said.kind == "text" else message

    def _entered(self, entered: Entered) -> None:
        code = code_in(entered.scene)
        if code:
            self._scenes[entered.customer.sender] = code
            if len(self._scenes) > MOST_SCENES:
                self._scenes.popitem(last=False)
        if entered.code:
            self._run(self._welcome(entered.code))

    async def _welcome(self, code: str) -> None:
        await calls.send_on_event(self._api, code, self.hello())

    def hello(self) -> str:
        """Return the words for somebody of whom we know nothing yet, not even the language: in all of them, ours first."""
        content, settings = self._services.content.current(), self._services.settings
        mine: Language = settings.language
        lines = []
        for language in sorted(LANGUAGES, key=lambda one: one != mine):
            number = emergency_number(settings.region, language, tables=content.triage)
            words = content.phrases.get("wecom.hello", language, emergency=number)
            if language != mine:  # ours stands below all, as in every message
                words = f"{words} {content.phrases.get('disclaimer.short', language)}"
            lines.append(for_reading(words, language))
        return for_reading(compose(Reply("\n".join(lines), kind="notice"), mine, phrases=content.phrases).text, mine)

    def _not_delivered(self, work: Work, failed: NotDelivered) -> None:
        """Mark a message that WeCom took and could not deliver; the nurse of an open case is told."""
        known = conversations.of_sender(work, CHANNEL, failed.customer.sender)
        if known is None or not failed.msgid:
            return
        mine = sa.and_(outbound.c.conversation_id == known.id, outbound.c.platform_id.contains(failed.msgid, autoescape=True))
        for number in work.execute(sa.select(outbound.c.id).where(mine)).scalars().all():
            work.execute(sa.update(outbound).where(outbound.c.id == number).values(state="dead", problem="Closed"))
            note_unreachable(work, known.id, number, now=self._services.clock())

    def _run(self, act: Coroutine[Any, Any, None]) -> None:
        async def quietly() -> None:
            try:
                await act
            except Exception as failure:
                logger.warning("a call beside did not work", extra={"error": describe(failure)})

        task = asyncio.create_task(quietly())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _count(self, kind: str) -> None:
        self._services.metrics.ignored.labels(CHANNEL, kind).inc()


def _chosen(work: Work, conversation_id: str, said: Said, message: Inbound) -> Inbound | None:
    """Return the message as the choice that it is, if it is one. None: "1", read on."""
    reads_on = number_meant(said.text) == 1 and not said.menu and is_parked(work, conversation_id)
    if reads_on and not _ends_with_choices(work, conversation_id):
        return None
    choice = _choice(work, conversation_id, said)
    if choice is not None:
        return replace(message, text=choice.title, payload=choice.payload, kind="button")
    return replace(message, text=_NUMBERED.sub("", said.text)) if said.menu else message


def _choice(work: Work, conversation_id: str, said: Said) -> Button | None:
    tapped = choice_of(said.menu) if said.menu else None
    if tapped is not None:
        return choice_at(work, conversation_id, *tapped)
    return chosen(work, conversation_id, said.text)


def _ends_with_choices(work: Work, conversation_id: str) -> bool:
    """Return whether the latest message that was sent has choices, so that a number means one of them."""
    sent = sa.and_(outbound.c.conversation_id == conversation_id, outbound.c.state == "sent")
    sealed = work.execute(sa.select(outbound.c.sealed).where(sent).order_by(outbound.c.id.desc()).limit(1)).scalar()
    return sealed is not None and bool(work.cipher.unseal(sealed).get("buttons"))
