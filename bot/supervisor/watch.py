"""Keeps processes alive: start, wait until ready, restart with pauses, end cleanly. Tells the operator in sentences."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus

import httpx

from bot.errors import CANNOT_RUN, OperatorError
from bot.supervisor import logs
from bot.supervisor.backoff import HEALTHY_AFTER_S, pause_s
from bot.supervisor.processes import Process

Tell = Callable[[str], None]

# How long a process may take to end after SIGTERM; the gateway finishes the message at hand.
GRACE_S = 10.0
READY_WITHIN_S = 120.0
LOOK_AT_DISK_S = 60.0
_PR_SET_PDEATHSIG = 1


class StartError(OperatorError):
    """A process cannot be started. The message says why and what to do."""


def check_ports(processes: Sequence[Process]) -> None:
    """Raise StartError when a port is taken, naming the setting that moves it."""
    settings = {"gateway": "DAOZHEN_PORT (or --port)", "assistant": "DAOZHEN_ASSISTANT_PORT", "actions": "DAOZHEN_ACTIONS_PORT"}
    others = "DAOZHEN_PORT (or --port), which moves the simulators with it,"
    for process in processes:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", process.port))
            except OSError as error:
                raise StartError(
                    f"Port {process.port} for the {process.label} cannot be used ({error.strerror}). "
                    f"End the program that uses it (is Daozhen running already?), or set {settings.get(process.name, others)} to a "
                    f"free port."
                ) from error


class Watch:
    """Runs `processes` until `stop` is called. Each is restarted when it dies, with growing pauses."""

    def __init__(self, processes: Sequence[Process], *, tell: Tell) -> None:
        self._processes = processes
        self._told_to = tell
        self._stopping = asyncio.Event()
        self._were_ready: set[str] = set()
        self.children: dict[str, asyncio.subprocess.Process] = {}

    async def run(self, *, when_ready: Callable[[], None]) -> None:
        """Start all, call `when_ready` once all are ready, and keep them alive until `stop`."""
        keepers = [asyncio.create_task(self._keep(process)) for process in self._processes]
        readiness = asyncio.create_task(self._all_ready())
        disk = asyncio.create_task(self._look_after_disk())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({readiness, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if readiness.done() and not self._stopping.is_set():
                readiness.result()
                when_ready()
            await stopping
        finally:
            self._stopping.set()
            readiness.cancel()
            disk.cancel()
            await asyncio.gather(readiness, disk, *keepers, return_exceptions=True)

    def stop(self) -> None:
        """End all processes cleanly; `run` returns when the last has ended."""
        self._stopping.set()

    def _tell(self, sentence: str) -> None:
        with contextlib.suppress(
            OSError
        ):  # its terminal is gone, or its file on a full disk: the processes are looked after all the same
            self._told_to(sentence)

    async def _keep(self, process: Process) -> None:
        deaths = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            back = asyncio.create_task(self._tell_when_back(process))
            try:
                why = _why(process, await self._run_once(process))
            except OSError as error:
                # Out of memory or files for a moment: who gave up here would leave patients alone for good.
                why = f"cannot be started ({error.strerror})."
            back.cancel()
            if self._stopping.is_set():
                return
            deaths = 1 if time.monotonic() - began > HEALTHY_AFTER_S else deaths + 1
            pause = pause_s(deaths)
            self._tell(f"The {process.label} {why} It is started again in {pause:g} s; see {process.log}.")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self, process: Process) -> int:
        with process.log.open("ab") as log:
            child = await asyncio.create_subprocess_exec(
                *process.command, env=process.environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        self.children[process.name] = child
        ended = asyncio.create_task(child.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            await _end(child, ended)
        return await ended

    async def _look_after_disk(self) -> None:
        told: frozenset[str] = frozenset()
        while True:
            with contextlib.suppress(OSError):  # a folder that is moved: looked at again in a minute
                for process in self._processes:
                    await asyncio.to_thread(logs.keep_small, process.log)
                short = frozenset(line for process in self._processes if (line := logs.short_of_room(process.log.parent)))
                for sentence in short - told:
                    self._tell(sentence)
                told = short
            await asyncio.sleep(LOOK_AT_DISK_S)

    async def _tell_when_back(self, process: Process) -> None:
        if process.name not in self._were_ready:
            return  # the first time all are waited for together
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as http:
            await self._ready(process, http)

    async def _all_ready(self) -> None:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as http:
            await asyncio.gather(*(self._ready(process, http) for process in self._processes))

    async def _ready(self, process: Process, http: httpx.AsyncClient) -> None:
        began = time.monotonic()
        told = False
        while True:
            if await _answers(process.ready_url, http):
                self._were_ready.add(process.name)
                self._tell(f"The {process.label} is ready ({time.monotonic() - began:.1f} s).")
                return
            if not told and time.monotonic() - began > READY_WITHIN_S:
                told = True
                self._tell(
                    f"The {process.label} is still not ready after {READY_WITHIN_S:.0f} s. Its log says why: {process.log}."
                )
            await asyncio.sleep(0.1)


async def _answers(url: str, http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get(url)).status_code == HTTPStatus.OK
    except httpx.HTTPError:
        return False


async def _end(child: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
    for what in (signal.SIGTERM, signal.SIGKILL):
        # The whole group: Rasa may have children of its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, what)
        await asyncio.wait({ended}, timeout=GRACE_S)
        if ended.done():
            return


def _end_with_parent() -> None:
    # Without this a supervisor killed with -9 leaves three orphans behind that hold the ports.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _why(process: Process, code: int) -> str:
    said = logs.last_line(process.log) if code == CANNOT_RUN else ""
    return f"cannot run: {said}" if said else f"ended unexpectedly ({_how(code)})."


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
