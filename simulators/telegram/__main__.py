"""`python -m simulators.telegram --port 8081`: a Telegram on this machine, with a page for people."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import time

from simulators.telegram.page import STAFF_ID, furnish
from simulators.telegram.server import TOKEN, Simulator


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m simulators.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="port on loopback")
    parser.add_argument("--token", default=TOKEN, help="token of the bot")
    parser.add_argument("--scale", type=float, default=1.0, help="how many seconds pass there in one of ours")
    parser.add_argument("--settings", action="store_true", help="only print what the gateway has to be told")
    arguments = parser.parse_args()
    if arguments.settings:
        print("\n".join(settings(f"http://127.0.0.1:{arguments.port}", arguments.token)))
        return
    now = int(time.time())
    simulator = Simulator(port=arguments.port, token=arguments.token, scale=arguments.scale, seed=now)
    simulator.world.began_at(now)
    furnish(simulator.world)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(simulator))


async def _serve(simulator: Simulator) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    async with simulator:
        print(f"Telegram is simulated. For people: {simulator.url}/")
        print("For the gateway:")
        for line in settings(simulator.url, simulator.token):
            print(f"  {line}", flush=True)
        await ended.wait()


def settings(url: str, token: str) -> list[str]:
    """Return what the gateway has to be told, as NAME=value."""
    account = [f"DAOZHEN_TELEGRAM_API_URL={url}", f"DAOZHEN_TELEGRAM_TOKEN={token}", "DAOZHEN_TELEGRAM_MODE=polling"]
    return [*account, f"DAOZHEN_TELEGRAM_STAFF_GROUP={STAFF_ID}"]


if __name__ == "__main__":
    main()
