"""WeChat's own customer service, where the hospital wants it: who asks for a person is handed over when somebody is there.

From then on WeChat brings the person's words to that desk only, up to half an hour after the last one, and we are blind: so
nobody is handed over to an empty desk, and an alarm never.
"""

from __future__ import annotations

import asyncio
import logging
import time

from bot.database.engine import Work
from bot.duty.clocks import is_urgent
from bot.handoff.case_rows import Case
from bot.handoff.cases import open_case_of
from connectors.tencent.api import Api, describe

logger = logging.getLogger(__name__)

ONLINE = "cgi-bin/customservice/getonlinekflist"
# How long an answer of WeChat about its desk is believed.
FRESH_S = 20.0


class Desk:
    """Knows whether somebody is there. `on`: the hospital has chosen this desk."""

    def __init__(self, api: Api, *, on: bool) -> None:
        self.on, self._api = on, api
        self._is_open, self._asked_at = False, float("-inf")

    async def is_open(self, *, within_s: float) -> bool:
        """Return whether somebody sits at WeChat's desk now; when WeChat does not say so in time, nobody does."""
        if not self.on:
            return False
        if time.monotonic() - self._asked_at > FRESH_S:
            self._asked_at = time.monotonic()
            try:
                found = (await asyncio.wait_for(self._api.call(ONLINE), within_s)).get("kf_online_list")
                self._is_open = isinstance(found, list) and len(found) > 0
            except Exception as failure:
                logger.warning("WeChat does not say who is at its desk", extra={"error": describe(failure)})
                self._is_open = False
        return self._is_open


def wants_a_person(work: Work, conversation_id: str) -> bool:
    """Return whether this person asked for one and nobody of ours has come yet."""
    case = open_case_of(work, conversation_id)
    return case is not None and is_for_desk(case) and case.state == "waiting"


def is_for_desk(case: Case) -> bool:
    """Return whether WeChat's desk may have this case. An alarm stays with us, also of who had asked for a person before."""
    return case.reason == "person_requested" and not is_urgent(case.level, crisis=case.crisis)
