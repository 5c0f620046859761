"""A person with chats, a case, nurses: what the tests of cases share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.clock import utc_now
from bot.content.load import Content
from bot.database.engine import Database, Work
from bot.database.tables import inbound, outbound, staff
from bot.handoff import cases, claims, closing, replies
from bot.handoff.cases import Case, Cause
from bot.inbox import conversations
from bot.inbox.conversations import Conversation, Defaults
from bot.messages import Inbound

NOW = utc_now()


@dataclass
class Ward:
    """A database with one person who may write, and nurses who act; `now` moves by `passes`."""

    database: Database
    content: Content
    now: datetime = NOW
    numbers: list[int] = field(default_factory=lambda: [0])

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    def chat(self, channel: str = "webchat", sender: str = "p", *, language: str = "en") -> Conversation:
        """A conversation of somebody new."""
        message = Inbound(channel, self.key(), sender, "hi", self.now)
        with self.database.write() as work:
            return conversations.create(work, message, language=language, defaults=Defaults("en", "CN"), now=self.now)

    def case(self, chat: Conversation, reason: str = "person_requested", level: str = "R", **more: Any) -> Case:
        with self.database.write() as work:
            cause = Cause(reason, level, more.pop("key", self.key()), **more)
            return cases.open_case(work, chat.id, cause, now=self.now, teams=self.content.teams)[0]

    def writes(self, chat: Conversation, text: str = "and now?") -> None:
        """The person writes while their case is open."""
        with self.database.write() as work:
            case = cases.open_case_of(work, chat.id)
            row = {
                "conversation_id": chat.id,
                "channel": chat.channel,
                "external_id": self.key(),
                "kind": "text",
                "state": "handled",
            }
            sealed = work.cipher.seal({"text": text})
            number = work.execute(inbound.insert().values(**row, attempts=0, received_at=self.now, sealed=sealed))
            where = {"conversation_id": chat.id, "language": chat.language, "teams": self.content.teams}
            cases.add_message(work, case, number.inserted_primary_key[0], now=self.now, **where)

    def claims(self, case: Case, who: str = "ana", **more: Any) -> Case:
        return self.does(lambda work: claims.claim(work, case.id, who=who, name=who.title(), **self.how, **more))

    def replies(self, case: Case, text: str = "I am here.", who: str = "ana", **more: Any) -> int:
        key = more.pop("key", None) or self.key()
        act = {"who": who, "name": who.title(), "dedupe_key": key, **self.how, **more}
        return self.does(lambda work: replies.reply(work, case.id, text, **act))

    def releases(self, case: Case, who: str = "ana") -> None:
        self.does(lambda work: claims.release(work, case.id, who=who, **self.how))

    def closes(self, case: Case, who: str = "ana", outcome: str = "advised", **more: Any) -> Case:
        return self.does(lambda work: closing.close(work, case.id, who=who, outcome=outcome, **self.how, **more))

    def does(self, act: Any) -> Any:
        with self.database.write() as work:
            return act(work)

    @property
    def how(self) -> dict[str, Any]:
        return {"now": self.now, "phrases": self.content.phrases}

    def key(self) -> str:
        self.numbers[0] += 1
        return f"key-{self.numbers[0]}"

    def looks(self, case: Case) -> Case:
        with self.database.read() as work:
            return cases.case_of(work, case.id)

    def happened(self, case: Case) -> list[str]:
        with self.database.read() as work:
            return [event.what for event in cases.events(work, case.id)]

    def texts(self, chat: Conversation | None = None) -> list[str]:
        """What patients were sent, oldest first; held replies too."""
        query = sa.select(outbound.c.sealed).order_by(outbound.c.id)
        if chat is not None:
            query = query.where(outbound.c.conversation_id == chat.id)
        with self.database.read() as work:
            return [work.cipher.unseal(sealed)["text"] for sealed in work.execute(query).scalars()]

    def hires(self, handle: str, *, duty: str = "on", state: str = "active", teams: str = "nurses") -> int:
        """Make an account of the staff and return its number."""
        row = {
            "handle": handle,
            "role": "nurse",
            "state": state,
            "teams": teams,
            "languages": "en",
            "language": "en",
            "duty": duty,
        }
        with self.database.write() as work:
            return hire(work, row, self.now)


def hire(work: Work, row: dict[str, Any], now: datetime) -> int:
    data = {"name": row["handle"].title(), "email": "", "telegram": "", "preferences": {}}
    made = work.execute(staff.insert().values(**row, created_at=now, sealed=work.cipher.seal(data)))
    return int(made.inserted_primary_key[0])
