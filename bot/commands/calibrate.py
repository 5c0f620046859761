"""`daozhen calibrate`: factors for the hospital's departments, learned from its own records and proposed as a change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import utc_now
from bot.commands.output import InputError, show_json
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.calibration.calibrate import Calibrated, Score


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("calibrate", help="Learn from a CSV of complaints and booked departments how to weigh routes.")(calibrate)


def calibrate(
    records: Annotated[Path, typer.Argument(help="CSV with the columns complaint and department (id or name; several with ;).")],
    name: Annotated[list[str], typer.Option("--name", help="What a department is called in the file: 心血管科=CARD.")] = [],  # noqa: B006
    propose: Annotated[bool, typer.Option("--propose", help="Store the factors as a change, for a clinical reviewer.")] = False,
    by: Annotated[str, typer.Option("--by", help="With --propose: the handle of who proposes it.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Learn factors, and say what they gain on records that were held out. Levels and red flags are never touched."""
    from bot.calibration.calibrate import calibrate as learn
    from bot.calibration.records import read_records
    from bot.evaluation.engines import Engines

    settings = read_settings()
    engines = Engines(settings)
    found = read_records(records, engines.tables.departments, names=dict(map(_named, name)))
    done = learn(found.records, tables=engines.tables, reader=engines.second_reader)
    if json:
        show_json({**_about(done), "unknown": dict(found.unknown), "entries": done.entries()})
    else:
        _say(done, found.unknown)
    if propose:
        _propose(settings, done, records.name, by)


def _named(pair: str) -> tuple[str, str]:
    name, sign, department = pair.partition("=")
    if not sign:
        raise InputError(f"--name {pair}: write it as name=ID, like 心血管科=CARD.")
    return name, department.strip()


def _about(done: Calibrated) -> dict[str, object]:
    return {
        "learned_from": done.learned_from,
        "held_out": done.before.count,
        "before": vars(done.before),
        "after": vars(done.after),
    }


def _say(done: Calibrated, unknown: object) -> None:
    print(f"Learned from {done.learned_from} records; on {done.before.count} that were held out:")
    for title, score in (("before", done.before), ("after", done.after)):
        low, high = score.bounds
        print(f"  {title:<7} first department booked {score.share:.3f} ({low:.3f}–{high:.3f}), {_three(score)}")
    entries = done.entries()
    print(f"  {len(entries['departments'])} departments and {len(entries['concepts'])} complaints are weighed otherwise.")
    if unknown:
        print(f"  Not departments of this hospital: {unknown}. Name them with --name.")
    if not done.gains:
        print("  They gain nothing on the held-out records: leave the routes as they are.")


def _three(score: Score) -> str:
    return f"among the first three {score.among_three / score.count if score.count else 0.0:.3f}"


def _propose(settings: Settings, done: Calibrated, source: str, by: str) -> None:
    from bot.calibration.proposing import propose
    from bot.commands.services import open_database

    with open_database(settings).write() as work:
        number = propose(work, settings, done, source=source, by=by, now=utc_now())
    print(f"Stored as change {number}, for a clinical reviewer: /studio/changes/{number}")
