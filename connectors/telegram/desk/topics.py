"""One case brought to its topic: topic, card, posts, name, buttons, closed or open. After every call it is noted what was done.

Killed between two calls nothing is lost, and at most the one post that was on its way is there twice. A topic whose making was
not noted is made again; the first one stays empty, and the log says so: no bot can look for it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.privacy import audit
from connectors.telegram.desk import rows
from connectors.telegram.desk.calls import Calls, Later, MessageLost, Refused, TopicLost, TopicShut
from connectors.telegram.desk.cards import About, Card, card_of, name_of
from connectors.telegram.desk.lines import Style, posts
from connectors.telegram.desk.reading import View
from connectors.telegram.desk.rows import Topic
from connectors.telegram.desk.text import Text

logger = logging.getLogger(__name__)

# What a patient writes within this time is one post; who goes on writing is not waited for longer than that.
MERGE, MERGE_AT_MOST = timedelta(seconds=3), timedelta(seconds=9)
# These are told at once.
AT_ONCE = frozenset({"raised", "urgent", "reopened", "unreachable", "late", "not_sent"})


@dataclass(frozen=True)
class Shown:
    """Everything that is needed to bring one case to its topic."""

    topic: Topic
    view: View
    about: About
    style: Style
    chat: int
    now: datetime


class Topics:
    """Does for one case what is missing, one call after the other. Raises Later, GroupLost, DatabaseProblem."""

    def __init__(self, calls: Calls, services: Services) -> None:
        self._calls, self._services = calls, services

    async def bring(self, shown: Shown) -> None:
        """Bring a case to its topic, until everything is shown that happened."""
        if shown.topic.thread is not None and shown.topic.chat != shown.chat:
            shown = await self._leave(shown)
        if shown.topic.thread is None:
            if shown.view.case.state == "closed":
                await self._note(shown, state="closed", **_told(shown.view))
                return
            shown = await self._make(shown)
        try:
            await self._update(shown)
        except TopicLost:
            await self._services.write(lambda work: rows.lose(work, shown.topic, now=shown.now))
            raise Later(0.0) from None
        except TopicShut:
            await self._calls.open_topic(shown.chat, self._thread(shown))
            raise Later(0.0) from None
        except MessageLost:  # somebody deleted the card, or the whole topic: writing it anew tells which
            await self._note(shown, card=None, head="")
            raise Later(0.0) from None

    async def _update(self, shown: Shown) -> None:
        if shown.topic.card is None:
            await self._card(shown)
            return
        if shown.view.case.state != "closed" and shown.topic.state == "closed":
            self._room(shown, urgent=True)
            await self._same_is_fine(self._calls.open_topic(shown.chat, self._thread(shown)))
            shown = await self._note(shown, state="open")
        shown = await self._posts(shown)
        shown = await self._name(shown)
        shown = await self._refresh(shown)
        if shown.view.case.state == "closed" and shown.topic.state == "open":
            self._room(shown, urgent=False)
            await self._same_is_fine(self._calls.shut_topic(shown.chat, self._thread(shown)))
            await self._note(shown, state="closed")

    async def _make(self, shown: Shown) -> Shown:
        self._room(shown, urgent=shown.view.is_urgent)
        name = name_of(shown.view, shown.style)
        if shown.topic.making:
            logger.warning("a topic may have been made twice", extra={"case_id": shown.view.case.id})
        await self._services.write(lambda work: rows.save(work, shown.topic.id, making=True))
        thread = await self._calls.create_topic(shown.chat, name)
        return await self._note(shown, state="open", thread=thread, chat=shown.chat, name=name, card=None, making=False)

    async def _card(self, shown: Shown) -> None:
        card, view = self._made(shown), shown.view
        self._room(shown, urgent=view.is_urgent, more=len(card.rest))
        number = await self._calls.post(
            shown.chat,
            self._thread(shown),
            card.text,
            keys=card.keys,
            silent=view.case.state != "waiting",
        )
        upto: dict[str, Any] = {"card_in": view.last_in, "card_out": view.last_out}
        shown = await self._note(shown, card=number, head=card.head, **upto, **_told(view), posted=number)
        for part in card.rest:  # the transcript goes on; the desk has it, should we be killed here
            text = Text(shown.style.language).add(part, "expandable_blockquote")
            more = await self._calls.post(shown.chat, self._thread(shown), text)
            shown = await self._note(shown, posted=more)

    async def _posts(self, shown: Shown) -> Shown:
        view = shown.view
        found = posts(view, shown.style, quiet=shown.topic.quiet)
        if found:
            self._merge(shown)
        for post in found:
            self._room(shown, urgent=view.is_urgent)
            number = await self._calls.post(shown.chat, self._thread(shown), post.text, silent=not _wakes(view))
            shown = await self._note(shown, **post.told, posted=number, receipt="post" if post.speaks else "line")
        if not found and view.last_event > shown.topic.told_event:
            shown = await self._note(shown, told_event=view.last_event)
        return shown

    def _merge(self, shown: Shown) -> None:
        """Wait for the rest of what the patient is writing, and for a reply that may still be taken back."""
        view = shown.view
        if view.held is not None:
            raise Later((view.held - shown.now).total_seconds() + 0.2)
        wrote = [event.at for event in view.events if event.what == "message"]
        wrote += [one.at for one in view.new if one.kind == "in"]
        if not wrote or any(event.what in AT_ONCE for event in view.events):
            return
        until = min(max(wrote) + MERGE, min(wrote) + MERGE_AT_MOST)
        if until > shown.now:
            raise Later((until - shown.now).total_seconds())

    async def _name(self, shown: Shown) -> Shown:
        name = name_of(shown.view, shown.style)
        if name == shown.topic.name:
            return shown
        self._room(shown, urgent=shown.view.is_urgent)
        await self._same_is_fine(self._calls.rename_topic(shown.chat, self._thread(shown), name))
        return await self._note(shown, name=name)

    async def _refresh(self, shown: Shown) -> Shown:
        card = self._made(shown)
        if card.head == shown.topic.head or shown.topic.card is None:
            return shown
        self._room(shown, urgent=False)
        await self._same_is_fine(self._calls.change(shown.chat, shown.topic.card, card.text, card.keys))
        return await self._note(shown, head=card.head)

    async def _leave(self, shown: Shown) -> Shown:
        """The case belongs to another group now: the topic in the old one is closed, with a word."""
        old, thread = shown.topic.chat, self._thread(shown)
        moved = Text(shown.style.language).add(shown.style.say("moved_to_other_group"))
        try:
            if self._calls.wait(old) > 0:
                raise Later(self._calls.wait(old))
            await self._calls.post(old, thread, moved)
            await self._same_is_fine(self._calls.shut_topic(old, thread))
        except (TopicLost, TopicShut, MessageLost, Refused):
            pass
        return await self._note(shown, state="wanted", chat=shown.chat, thread=None, card=None, head="", name="")

    def _made(self, shown: Shown) -> Card:
        return card_of(shown.view, shown.about, shown.style, now=shown.now)

    def _room(self, shown: Shown, *, urgent: bool, more: int = 0) -> None:
        wait = self._calls.wait(shown.chat, urgent=urgent, more=more)
        if wait > 0:
            raise Later(wait, crowded=True)

    async def _same_is_fine(self, call: Any) -> None:
        try:
            await call
        except Refused as refused:
            if not refused.is_same:
                raise

    def _thread(self, shown: Shown) -> int:
        assert shown.topic.thread is not None
        return shown.topic.thread

    async def _note(self, shown: Shown, *, posted: int = 0, receipt: str = "post", **changes: Any) -> Shown:
        """Store what was done; a reply to what was `posted` as a "post" goes to the patient, one to a "line" nowhere."""

        until = self._services.clock() + rows.LEASE

        def store(work: Work) -> None:
            rows.save(work, shown.topic.id, lease_until=until, **changes)
            if posted:
                rows.link(work, shown.view.case.id, posted, receipt, now=shown.now)
                audit.record(work, who="telegram", what="told staff group", subject=str(shown.view.case.id), now=shown.now)

        await self._services.write(store)
        return replace(shown, topic=replace(shown.topic, **changes))


def _told(view: View) -> dict[str, Any]:
    return {"told_event": view.last_event, "told_inbound": view.last_in, "upto_out": view.last_out}


def _wakes(view: View) -> bool:
    """Whether a post makes a sound: the patient wrote, or it got worse. What colleagues did makes none."""
    wrote = any(one.kind == "in" for one in view.new) or any(event.what == "message" for event in view.events)
    return wrote or any(event.what in AT_ONCE for event in view.events)
