"""Robots of staff groups in WeCom: they say that there is an urgent case, and where to look. Never who or what.

A part of its own: an installation may have robots and no customer service. To the gateway it is a connector nobody writes to.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.routing import BaseRoute

from bot.bootstrap import Services
from bot.database.engine import DatabaseProblem
from bot.duty import notices
from bot.duty.notices import Notice
from bot.errors import OperatorError
from bot.inbox.mistakes import log_mistake
from bot.outbox.pacing import Pace, Rate
from bot.outbox.sender import OutboundMessage, Permanent, SendError
from bot.settings import PREFIX, Settings
from connectors.contract import Capabilities, NotTheirs, Parsed, Request
from connectors.tencent.api import ApiError, Line, describe
from connectors.tencent.errors import error_of

logger = logging.getLogger(__name__)

OFFICIAL = "https://qyapi.weixin.qq.com"
CHANNEL = "wecom_robot"
# Twenty a minute for each robot: in any minute at most 5 + 14 leave.
ROBOT = Rate(14 / 60, 5)
ALL = Rate(10.0, 10)
LOOK_S = 1.0
MOST_AT_ONCE = 10
QUOTA_PAUSE = timedelta(minutes=1)
TOO_MANY = 45009
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


class RobotProblem(OperatorError):
    """The robots are set up wrongly. The message names the setting and the fix."""


class _NobodyToWriteTo:
    channel = CHANNEL

    async def send(self, message: OutboundMessage) -> str:
        """Refuse: patients are not here."""
        raise Permanent


class Robots:
    """Tells staff groups of urgent cases."""

    channel = CHANNEL
    capabilities = Capabilities(text_limit=2048, text_unit="utf8", buttons=False, people=False)

    def __init__(self, settings: Settings, *, line: Line | None = None, pace: Pace | None = None, look_s: float = LOOK_S) -> None:
        self._keys = keys_of(settings)
        self._settings, self._look_s = settings, look_s
        self._line = line or Line(settings.wecom_api_url or OFFICIAL)
        self._pace = pace or Pace(everything=ALL, person=ROBOT, group=ROBOT)
        self.sender = _NobodyToWriteTo()
        self._task: asyncio.Task[None] | None = None
        self._ending = False
        self._problem = ""

    def verify(self, request: Request) -> None:
        """Raise NotTheirs: robots listen to nobody."""
        raise NotTheirs

    def parse(self, request: Request) -> Parsed:
        """Return nothing: robots listen to nobody."""
        return Parsed(ignored="robot")

    def error_of(self, failure: Any) -> SendError:
        """Return which of the four errors a failure is."""
        return error_of(failure)

    def routes(self, services: Services) -> Sequence[BaseRoute]:
        """Return no route."""
        return []

    async def start(self, services: Services) -> None:
        """Begin to tell."""
        self._task = asyncio.create_task(self._run(services))

    async def stop(self) -> None:
        """End telling. A notice on its way may be told twice."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Close the line."""
        await self._line.close()

    def state(self) -> str:
        """Return "ok" or what is wrong."""
        return self._problem or "ok"

    async def tell_due(self, services: Services) -> int:
        """Tell what is due, as fast as robots may speak; returns how many notices were taken up. Raises DatabaseProblem."""
        now = services.clock()
        if not await services.read(lambda work: notices.is_due(work, now=now)):
            return 0
        due = await services.write(lambda work: notices.take_due(work, now=now, limit=MOST_AT_ONCE))
        for notice in due:
            await self._tell(services, notice)
        return len(due)

    async def _tell(self, services: Services, notice: Notice) -> None:
        text, now = self._text(services, notice), services.clock()
        told, waits = set(notice.told), []
        for place in range(len(self._keys)):
            wait = 0.0 if place in told else self._pace.wait(f"group:{place}")
            if wait > 0:  # a group that cannot be told now keeps no other waiting
                waits.append(wait)
            elif place not in told:
                self._pace.took(f"group:{place}")
                if await self._say(place, text):
                    told.add(place)
        if waits:
            until = now + timedelta(seconds=min(waits))
            await services.write(lambda work: notices.put_back(work, notice, until=until, told=frozenset(told)))
            return
        whole = len(told) >= len(self._keys)
        await services.write(lambda work: notices.told(work, notice, frozenset(told), whole=whole, now=now))

    async def _say(self, place: int, text: str) -> bool:
        try:
            await self._line.call(
                "cgi-bin/webhook/send", {"msgtype": "text", "text": {"content": text}}, {"key": self._keys[place]}
            )
        except Exception as failure:
            self._problem = describe(failure)
            logger.error("a staff group was not told of an urgent case", extra={"error": self._problem})
            if isinstance(failure, ApiError) and failure.errcode == TOO_MANY:
                self._pace.throttled(f"group:{place}", QUOTA_PAUSE.total_seconds())
            return False
        self._problem = ""
        return True

    def _text(self, services: Services, notice: Notice) -> str:
        values = {"number": notice.case_id, "level": notice.level, "link": self._settings.desk_url}
        key = "wecom.robot_urgent" if notice.what == "urgent" else f"paging.{notice.what}"
        return services.content.current().phrases.get(key, self._settings.language, **values).strip()

    async def _run(self, services: Services) -> None:
        while not self._ending:
            try:
                await self.tell_due(services)
            except DatabaseProblem as error:
                logger.error("the database does not answer: %s", error)
            except Exception as error:
                log_mistake(logger, "a round of robots failed, it is tried again", error)
            await asyncio.sleep(self._look_s)


def keys_of(settings: Settings) -> tuple[str, ...]:
    """Return the keys of the robots. Raises RobotProblem; its message holds none of them."""
    keys = tuple(key.strip() for key in settings.wecom_robot_keys.split(",") if key.strip())
    if not all(map(_KEY.fullmatch, keys)):
        raise RobotProblem(
            f"{PREFIX}WECOM_ROBOT_KEYS holds something that is no key. A key is what stands behind key= in a robot's address, "
            "without the address; several are parted by commas."
        )
    return keys
