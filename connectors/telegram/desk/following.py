"""Follows what happens to cases and brings it to the groups: the most urgent first, as fast as Telegram lets us, until stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime, timedelta

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem, Work
from bot.inbox.mistakes import log_mistake
from connectors.telegram.desk import overflow, reading, rows
from connectors.telegram.desk.about import about_of
from connectors.telegram.desk.calls import Calls, GroupLost, Later, MessageLost, Refused, TopicLost, TopicShut
from connectors.telegram.desk.groups import StaffGroups
from connectors.telegram.desk.lines import Style
from connectors.telegram.desk.receipts import Receipts
from connectors.telegram.desk.rows import Topic
from connectors.telegram.desk.topics import Shown, Topics

logger = logging.getLogger(__name__)

LOOK_S = 0.4
# What another process left, what became due by the clock alone, and what this one overlooked.
SWEEP_S = 20.0
# A case that is older when the group is set up is at the desk only.
WORTH_A_TOPIC = timedelta(days=2)
# Numbers are given before they are committed: so many are looked at again.
LOOK_BACK = 50
MOST_AT_ONCE = 6
REFUSED_AGAIN_S = 300.0


class Following:
    """The rounds of one gateway."""

    def __init__(self, calls: Calls, groups: StaffGroups, services: Services, *, look_s: float = LOOK_S) -> None:
        self._calls, self._groups, self._services, self._look_s = calls, groups, services, look_s
        self._topics, self._receipts = Topics(calls, services), Receipts(calls, groups, services)
        self._seen = 0
        self._swept: datetime | None = None
        self._waiting: dict[int, datetime] = {}  # cases to look at, and when
        self._ending = False

    def end(self) -> None:
        """Come to an end at the next step."""
        self._ending = True

    def look_at(self, case_id: int) -> None:
        """Bring a case to its topic on the next round."""
        self._waiting[case_id] = self._services.clock()

    async def run(self) -> None:
        """Run until told to end. A round that fails is tried again."""
        if not self._services.database.has_company:
            with contextlib.suppress(DatabaseProblem):  # then they end by themselves
                await self._services.write(rows.take_back)
        while not self._ending:
            try:
                await self.round()
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                log_mistake(logger, "a round failed in the staff group, it is tried again", error)
            await asyncio.sleep(self._look_s)

    async def round(self) -> None:
        """Do what is due now."""
        if await self._groups.look(now=self._services.clock()):  # what had to wait is due, the most urgent first
            self._waiting = dict.fromkeys(self._waiting, self._services.clock())
        await self._find()
        for case_id in await self._due():
            if self._ending:
                return
            self._waiting.pop(case_id, None)
            await self._bring(case_id)
        await self._receipts.show_due()
        await self._delete_erased()

    async def _find(self) -> None:
        """Note which cases something has happened to."""
        now, seen = self._services.clock(), self._seen
        sweep = self._swept is None or (now - self._swept).total_seconds() > SWEEP_S

        def look(work: Work) -> tuple[int, list[int]]:
            last = rows.last_event(work)
            found = rows.behind(work, opened_after=now - WORTH_A_TOPIC, now=now) if sweep else []
            if not sweep and last != seen:
                found = rows.changed_since(work, seen - LOOK_BACK if last > seen else last - LOOK_BACK)
            return last, found

        self._seen, found = await self._services.read(look)
        if sweep:
            self._swept = now
        for case_id in found:
            self._waiting.setdefault(case_id, now)

    async def _due(self) -> list[int]:
        """Return a few of the cases that are due, the most urgent first."""
        now = self._services.clock()
        due = [case_id for case_id, at in self._waiting.items() if at <= now]
        if not due:
            return []
        return (await self._services.read(lambda work: rows.by_risk(work, due)))[:MOST_AT_ONCE] or self._forget(due)

    def _forget(self, gone: list[int]) -> list[int]:
        for case_id in gone:  # erased
            self._waiting.pop(case_id, None)
        return []

    async def _bring(self, case_id: int) -> None:
        now = self._services.clock()
        topic = await self._services.write(lambda work: rows.take(work, case_id, now=now))
        if topic is None:  # somebody else is at it, or it rests: the sweep finds it again
            return
        rest: float | None = None
        try:
            await self._show(topic, now)
        except Later as later:
            rest = later.seconds
            if later.crowded:
                await self._tell_directly(case_id)
        except (Refused, TopicLost, TopicShut, MessageLost) as error:
            log_mistake(logger, "Telegram refused something of the staff group", error)
            rest = REFUSED_AGAIN_S
        except GroupLost as lost:
            self._groups.lost(topic.chat, lost.why)
            rest = self._groups.again_s
            await self._tell_directly(case_id)
        finally:
            if rest is not None:
                self._waiting[case_id] = self._services.clock() + timedelta(seconds=rest)
            await self._services.write(lambda work: rows.let_go(work, topic.id))

    async def _show(self, topic: Topic, now: datetime) -> None:
        content = self._services.content.current()

        def look(work: Work) -> tuple[reading.View, Style] | None:
            view = reading.read(work, topic, content, now=now)
            return None if view is None else (view, self._groups.style(view.case, content))

        found = await self._services.read(look)
        if found is None:
            return
        view, style = found
        chat = self._groups.places.of(view.case)
        if chat is None or self._groups.problem_of(chat):
            await self._tell_directly(view.case.id)
            if chat is not None:
                raise Later(self._groups.again_s)
            return
        about = await self._services.read(lambda work: about_of(work, view.case, content, style.language))
        await self._topics.bring(Shown(topic, view, about, style, chat, now))

    async def _tell_directly(self, case_id: int) -> None:
        now = self._services.clock()
        await self._services.write(lambda work: overflow.tell(work, case_id, now=now))

    async def _delete_erased(self) -> None:
        """Delete the topics of patients who had everything erased: with them their words go from Telegram."""
        now = self._services.clock()
        if not await self._services.read(lambda work: rows.has_orphans(work, now=now)):
            return
        topic = await self._services.write(lambda work: rows.take_orphan(work, now=now))
        if topic is None:
            return
        try:
            if topic.thread is not None:
                await self._calls.delete_topic(topic.chat, topic.thread)
        except Later as later:
            await self._rest(topic, later.seconds)
            return
        except GroupLost:
            logger.error("a topic of an erased case could not be deleted: the bot may not delete messages there")
            await self._rest(topic, REFUSED_AGAIN_S)
            return
        except (TopicLost, MessageLost, Refused, TopicShut):
            pass  # gone already
        await self._services.write(lambda work: rows.remove(work, topic.id))

    async def _rest(self, topic: Topic, seconds: float) -> None:
        until = self._services.clock() + timedelta(seconds=seconds)
        await self._services.write(lambda work: rows.let_go(work, topic.id, until=until))
