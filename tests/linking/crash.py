"""Kills a gateway before its Nth database statement while two chats are linked and parted, and lets a fresh one go on.

Run as `python -m tests.linking.crash FOLDER STEP`: prints one JSON line a point.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from pathlib import Path

import sqlalchemy as sa

from bot.database.tables import audit, outbound, patient
from bot.privacy import consent
from bot.privacy.encryption import Cipher
from tests.conversations.bench import Bench, Patient, content_source
from tests.inbox.crash import KEY, die_before
from tests.linking.conftest import CODE

# Who says what; "": the code that the other was shown.
SAID = (
    ("phone", "hello"), ("phone", "I agree"), ("page", "hello"), ("page", "I agree"),
    ("phone", "link"), ("page", ""), ("page", "yes"), ("page", "my ear hurts"), ("phone", "unlink"),
)  # fmt: skip
NOTICES = ("Done: this chat and the one in", "was just used", "They are parted", "and this one are parted", "If you also write")


def texts(bench: Bench) -> list[str]:
    """Return all that was ever said to either."""
    with bench.database.read() as work:
        return [
            work.cipher.unseal(sealed)["text"]
            for sealed in work.execute(sa.select(outbound.c.sealed).order_by(outbound.c.id)).scalars()
        ]


async def send_all(bench: Bench, acknowledged: Path) -> None:
    """Send what was not acknowledged yet, each once the one before is answered."""
    people: dict[str, Patient] = {}
    for name, channel in (("phone", "telegram"), ("page", "webchat")):
        people[name] = bench.patient(language="en", channel=channel)
        people[name].sender = name
    done = acknowledged.read_text().split() if acknowledged.exists() else []
    for number, (who, text) in enumerate(SAID):
        if str(number) in done:
            continue
        words = text or next(found[0] for said in texts(bench) if (found := CODE.search(said)))
        more = {"payload": consent.YES, "kind": "button"} if text == "I agree" else {}
        await people[who].says(words, external_id=str(number), wait=False, **more)
        await bench.services.lanes.idle()
        with acknowledged.open("a") as file:
            file.write(f"{number}\n")


async def run(folder: Path, point: int) -> None:
    """Run up to statement `point`; 0: to the end, and write what became of it."""
    bench = Bench(folder)
    bench.database.cipher = Cipher([KEY], "lookup")
    if point:
        die_before(bench.database.engine, point)
    async with bench:
        if not point:
            await bench.passes(seconds=30)  # take up what was left
        await send_all(bench, folder / "acknowledged")
        await bench.settled()
    if not point:
        (folder / "outcome").write_text(json.dumps(outcome(bench)))


def outcome(bench: Bench) -> dict[str, object]:
    """Return how often each notice was said, how often was linked and parted, and how many patients there are in the end."""
    said = texts(bench)
    with bench.database.read() as work:
        acts = list(work.execute(sa.select(audit.c.what).order_by(audit.c.id)).scalars())
        patients = work.execute(sa.select(sa.func.count()).select_from(patient)).scalar_one()
    return {"notices": [sum(notice in text for text in said) for notice in NOTICES], "acts": acts, "patients": patients}


def fork(folder: Path, point: int) -> bool:
    """Run in a process of its own; returns whether it lived to the end."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(run(folder, point))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def main(folder: Path, step: int) -> None:
    """Try every `step`th point until a run comes to its end."""
    content_source()
    point, lived = 1, False
    while not lived:
        own = folder / str(point)
        own.mkdir()
        lived = fork(own, point)
        if not fork(own, 0):
            sys.exit(f"a fresh gateway failed after point {point}")
        print((own / "outcome").read_text(), flush=True)
        point += step


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
