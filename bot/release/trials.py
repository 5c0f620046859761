"""Processes in which sentences are tried: one for what is live, one for a candidate. They start when somebody asks, and end unasked."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.release import store
from bot.release.candidate import Side, live_side
from bot.release.hearing import Hearing, HearingFailed
from bot.release.problems import ReleaseProblem, files_gone
from bot.settings import Settings

# A loaded model takes 250 MB: it is given back when nobody has tried anything for so long.
IDLE_S = 120.0
LIVE = "live"


@dataclass
class _Running:
    side: Side
    hearing: Hearing
    loading: asyncio.Task[None]
    used_at: float = field(default_factory=time.monotonic)


class Trials:
    """Tries sentences with what is live and with candidates."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: dict[str, _Running] = {}
        self._sweeping: asyncio.Task[None] | None = None

    async def try_out(self, name: str, text: str, language: str) -> dict[str, Any] | None:
        """Return all that can be seen of a sentence with the release `name`, or "live"; None while it is being loaded.

        Raises ReleaseProblem where there is nothing to try, and HearingFailed when it does not load.
        """
        running = self._running_for(name)
        running.used_at = time.monotonic()
        if not running.loading.done():
            return None
        try:
            running.loading.result()
            return await asyncio.to_thread(running.hearing.try_out, text, language)
        except HearingFailed:
            self._end(name)
            raise

    def end_idle(self, now: float) -> None:
        """End the processes that nobody has asked for a while before `now`, in seconds of the monotonic clock."""
        for name in [name for name, running in self._running.items() if running.used_at < now - IDLE_S]:
            self._end(name)

    def close(self) -> None:
        """End all processes."""
        for name in list(self._running):
            self._end(name)

    def _running_for(self, name: str) -> _Running:
        side = self._side(name)
        running = self._running.get(name)
        if running is not None and running.side != side:  # another model is live by now
            self._end(name)
            running = None
        if running is None:
            hearing = Hearing(self._settings, model=side.model, content=side.folder.content, models=_place(self._settings, name))
            loading = asyncio.create_task(asyncio.to_thread(hearing.wait_until_ready))
            running = self._running[name] = _Running(side, hearing, loading)
            self._sweeping = self._sweeping or asyncio.create_task(self._sweep())
        return running

    def _side(self, name: str) -> Side:
        if name == LIVE:
            side = live_side(self._settings)
            if side is None:
                raise ReleaseProblem("release_no_model", "There is no model yet. Run `daozhen train`.")
            return side
        made = store.kept(self._settings, name)
        if not made.there or made.model is None:
            raise files_gone(name)
        return Side(made.folder, made.models, made.model)

    async def _sweep(self) -> None:
        while self._running:
            await asyncio.sleep(IDLE_S / 10)
            self.end_idle(time.monotonic())
        self._sweeping = None

    def _end(self, name: str) -> None:
        running = self._running.pop(name)
        running.loading.cancel()
        running.hearing.close()


def _place(settings: Settings, name: str) -> Path:
    """Where a trial keeps what it makes of its content: apart from what serves, which reads other content after the next edit."""
    return settings.data_dir / store.FOLDER / "trials" / name
