"""`daozhen disagreements`: what only one of the two readers took for an emergency, for the people who review the safety rules."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.commands.output import Limit, show_json
from bot.commands.services import acting, open_database


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("disagreements", help="Where rules and second reader disagree, newest first. Audited: they are patients' words.")(
        disagreements
    )


def disagreements(
    limit: Limit = 100,
    name: Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the assessments that are marked."""
    import sqlalchemy as sa

    from bot.clock import utc_now
    from bot.database import tables
    from bot.privacy import audit

    assessment = tables.assessment
    with open_database().write() as work:
        audit.record(work, who=acting(name), what="read disagreements", subject=f"at most {limit}", now=utc_now())
        query = sa.select(assessment).where(assessment.c.disagreement).order_by(assessment.c.id.desc()).limit(limit)
        found = [
            {"at": row.at, "conversation": row.conversation_id, **_told(work.cipher.unseal(row.sealed))}
            for row in work.execute(query)
        ]
    if json:
        show_json(found)
        return
    for one in found:
        print(
            f"{one['at']:%Y-%m-%d %H:%M}  {one['level']:<3} rules: {one['rules'] or '-'}  second reader: {one['second_reader']}"
        )
        print(f"    {one['said']}")
    print(f"{len(found)} disagreements.")


def _told(data: dict[str, Any]) -> dict[str, Any]:
    opinions = data.get("trace", {}).get("second_reader", [])
    rules = [flag for flag in data.get("red_flags", []) if not flag.startswith("SR")]
    said = [finding["said"] for finding in data.get("findings", []) if finding["state"] == "present"]
    heard = ", ".join(f"{one['verdict']} ({one['emergency']:.2f})" for one in opinions)
    return {"level": data["level"], "rules": ", ".join(rules), "second_reader": heard, "said": " … ".join(said)}
