"""What a person may see of the own conversation, as plain data for the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.inbox import conversations, history
from bot.inbox.history import Item
from bot.messages import Inbound
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


async def messages_after(services: Services, conversation_id: str, number: int) -> tuple[Item, ...]:
    """Return the next messages to the person, at most AT_ONCE."""
    return await services.read(lambda work: history.after(work, conversation_id, number, limit=AT_ONCE))


async def own_words(services: Services, conversation_id: str) -> list[dict[str, Any]]:
    """Return what the person wrote and is still kept."""
    items = await services.read(lambda work: history.own_words(work, conversation_id))
    return [{"id": client_id(item.content["id"]), "text": item.content["text"], "at": item.at.isoformat()} for item in items]


def shown(item: Item, *, resume: int) -> dict[str, Any]:
    """Return one message as the page gets it; `resume` is the number to go on from after it."""
    return {**item.content, "number": item.number, "author": item.author, "at": item.at.isoformat(), "resume": resume}


class Seen:
    """Which messages of a conversation were passed on, and where to go on."""

    def __init__(self, after: int) -> None:
        self._start, self._numbers = after, [after]

    @property
    def resume(self) -> int:
        """Return the number after which to read: a few messages back."""
        return self._numbers[-LOOK_BACK - 1] if len(self._numbers) > LOOK_BACK else self._start

    def new(self, items: Iterable[Item]) -> list[dict[str, Any]]:
        """Return those of `items` that were not passed on yet, and remember them."""
        fresh = []
        for item in items:
            if item.number not in self._numbers:
                self._numbers = sorted([*self._numbers, item.number])[-AT_ONCE - LOOK_BACK :]
                fresh.append(shown(item, resume=self.resume))
        return fresh
