"""Brings pushes to the bot as WeChat does: five seconds for an answer, three tries, and a judgement of what came back."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from simulators.clock import ScaledClock
from simulators.wechat.envelope import Address, check_query, open_reply, seal
from simulators.wechat.faults import DeliveryFaults

Json = dict[str, Any]
Verdict = Literal["silent", "shown", "desk", "outage"]

ANSWER_WITHIN_S = 5.0
MOST_AT_ONCE = 1000  # requests on their way; who waits for a line has not begun the five seconds
APART_S = 0.05  # wall seconds between the first tries of two messages of one person: nobody writes faster
LONGEST_TEXT = 2048  # bytes of UTF-8
KNOWN_IN_REPLY = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "TransInfo"})


@dataclass(frozen=True)
class Try:
    """One request: when it was sent (simulated), how long it took (wall seconds), and what came."""

    at: float
    took_s: float
    came: str  # silent | shown | desk | outage | cut | refused | the HTTP status


@dataclass
class Push:
    """One message or event on its way. `reply`: the elements of a passive reply; `reason`: why it was an outage."""

    fields: Json
    tries: list[Try] = field(default_factory=list)
    verdict: Verdict | None = None
    reply: Json = field(default_factory=dict)
    reason: str = ""
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def settled(self, within_s: float = 30.0) -> Push:
        """Wait (wall seconds) until the last try was judged. Raises asyncio.TimeoutError."""
        await asyncio.wait_for(self._settled.wait(), within_s)
        return self

    @property
    def text(self) -> str:
        """Return the text that was shown, or nothing."""
        return str(self.reply.get("Content", ""))

    def settle(self, verdict: Verdict, reply: Json, reason: str) -> bool:
        """Set the outcome once; a double's outcome changes nothing, but for an outage that was answered after all."""
        if self.verdict is not None:
            return False
        self.verdict, self.reply, self.reason = verdict, reply, reason
        return True

    def end(self) -> None:
        """Wake who waits."""
        self._settled.set()


@dataclass
class Counts:
    """What a test looks at in the end."""

    made: int = 0
    tried: int = 0
    settled: dict[str, int] = field(default_factory=dict)
    ack_s: list[float] = field(default_factory=list)  # wall seconds of every try that was answered


class Postman:
    """The pushes of one account. `judged` is told each outcome, also of doubles: two replies to one message are both shown."""

    def __init__(
        self, address: Address, clock: ScaledClock, *, chance: random.Random, stamps: Callable[[], float], cut_after_s: float
    ) -> None:
        self.address, self.faults, self.counts = address, DeliveryFaults(), Counts()
        self.pushes: list[Push] = []
        self._clock, self._chance, self._stamps, self._cut_after_s = clock, chance, stamps, cut_after_s
        self._free_at: dict[str, float] = {}
        self._held: list[Callable[[], None]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._lines = asyncio.Semaphore(MOST_AT_ONCE)
        self._http: aiohttp.ClientSession | None = None

    def post(self, fields: Json, judged: Callable[[Push, Verdict, Json], None]) -> Push:
        """Send, without waiting. Nothing is sent while there is no address."""
        push = Push(fields)
        self.pushes.append(push)
        self.counts.made += 1
        if not self.address.url:
            push.settle("silent", {}, "no address is set")
            push.end()
            return push
        key = 1 if len(self.address.aes_keys) > 1 and self.faults.take("old_key") else 0
        copies = 2 if self.faults.take("twice") else 1

        def go() -> None:
            task = asyncio.ensure_future(self._bring(push, key, copies, judged))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

        if self.faults.take("hold"):
            self._held.append(go)
            if not self.faults.hold:
                self._release()
        else:
            go()
        return push

    async def accepts(self, url: str) -> bool:
        """Let `url` prove itself, as the admin page does, and push there from now on when it can."""
        query, echo = check_query(self.address, now=self._stamps() + self.faults.skew_s, chance=self._chance)
        try:
            async with self._session().get(url, params=query, timeout=self._timeout(ANSWER_WITHIN_S)) as answer:
                proved = answer.status == 200 and await answer.text() == echo
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False
        if proved:
            self.address.url = url
        return proved

    async def idle(self, within_s: float = 60.0) -> None:
        """Wait (wall seconds) until nothing is on its way."""
        until = time.monotonic() + within_s
        while self._running:
            if time.monotonic() > until:
                raise asyncio.TimeoutError
            await asyncio.wait(set(self._running), timeout=0.5)

    async def stop(self) -> None:
        """End all sending."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _release(self) -> None:
        held, self._held = self._held[::-1], []
        for go in held:
            go()

    async def _bring(self, push: Push, key: int, copies: int, judged: Callable[[Push, Verdict, Json], None]) -> None:
        try:
            await self._apart(str(push.fields.get("FromUserName", "")))
            await asyncio.gather(*[self._one_copy(push, key, copy, judged) for copy in range(copies)])
        finally:
            if push.verdict is not None:
                self.counts.settled[push.verdict] = self.counts.settled.get(push.verdict, 0) + 1
            push.end()

    async def _apart(self, person: str) -> None:
        """Let what one person writes begin in its order; later tries, and what is held, may overtake."""
        now = time.monotonic()
        begin = max(now, self._free_at.get(person, 0.0)) if person else now
        self._free_at[person] = begin + APART_S
        if begin > now:
            await asyncio.sleep(begin - now)

    async def _one_copy(self, push: Push, key: int, copy: int, judged: Callable[[Push, Verdict, Json], None]) -> None:
        reason = "no answer within five seconds"
        for number in range(self.address.tries):
            async with self._lines:
                began = self._clock.now()
                came, verdict, reply, why = await self._try(push, key, number + copy)
            if came == "refused":  # assumed: a try owns its five seconds also when nobody listens
                await self._clock.sleep(ANSWER_WITHIN_S - (self._clock.now() - began))
            if verdict is not None and not self.faults.take("answers_lost"):
                push.settle(verdict, reply, why)
                judged(push, verdict, reply)
                return
            reason = why or reason
        push.settle("outage", {}, reason)
        judged(push, "outage", {})

    async def _try(self, push: Push, key: int, number: int) -> tuple[str, Verdict | None, Json, str]:
        sealed = seal(self.address, push.fields, now=self._stamps() + self.faults.skew_s, chance=self._chance, key=key)
        doors = (self.address.url, *self.address.others)
        limit = self.faults.cuts_s.popleft() if self.faults.cuts_s else ANSWER_WITHIN_S
        at, began = self._clock.now(), time.monotonic()
        self.counts.tried += 1
        try:
            headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
            door, timeout = doors[number % len(doors)], self._timeout(limit)
            body = sealed.body.encode()
            async with self._session().post(door, params=sealed.query, data=body, headers=headers, timeout=timeout) as answer:
                status, text = answer.status, (await answer.read()).decode("utf-8", "replace")
        except asyncio.TimeoutError:
            push.tries.append(Try(at, time.monotonic() - began, "cut"))
            return "cut", None, {}, ""
        except (aiohttp.ClientError, OSError) as error:
            push.tries.append(Try(at, time.monotonic() - began, "refused"))
            return "refused", None, {}, type(error).__name__
        took = time.monotonic() - began
        self.counts.ack_s.append(took)
        if status != 200:
            push.tries.append(Try(at, took, str(status)))
            return "refused", None, {}, f"HTTP {status}"
        verdict, reply, why = judge(self.address, push.fields, text, sealed.key)
        push.tries.append(Try(at, took, verdict))
        return verdict, verdict, reply, why

    def _timeout(self, seconds: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=max(0.02, seconds / ANSWER_WITHIN_S * self._cut_after_s))

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False)
        return self._http


def judge(address: Address, sent: Json, body: str, key: int) -> tuple[Verdict, Json, str]:
    """Return what the follower gets to see of an answer with status 200, the reply's elements, and why it is an outage.

    That a wrong answer is not tried again, and one with another status is, is assumed.
    """
    if body in ("", "success"):
        return "silent", {}, ""
    if address.is_wecom:
        return "silent", {}, "" if body == "ok" else "WeCom reads no reply to this event"
    try:
        reply = open_reply(address, body, key)
        return _kind_of(sent, reply), reply, ""
    except ValueError as error:
        return "outage", {}, str(error)


def _kind_of(sent: Json, reply: Json) -> Verdict:
    if any(not isinstance(value, str) for name, value in reply.items() if name != "TransInfo"):
        raise ValueError("an element is empty, nested or there twice")
    if (reply.get("ToUserName"), reply.get("FromUserName")) != (sent["FromUserName"], sent["ToUserName"]):
        raise ValueError("ToUserName and FromUserName are not swapped")
    unknown = set(reply) - KNOWN_IN_REPLY
    if unknown or not reply.get("CreateTime", "").isdigit():
        raise ValueError(f"unknown or missing elements: {', '.join(sorted(unknown)) or 'CreateTime'}")
    if reply.get("MsgType") == "transfer_customer_service":
        return "desk"
    if reply.get("MsgType") != "text":
        raise ValueError(f"MsgType {reply.get('MsgType')} is not simulated")
    if not 0 < len(reply.get("Content", "").encode()) <= LONGEST_TEXT:
        raise ValueError("Content is empty or longer than 2048 bytes")
    return "shown"
