"""The assistant and its actions without a gateway: time to ready, memory, messages a second, CPU of a message.

python -m benchmarks.rasa_alone [--models models] [--senders 16] [--turns 25] [--port 5105] [--repeated]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.measure import Load, cpu_seconds, end, load, memory_mb, seconds_until
from bot.settings import ROOT, Settings
from bot.supervisor.processes import Process, processes

TOKEN = "bench"
# Each conversation ends after this many turns, as patients' do.
TURNS_A_CONVERSATION = 10
SENTENCES = (
    ("hello", "en"), ("where can I park?", "en"), ("how do I cancel my appointment?", "en"), ("thank you", "en"),
    ("怎么挂号", "zh-Hans"), ("報告在哪裡拿？", "zh-Hant"), ("Wo kann ich parken?", "de"), ("هل يوجد واي فاي؟", "ar"),
)  # fmt: skip


def main() -> None:
    """Start both, measure, print, end them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--senders", type=int, default=16)
    parser.add_argument("--turns", type=int, default=25)
    parser.add_argument("--port", type=int, default=5105)
    parser.add_argument("--repeated", action="store_true", help="the same sentences again and again, as for the stock bot")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        settings = Settings(
            data_dir=Path(folder), models_dir=arguments.models, assistant_port=arguments.port, actions_port=arguments.port + 1
        )
        started = {one.name: _start(one, stack) for one in processes(settings, token=TOKEN) if one.name != "gateway"}
        ready = seconds_until(f"{settings.assistant_url}/webhooks/daozhen/ready")
        asyncio.run(_talk(settings, "warm", senders=arguments.senders, turns=2))
        cpu = {name: cpu_seconds(process.pid) for name, process in started.items()}
        measured = asyncio.run(
            _talk(settings, "measured", senders=arguments.senders, turns=arguments.turns, repeated=arguments.repeated)
        )
        print(f"ready after {ready:.1f} s, {measured.per_second:.0f} messages/s with {arguments.senders} senders, "
              f"turn median {1000 * measured.quantile(0.5):.0f} ms, p95 {1000 * measured.quantile(0.95):.0f} ms")  # fmt: skip
        for name, process in started.items():
            used = 1000 * (cpu_seconds(process.pid) - cpu[name]) / len(measured.turns)
            print(f"{name}: {memory_mb(process.pid):.0f} MB, {used:.1f} ms CPU a message")


def _start(one: Process, stack: contextlib.ExitStack) -> subprocess.Popen[bytes]:
    one.log.parent.mkdir(parents=True, exist_ok=True)
    log = stack.enter_context(one.log.open("wb"))
    environment = {**os.environ, **one.environment}
    process = subprocess.Popen(one.command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    stack.callback(end, process)
    return process


async def _talk(settings: Settings, name: str, *, senders: int, turns: int, repeated: bool = False) -> Load:
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async def ask(http: httpx.AsyncClient, sender: int, turn: int) -> None:
        text, language = SENTENCES[(sender + turn) % len(SENTENCES)]
        # The vectors of a sentence are remembered; patients seldom write the very same.
        text = text if repeated else f"{text} {sender}-{turn}"
        conversation = f"{name}-{sender}-{turn // TURNS_A_CONVERSATION}"
        body = {"conversation_id": conversation, "message_id": f"{sender}-{turn}", "text": text, "language": language,
                "region": "CN", "channel": "webchat"}  # fmt: skip
        (await http.post(f"{settings.assistant_url}/webhooks/daozhen/turns", json=body, headers=headers)).raise_for_status()

    return await load(ask, senders=senders, turns=turns)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"measured in {time.monotonic() - began:.0f} s", file=sys.stderr)
