"""The simulator as a server: the Bot API under /bot<token>/<method>, and a page for people under /."""

from __future__ import annotations

import asyncio
import contextlib
import random
from types import TracebackType
from typing import Any

from aiohttp import web

from simulators.clock import ScaledClock
from simulators.telegram.delivery import Delivery
from simulators.telegram.errors import ApiError
from simulators.telegram.faults import Fault, Faults
from simulators.telegram.forum import Forum
from simulators.telegram.limits import Limits
from simulators.telegram.methods import Methods, not_found
from simulators.telegram.page import Page
from simulators.telegram.parameters import Parameters, known_parameters, read_parameters
from simulators.telegram.world import World

TOKEN = "700000001:AASimulatedTokenOfNobody_0123456789abcd"
USERNAME = "daozhen_sim_bot"
# Who waits for news at the end waits in vain.
ENDS_WITHIN_S = 0.5


class Simulator:
    """A Telegram of its own, with one bot.

        async with Simulator(scale=60) as telegram:
            anna = telegram.world.person("Anna", "de")
            telegram.world.says(anna, "Guten Tag")

    `violations` are calls that the Bot API does not know: a test asserts that there are none.
    """

    def __init__(self, *, port: int = 0, scale: float = 1.0, token: str = TOKEN, reads_all: bool = False, seed: int = 7) -> None:
        self.token, self._port = token, port
        self.clock, self.faults = ScaledClock(scale), Faults()
        self.limits = Limits(self.clock)
        self.delivery = Delivery(self.clock, self.faults, chance=random.Random(seed))
        self.world = World(self.clock, self.delivery, username=USERNAME, bot_id=int(token.partition(":")[0]), reads_all=reads_all)
        self.forum = Forum(self.world)
        self.methods = Methods(self.world, self.delivery, self.limits)
        self.violations: list[str] = []
        self.refused: list[tuple[str, int]] = []  # method and code of every error that was answered
        self.calls: list[tuple[str, Parameters]] = []
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Return the address, for DAOZHEN_TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    def said(self, chat: int) -> list[str]:
        """Return the texts of the bot in a chat."""
        return [message["text"] for where, message in self.world.bot_messages() if where.id == chat and "text" in message]

    async def start(self) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        Page(self.world, self.forum, self.delivery, self.methods).add_to(app)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, shutdown_timeout=ENDS_WITHIN_S)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End everything."""
        await self.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Simulator:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        await self.stop()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            values = await read_parameters(request)
            self._check(name, values)
            self.calls.append((name, values))
            return await self._with_faults(request, name, values)
        except ConnectionError:  # the caller died in the middle of a word
            return web.Response(status=400)
        except ApiError as error:
            self.refused.append((name, error.code))
            return web.json_response(error.answer(), status=error.code)

    def _check(self, name: str, values: Parameters) -> None:
        known = known_parameters(name)
        if known is None or name not in self.methods.all:
            self.violations.append(f"unknown method {name}" if known is None else f"method {name} is not simulated")
            raise not_found()
        unknown = sorted(set(values) - known)
        if unknown:
            self.violations.append(f"{name} does not know {', '.join(unknown)}")
            raise ApiError(400, f"Bad Request: unknown parameter {unknown[0]}")

    async def _with_faults(self, request: web.Request, name: str, values: Parameters) -> web.StreamResponse:
        fault = self.faults.meet(name, values.get("chat_id"))
        if fault is None:
            return await self._answer(name, values)
        return await self._badly(fault, request, name, values)

    async def _badly(self, fault: Fault, request: web.Request, name: str, values: Parameters) -> web.StreamResponse:
        if fault.kind == "error" and fault.error is not None:
            raise fault.error
        if fault.kind == "gateway":
            return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        if fault.kind == "slow":
            await self.clock.sleep(fault.seconds)
            return await self._answer(name, values)
        if fault.kind != "lost":
            await self._answer(name, values)
        if fault.kind == "garbage":
            return web.Response(text='{"ok": true, "res')
        with contextlib.suppress(Exception):  # the line is cut, without a word
            assert request.transport is not None
            request.transport.abort()
        await asyncio.sleep(0)
        return web.Response(status=500)

    async def _answer(self, name: str, values: Parameters) -> web.Response:
        result: Any = await self.methods.all[name](values)
        return web.json_response({"ok": True, "result": result})
