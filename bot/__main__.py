"""The command line `daozhen`: which commands there are. What they do stands in `bot/commands/`."""

from __future__ import annotations

import sys

import typer

from bot.commands import (
    assistant,
    calibrate,
    cases,
    channels,
    content,
    disagreements,
    duty,
    evaluate,
    followup,
    followup_readings,
    poster,
    privacy,
    release,
    search,
    staff,
    store,
    system,
    talk,
    triage,
    unanswered,
)
from bot.commands.output import fail
from bot.errors import OperatorError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Daozhen (导诊) guides patients from symptoms to the right department and urgency. It never diagnoses.",
)
for room in (
    system,
    talk,
    triage,
    assistant,
    cases,
    duty,
    staff,
    privacy,
    search,
    followup,
    followup_readings,
    content,
    unanswered,
    disagreements,
    evaluate,
    poster,
    release,
    calibrate,
    store,
    channels,
):
    room.add_to(app)


def main() -> None:
    """Run one command. A mistake of the operator's is one sentence on stderr and exit code 1, never a traceback."""
    try:
        app()
    except OperatorError as error:
        fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
