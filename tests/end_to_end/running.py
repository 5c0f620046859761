"""A real gateway on a loopback port, with a scripted assistant: started, stopped and started again by tests."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path

import uvicorn
from scripted import Scripted

from bot.bootstrap import Services, build
from bot.content.load import ContentSource
from bot.settings import Settings
from connectors.gateway import make_app
from tests.stores import with_tables

PATIENCE_S = 30.0


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gateway:
    """The gateway in a thread of its own. Its data folder outlives a restart."""

    def __init__(self, folder: Path, *, content: ContentSource | None = None, **settings: object) -> None:
        self.assistant = Scripted()
        self._content = content  # one for several gateways: reading it takes seconds
        self.port = free_port()
        self.settings = Settings.parse_obj({"data_dir": folder, "port": self.port, **settings})
        self.services: Services | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve; returns once requests are answered."""
        with_tables(self.settings.database_url)
        self.services = build(self.settings, assistant=self.assistant, content=self._content)
        config = uvicorn.Config(
            make_app(self.services), host="127.0.0.1", port=self.port, ws="none", log_config=None, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()), daemon=True)  # type: ignore[union-attr]
        self._thread.start()
        until = time.monotonic() + PATIENCE_S
        while not self._server.started:
            assert time.monotonic() < until, "the gateway does not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it; open streams are cut."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(PATIENCE_S)
            assert not self._thread.is_alive(), "the gateway does not end"
            self._server = None
