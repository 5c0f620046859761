"""`python -m simulators.telegram --port 8081`: a Telegram on this machine, with a page for people."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from simulators.telegram.server import TOKEN, Simulator


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m simulators.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="port on loopback")
    parser.add_argument("--token", default=TOKEN, help="token of the bot")
    parser.add_argument("--scale", type=float, default=1.0, help="how many seconds pass there in one of ours")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Simulator(port=arguments.port, token=arguments.token, scale=arguments.scale)))


async def _serve(simulator: Simulator) -> None:
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    async with simulator:
        print(f"Telegram is simulated. For people: {simulator.url}/")
        print("For the gateway:")
        print(f"  DAOZHEN_TELEGRAM_API_URL={simulator.url}")
        print(f"  DAOZHEN_TELEGRAM_TOKEN={simulator.token}")
        print("  DAOZHEN_TELEGRAM_MODE=polling", flush=True)
        await ended.wait()


if __name__ == "__main__":
    main()
