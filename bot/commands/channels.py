"""`daozhen check telegram`, `… wechat`, `… wecom` and `daozhen wechat menu`: what only the platform can say or take. A process that knows platforms does it."""

from __future__ import annotations

import subprocess
import sys

import typer

from bot.errors import OperatorError
from bot.settings import ROOT, handed_on, read_settings

# Channels that can be asked about their settings.
ASKED = ("telegram", "wechat", "wecom", "mail")

wechat = typer.Typer(no_args_is_help=True, help="The WeChat official account.")


class ChannelProblem(OperatorError):
    """The channel cannot be asked. The message names those that can."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(wechat, name="wechat")


@wechat.command("menu")
def menu() -> None:
    """Publish the menu of the account: department, questions, nurse. Verified accounts only."""
    _run("wechat", "menu")


def check_channel(channel: str) -> None:
    """Ask a platform whether its settings are right. Exits with 1 when something has to be mended."""
    if channel not in ASKED:
        raise ChannelProblem(
            f"There is no check of {channel}. `daozhen check telegram` asks Telegram, `… wechat` WeChat, `… wecom` WeCom, `… mail` the mail server."
        )
    _run(channel, "check")


def _run(channel: str, what: str) -> None:
    settings = read_settings()  # a wrong setting is said before anything starts
    answer = subprocess.run([sys.executable, "-m", f"connectors.{channel}", what], cwd=ROOT, env=handed_on(settings), check=False)
    if answer.returncode:
        raise typer.Exit(answer.returncode)
