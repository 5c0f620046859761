"""`daozhen release`, `daozhen rollback`: the gate, releases of the studio's changes, and the way back, in the terminal."""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import utc_now
from bot.commands.output import show_json
from bot.commands.services import acting
from bot.errors import OperatorError
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.release.gate import Difference, Report
    from bot.release.publish import Published, Publisher

By = Annotated[str, typer.Option("--by", help="Who does it, for the audit; empty: the user of this terminal.")]

# Of each kind of finding so many are printed; JSON has all.
MOST_LINES = 20


class GateClosed(OperatorError):
    """The gate does not let the files through. The message counts why."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("release", help="Releases: list them, --check the files as they stand, --build one, --publish NAME.")(release)
    app.command("rollback", help="Let an earlier release be served again: its files and its model.")(rollback)


def release(
    check: Annotated[
        bool, typer.Option("--check", help="Hold the files as they stand to the gate: safety suite, saved sentences, examples.")
    ] = False,
    against: Annotated[str, typer.Option("--against", help="With --check: compare with this commit or branch of git.")] = "",
    build: Annotated[
        bool, typer.Option("--build", help="Build a release of the changes that were approved, and wait for it.")
    ] = False,
    publish: Annotated[str, typer.Option("--publish", help="Let this release, which passed the gate, be served.")] = "",
    by: By = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the releases, or do one of the things. Exit code 1 when the gate does not let something through."""
    if check:
        _check(against, json=json)
    elif build:
        _build(acting(by))
    elif publish:
        _say(_publisher().publish(publish, by=acting(by), now=utc_now()))
    else:
        _list(json=json)


def rollback(
    name: Annotated[str, typer.Argument(help="The release to go back to; `daozhen release` lists them.")],
    by: By = "",
) -> None:
    """Let an earlier release be served again. What stands there now is kept as a release of its own where no release holds it."""
    _say(_publisher().roll_back(name, by=acting(by), now=utc_now()))


def _list(*, json: bool) -> None:
    from bot.commands.services import open_database
    from bot.release.rows import newest

    with open_database().read() as work:
        found = newest(work)
    if json:
        show_json([{**vars(one), "report": one.report} for one in found])
        return
    for one in found:
        when = f"{one.published_at or one.made_at:%Y-%m-%d %H:%M}"
        print(f"{one.name:<14} {one.state:<9} {when}  by {one.published_by or one.made_by}, changes {len(one.changes)}")
    if not found:
        print("There is no release yet. The studio makes them, at /studio/releases.")


def _build(by: str) -> None:
    from bot.commands.services import open_database
    from bot.release import rows, start
    from bot.training.published import StudioChanges

    settings = read_settings()
    database = open_database(settings)
    with database.write() as work:
        name = start.begin(work, settings, by=by, changes=StudioChanges().approved(work), now=utc_now()).name
    child, shown = start.start(settings, name), ""
    while child.poll() is None:
        with database.read() as work:
            now = rows.need(work, name)
        shown = _told(f"  {now.step} {now.progress} %", shown)
        time.sleep(0.5)
    start.end(database, name)
    with database.read() as work:
        done = rows.need(work, name)
    for one in done.report.get("blocked_because", ()):
        print(f"BLOCKED: {one['key']} {one['values']}")
    if done.state != "ready":
        raise GateClosed(f"Release {name} is {done.state}; see {settings.data_dir / 'releases' / name}.log and /studio/releases.")
    print(f"Release {name} passed the gate. Publish it with `daozhen release --publish {name}`.")


def _told(line: str, shown: str) -> str:
    if line != shown:
        print(line, flush=True)
    return line


def _publisher() -> Publisher:
    from bot.commands.services import open_database
    from bot.release.answering import answering
    from bot.release.publish import Publisher
    from bot.training.published import StudioChanges

    settings = read_settings()
    return Publisher(
        open_database(settings),
        settings,
        StudioChanges(),
        partial(answering, settings),
    )


def _say(done: Published) -> None:
    print(f"Release {done.name} is live after {done.seconds:.1f} s.")
    if not done.answers:
        print("The assistant does not answer with its model yet; it starts with it when it comes back.")
    if done.edited:
        print(f"These files had been edited by hand: {', '.join(done.edited)}.")
    if done.kept_as:
        print(f"What stood there before is kept as release {done.kept_as}.")


def _check(against: str, *, json: bool) -> None:
    from bot.release.check import check
    from bot.release.gate import as_json

    with tempfile.TemporaryDirectory(prefix="daozhen-check-") as place:
        found = check(read_settings(), Path(place), against=against, tell=lambda sentence: print(sentence, file=sys.stderr))
    if json:
        show_json(as_json(found))
    else:
        for line in lines_of(found):
            print(line)
    if not found.passed:
        raise GateClosed(f"The gate does not let these files through: {len(found.blocked_because)} reasons.")


def lines_of(found: Report) -> list[str]:
    """Return a report in sentences, what blocks first."""
    asked = ", ".join(f"{count} {kind.replace('_', '-')}" for kind, count in sorted(found.counts.items()))
    lines = [f"Asked: {asked} sentences."]
    lines += _named("LOST, blocks", found.lost) + _named("SAVED SENTENCE NOT MET, blocks", found.unmet)
    lines += [f"BLOCKED: {one.key} {dict(one.values)}" for one in found.blocked_because if one.key in ("look_alikes", "worse")]
    lines += _named("not heard before either", found.missed) + _named("look-alike that would alarm", found.alarmed)
    lines += _named("changes", found.changed)
    for one in found.shares:
        before = "" if one.before is None else f" (before {one.before})"
        lines.append(
            f"examples held back, {one.intent or 'all intents'} {one.language or 'all'}: {one.after} of {one.count}{before}"
        )
    return [*lines, "The gate lets these files through." if found.passed else "The gate is closed."]


def _named(title: str, some: tuple[Difference, ...]) -> list[str]:
    lines = []
    for one in some[:MOST_LINES]:
        after = {
            name: value for name, value in one.after.outcome.items() if one.before is None or one.before.outcome[name] != value
        }
        lines.append(f"{title}: {one.sentence.id} “{one.sentence.text}” → {after}")
    return lines + ([f"{title}: {len(some) - MOST_LINES} more"] if len(some) > MOST_LINES else [])
