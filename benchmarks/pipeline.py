"""The gateway's own cost: the whole way of a message with an assistant that answers at once, and the safety net under load.

python -m benchmarks.pipeline [--patients 16] [--seconds 5] [--database postgresql://…]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from pathlib import Path

from bot.bootstrap import Services, build
from bot.clock import utc_now
from bot.database.engine import Database, make_engine
from bot.database.migrate import migrate
from bot.interpreter import share_finely
from bot.messages import Answer, Inbound, Reply, Turn
from bot.privacy import consent
from bot.privacy.encryption import Cipher, new_key
from bot.settings import Settings

HARMLESS, ALARM = "Ich habe seit drei Tagen Ohrenschmerzen", "I have crushing chest pain and cold sweat"
KEY = new_key()
_ids = map(str, itertools.count())


class Assistant:
    """Answers after `takes` seconds and wakes whoever waits for this turn's answer."""

    def __init__(self, takes: float) -> None:
        self.takes = takes

    async def answer(self, turn: Turn) -> Answer:
        """One short reply."""
        await asyncio.sleep(self.takes)
        return Answer((Reply("Seit wann haben Sie das?"),))

    async def ready(self) -> bool:
        """Always."""
        return True


async def send(services: Services, sender: str, text: str, payload: str = "") -> str:
    """Send one message; returns the conversation."""
    message = Inbound("webchat", next(_ids), sender, text, utc_now(), payload=payload)
    return (await services.inbox.receive(message)).conversation_id


async def turns(services: Services, sender: str, until: float) -> list[float]:
    """One patient: write, wait for the answer, write again. Returns the seconds of each turn."""
    conversation_id = await send(services, sender, "Guten Tag")
    await services.lanes.idle_in(conversation_id)
    await send(services, sender, "Ja", consent.YES)
    await services.lanes.idle_in(conversation_id)
    took = []
    while (began := time.monotonic()) < until:
        await send(services, sender, HARMLESS)
        await services.lanes.idle_in(conversation_id)
        took.append(time.monotonic() - began)
    return took


async def alarms(services: Services, until: float) -> list[float]:
    """Somebody in need, twenty times a second, each time somebody else: how long until the answer is stored."""
    took = []
    while (began := time.monotonic()) < until:
        await send(services, f"need-{next(_ids)}", ALARM)
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return took


async def measure(address: str, *, patients: int, seconds: float, takes: float) -> None:
    """Print one line of figures."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=address, language="de")
        engine = make_engine(settings.database_url)
        migrate(engine)
        services = build(settings, assistant=Assistant(takes), database=Database(engine, Cipher([KEY], "lookup")))
        await services.start()
        wall, cpu = time.monotonic(), time.process_time()
        until = wall + seconds
        *answered, safety = await asyncio.gather(
            *(turns(services, f"patient-{next(_ids)}", until) for _ in range(patients)), alarms(services, until)
        )
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        await services.stop()
    took = sorted(itertools.chain(*answered))
    messages = len(took) + len(safety)
    print(
        f"{engine.dialect.name}, assistant {takes * 1000:.0f} ms: {messages / wall:.0f} messages/s, "
        f"{1000 * cpu / messages:.2f} ms CPU a message, turn median {1000 * took[len(took) // 2]:.1f} ms, "
        f"safety net p50 {1000 * sorted(safety)[len(safety) // 2]:.1f} ms, "
        f"p99 {1000 * sorted(safety)[int(len(safety) * 0.99)]:.1f} ms"
    )


def main() -> None:
    """Read the arguments and measure: an assistant that costs nothing, and one that is the bottleneck."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--database", default="")
    arguments = parser.parse_args()
    share_finely()
    for takes in (0.0, 0.1):
        asyncio.run(measure(arguments.database, patients=arguments.patients, seconds=arguments.seconds, takes=takes))


if __name__ == "__main__":
    main()
