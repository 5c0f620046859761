"""How a nurse links her Telegram account: with a one-time token from her page or the command line, and in no other way.

There is no registering, no number to be guessed, nobody who confirms: without a token nothing that is written makes anybody staff.
"""

from __future__ import annotations

from datetime import datetime

from bot.database.engine import Work
from bot.languages import Language
from bot.staff.invitations import TELEGRAM_COMMAND, TELEGRAM_START
from bot.staff.own import link_telegram
from bot.staff.people import of_telegram
from connectors.telegram.updates import Message, command_in


def token_in(message: Message) -> str | None:
    """Return the token that a message in a private chat brings, "" for a command without one; None: it is about something else."""
    command = command_in(message.text)
    if command is None or message.edited or message.kind != "text":
        return None
    if command.name == "start" and command.rest.startswith(TELEGRAM_START):
        return command.rest.removeprefix(TELEGRAM_START).strip()
    return command.rest if f"/{command.name}" == TELEGRAM_COMMAND else None


def enrol(work: Work, token: str, user: int, *, now: datetime) -> tuple[str, Language | None, str]:
    """Link an account; returns the key of what to say, the person's language and name. Twice the same is said as if once."""
    linked = link_telegram(work, token, str(user), now=now) if token else None
    if linked is not None:
        return "enrolled", linked.language, linked.name
    known = of_telegram(work, str(user))
    if known is not None:
        return "enrolled_already", known.language, known.name
    return "enrol_refused", None, ""
