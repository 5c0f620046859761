"""`python -m benchmarks.acknowledge`: how soon the webhook of Telegram acknowledges, at 200 messages a second.

The gateway is the real process on SQLite; platform, assistant and load are processes of their own. In the same run the same load
meets `one_insert`, which does nothing but store. Prints a table; exit code 1 when our p99 is not under 50 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.acknowledge.posting import Posted
from benchmarks.measure import cpu_seconds, end, percent, seconds_until
from bot.settings import PREFIX, ROOT

SECRET = "a-secret-of-the-benchmark_0123456789"
TOKEN = "700000001:AABenchmarkTokenOfNobody_0123456789abc"
OURS, FAR_SIDE, PEER = 8907, 8917, 8927
TARGET_MS = 50.0
WARM_UP = 1000


def main() -> int:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("rate", 200), ("seconds", 20), ("people", 500)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--shielded", action="store_true", help="let these processes run before all others (Linux, root)")
    asked = parser.parse_args()
    if asked.shielded:
        _started.append(shield)
    values = {"rate": asked.rate, "count": asked.rate * asked.seconds, "people": asked.people}
    with tempfile.TemporaryDirectory(prefix="daozhen-bench-") as folder:
        with peer(Path(folder)):
            post(PEER, rate=50, count=WARM_UP // 4, people=asked.people)
            theirs = post(PEER, first=WARM_UP + 1, **values)
        with ours(Path(folder)) as gateway:
            post(OURS, rate=50, count=WARM_UP, people=asked.people)
            until_quiet()
            began = cpu_seconds(gateway.pid)
            own = post(OURS, first=WARM_UP + 1, **values)
            used = cpu_seconds(gateway.pid) - began
    print(
        f"{asked.rate} a second for {asked.seconds} s, {asked.people} people; the gateway used {used / asked.seconds:.0%} of a core"
    )
    for name, times in (("ours", own.ordinary_ms), ("ours, emergencies", own.danger_ms), ("one INSERT", theirs.ordinary_ms)):
        quantiles = " ".join(f"p{100 * share:g} {percent(times, share):7.1f}" for share in (0.5, 0.9, 0.99, 0.999))
        print(f"{name:<20} {quantiles} max {max(times):7.1f} ms")
    p99 = percent(own.ordinary_ms + own.danger_ms, 0.99)
    met = p99 < TARGET_MS and not own.refused
    print(f"p99 of all {p99:.1f} ms, not acknowledged {own.refused}: under {TARGET_MS:g} ms {'ok' if met else 'MISSED'}")
    return 0 if met else 1


def post(port: int, *, rate: int, count: int, people: int, first: int = 1) -> Posted:
    """Let a process of its own post."""
    options = {"rate": rate, "count": count, "people": people, "first": first}
    more = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "benchmarks.acknowledge.posting", f"http://127.0.0.1:{port}", SECRET, *more]
    with start(command, stdout=subprocess.PIPE) as process:
        return Posted(**json.loads(process.communicate()[0]))


def until_quiet(*, within_s: float = 120.0) -> None:
    """Wait until the gateway has handled all that came."""
    end_at = time.monotonic() + within_s
    while time.monotonic() < end_at:
        found = re.search(
            r"^daozhen_inbox_waiting (\S+)", httpx.get(f"http://127.0.0.1:{OURS}/metrics", trust_env=False).text, re.M
        )
        if found and float(found[1]) == 0:
            return
        time.sleep(0.5)
    raise TimeoutError("the warm-up was not handled in time")


_started: list[Callable[[int], None]] = []  # told of every process


def start(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own."""
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **more)
    for tell in _started:
        tell(process.pid)
    return process


def shield(pid: int) -> None:
    """Give the session of a process the CPU before others: what somebody else computes meanwhile is not to be measured."""
    Path(f"/proc/{pid}/autogroup").write_text("-15", encoding="ascii")


@contextmanager
def ours(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the gateway beside its far side."""
    values = {
        "PORT": OURS, "DATA_DIR": folder / "ours", "ASSISTANT_PORT": FAR_SIDE, "ASSISTANT_TOKEN": "x", "LOG_LEVEL": "warning",
        "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API_URL": f"http://127.0.0.1:{FAR_SIDE}",
        "TELEGRAM_PUBLIC_URL": f"http://127.0.0.1:{OURS}", "LANGUAGE": "en",
    }  # fmt: skip
    own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
    with (
        running("benchmarks.acknowledge.far_side", str(FAR_SIDE), ready=f"http://127.0.0.1:{FAR_SIDE}/webhooks/daozhen/ready"),
        running("connectors", ready=f"http://127.0.0.1:{OURS}/health", environment=own) as gateway,
    ):
        yield gateway


@contextmanager
def peer(folder: Path) -> Iterator[None]:
    """Run the peer."""
    file = str(folder / "peer.sqlite")
    with running("benchmarks.acknowledge.one_insert", str(PEER), file, SECRET, ready=f"http://127.0.0.1:{PEER}/health"):
        yield


@contextmanager
def running(
    module: str, *arguments: str, ready: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module as a process until the end of the block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX) or name.endswith("CONTENT_DIR")}
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**kept, **(environment or {}), "OMP_NUM_THREADS": "1"}, start_new_session=True
    )
    try:
        seconds_until(ready)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            end(process)


if __name__ == "__main__":
    sys.exit(main())
