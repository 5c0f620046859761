"""`daozhen evaluate DIR`: scores on labelled JSON lines, per set and language, with 95 % intervals: the release report."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.output import InputError, read_lines, show_json
from bot.settings import read_settings


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("evaluate", help="Scores on labelled JSONL sets and on the safety suite, per language, with intervals.")(evaluate)


def evaluate(
    folder: Annotated[Path | None, typer.Argument(help="Folder of .jsonl files; without one the safety suite alone.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Without the second reader.")] = False,
    only: Annotated[str, typer.Option("--only", help="Only sets whose name holds this.")] = "",
) -> None:
    """Measure everything that the sets of `folder` are for, and the safety suite."""
    from bot.evaluation.engines import Engines
    from bot.evaluation.safety import safety
    from bot.evaluation.sets import read_sets, report
    from bot.evaluation.suite import SUITE, read_suite

    engines = Engines(read_settings(), rules_only=rules_only)
    sets = [] if folder is None else [one for one in read_sets(folder, read_lines) if only in one[0]]
    if folder is not None and not sets:
        raise InputError(f"There is no .jsonl file in {folder}. Name a folder with labelled lines.")
    suite = iter(()) if only else iter(safety(read_suite(SUITE), engines))
    rows = chain(report(sets, engines), suite)
    if json:
        show_json([asdict(row) for row in rows])
        return
    for row in rows:
        bounds = "" if row.low is None or row.high is None else f"({row.low:.3f}–{row.high:.3f})"
        print(f"{row.set:<26} {row.language:<8} {row.score:<36} {row.value:7.3f}  {bounds:<15} n={row.count}", flush=True)
