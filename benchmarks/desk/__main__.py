"""`python -m benchmarks.desk [--postgres URL]`: a page of the queue and a search, with 10,000 to 1,000,000 stored messages.

Each size gets an empty database of its own: SQLite in a temporary folder, or the database at URL, whose tables are made anew. With
`--postgres start` a PostgreSQL of the benchmark's own is started from this machine's binaries. Exit code 1 when a p99 is not under
200 ms, or when the median with a million messages is more than twice that with ten thousand (below 20 ms it is not asked).
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path

import sqlalchemy as sa

from benchmarks.desk.fill import NEEDLE, TEAMS, fill, pool
from benchmarks.desk.texts import texts
from benchmarks.measure import percent
from bot.clock import utc_now
from bot.content.load import load_content
from bot.database import Database, make_engine, migrate
from bot.database.tables import search_mark
from bot.desk import rows
from bot.handoff import queue
from bot.privacy.encryption import Cipher, new_key
from bot.search import search
from bot.search.index import Indexer
from bot.settings import ROOT
from bot.staff.people import Staff
from bot.triage.tables import Tables

SIZES = (10_000, 100_000, 1_000_000)
TARGET_MS, FLAT, TOO_SMALL_MS = 200.0, 2.0, 20.0
NURSE = Staff(1, "nurse1", "nurse", teams=frozenset(TEAMS[:3]))
LEAD = Staff(2, "lead", "lead", teams=frozenset(TEAMS))
# Sees nothing of what is found: the longest walk for the least result.
STRANGER = Staff(3, "new", "nurse", teams=frozenset({"none"}))
# Frequent words, parts of Chinese and of German ones, both scripts, several words, what nobody wrote, one message of all.
QUERIES = (
    *("头痛", "頭痛", "昨天开始", "急诊", "挂哪个科", "发烧", "醫師您好", "吃不下飯", "三天前"),
    *("fever", "headache", "my mother", "chest pain", "emergency room", "tomorrow", "yesterday worse", "depart"),
    *("Fieber", "schmerzen", "Notaufnahme", "Mutter schläft", "Rücken", "gestern schlimmer", "Uebelkeit"),
    *("صداع", "حرارة", "أي قسم أراجع", "الطوارئ", "شكرا", "ابني"),
    *("headache 头痛", "xylophone", "葡萄牙", NEEDLE, NEEDLE[:9], "A17", "kardio"),
)
# Frequent words that never stand together: the walk goes as far as it may.
NEVER_TOGETHER = ("tomorrow 明天", "gestern morgen", "昨天开始 明天上午", "fever Fieber")
# Of this one it is only asked that it ends in time, and says that it did not look at all.
BOUNDED = "search, longest walks"


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", default=None, help="for the files of SQLite; a temporary one")
    asked = parser.parse_args()
    tables = load_content(ROOT / "content").triage
    measured: dict[int, dict[str, list[float]]] = {}
    for size in asked.sizes:
        with emptied(asked.postgres, asked.folder) as database:
            measured[size] = _measure(database, size, tables, repeat=asked.repeat)
    return 0 if _fine(measured) else 1


@contextmanager
def emptied(postgres: str, folder: str | None) -> Iterator[Database]:
    """Yield an empty database with its tables: SQLite in a temporary folder, or PostgreSQL at an address, or started."""
    cipher = Cipher([new_key()], "lookup")
    if not postgres:
        with tempfile.TemporaryDirectory(prefix="daozhen-desk-", dir=folder) as made:
            yield from _opened(f"sqlite:///{Path(made)}/store.sqlite", cipher)
    elif postgres == "start":
        from tests.postgres import start_or_skip

        server = start_or_skip()
        try:
            yield from _opened(server.database(), cipher)
        finally:
            server.stop()
    else:
        yield from _opened(postgres, cipher)


def _opened(url: str, cipher: Cipher) -> Iterator[Database]:
    engine = make_engine(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    migrate(engine)
    try:
        yield Database(engine, cipher)
    finally:
        engine.dispose()


def _measure(database: Database, size: int, tables: Tables, *, repeat: int) -> dict[str, list[float]]:
    began, now = time.perf_counter(), utc_now()
    count = fill(database, size, drawn=pool(database, tables), now=now)
    gc.collect()
    gc.freeze()  # as the gateway does: the content stays for ever
    kind = database.engine.dialect.name
    built = time.perf_counter() - began
    print(
        f"\n{kind}, {size:,} messages, {count:,} tokens ({_bytes(database) / 1e6:,.0f} MB, filled in {built:.0f} s)", flush=True
    )
    found = {**_queue(database, repeat=repeat), **_searches(database, tables, repeat=repeat)}
    for name, times in found.items():
        quantiles = " ".join(f"p{100 * share:g} {percent(times, share):7.1f}" for share in (0.5, 0.9, 0.99))
        own = " ".join(f"p{100 * share:g} {percent(_cpu[name], share):5.1f}" for share in (0.5, 0.99))
        print(f"  {name:<28} {quantiles} ms; of this process {own} ms of a core  ({len(times)} calls)", flush=True)
    print(f"  load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    _cpu.clear()
    print(f"  the indexer reads {_indexed_a_second(database):,.0f} messages a second", flush=True)
    return found


def _queue(database: Database, *, repeat: int) -> dict[str, list[float]]:
    now = utc_now()

    def page(staff: Staff, tab: str, after: str | None) -> str | None:
        with database.read() as work:
            found = queue.page(work, staff=staff, tab=tab, after=after, now=now)
            rows.of_cases(work, found.rows)
        return found.more

    times: dict[str, list[float]] = {"queue, first pages": [], "queue, twentieth page": []}
    page(NURSE, "all", None)
    for staff in (NURSE, LEAD):
        for tab in ("unclaimed", "mine", "all", "snoozed", "closed"):
            times["queue, first pages"] += [
                _ms("queue, first pages", lambda staff=staff, tab=tab: page(staff, tab, None)) for _ in range(repeat * 2)
            ]
        after = None
        for _ in range(19):
            after = page(staff, "all", after) or after
        times["queue, twentieth page"] += [
            _ms("queue, twentieth page", lambda staff=staff, after=after: page(staff, "all", after)) for _ in range(repeat * 2)
        ]
    return times


def _searches(database: Database, tables: Tables, *, repeat: int) -> dict[str, list[float]]:
    now = utc_now()
    drawn = texts(tables, ours=False, seed=99)
    chance = random.Random(11)
    some = [text.split("，")[0][: chance.randrange(4, 12)].strip() for _, text in (next(drawn) for _ in range(60))]

    def find(query: str, staff: Staff) -> search.Found:
        with database.read() as work:
            return search.find(work, staff, query, now=now, tables=tables)

    asked = [
        ("search", QUERIES, (NURSE, LEAD)),
        ("search, patients' beginnings", tuple(some), (NURSE, LEAD)),
        (BOUNDED, NEVER_TOGETHER, (NURSE, LEAD, STRANGER)),
        (BOUNDED, QUERIES, (STRANGER,)),
    ]
    times: dict[str, list[float]] = {name: [] for name, _, _ in asked}
    slowest: list[tuple[float, str]] = []
    find("warm", NURSE)
    for name, queries, readers in asked:
        for query, staff in product(queries, readers):
            took = [_ms(name, lambda query=query, staff=staff: find(query, staff)) for _ in range(repeat)]
            times[name] += took
            slowest.append((max(took), query))
    found = find(NEEDLE, LEAD)
    assert len(found.hits) == 1, "the one message among all was not found"
    print("  slowest:", ", ".join(f"{query!r} {took:.0f} ms" for took, query in sorted(slowest, reverse=True)[:5]), flush=True)
    return times


def _indexed_a_second(database: Database) -> float:
    """Take away the tokens of some conversations and let the worker's rounds store them again."""
    with database.write() as work:
        some = list(work.execute(sa.select(search_mark.c.id).order_by(search_mark.c.id).limit(20)).scalars())
        work.execute(sa.delete(search_mark).where(search_mark.c.id.in_(some)))
    indexer, total, began = Indexer(database), 0, time.perf_counter()
    while passed := indexer.round(utc_now() + timedelta(minutes=1)):
        total += passed
    return total / (time.perf_counter() - began)


def _bytes(database: Database) -> int:
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    return os.stat(str(database.engine.url.database)).st_size


# What each call cost this process, in milliseconds of a core: on SQLite all of it, and the same on a busy machine.
_cpu: dict[str, list[float]] = defaultdict(list)


def _ms(name: str, act: Callable[[], object]) -> float:
    began, cpu = time.perf_counter(), time.process_time()
    act()
    _cpu[name].append(1000 * (time.process_time() - cpu))
    return 1000 * (time.perf_counter() - began)


def _fine(measured: dict[int, dict[str, list[float]]]) -> bool:
    """Print how the largest compares with the smallest, and return whether the targets are met."""
    smallest, largest = measured[min(measured)], measured[max(measured)]
    print(f"\n{max(measured):,} messages compared with {min(measured):,}:")
    good = True
    for name, times in largest.items():
        p50, p99 = (percent(times, share) / percent(smallest[name], share) for share in (0.5, 0.99))
        slow = percent(times, 0.99) >= TARGET_MS
        grows = name != BOUNDED and p50 > FLAT and percent(times, 0.5) > TOO_SMALL_MS
        good &= not slow and not grows
        print(f"  {name:<28} p50 x {p50:.2f}, p99 x {p99:.2f}{'  TOO SLOW' if slow else ''}{'  GROWS' if grows else ''}")
    return good


if __name__ == "__main__":
    sys.exit(main())
