"""The whole system as an operator starts it, in processes of its own: started, looked at, hurt and ended by tests."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psutil
import sqlalchemy as sa

from bot.database import Database, make_engine
from bot.database.tables import inbound, outbound
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, ROOT, Settings

# A model of other training data is trained first, which takes a minute on a busy machine.
PATIENCE_S = 180.0
GONE_WITHIN_S = 20.0
# What stands in the command line of each process and of no other.
MARKS = {"gateway": "connectors", "actions": "actions", "assistant": "bot.nlu.serve"}


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class System:
    """`daozhen up` in a folder that outlives it. All that it prints is kept."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.settings = Settings(
            data_dir=folder / "data",
            port=free_port(),
            assistant_port=free_port(),
            actions_port=free_port(),
            webchat_per_minute=100_000,
            assistant_timeout_s=3.0,
            **more,
        )
        self.printed = folder / "printed.txt"
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def logs(self) -> Path:
        """Folder of the processes' logs."""
        return self.settings.data_dir / "log"

    @cached_property
    def database(self) -> Database:
        """The system's own database, opened with the installation's keys."""
        return Database(make_engine(self.settings.database_url), load_cipher(self.settings))

    def has_more_to_say(self) -> bool:
        """Whether a message waits for its answer, or an answer to be sent. What waits until the person writes does not count."""
        unanswered = sa.exists().where(inbound.c.state == "received")
        unsent = sa.exists().where(outbound.c.state.in_(("pending", "sending")))
        with self.database.read() as work:
            return bool(work.execute(sa.select(sa.or_(unanswered, unsent))).scalar_one())

    @property
    def supervisor(self) -> int:
        """Process id of `daozhen up`."""
        assert self._supervisor is not None, "the system was not started"
        return self._supervisor.pid

    def start(self, *options: str) -> None:
        """Start everything; returns once all three processes are ready."""
        with self.printed.open("ab") as out:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "bot", "up", "--demo", *options], cwd=ROOT, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until /ready says that all is well."""
        wait_until(self.is_ready, "the system is ready", PATIENCE_S, alive=self._supervisor)

    def is_ready(self) -> bool:
        """Whether the gateway and the assistant answer."""
        try:
            answer = httpx.get(f"{self.url}/ready", timeout=5.0, trust_env=False)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK and answer.json()["status"] == "ok"

    def pids(self) -> dict[str, int]:
        """Return the running processes by name."""
        try:
            children = psutil.Process(self.supervisor).children()
        except psutil.NoSuchProcess:
            return {}
        return {name: child.pid for child in children for name, mark in MARKS.items() if _has(child, mark)}

    def pid(self, name: str) -> int:
        """Return the id of a process, waiting for it to be started."""
        wait_until(lambda: name in self.pids(), f"the {name} is there", GONE_WITHIN_S)
        return self.pids()[name]

    def hurt(self, name: str, what: signal.Signals) -> int:
        """Send a signal to a process; returns its id."""
        pid = self.pid(name)
        os.kill(pid, what)
        return pid

    def end(self) -> list[psutil.Process]:
        """End everything as an operator does, with SIGTERM; returns what is left over."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            return []
        family = psutil.Process(self.supervisor).children(recursive=True)
        self._supervisor.terminate()
        self._supervisor.wait(GONE_WITHIN_S)
        return _left_over(family, GONE_WITHIN_S)

    def kill_supervisor(self) -> list[psutil.Process]:
        """End the supervisor so that it cannot see to its children; returns those that live on."""
        family = psutil.Process(self.supervisor).children(recursive=True)
        os.kill(self.supervisor, signal.SIGKILL)
        assert self._supervisor is not None
        self._supervisor.wait(GONE_WITHIN_S)
        return _left_over(family, GONE_WITHIN_S)

    def _environment(self) -> dict[str, str]:
        """Return the environment with this system's settings and none of the surroundings'."""
        own = {f"{PREFIX}{name.upper()}": str(getattr(self.settings, name)) for name in self.settings.__fields_set__}
        others = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "RASA_"))}
        return {**others, **own}


def wait_until(is_so: Callable[[], Any], what: str, seconds: float, *, alive: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until `is_so`; fails after `seconds`, or when the process `alive` ended."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"after {seconds:.0f} s it is still not so that {what}"
        assert alive is None or alive.poll() is None, f"ended before {what}"
        time.sleep(0.05)


async def until_all_is_said(system: System, heard: Callable[[], int], *, quiet_s: float) -> None:
    """Wait until `system` has no more to say. What it has, and may not say now, shows in `heard` staying as it is for `quiet_s`."""
    seen, since = heard(), time.monotonic()
    while time.monotonic() - since < quiet_s and await asyncio.to_thread(system.has_more_to_say):
        await asyncio.sleep(0.05)
        if heard() != seen:
            seen, since = heard(), time.monotonic()


def _has(child: psutil.Process, mark: str) -> bool:
    try:
        return mark in child.cmdline()
    except psutil.Error:
        return False


def _left_over(family: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(family, timeout=seconds)
    return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
