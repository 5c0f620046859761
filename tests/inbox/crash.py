"""Kills a gateway before its Nth database statement, for every N, and lets a fresh one take over.

Run as `python -m tests.inbox.crash FOLDER STEP [ADDRESS…]`: prints one JSON line a point. It forks, because starting
Python anew for each point would take minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from pathlib import Path

import sqlalchemy as sa

from bot.database.tables import inbound, outbound
from bot.messages import Answer, Reply, Turn
from bot.privacy import consent
from bot.privacy.encryption import Cipher
from tests.conversations.bench import Bench, content_source

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SAID = ("hello", "one", "two", "crushing chest pain", "four")


class RememberingAssistant:
    """Like the real one it outlives the gateway: what it ran stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def answer(self, turn: Turn) -> Answer:
        ran = self._file.read_text().split() if self._file.exists() else []
        if turn.attempt == 1 or turn.message_id not in ran:
            with self._file.open("a") as file:
                file.write(turn.message_id + "\n")
        return Answer((Reply(f"({turn.text})"), Reply("and more")))

    async def ready(self) -> bool:
        return True


def die_before(engine: sa.engine.Engine, point: int) -> None:
    """Kill this process before statement number `point`; a commit counts as one."""
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == point:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "before_cursor_execute", step)
    sa.event.listen(engine, "commit", step)


async def send_all(bench: Bench, acknowledged: Path) -> None:
    """Send what was not acknowledged yet, each after the one before, as a page does."""
    patient = bench.patient(language="en")
    patient.sender = "somebody"
    done = acknowledged.read_text().split() if acknowledged.exists() else []
    for number, text in enumerate(("hello", None, *SAID[1:])):
        if str(number) in done:
            continue
        if text is None:
            await patient.says("I agree", payload=consent.YES, kind="button", external_id=str(number))
        else:
            await patient.says(text, external_id=str(number), wait=number == 0)
        with acknowledged.open("a") as file:
            file.write(f"{number}\n")
    await bench.services.lanes.idle()


async def run(folder: Path, address: str, point: int) -> None:
    bench = Bench(folder, database_url=address, assistant=RememberingAssistant(folder / "ran"))
    bench.database.cipher = Cipher([KEY], "lookup")
    if point:
        die_before(bench.database.engine, point)
    async with bench:
        if not point:
            await bench.passes(seconds=30)  # take up what was left
        await send_all(bench, folder / "acknowledged")
    if not point:
        result = outcome(bench)
        result["ran"] = (folder / "ran").read_text().split()
        (folder / "outcome").write_text(json.dumps(result))


def outcome(bench: Bench) -> dict[str, object]:
    """What a patient sees in the end, and how each message ended."""
    with bench.database.read() as work:
        rows = work.execute(sa.select(outbound).order_by(outbound.c.id)).all()
        said = [work.cipher.unseal(row.sealed) for row in rows]
        states = work.execute(sa.select(inbound.c.state).order_by(inbound.c.id)).scalars().all()
    answers = [message["text"].splitlines()[0] for message in said if message["kind"] == "answer"]
    return {"answers": answers, "kinds": [message["kind"] for message in said], "states": list(states)}


def fork(folder: Path, address: str, point: int) -> bool:
    """Run in a process of its own; returns whether it lived to the end."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(run(folder, address, point))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def main(folder: Path, step: int, addresses: list[str]) -> None:
    content_source()
    point = 1
    while True:
        own = folder / str(point)
        own.mkdir()
        address = addresses.pop() if addresses else ""
        lived = fork(own, address, point)
        fork(own, address, 0)
        print(json.dumps({"point": point, **json.loads((own / "outcome").read_text())}), flush=True)
        if lived:
            return
        point += step


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
