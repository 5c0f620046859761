"""Builds are started and looked after by whoever asked for them: the gateway, or a terminal. The work is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.database.engine import Database, Work
from bot.release import rows, store
from bot.release.problems import ReleaseProblem, busy
from bot.settings import ROOT, Settings, as_environment

BUILDING = "building"
# A process that has not begun by then never will.
BEGINS_WITHIN = timedelta(minutes=2)


def begin(work: Work, settings: Settings, *, by: str, changes: Sequence[int], now: datetime) -> rows.Release:
    """Store a release that waits to be built. Raises ReleaseProblem while another one is under way."""
    end_dead(work, settings, now=now)
    if rows.in_state(work, *rows.UNFINISHED):
        raise busy()
    return rows.add(work, made_by=by, changes=changes, now=now)


def start(settings: Settings, name: str) -> subprocess.Popen[bytes]:
    """Start the process that builds the release `name`: on a copy, and with what patients leave of the machine."""
    log = settings.data_dir / store.FOLDER / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **as_environment(settings), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.release", name],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def end_dead(work: Work, settings: Settings, *, now: datetime) -> None:
    """Say of releases whose process is not there any more that they failed: the lock of building falls with it."""
    try:
        with store.alone(settings, BUILDING):
            for one in rows.in_state(work, *rows.UNFINISHED):
                # In the future: the clock was wrong then, and nobody should have to wait until it is right.
                if one.state == "building" or abs(now - one.made_at) > BEGINS_WITHIN:
                    rows.moved(work, one.name, from_=rows.UNFINISHED, to="failed", report={"error": "ended"})
    except ReleaseProblem:
        return  # somebody builds


def end(database: Database, name: str) -> None:
    """Say that the release `name` failed, where its process has ended without saying how it went."""
    with database.write() as work:
        rows.moved(work, name, from_=rows.UNFINISHED, to="failed", report={"error": "ended"})
