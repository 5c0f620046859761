"""`daozhen followup key`: keys with which other programs of the hospital enrol patients and report visits."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.output import show_json
from bot.commands.services import acting, open_database

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")]
KeyName = Annotated[str, typer.Argument(help="What the program is called, like records: it stands in the audit.")]

key = typer.Typer(no_args_is_help=True, help="Keys of other programs, for POST /api/enrolments and /api/visits.")


def add_to(followup: typer.Typer) -> None:
    """Add the commands of this file."""
    followup.add_typer(key, name="key")


@key.command("add")
def add(
    name: KeyName,
    scope: Annotated[list[str], typer.Option("--scope", help="What it is for: enrol, visit or read; say it again for more.")] = [  # noqa: B006 - typer copies it
        "enrol",
        "visit",
        "read",
    ],
    who: As = "",
) -> None:
    """Make a key and show it, once."""
    from bot.clock import utc_now
    from bot.programs import keys

    with open_database().write() as work:
        made = keys.add(work, name, scope, who=acting(who), now=utc_now())
    print(made)
    typer.echo("Keep it safe: it is shown this once. Send it as `Authorization: Bearer KEY`.", err=True)


@key.command("list")
def listed(json: Json = False) -> None:
    """Show all keys, without their secrets."""
    from bot.programs import keys

    with open_database().read() as work:
        found = keys.listed(work)
    if json:
        show_json([{**vars(one), "scopes": sorted(one.scopes)} for one in found])
        return
    for one in found:
        used = f"used {one.used_at:%Y-%m-%d %H:%M} UTC" if one.used_at else "never used"
        ended = f"  revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else ""
        print(f"{one.name:<20} {','.join(sorted(one.scopes)):<18} made {one.created_at:%Y-%m-%d}  {used}{ended}")
    if not found:
        print("No keys. `daozhen followup key add NAME` makes one.")


@key.command("revoke")
def revoke(name: KeyName, who: As = "") -> None:
    """Take a key back, at once and for good."""
    from bot.clock import utc_now
    from bot.programs import keys

    with open_database().write() as work:
        keys.revoke(work, name, who=acting(who), now=utc_now())
    print(f"The key {name} opens nothing any more.")
