"""`daozhen staff telegram HANDLE`: the link with which a nurse's Telegram account becomes hers. It works once, for an hour."""

from __future__ import annotations

import json
import subprocess
import sys

import typer

from bot.commands.output import show_json
from bot.commands.services import acting, open_database
from bot.errors import OperatorError
from bot.settings import PREFIX, ROOT, handed_on, read_settings

# Longer than the look-up of the bot's name may take.
WITHIN_S = 45.0


class LinkProblem(OperatorError):
    """There can be no link for this person. The message says why and what to do."""


def link_telegram(handle: str, *, as_json: bool) -> None:
    """Print the link. Audited. Raises LinkProblem for who is not active, or when Telegram is off."""
    from bot.clock import utc_now
    from bot.privacy import audit
    from bot.staff import invitations, people

    settings = read_settings()
    if not settings.telegram_token:
        raise LinkProblem(f"Telegram is off. Set {PREFIX}TELEGRAM_TOKEN first.")
    now = utc_now()
    with open_database(settings).write() as work:
        person = people.of_handle(work, handle)
        if person is None or person.state != "active":
            raise LinkProblem(f"Nobody who is active is called {handle}. `daozhen staff list` shows everybody.")
        token = invitations.issue(work, person.id, "telegram", now=now)
        audit.record(work, who=f"terminal:{acting('')}"[:64], what="made telegram link", subject=person.subject, now=now)
    link, typed = _link(token), f"{invitations.TELEGRAM_COMMAND} {token}"
    if as_json:
        show_json({"handle": person.handle, "link": link, "message": typed, "minutes": 60})
        return
    print(f"Give {person.handle} this link, for their own phone; it works once, for an hour, and is shown only now:\n")
    print(f"  {link}\n" if link else f"  Telegram does not answer now. In a chat with the bot this does the same:\n  {typed}\n")


def _link(token: str) -> str:
    """Return the link, "" when Telegram does not say now what the bot is called. The token is on no command line."""
    from bot.staff.invitations import TELEGRAM_START

    code = TELEGRAM_START.rstrip("_")
    command = [sys.executable, "-m", "connectors.scene_links", "telegram", code]
    try:
        environment = handed_on(read_settings())
        asked = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=WITHIN_S)
        address = str(json.loads(asked.stdout)["telegram"][code])
    except (subprocess.TimeoutExpired, ValueError, LookupError):
        return ""
    return address.removesuffix(code) + TELEGRAM_START + token


def add_to(staff: typer.Typer) -> None:
    """Add the command to `daozhen staff`."""

    @staff.command("telegram")
    def telegram(
        handle: str = typer.Argument(help="Who the link is for."),
        as_json: bool = typer.Option(False, "--json", help="Print JSON."),
    ) -> None:
        """Print the link that ties a nurse's Telegram account to hers. It works once, for an hour. Audited."""
        link_telegram(handle, as_json=as_json)
