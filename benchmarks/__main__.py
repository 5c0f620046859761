"""`make bench`: ours against a stock `rasa init` bot, both served one after the other in this run. Prints a table."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import stock
from benchmarks.measure import Load, end, load, memory_mb, percent, seconds_until
from benchmarks.ours import Ours, Patient, sentence
from bot.settings import ROOT

PATIENTS = 16
TURNS = 25
# Before anything is counted, on both sides: what is imported and looked up once is not what a day's messages cost.
WARM_UP = 3
HEADERS = {"Authorization": "Bearer bench"}


@dataclass(frozen=True)
class Measured:
    """What was measured of one system."""

    ready_s: float
    memory_mb: float
    whole: Load  # the stock bot has no more than its REST channel: that is its whole path
    alone: Load
    safety_ms: tuple[float, ...] = ()


def main() -> int:
    """Measure both and print the table. Exit code 1 when a target is missed."""
    stock.make()
    peer = measure_stock(port=5905)
    own = measure_ours()
    rows = table(own, peer, guide_per_second())
    for row in rows:
        print(" | ".join(row))
    return 1 if any("MISSED" in row[-1] for row in rows) else 0


def measure_stock(port: int) -> Measured:
    """Start the stock bot and measure it."""
    process = stock.start(port)

    async def ask(http: httpx.AsyncClient, sender: int, turn: int) -> None:
        body = {
            "sender": f"s{sender}-{turn // 10}",
            "message": f"{stock.SENTENCES[(sender + turn) % len(stock.SENTENCES)]} {sender}-{turn}",
        }
        (await http.post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", json=body)).raise_for_status()

    try:
        ready = seconds_until(stock.ready_url(port))
        asyncio.run(load(ask, senders=PATIENTS, turns=WARM_UP))
        measured = asyncio.run(load(ask, senders=PATIENTS, turns=TURNS))
        return Measured(ready, memory_mb(process.pid), measured, measured)
    finally:
        end(process)


def measure_ours() -> Measured:
    """Start our whole system and measure it: all processes, the web chat path, the assistant alone, the safety net."""
    ours = Ours(gateway=8905, assistant=5915, actions=5925)
    process = ours.start()
    try:
        began = time.monotonic()
        for url in ours.ready_urls:
            seconds_until(url)
        ready = time.monotonic() - began
        whole, safety = asyncio.run(_whole_path(ours.port))
        alone = asyncio.run(_assistant_alone(ours.assistant_url))
        return Measured(ready, memory_mb(process.pid), whole, alone, safety)
    finally:
        end(process)
        ours.remove()


async def _whole_path(port: int) -> tuple[Load, tuple[float, ...]]:
    took: list[float] = []
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(timeout=60.0, trust_env=False, limits=limits) as http, contextlib.AsyncExitStack() as stack:
        patients = [await stack.enter_async_context(Patient(http, port).present()) for _ in range(PATIENTS + 1)]

        async def one(number: int, turns: int = TURNS) -> None:
            for turn in range(turns):
                took.append(await patients[number].asks(sentence(number, turn)))

        await asyncio.gather(*(one(number, WARM_UP) for number in range(PATIENTS)))
        took.clear()
        began = time.monotonic()
        await asyncio.gather(*(one(number) for number in range(PATIENTS)))
        seconds = time.monotonic() - began
        measured = Load(len(took) / seconds, tuple(sorted(took)))
        busy = [asyncio.create_task(one(number)) for number in range(PATIENTS)]
        safety = [1000 * await patients[-1].asks("I have crushing chest pain and I am sweating") for _ in range(40)]
        await asyncio.gather(*busy)
    return measured, tuple(safety)


async def _assistant_alone(url: str) -> Load:
    async def ask(http: httpx.AsyncClient, sender: int, turn: int) -> None:
        body = {
            "conversation_id": f"bench{sender}-{turn // 10}",
            "message_id": f"{sender}-{turn}",
            "text": sentence(sender, turn),
            "language": "en",
        }
        answer = await http.post(f"{url}/turns", json={**body, "region": "CN", "channel": "webchat"}, headers=HEADERS)
        answer.raise_for_status()

    await load(ask, senders=PATIENTS, turns=WARM_UP)
    return await load(ask, senders=PATIENTS, turns=TURNS)


def guide_per_second() -> float:
    """Return how many lines `daozhen guide --rules-only --jsonl` reads a second on one core, start-up included."""
    line = '{"id": %d, "text": "%s", "lang": "%s"}\n'
    texts = (
        ("我胸口闷，左胳膊发麻，昨天开始的", "zh-Hans"),
        ("my ear hurts since three days, no fever", "en"),
        ("Bauchweh seit gestern, mir ist übel", "de"),
    )
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        # Each text differs: nothing may come from a cache.
        lines = [line % (number, f"{texts[number % 3][0]} {number}", texts[number % 3][1]) for number in range(6000)]
        source.write_text("".join(lines), encoding="utf-8")
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "bot", "guide", "--rules-only", "--jsonl", str(source), "--out", str(out)],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        return len(lines) / (time.monotonic() - began)


def table(own: Measured, peer: Measured, guide: float) -> list[tuple[str, ...]]:
    """Return the rows: what, ours, stock, ratio, target."""

    def row(name: str, ours: float, theirs: float, target: float, *, least: bool) -> tuple[str, ...]:
        ratio = ours / theirs
        met = ratio >= target if least else ratio <= target
        bound = f"{'at least' if least else 'at most'} {target:.2f}"
        return (f"{name:<44}", f"{ours:9.1f}", f"{theirs:9.1f}", f"{ratio:5.2f}", f"{bound} {'ok' if met else 'MISSED'}")

    p99 = percent(own.safety_ms, 0.99)
    return [
        (f"{'':<44}", "     ours", "    stock", "ratio", "target"),
        row("start to ready, s", own.ready_s, peer.ready_s, 1 / 3, least=False),
        row("memory of all processes, MB (PSS)", own.memory_mb, peer.memory_mb, 0.6, least=False),
        row(f"messages a second, whole path, {PATIENTS} patients", own.whole.per_second, peer.whole.per_second, 2, least=True),
        row("median turn, ms", 1000 * own.whole.quantile(0.5), 1000 * peer.whole.quantile(0.5), 1, least=False),
        row("assistant alone, messages a second", own.alone.per_second, peer.alone.per_second, 3.5, least=True),
        (f"{'safety net while saturated, p99 ms':<44}", f"{p99:9.1f}", "", "", f"under 100 {'ok' if p99 < 100 else 'MISSED'}"),
        (
            f"{'guide with the rules alone, lines a second':<44}",
            f"{guide:9.0f}",
            "",
            "",
            f"at least 1000 {'ok' if guide >= 1000 else 'MISSED'}",
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
