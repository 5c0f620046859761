"""`python -m benchmarks.desk_live`: how soon an escalation is on the screens of 50 nurses, and what an open page costs.

The gateway is the real process on SQLite, the nurses are 50 streams over HTTP, each with a session of its own. Patients write an
alarm over the web chat, one after the other; measured from their request to the frame on each stream. Exit code 1 when one was
later than a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.acknowledge.__main__ import running
from benchmarks.measure import cpu_seconds, memory_mb, percent
from bot.clock import utc_now
from bot.content.load import load_content
from bot.database import Database, make_engine, migrate
from bot.database.tables import staff
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from bot.staff import sessions
from bot.web.cookies import SESSION, cookie_name
from connectors.webchat.session import OWN_HEADER

PORT = 8931
ADDRESS = f"http://127.0.0.1:{PORT}"
TARGET_S = 1.0
ALARM = "I have crushing chest pain and cannot breathe"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("nurses", 50), ("escalations", 20)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="daozhen-bench-") as folder:
        cookies = prepare(Path(folder), asked.nurses + 1)
        with gateway(Path(folder)) as pid:
            return asyncio.run(measure(pid, cookies, asked.escalations))


def prepare(folder: Path, count: int) -> list[str]:
    """Make the store with nurses on duty, and return the cookie of a session for each."""
    settings = Settings.parse_obj({"data_dir": folder})
    engine = make_engine(settings.database_url)
    migrate(engine)
    database, now = Database(engine, load_cipher(settings)), utc_now()
    tokens, teams = [], ",".join(load_content(settings.content_dir).teams.by_id)
    with database.write() as work:
        for number in range(count):
            row = {
                "handle": f"nurse{number}",
                "role": "nurse",
                "state": "active",
                "teams": teams,
                "languages": "en",
                "language": "en",
            }
            sealed = work.cipher.seal({"name": f"Nurse {number}", "preferences": {}})
            made = work.execute(staff.insert().values(**row, duty="on", created_at=now, sealed=sealed))
            tokens.append(sessions.start(work, made.inserted_primary_key[0], now=now))
    engine.dispose()
    return tokens


@contextmanager
def gateway(folder: Path) -> Iterator[int]:
    """Run the gateway; yields its process."""
    values = {"PORT": PORT, "DATA_DIR": folder, "LOG_LEVEL": "error", "LANGUAGE": "en", "ASSISTANT_TIMEOUT_S": 1}
    own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
    with running("connectors", ready=f"{ADDRESS}/health", environment=own) as process:
        yield process.pid


class Page:
    """One open page: what it heard, and when."""

    def __init__(self, cookie: str) -> None:
        self._cookie, self.at, self.ready = cookie, {}, asyncio.Event()  # type: ignore[var-annotated]

    async def listen(self) -> None:
        """Hear frames until cancelled, and note when each case came first."""
        cookies = {cookie_name(SESSION, secure=False): self._cookie}
        async with (
            httpx.AsyncClient(cookies=cookies, timeout=None, trust_env=False) as http,
            http.stream("GET", f"{ADDRESS}/desk/api/stream") as answer,
        ):
            answer.raise_for_status()
            event = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    event = line[7:]
                    self.ready.set()
                elif line.startswith("data: ") and event == "queue":
                    self.at.setdefault(json.loads(line[6:])["row"]["id"], time.perf_counter())


async def measure(pid: int, cookies: list[str], escalations: int) -> int:
    """Open the pages, let patients write alarms, and say what came when."""
    first, *others = (Page(cookie) for cookie in cookies)
    tasks = [asyncio.create_task(first.listen())]
    await first.ready.wait()
    await escalate(1)  # what is loaded once is loaded
    await asyncio.sleep(3)
    before = memory_mb(pid)
    tasks += [asyncio.create_task(page.listen()) for page in others]
    await asyncio.gather(*(page.ready.wait() for page in others))
    await asyncio.sleep(3)
    each_kb = 1000 * (memory_mb(pid) - before) / len(others)
    began, cpu = time.perf_counter(), cpu_seconds(pid)
    await asyncio.sleep(10)
    idle = (cpu_seconds(pid) - cpu) / (time.perf_counter() - began)
    delays = [delay for number in range(escalations) for delay in await one_escalation(number, others)]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return tell(len(others), escalations, delays, each_kb, idle)


async def one_escalation(number: int, pages: list[Page]) -> list[float]:
    """Let a patient write an alarm; return the seconds until it is on each page."""
    known = {case for page in pages for case in page.at}
    sent = await escalate(number + 100)
    deadline = time.perf_counter() + 10
    while not all(set(page.at) - known for page in pages) and time.perf_counter() < deadline:
        await asyncio.sleep(0.005)
    # Pages that have nothing yet are as late as we waited.
    delays = [min((page.at[case] for case in set(page.at) - known), default=deadline) - sent for page in pages]
    await asyncio.sleep(0.5 + (number % 10) * 0.037)  # at any moment between two looks
    return delays


async def escalate(number: int) -> float:
    """Write an alarm as somebody new; returns when the request was begun."""
    async with httpx.AsyncClient(base_url=ADDRESS, headers={OWN_HEADER: "1"}, timeout=20, trust_env=False) as patient:
        (await patient.post("/chat/api/session")).raise_for_status()
        body = {"id": f"message-{number:08d}", "text": ALARM, "payload": "", "language": "en"}
        sent = time.perf_counter()
        (await patient.post("/chat/api/messages", json=body)).raise_for_status()
        return sent


def tell(nurses: int, escalations: int, delays: list[float], each_kb: float, idle: float) -> int:
    """Print the figures; returns the exit code."""
    milliseconds = sorted(1000 * delay for delay in delays)
    quantiles = " ".join(f"p{100 * share:g} {percent(milliseconds, share):.0f}" for share in (0.5, 0.9, 0.99))
    print(f"{nurses} pages, {escalations} escalations, {os.cpu_count()} cores")
    print(f"from the patient's request to the frame: {quantiles} max {milliseconds[-1]:.0f} ms")
    print(f"memory of an open page {each_kb:.0f} kB; the gateway idles at {idle:.1%} of a core with all of them open")
    met = milliseconds[-1] < 1000 * TARGET_S
    print(f"on all screens within {TARGET_S:g} s: {'ok' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
