"""What is started: the commands, their environment, and how to see that each is ready."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.settings import PREFIX, ROOT, Settings, as_environment

PLATFORMS = tuple(f"{PREFIX}{name}_" for name in ("TELEGRAM", "WECHAT", "WECOM"))


@dataclass(frozen=True)
class Process:
    """One process to keep alive. It is ready when `ready_url` answers 200."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    ready_url: str
    port: int
    log: Path

    @property
    def label(self) -> str:
        """What the operator calls it."""
        return "action server" if self.name == "actions" else self.name


def processes(settings: Settings, *, token: str) -> tuple[Process, ...]:
    """Return gateway, actions and assistant: the gateway first, so that the safety net is up while the others start."""
    environment = {
        **os.environ,
        **as_environment(settings),
        f"{PREFIX}ASSISTANT_TOKEN": token,
        "RASA_ACTIONS_URL": f"{settings.actions_url}/webhook",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONUNBUFFERED": "1",
        # One thread for linear algebra: with more, one sentence takes 300 ms instead of 5 on a busy machine.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # What was only needed at the start goes back to the system: a fifth of the memory of all processes.
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_TRIM_THRESHOLD_": "4194304",
        "MALLOC_MMAP_THRESHOLD_": "1048576",
    }
    # The secrets of a platform are the gateway's alone.
    inner = {name: value for name, value in environment.items() if not name.startswith(PLATFORMS)}
    python = sys.executable
    logs = settings.data_dir / "log"
    rasa_run = ("-m", "bot.nlu.serve", "run", "--model", str(settings.models_dir), "--interface", "127.0.0.1")
    return (
        Process(
            name="gateway",
            command=(python, "-m", "connectors"),
            environment=environment,
            ready_url=f"http://127.0.0.1:{settings.port}/health",
            port=settings.port,
            log=logs / "gateway.log",
        ),
        Process(
            name="actions",
            command=(python, "-m", "actions"),
            environment=inner,
            ready_url=f"{settings.actions_url}/health",
            port=settings.actions_port,
            log=logs / "actions.log",
        ),
        Process(
            name="assistant",
            command=(python, *rasa_run, "--port", str(settings.assistant_port), "--endpoints", str(ROOT / "endpoints.yml"),
                     "--credentials", str(ROOT / "credentials.yml")),
            environment=inner,
            ready_url=f"{settings.assistant_url}/webhooks/daozhen/ready",
            port=settings.assistant_port,
            log=logs / "assistant.log",
        ),
    )  # fmt: skip
