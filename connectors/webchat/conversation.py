"""What a person may see of the own conversation, as plain data for the page."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.inbox import conversations, history
from bot.inbox.history import Item
from bot.messages import Inbound
from bot.pictures import svg
from bot.pictures.drawing import drawing_from
from connectors.webchat.session import client_id

CHANNEL = "webchat"
# Numbers are given before they are committed: of two messages written at once the lower may be seen later. So a page
# goes on some messages before the last one it has, and skips what it knows.
LOOK_BACK = 5
AT_ONCE = 200


async def find(services: Services, token: str) -> str | None:
    """Return the id of this person's conversation, or None before the first message."""
    someone = Inbound(CHANNEL, external_id="", sender=token, text="", sent_at=services.clock())

    def look(work: Work) -> str | None:
        known = conversations.find(work, conversations.conversation_key(work, someone))
        return None if known is None else known.id

    return await services.read(look)


@dataclass(frozen=True)
class Page:
    """Some messages to the person, and the number of the `first` that is kept: what a page shows before it was erased."""

    items: tuple[Item, ...]
    first: int

    @property
    def is_full(self) -> bool:
        """Whether there may be more."""
        return len(self.items) >= AT_ONCE - LOOK_BACK


async def messages_after(services: Services, conversation_id: str, number: int, *, known: Collection[int] = ()) -> Page:
    """Return the next messages to the person, at most AT_ONCE, without the `known` ones."""

    def look(work: Work) -> Page:
        items = history.shown_after(work, conversation_id, number, limit=AT_ONCE, known=known)
        return Page(items, history.first_kept(work, conversation_id) if items else 0)

    return await services.read(look)


async def picture(services: Services, conversation_id: str, number: int) -> str | None:
    """Return the picture of a message to this person as SVG, or None."""
    stored = await services.read(lambda work: history.picture_in(work, conversation_id, number))
    return None if stored is None else await asyncio.to_thread(svg.draw, drawing_from(stored))


async def own_words(services: Services, conversation_id: str) -> list[dict[str, Any]]:
    """Return what the person wrote and is still kept."""
    items = await services.read(lambda work: history.own_words(work, conversation_id))
    return [{"id": client_id(item.content["id"]), "text": item.content["text"], "at": item.at.isoformat()} for item in items]


class Seen:
    """Which messages of a conversation were passed on, and where to go on."""

    def __init__(self, after: int) -> None:
        self._start, self._numbers = after, [after]

    @property
    def known(self) -> frozenset[int]:
        """Return the numbers that were passed on lately."""
        return frozenset(self._numbers)

    @property
    def resume(self) -> int:
        """Return the number after which to read: a few messages back."""
        return self._numbers[-LOOK_BACK - 1] if len(self._numbers) > LOOK_BACK else self._start

    def new(self, page: Page) -> list[dict[str, Any]]:
        """Return those messages that were not passed on yet, as the page gets them, and remember them."""
        fresh = []
        for item in page.items:
            if item.number not in self._numbers:
                self._numbers = sorted([*self._numbers, item.number])[-AT_ONCE - LOOK_BACK :]
                place = {"number": item.number, "resume": self.resume, "first": page.first}
                shown = {**item.content, "picture": _picture(item)}
                fresh.append({**shown, **place, "author": item.author, "at": item.at.isoformat()})
        return fresh


def _picture(item: Item) -> dict[str, Any] | None:
    """Return where the page gets the picture of a message, and what it shows in words."""
    picture = item.content.get("picture")
    if not picture:
        return None
    size = {side: picture["drawing"][side] for side in ("width", "height")}
    return {"address": f"/chat/api/pictures/{item.number}.svg", "alt": picture["alt"], **size}
