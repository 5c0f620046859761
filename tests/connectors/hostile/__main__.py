"""Run an attack: prints what was answered, what must not be, and the memory. Exit code 1 when anything was found."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.connectors.hostile.attack import attack
from tests.connectors.hostile.doors import DOORS
from tests.connectors.hostile.shots import shot

# What the process may have grown by between a fifth of the requests and the end, in MB: caches that fill, no leak.
MAY_GROW_MB = 25.0


def main() -> int:
    """Attack one door."""
    parser = argparse.ArgumentParser(prog="python -m tests.connectors.hostile", description=__doc__)
    parser.add_argument("--channel", choices=sorted(DOORS), default="telegram")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--case", type=int, help="print this one request, and send it alone")
    asked = parser.parse_args()
    door, numbers = DOORS[asked.channel](), range(asked.requests)
    if asked.case is not None:
        print(shot(door, asked.case, asked.seed))
        numbers = range(asked.case, asked.case + 1)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="daozhen-hostile-") as folder:
        outcome = asyncio.run(attack(door, Path(folder), numbers=numbers, seed=asked.seed))
    print(
        f"{sum(outcome.statuses.values())} requests in {time.monotonic() - began:.0f} s", dict(sorted(outcome.statuses.items()))
    )
    print(dict(outcome.kinds))
    for number, what, smallest in outcome.found:
        print(f"{number}: {what}\n    {smallest!r}")
    grown = outcome.memory_mb[-1] - outcome.memory_mb[0]
    print(f"memory {outcome.memory_mb} MB, grown by {grown:.1f}; found {len(outcome.found)}")
    return 1 if outcome.found or grown > MAY_GROW_MB else 0


if __name__ == "__main__":
    sys.exit(main())
