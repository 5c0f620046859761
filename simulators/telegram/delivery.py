"""Brings updates to the bot: by webhook with Telegram's queues, waits and ends, or by long polling."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulators.clock import ScaledClock
from simulators.telegram.errors import ApiError, bad_request, too_many
from simulators.telegram.faults import Faults

Json = dict[str, Any]

ANSWER_WITHIN_S = 60.0
# After a failure: at once, then with these pauses, in the end once in one to two minutes.
PAUSES_S = (0.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LAST_PAUSE_S = (60.0, 120.0)
LONGEST_RETRY_AFTER_S = 3600.0
KEPT_S, CALLBACK_KEPT_S = 24 * 3600.0, 150.0
# TQueue::get: "Specified from_id is in the future" beyond this; then all is listed from the head.
FUTURE = 10
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Update:
    """One update. Of one `key` the next is sent only after the one before was taken."""

    number: int
    kind: str
    body: Json
    key: tuple[str, int]
    expires_at: float

    def json(self) -> Json:
        """Return it as it is sent."""
        return {"update_id": self.number, self.kind: self.body}


@dataclass
class Webhook:
    """Where updates go."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    allowed: frozenset[str] | None = None
    last_error: str = ""
    last_error_at: float = 0.0


@dataclass
class Counts:
    """What a test looks at in the end."""

    made: int = 0
    taken: int = 0
    tried: int = 0
    expired: int = 0
    ack_s: list[float] = field(default_factory=list)  # wall time from sending to the acknowledgement


class Delivery:
    """The updates of one bot."""

    def __init__(self, clock: ScaledClock, faults: Faults, *, chance: random.Random) -> None:
        self._clock, self._faults, self._chance = clock, faults, chance
        self.webhook, self.counts = Webhook(), Counts()
        self._next = chance.randrange(10**8, 2 * 10**9)
        self._queues: OrderedDict[tuple[str, int], deque[Update]] = OrderedDict()
        self._serving: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._posting: asyncio.Semaphore = asyncio.Semaphore(40)
        self._news = asyncio.Event()
        self._poller = 0
        self._http: aiohttp.ClientSession | None = None
        self._set_at = float("-inf")

    def add(self, kind: str, body: Json, key: tuple[str, int]) -> None:
        """Keep an update until it is taken or too old. What the bot does not want is not made."""
        allowed = self.webhook.allowed
        if kind in NOT_BY_DEFAULT if allowed is None else kind not in allowed:
            return
        kept = CALLBACK_KEPT_S if kind == "callback_query" else KEPT_S
        update = Update(self._next, kind, body, key, self._clock.now() + kept)
        self._next += 1
        self.counts.made += 1
        self._queues.setdefault(key, deque()).append(update)
        self._serve()
        self._news.set()

    def let_a_quiet_week_pass(self) -> None:
        """Numbers begin anew at random, maybe below the earlier ones."""
        self._next = self._chance.randrange(10**6, 2 * 10**9)

    def waiting(self) -> int:
        """Return how many updates are not taken."""
        return sum(map(len, self._queues.values()))

    def set_webhook(self, values: Json) -> None:
        """Check and set. Raises what Telegram would say."""
        now = self._clock.now()
        if now - self._set_at < 1.0:
            raise too_many(1)
        url, secret = str(values.get("url", "")), str(values.get("secret_token", ""))
        if url and not re.fullmatch(r"https://[^/\s]+(/\S*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?", url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        allowed, before = values.get("allowed_updates"), self.webhook.allowed
        self._set_at = now
        self.webhook = Webhook(
            url,
            secret,
            int(values.get("max_connections", 40)),
            before if allowed is None else frozenset(allowed) or None,
        )
        self._posting = asyncio.Semaphore(self.webhook.max_connections)
        self._serve()

    def info(self) -> Json:
        """Return what getWebhookInfo says."""
        hook = self.webhook
        info: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": self.waiting()}
        info |= {"max_connections": hook.max_connections} if hook.url else {}
        info |= {"allowed_updates": sorted(hook.allowed)} if hook.allowed is not None else {}
        if hook.last_error:
            info |= {"last_error_date": int(hook.last_error_at), "last_error_message": hook.last_error}
        return info

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Return updates from `offset` on; what stands before it was taken. A second poller ends the first."""
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        self._poller += 1
        me = self._poller
        self._news.set()
        self._confirm(offset)
        until = self._clock.now() + min(timeout_s, 50.0)
        while True:
            found = sorted(self._open_updates(), key=lambda update: update.number)[:limit]
            if found or self._clock.now() >= until:
                self.counts.tried += len(found)
                return [update.json() for update in found]
            self._news.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), max(0.01, (until - self._clock.now()) / self._clock.scale))
            if me != self._poller:
                raise ApiError(
                    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )

    async def stop(self) -> None:
        """End all sending."""
        self.webhook.url = ""
        for task in self._serving.values():
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def _open_updates(self) -> Iterator[Update]:
        now = self._clock.now()
        for queue in self._queues.values():
            for update in queue:
                if update.expires_at > now:
                    yield update

    def _confirm(self, offset: int) -> None:
        if offset > self._next + FUTURE:  # as there: it is no number of this queue, and nothing is taken
            return
        for key, queue in list(self._queues.items()):
            kept = deque(update for update in queue if update.number >= offset)
            self.counts.taken += len(queue) - len(kept)
            self._queues[key] = kept
            if not kept:
                del self._queues[key]

    def _serve(self) -> None:
        """Load queues, at most twice as many as lines: chats whose updates always fail keep the others back, as there."""
        if not self.webhook.url:
            return
        for key in self._queues:
            if len(self._serving) >= 2 * self.webhook.max_connections:
                return
            if key not in self._serving:
                self._serving[key] = asyncio.ensure_future(self._serve_queue(key))

    async def _serve_queue(self, key: tuple[str, int]) -> None:
        try:
            while self.webhook.url and self._queues.get(key):
                update = self._queues[key][0]
                if await self._deliver(update) and self._queues.get(key):
                    self._queues[key].popleft()
        finally:
            self._serving.pop(key, None)
            if not self._queues.get(key):
                self._queues.pop(key, None)
            self._serve()

    async def _deliver(self, update: Update) -> bool:
        """Send until it is taken or too old; False when the webhook was removed meanwhile."""
        failures = 0
        while self.webhook.url:
            if update.expires_at <= self._clock.now():
                self.counts.expired += 1
                return True
            wait = await self._post(update)
            if wait is None:
                if not self._faults.take_repeat():
                    self.counts.taken += 1
                    return True
                continue
            pause = PAUSES_S[failures] if failures < len(PAUSES_S) else self._chance.uniform(*LAST_PAUSE_S)
            failures += 1
            await self._clock.sleep(wait or pause)
        return False

    async def _post(self, update: Update) -> float | None:
        """Send once; returns None when it was taken, else the wait that the answer named, 0: none."""
        hook = self.webhook
        if self._http is None:
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        async with self._posting:
            self.counts.tried += 1
            began = asyncio.get_running_loop().time()
            try:
                timeout = aiohttp.ClientTimeout(total=max(1.0, ANSWER_WITHIN_S / self._clock.scale))
                async with self._http.post(hook.url, json=update.json(), headers=headers, timeout=timeout) as answer:
                    await answer.read()
                    status, named = answer.status, answer.headers.get("Retry-After", "")
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                hook.last_error, hook.last_error_at = f"Connection failed ({type(error).__name__})", self._clock.now()
                return 0.0
        if 200 <= status < 300:
            self.counts.ack_s.append(asyncio.get_running_loop().time() - began)
            return None
        hook.last_error, hook.last_error_at = f"Wrong response from the webhook: {status}", self._clock.now()
        return min(float(named), LONGEST_RETRY_AFTER_S) if named.isdigit() else 0.0
