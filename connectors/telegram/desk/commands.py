"""Commands in a topic: /claim /release /close /snooze /who /help. /r and /n are in `relay`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.handoff import claims, moving
from bot.handoff.case_rows import Case, case_of
from bot.handoff.problems import CaseProblem
from bot.staff.people import Staff, names, on_duty
from connectors.telegram.desk import rows
from connectors.telegram.desk.acting import Actor, Denied, actor_of, denied, done, person_of
from connectors.telegram.desk.updates import Post

DONE = "👌"
NAMES = ("claim", "release", "close", "snooze", "who", "help")
_ELSEWHERE = ("who", "help")
# Seconds of each unit, as nurses write it in our languages. 时 and Uhr are no spans: they name a time of day.
_UNITS = {
    60: "m min mins minute minutes minuten 分 分钟 分鐘 دقيقة دقائق د",
    3600: "h hr hrs hour hours std stunde stunden 小时 小時 个小时 個小時 ساعة ساعات س",
    86400: "d day days tag tage tagen 天 日 يوم أيام",
    604800: "w week weeks woche wochen 周 週 星期 أسبوع أسابيع",
}
_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in words.split()}
_WORDS = "|".join(sorted(_SECONDS, key=len, reverse=True))
# In Chinese no blank follows; elsewhere a longer word is another word.
_TIME = re.compile(rf"(\d{{1,3}})(?:\s*({_WORDS})(?:(?<=[\u4e00-\u9fff])|\.?(?:\s|$))|(?:\s|$))(.*)", re.DOTALL | re.IGNORECASE)
_OF_DAY = re.compile(r"\s*(uhr|am|pm|a\.m|p\.m|o['’]clock|صباح|مساء)", re.IGNORECASE)
LONGEST_SNOOZE = timedelta(days=14)
SEEN = "command"


def is_command(post: Post) -> bool:
    """Whether the message is a command of this file. A changed message is none: it was done when it was written."""
    return post.command is not None and post.command.name in NAMES and not post.edited


def until_of(words: str, now: datetime) -> tuple[datetime | None, str]:
    """Return until when a case is to sleep (None: until the patient writes) and why. Pure.

    Raises ValueError for a number that is no span: who means a time must not wait for the patient instead.
    """
    words = words.strip()
    found = _TIME.fullmatch(words)
    if words[:1].isdecimal() and (found is None or int(found[1]) == 0 or (not found[2] and _OF_DAY.match(found[3]))):
        raise ValueError("no span of time")
    if found is None:
        return None, words
    pause = timedelta(seconds=int(found[1]) * _SECONDS[(found[2] or "m").casefold()])
    return now + min(pause, LONGEST_SNOOZE), found[3].strip()


class Commands:
    """Does what commands say."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def run(self, post: Post) -> tuple[str, int, dict[str, object]]:
        """Do a command. Returns what is to be said ("", a phrase or "ask"), of which case, and with which values.

        Raises Denied, DatabaseProblem. Twice the same message is done once.
        """
        return await self._services.write(lambda work: self._run(work, post))

    def _run(self, work: Work, post: Post) -> tuple[str, int, dict[str, object]]:
        assert post.command is not None
        if post.as_group:
            raise Denied("anonymous")
        person, name = person_of(work, post.user), post.command.name
        topic = rows.at(work, post.chat, post.thread)
        if topic is None or topic.case_id is None:
            if name not in _ELSEWHERE:
                raise Denied("no_case_here", language=person.language)
            return self._told(work, name, person, None)
        if rows.link_of(work, topic.case_id, post.message_id) is not None:
            return "", topic.case_id, {}
        rows.link(work, topic.case_id, post.message_id, SEEN, now=self._services.clock())
        if name in _ELSEWHERE:
            return self._told(work, name, person, _case(work, topic.case_id))
        return self._acted(work, name, post, topic.case_id)

    def _told(self, work: Work, name: str, person: Staff, case: Case | None) -> tuple[str, int, dict[str, object]]:
        values: dict[str, object] = {"language": person.language}
        if name == "who":
            now = self._services.clock()
            known = names(work)
            there = [one.name for one in on_duty(work, now) if case is None or one.is_in(case.team)]
            holder = known.get(case.claimed_by or "", "") if case is not None and case.is_held(now) else ""
            values |= {"there": ", ".join(there) or "—", "holder": holder or "—"}
        return name, 0 if case is None else case.id, values

    def _acted(self, work: Work, name: str, post: Post, case_id: int) -> tuple[str, int, dict[str, object]]:
        assert post.command is not None
        now = self._services.clock()
        act = {"release": "claim"}.get(name, name)
        actor = actor_of(work, post.user, case_id, act, now=now)  # type: ignore[arg-type]
        if name == "close":
            free_for(work, actor)
            return "ask", case_id, {}
        if name == "snooze":
            self._snooze(work, actor, post.command.rest)
        else:
            hold(work, actor, release=name == "release", services=self._services)
        return "done", case_id, {}

    def _snooze(self, work: Work, actor: Actor, words: str) -> None:
        try:
            until, reason = until_of(words, actor.now)
        except ValueError:
            raise Denied("snooze_time", language=actor.person.language) from None
        phrases, who = self._services.content.current().phrases, actor.person.handle

        def do() -> None:
            moving.snooze(work, actor.case.id, who=who, until=until, reason=reason, now=actor.now, phrases=phrases)

        done(work, actor, do, seen=False)


def hold(work: Work, actor: Actor, *, release: bool, services: Services) -> None:
    """Claim a case, or give it back. Raises Denied."""
    phrases, who, number = services.content.current().phrases, actor.person, actor.case.id

    def do() -> None:
        if release:
            claims.release(work, number, who=who.handle, now=actor.now, phrases=phrases)
        else:
            claims.claim(work, number, who=who.handle, name=who.name, now=actor.now, phrases=phrases)

    done(work, actor, do, seen=True)


def free_for(work: Work, actor: Actor) -> None:
    """Raise Denied when somebody else holds the case, or when it is closed."""
    try:
        claims.mine(work, actor.case.id, actor.person.handle, now=actor.now)
    except CaseProblem as problem:
        raise denied(work, problem, actor.person) from None


def _case(work: Work, case_id: int) -> Case | None:
    try:
        return case_of(work, case_id)
    except CaseProblem:
        return None
