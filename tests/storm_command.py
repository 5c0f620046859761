"""The command line that all storms share."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any


def run(storm: Callable[..., Awaitable[Any]], about: str | None, *, every_s: float = 0.0) -> None:
    """Read the arguments, let `storm` blow, and print its outcome as JSON. `every_s`: seconds between two patients."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--kill-every", type=float, default=5.0, help="seconds; 0: never")
    parser.add_argument("--within", type=float, default=900.0)
    parser.add_argument("--every", type=float, default=every_s, help="seconds between two patients")
    parser.add_argument("--fair", action="store_true", help="nothing else goes wrong")
    chosen = parser.parse_args()

    async def blow(folder: Path) -> Any:
        values = {"kill_every_s": chosen.kill_every, "within_s": chosen.within, "bad": not chosen.fair, "every_s": chosen.every}
        return await storm(folder, patients=chosen.patients, **values)

    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(asyncio.run(blow(Path(folder)))), indent=1))
