"""`daozhen unanswered`: what patients asked and nobody had written an answer to, for the people who write the FAQ."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.output import Limit, show_json
from bot.commands.services import acting, open_database


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("unanswered", help="Questions without an answer, newest first. Audited: they are patients' words.")(unanswered)


def unanswered(
    limit: Limit = 100,
    name: Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the questions that were kept."""
    import sqlalchemy as sa

    from bot.clock import utc_now
    from bot.database import tables
    from bot.privacy import audit

    with open_database().write() as work:
        audit.record(work, who=acting(name), what="read unanswered questions", subject=f"at most {limit}", now=utc_now())
        query = sa.select(tables.unanswered).order_by(tables.unanswered.c.id.desc()).limit(limit)
        found = [
            {"at": row.at, "language": row.language, "text": work.cipher.unseal(row.sealed)["text"]}
            for row in work.execute(query)
        ]
    if json:
        show_json(found)
        return
    for question in found:
        print(f"{question['at']:%Y-%m-%d %H:%M}  {question['language']:<8} {question['text']}")
    print(f"{len(found)} questions.")
