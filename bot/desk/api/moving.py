"""What is done to a case but talking: who holds it, who gets it, when it comes back, how it ends."""

from __future__ import annotations

from collections.abc import Callable

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk import shapes
from bot.desk.acting import act
from bot.desk.asked import LONGEST_NOTE, LONGEST_REASON, Asked, Asking, moment
from bot.desk.content_store import ContentStore
from bot.desk.problems import Refused
from bot.handoff import claims, closing, moving
from bot.messages import Level
from bot.staff.access import CaseFacts, InCase, may
from bot.staff.people import of_handle

RAISED_TO: tuple[Level, ...] = ("E1", "E2", "U")
UNTIL_REPLY = "reply"


class Moving:
    """Acts on cases over the store of one gateway."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    async def claim(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """Hold the case; a lead may take it from who holds it."""
        take_over, phrases, who = asked.flag("take_over"), self._content.phrases, asking.staff

        def claim(work: Work) -> None:
            claims.claim(
                work, case_id, who=who.handle, name=who.name, now=asking.now, phrases=phrases, take_over=take_over
            )  # fmt: skip

        return await self._do(asking, case_id, "take_over" if take_over else "claim", claim)

    async def release(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """Give the conversation back to the bot."""
        who, phrases = asking.staff.handle, self._content.phrases
        return await self._do(
            asking, case_id, "claim", lambda work: claims.release(work, case_id, who=who, now=asking.now, phrases=phrases)
        )

    async def renew(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """Say that they are still at work on it."""
        who = asking.staff.handle
        return await self._do(asking, case_id, "claim", lambda work: claims.renew(work, case_id, who=who, now=asking.now))

    async def assign(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """Ask a colleague to take it. Who is off duty is not asked: it stays with the team, and the event says so."""
        to, phrases, who = asked.text("handle", 64, missing="wrong"), self._content.phrases, asking.staff.handle

        def give(work: Work) -> None:
            person = of_handle(work, to)
            if person is None or not may(person, "claim", CaseFacts("", None, person.handle)):
                raise Refused(400, "wrong")
            moving.assign(work, case_id, who=who, to=person.handle, now=asking.now, phrases=phrases)

        return await self._do(asking, case_id, "assign", give)

    async def transfer(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """Give it to another team, with a note. Then it may be theirs to see no more."""
        team, note = asked.text("team", 32, missing="wrong"), asked.maybe_text("note", LONGEST_NOTE)
        content, who = self._content, asking.staff.handle

        def give(work: Work) -> None:
            moving.transfer(
                work, case_id, who=who, team=team, note=note, now=asking.now, phrases=content.phrases, teams=content.teams
            )  # fmt: skip

        return await self._do(asking, case_id, "transfer", give)

    async def snooze(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """Let it sleep until a time, or until the patient writes."""
        value, reason = asked.data.get("until"), asked.maybe_text("reason", LONGEST_REASON)
        until = None if value == UNTIL_REPLY else moment(value)
        who, phrases = asking.staff.handle, self._content.phrases

        def sleep(work: Work) -> None:
            moving.snooze(work, case_id, who=who, until=until, reason=reason, now=asking.now, phrases=phrases)

        return await self._do(asking, case_id, "snooze", sleep)

    async def wake(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """End its sleep."""
        who = asking.staff.handle
        return await self._do(asking, case_id, "snooze", lambda work: moving.wake(work, case_id, who=who, now=asking.now))

    async def urgent(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """Raise its level by hand."""
        level: Level = asked.choice("level", RAISED_TO) if asked.data.get("level") is not None else "E2"
        who, teams = asking.staff.handle, self._content.teams

        def lift(work: Work) -> None:
            moving.raise_urgency(work, case_id, who=who, level=level, now=asking.now, teams=teams)

        return await self._do(asking, case_id, "urgent", lift)

    async def block(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """Read this person no more; red flags still come."""
        who, content = asking.staff.handle, self._content
        return await self._do(
            asking, case_id, "block", lambda work: moving.block(work, case_id, who=who, now=asking.now, content=content)
        )

    async def unblock(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """Read this person again."""
        who, content = asking.staff.handle, self._content
        return await self._do(
            asking, case_id, "block", lambda work: moving.unblock(work, case_id, who=who, now=asking.now, content=content)
        )

    async def close(self, asking: Asking, case_id: int, asked: Asked) -> shapes.Done:
        """End it, with what came of it."""
        outcome = asked.choice("outcome", closing.OUTCOMES)
        content, who = self._content, asking.staff
        department = asked.choice("department", tuple(content.triage.departments)) if asked.data.get("department") else None
        right = asked.data.get("department_right")
        if right is not None and not isinstance(right, bool):
            raise Refused(400, "wrong")

        def end(work: Work) -> None:
            closing.close(
                work, case_id, who=who.handle, name=who.name, outcome=outcome, department=department, department_right=right,
                now=asking.now, phrases=content.phrases,
            )  # fmt: skip

        return await self._do(asking, case_id, "close", end)

    async def reopen(self, asking: Asking, case_id: int, _: Asked) -> shapes.Done:
        """Let a closed case go on."""
        who = asking.staff.handle

        def again(work: Work) -> None:
            closing.reopen(work, case_id, who=who, now=asking.now)

        return await self._do(asking, case_id, "close", again)

    async def _do(self, asking: Asking, case_id: int, what: InCase, do: Callable[[Work], object]) -> shapes.Done:
        return (await act(self._store, asking, case_id, what, do))[1]

    @property
    def _content(self) -> Content:
        return self._store.content.current()
