"""`python -m benchmarks.followup [--postgres URL|start] [--morning]`: a million reminders that wait, and a morning on which many are due.

Finding and claiming what is due is measured with a thousand and with a million pending reminders; exit code 1 when the median with
a million is more than 1.5 times that with a thousand. `--morning` lets many be due at once: the gateway is the real process, the
platform a simulated Telegram; exit code 1 when an emergency answer or a nurse's reply was later than a second, or an ordinary
reminder left before one of high risk.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from benchmarks.desk.__main__ import emptied
from benchmarks.followup import claiming, morning
from benchmarks.measure import percent
from bot.clock import utc_now

SIZES = (1_000, 1_000_000)
MOST = 1.5


def main() -> int:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--folder", default=None, help="for the files of SQLite; a temporary one")
    parser.add_argument("--morning", action="store_true", help="measure the morning instead")
    parser.add_argument("--people", type=int, default=50_000, help="who are due on that morning")
    parser.add_argument("--seconds", type=int, default=90, help="how long the morning is looked at")
    asked = parser.parse_args()
    if asked.morning:
        return 0 if asyncio.run(morning.measure(asked.people, asked.seconds)) else 1
    return 0 if _claiming(asked.sizes, asked.postgres, asked.folder) else 1


def _claiming(sizes: list[int], postgres: str, folder: str | None) -> bool:
    found: dict[int, claiming.Times] = {}
    for size in sizes:
        with emptied(postgres, folder) as database:
            found[size] = claiming.measure(database, size, now=utc_now())
            print(f"{database.engine.dialect.name}, {size:,} pending")
            for name, times in vars(found[size]).items():
                quantiles = " ".join(f"p{100 * share:g} {percent(times, share):6.2f}" for share in (0.5, 0.9, 0.99))
                print(f"  {name:<8} {quantiles} ms  ({len(times)} rounds)", flush=True)
    small, large = found[min(sizes)], found[max(sizes)]
    good = True
    for name in ("idle", "claim"):
        ratio = percent(getattr(large, name), 0.5) / percent(getattr(small, name), 0.5)
        good &= ratio <= MOST
        print(f"{name}: {max(sizes):,} against {min(sizes):,}: x {ratio:.2f}{'' if ratio <= MOST else '  TOO SLOW'}")
    return good


if __name__ == "__main__":
    sys.exit(main())
