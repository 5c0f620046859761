"""`daozhen export`, `erase` and `keys`: what the law lets a patient ask for, and key rotation."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.output import show_json
from bot.commands.services import acting, open_database
from bot.errors import OperatorError
from bot.settings import read_settings

Conversation = Annotated[
    str, typer.Option("--conversation", help="Id of a conversation of the patient (as in `cases list --json`).")
]
Name = Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")]

keys = typer.Typer(no_args_is_help=True, help="Encryption keys.")


class NoSuchConversation(OperatorError):
    """There is no such conversation. The message says where to find ids."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("export", help="Print everything that is known about a patient, as JSON. Audited.")(export)
    app.command("erase", help="Erase everything about a patient, but for a block by the staff. Audited; cannot be undone.")(erase)
    app.add_typer(keys, name="keys")


def export(conversation: Conversation, name: Name = "") -> None:
    """Print all rows of the patient of a conversation."""
    from bot.clock import utc_now
    from bot.privacy import audit
    from bot.privacy.export import export as export_patient

    with open_database().write() as work:
        patient_id = _patient(work, conversation)
        audit.record(work, who=acting(name), what="exported", subject=patient_id, now=utc_now())
        show_json(export_patient(work, patient_id))


def erase(
    conversation: Conversation, name: Name = "", yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Erase the patient of a conversation."""
    from bot.clock import utc_now
    from bot.privacy.erase import erase_patient

    if not yes:
        typer.confirm("Erase everything about this patient? This cannot be undone.", abort=True)
    with open_database().write() as work:
        erase_patient(work, _patient(work, conversation), who=acting(name), now=utc_now())
    print("Erased.")


@keys.command("rotate")
def rotate() -> None:
    """Put a new key in front and seal every row anew. Safe to stop and to run again."""
    from bot.privacy.encryption import add_key
    from bot.privacy.rotation import renew_all

    settings = read_settings()
    if not settings.keys:
        add_key(settings)
    for table, done in renew_all(open_database(settings)):
        print(f"{table}: {done} rows", flush=True)
    print("All rows have the newest key. Restart the running system, then run `daozhen keys drop-old`.")


@keys.command("drop-old")
def drop_old() -> None:
    """Remove all keys but the newest. Rotate first: rows of an older key cannot be read afterwards."""
    from bot.privacy.encryption import drop_old_keys
    from bot.privacy.rotation import renew_all

    settings = read_settings()
    for _ in renew_all(open_database(settings)):  # what a running system sealed with the old key since the rotation
        pass
    print(
        f"{drop_old_keys(settings)} old keys removed. Make a new backup: those from before the rotation need the keys they had."
    )


def _patient(work: object, conversation_id: str) -> str:
    from bot.database.engine import Work
    from bot.inbox.conversations import get

    assert isinstance(work, Work)
    found = get(work, conversation_id)
    if found is None:
        raise NoSuchConversation(
            f"There is no conversation {conversation_id}. `daozhen cases list --json` shows the ids of open cases."
        )
    return found.patient_id
