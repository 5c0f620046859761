"""Simulated platforms beside the system: Telegram and WeChat can be tried at once, without an account or a public address."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

from bot.errors import OperatorError
from bot.settings import PREFIX, ROOT, Settings
from bot.supervisor.processes import Process


class NoSimulator(OperatorError):
    """A simulator does not start. The message says which."""


@dataclass(frozen=True)
class _Platform:
    """A simulator: its module, how far its port is from the gateway's, and the settings that mean "a real account is used"."""

    name: str
    title: str
    port_after: int
    real: tuple[str, ...]


_PLATFORMS = (
    _Platform("telegram", "Telegram", 81, ("telegram_token",)),
    _Platform("wechat", "WeChat and WeCom", 82, ("wechat_app_id", "wecom_corp_id")),
)


@dataclass(frozen=True)
class Simulated:
    """The simulators to start, what the gateway is to be told, and the pages for people by the platform's name."""

    processes: tuple[Process, ...]
    settings: dict[str, str]
    pages: dict[str, str]


def simulated(settings: Settings) -> Simulated:
    """Return what is needed to simulate every platform of which there is no real account. Raises NoSimulator."""
    chosen = [platform for platform in _PLATFORMS if not any(getattr(settings, name) for name in platform.real)]
    ports = {platform: settings.port + platform.port_after for platform in chosen}
    told = [_ask(platform, port) for platform, port in ports.items()]
    return Simulated(
        processes=tuple(_process(platform, port, settings) for platform, port in ports.items()),
        settings={name: value for lines in told for name, value in lines.items()},
        pages={platform.title: f"http://127.0.0.1:{port}/" for platform, port in ports.items()},
    )


def _process(platform: _Platform, port: int, settings: Settings) -> Process:
    gateway = ("--gateway", f"http://127.0.0.1:{settings.port}") if platform.name == "wechat" else ()
    return Process(
        name=f"simulated {platform.title}",
        command=(*_command(platform, port), *gateway),
        environment=_environment(),
        ready_url=f"http://127.0.0.1:{port}/",
        port=port,
        log=settings.data_dir / "log" / f"simulated-{platform.name}.log",
    )


def _ask(platform: _Platform, port: int) -> dict[str, str]:
    """Return the settings that a simulator wants the gateway to have."""
    asked = subprocess.run(
        [*_command(platform, port), "--settings"], cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    lines = [line.strip() for line in asked.stdout.splitlines() if line.strip().startswith(PREFIX)]
    if asked.returncode or not lines:
        raise NoSimulator(f"The simulator of {platform.title} does not start. Run `make setup`, or leave --platforms away.")
    return dict(line.split("=", 1) for line in lines)


def _command(platform: _Platform, port: int) -> tuple[str, ...]:
    return (sys.executable, "-m", f"simulators.{platform.name}", "--port", str(port))


def _environment() -> dict[str, str]:
    # A simulator is a stranger: nothing of the installation is for it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
