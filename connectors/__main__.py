"""The gateway process: `python -m connectors`."""

from __future__ import annotations

import gc
import socket
import sys

import uvicorn

from bot.errors import CANNOT_RUN, OperatorError
from bot.interpreter import share_finely
from bot.privacy.belonging import prepare_database
from bot.settings import PREFIX, Settings, read_settings
from connectors.gateway import gateway
from connectors.logs import set_up


class PortProblem(OperatorError):
    """The gateway cannot listen. The message says where and what to do."""


def main() -> None:
    """Serve until SIGTERM; the messages at hand are finished first."""
    settings = read_settings()
    set_up(settings.log_level)
    listening = listen(settings)
    prepare_database(settings)
    app, _ = gateway(settings)
    share_finely()
    gc.freeze()  # the content stays for ever: do not walk through it at every collection
    # ws="none": uvicorn does not start with Rasa's pin of websockets, and nothing here speaks WebSocket.
    config = uvicorn.Config(
        app, ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=5, server_header=False, proxy_headers=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def listen(settings: Settings) -> socket.socket:
    """Return a socket on the address of the settings. Raises PortProblem with the fix."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        # From here on a second gateway is refused, not only once the content is loaded.
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise PortProblem(
            f"The gateway cannot listen on {settings.host}, port {settings.port} ({error.strerror}). "
            f"End the program that uses it, or set {PREFIX}PORT or {PREFIX}HOST."
        ) from error
    return listening


if __name__ == "__main__":
    try:
        main()
    except OperatorError as error:
        print(error, file=sys.stderr)
        sys.exit(CANNOT_RUN)
