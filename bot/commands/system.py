"""`daozhen up`: the whole system on one machine, with one command."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Annotated

import typer

from bot.settings import PREFIX, Settings, read_settings


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("bench", help="Measure against a stock Rasa bot on this machine; its environment is made once.")(bench)
    app.command("up", help="Start gateway, assistant and actions; train when there is no model; wait until ready.")(up)


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Sample hospital and landing page, whatever DAOZHEN_ENVIRONMENT says.")
    ] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the gateway.")] = None,
    platforms: Annotated[
        bool, typer.Option("--platforms", help="With a simulated Telegram and WeChat, where there is no real account.")
    ] = False,
) -> None:
    """Run everything until Ctrl-C."""
    from bot.supervisor.platforms import Simulated, simulated
    from bot.supervisor.processes import processes
    from bot.supervisor.watch import Watch, check_ports

    began = time.monotonic()
    settings = _settings(demo=demo, port=port)
    beside = simulated(settings) if platforms else Simulated((), {}, {})
    settings = _settings(demo=demo, port=port, more=beside.settings)
    # In a process of its own: what it reads would stay in this one, which lives as long as the installation.
    with ProcessPoolExecutor(1) as apart:
        apart.submit(prepare, settings).result()
        staff = apart.submit(staff_lines, settings, demo=demo).result()
    to_start = (*processes(settings, token=settings.assistant_token or secrets.token_urlsafe(32)), *beside.processes)
    check_ports(to_start)
    _train_if_needed(settings)
    watch = Watch(to_start, tell=_tell)
    also = "".join(f", simulated {name}" for name in beside.pages)
    print(f"Starting gateway, assistant and actions{also} … (Ctrl-C ends everything)", flush=True)
    asyncio.run(_run(watch, when_ready=lambda: _ready(settings, time.monotonic() - began, beside.pages, staff)))
    print("Everything has ended.")


def bench() -> None:
    """Run `benchmarks/`. Exit code 1 when a target is missed."""
    import subprocess
    import sys

    from bot.settings import ROOT

    raise typer.Exit(subprocess.run([sys.executable, "-m", "benchmarks"], cwd=ROOT, check=False).returncode)


def prepare(settings: Settings) -> None:
    """Make what the processes share before they start: folder, keys, database. Raises OperatorError with the fix."""
    from bot.commands.installation import FolderError, check_platforms, check_ports_differ, not_writable
    from bot.content.load import load_content
    from bot.content.signing import check_usable
    from bot.privacy.belonging import prepare_database

    try:
        (settings.data_dir / "log").mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderError(not_writable(settings.data_dir, error.strerror)) from error
    check_ports_differ(settings)
    check_usable(load_content(settings.content_dir, keep_in=settings.kept_dir), environment=settings.environment)
    prepare_database(settings)
    check_platforms(settings)


def staff_lines(settings: Settings, *, demo: bool) -> tuple[str, ...]:
    """Return what is said of the staff when all is ready. In the demo sample people are added where there is nobody."""
    from bot.clock import utc_now
    from bot.commands.services import open_database, read_content
    from bot.commands.staff import FIRST_ADMIN
    from bot.staff.links import invitation_link
    from bot.staff.samples import is_empty, seed

    with open_database(settings).write() as work:
        if demo:
            teams = read_content(settings).teams.by_id
            people = seed(work, teams=teams, language=settings.language, now=utc_now())
            links = [f"    {one.handle:<5} {one.role:<8} {invitation_link(settings, one.token)}" for one in people]
            if links:
                return ("Sample staff; each link works once, within 72 hours:", *links)
        return (f"Nobody is on the staff yet. {FIRST_ADMIN}",) if is_empty(work) else ()


def _settings(*, demo: bool, port: int | None, more: Mapping[str, str] | None = None) -> Settings:
    chosen = {**os.environ, **(more or {})}
    if demo:
        chosen[f"{PREFIX}ENVIRONMENT"] = "demo"
        chosen.setdefault(f"{PREFIX}DESK_CODES", "optional")
    if port is not None:
        chosen[f"{PREFIX}PORT"] = str(port)
    return read_settings(chosen)


def _train_if_needed(settings: Settings) -> None:
    from bot.nlu.large import train_any
    from bot.nlu.training import model_is_current

    if model_is_current(settings.models_dir, files=settings.files_dir):
        return
    print("There is no model of the present training data yet: training one (once, about a minute) …", flush=True)
    model = train_any(settings.models_dir, progress=_tell, files=settings.files_dir, vectors=settings.kept_dir)
    print(f"Trained {model.name}.", flush=True)


async def _run(watch: object, *, when_ready: object) -> None:
    from bot.supervisor.watch import Watch

    assert isinstance(watch, Watch) and callable(when_ready)
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(ending, watch.stop)
    await watch.run(when_ready=when_ready)


def _ready(settings: Settings, seconds: float, pages: Mapping[str, str], staff: Sequence[str] = ()) -> None:
    address = f"http://{'127.0.0.1' if settings.host in ('0.0.0.0', '::') else settings.host}:{settings.port}"
    print(f"\nDaozhen is ready ({seconds:.0f} s).")
    print(f"  For patients    {address}/chat")
    print(f"  For nurses      {address}/desk")
    for line in staff:
        print(f"    {line}")
    print(f"  What to try     {address}/")
    for name, page in pages.items():
        print(f"  {name:<15} {page}  (simulated: you are the patient)")
    print(f"  In the terminal {_daozhen()} chat --lang de")
    print(f"  For operators   {address}/health  {address}/ready  {address}/metrics")
    print(f"  Logs            {settings.data_dir / 'log'}\n", flush=True)


def _daozhen() -> str:
    return ".venv/bin/daozhen"


def _tell(sentence: str) -> None:
    print(sentence, flush=True)
