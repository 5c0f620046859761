"""How things are measured: time until ready, memory of a process tree, many senders at once, quantiles."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
import psutil

Ask = Callable[[httpx.AsyncClient, int, int], Awaitable[None]]  # (http, sender, turn): one message and its answer


@dataclass(frozen=True)
class Load:
    """What many senders measured: messages a second over all, and the time of each turn in seconds, sorted."""

    per_second: float
    turns: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the turn time in seconds that `share` of the turns stayed under."""
        return self.turns[min(len(self.turns) - 1, int(share * len(self.turns)))]


def seconds_until(url: str, *, within: float = 180.0) -> float:
    """Return the seconds until `url` answers 200. Raises TimeoutError after `within` seconds."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2.0, trust_env=False).status_code == 200:
                return time.monotonic() - began
        time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {within:.0f} s")


def memory_mb(pid: int) -> float:
    """Return the resident memory (PSS where the system tells it, so that shared pages count once) of a process tree in MB."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    total = 0.0
    for process in tree:
        with contextlib.suppress(psutil.Error):
            memory = process.memory_full_info()
            total += getattr(memory, "pss", memory.rss)
    return total / 1e6


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process tree has used so far."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    total = 0.0
    for process in tree:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


async def load(ask: Ask, *, senders: int, turns: int) -> Load:
    """Let `senders` patients write `turns` messages each, one after the other, all at once."""
    took: list[float] = []
    limits = httpx.Limits(max_connections=senders * 2, max_keepalive_connections=senders * 2)
    async with httpx.AsyncClient(timeout=60.0, trust_env=False, limits=limits) as http:

        async def sender(number: int) -> None:
            for turn in range(turns):
                began = time.monotonic()
                await ask(http, number, turn)
                took.append(time.monotonic() - began)

        began = time.monotonic()
        await asyncio.gather(*(sender(number) for number in range(senders)))
        seconds = time.monotonic() - began
    return Load(per_second=len(took) / seconds, turns=tuple(sorted(took)))


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def percent(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of `values` stay under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
