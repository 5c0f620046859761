"""`daozhen search`: the index of the nurses' search."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.services import acting, open_database

search = typer.Typer(no_args_is_help=True, help="The index of the nurses' search.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(search, name="search")


@search.command("reindex")
def reindex(
    name: Annotated[str, typer.Option("--as", help="Your name for the audit; empty: the user of this terminal.")] = "",
) -> None:
    """Make the search index anew, in short steps. Safe beside a running system, safe to stop and to run again. Audited.

    Nobody needs this in daily work: a new look-up key, or a version that reads words otherwise, is noticed by itself.
    """
    from bot.clock import utc_now
    from bot.privacy import audit
    from bot.search.index import MOST_BATCHES, Indexer, forget_some

    database = open_database()
    with database.write() as work:
        audit.record(work, who=acting(name), what="reindexed", subject="search", now=utc_now())
    while True:
        with database.write() as work:
            if not forget_some(work):
                break
    indexer, total, idle = Indexer(database), 0, 0
    # What is not handled yet waits for the running system: when a whole turn brought nothing more, it is done.
    while idle <= indexer.waiting // MOST_BATCHES:
        passed = indexer.round(utc_now())
        total, idle = total + passed, 0 if passed else idle + 1
        print(f"{total} messages, {indexer.waiting} conversations left", flush=True)
    print(f"The index is new: {total} messages.")
