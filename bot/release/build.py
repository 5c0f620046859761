"""A release is built: copied, changed, validated, trained, heard, compared. On a copy, in a process of its own: what is served waits
for none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.database.engine import Database
from bot.errors import OperatorError
from bot.evaluation.suite import SUITE
from bot.release import rows, store
from bot.release.candidate import OF_RASA, Side, asked_of, compare, live_side, prepare, trained, validate
from bot.release.changes import Applied, Changes, Conflicted
from bot.release.folders import digest_of, live_folder
from bot.release.gate import Report, as_json
from bot.release.patients import of_patients
from bot.settings import Settings

Progress = Callable[[rows.Step, float], None]


def build(
    database: Database, settings: Settings, name: str, *, changes: Changes, clock: Clock, suite: Path = SUITE
) -> rows.Release:
    """Build the waiting release `name` and return it: ready, refused, or failed when the machine let it down.

    Raises nothing that is only wrong with the candidate: its report says it.
    """
    with database.write() as work:
        if not rows.moved(work, name, from_=("waiting",), to="building"):
            return rows.need(work, name)
        release = rows.need(work, name)
    began = clock()
    try:
        found, applied = _Building(database, settings, changes, suite, _progress(database, name)).build(release)
    except Conflicted as conflict:
        _end(database, name, "refused", {"blocked_because": [{"key": "conflict", "values": conflict.values}]})
        number = int(str(conflict.values["change"]))
        with database.write() as work:
            changes.conflicted(work, number, by=release.made_by, release=name, now=clock())
    except OperatorError as error:
        _end(database, name, "refused", {"blocked_because": [{"key": "broken", "values": {"problem": str(error)}}]})
    except BaseException as error:
        _end(database, name, "failed", {"error": type(error).__name__})
        raise
    else:
        about = {"files": list(applied.files), "changes": list(applied.told), "seconds": round((clock() - began).total_seconds())}
        _end(database, name, "ready" if found.passed else "refused", {**as_json(found), **about})
    with database.read() as work:
        return rows.need(work, name)


@dataclass(frozen=True)
class _Building:
    database: Database
    settings: Settings
    changes: Changes
    suite: Path
    progress: Progress

    def build(self, release: rows.Release) -> tuple[Report, Applied]:
        self.progress("copying", 0.0)
        live = live_folder(self.settings)
        before = live.hashes()
        made = store.begin(self.settings, release.name, live)
        prepare(made.models, self.settings)
        with self.database.read() as work:
            applied = self.changes.apply(work, release.changes, made.folder)
        self.progress("validating", 0.0)
        of_rasa = any(name.startswith(OF_RASA) for name in applied.files)
        version = validate(made.folder, made.models, self.settings, rasa=of_rasa)
        self.progress("training", 0.0)
        model = trained(made.folder, made.models, self.settings, told=partial(self.progress, "training"))
        made.finish(before=before)
        about = {"base": digest_of(before), "model": model.name, "content_version": version, "approved_by": applied.approved_by}
        with self.database.write() as work:
            rows.update(work, release.name, **about)
        return self._compared(Side(made.folder, made.models, model)), applied

    def _compared(self, candidate: Side) -> Report:
        self.progress("hearing", 0.0)
        with self.database.read() as work:
            sentences = asked_of(candidate.folder.content, of_patients(work), suite=self.suite)
        told, keep_in = partial(self.progress, "hearing"), store.outcomes(self.settings)
        found = compare(candidate, live_side(self.settings), self.settings, sentences=sentences, keep_in=keep_in, told=told)
        self.progress("comparing", 0.0)
        return found


def _progress(database: Database, name: str) -> Progress:
    steps = list(rows.STEPS)
    latest = [0]

    def progress(step: rows.Step, share: float) -> None:
        begin, end = rows.STEPS[step], rows.STEPS[steps[steps.index(step) + 1]]
        done = begin + round((end - begin) * min(1.0, share))
        # Each is a transaction that others wait for: a hundred of them are enough.
        if done > latest[0]:
            latest[0] = done
            with database.write() as work:
                rows.update(work, name, step=step, progress=done)

    return progress


def _end(database: Database, name: str, state: rows.State, report: dict[str, object]) -> None:
    with database.write() as work:
        rows.moved(work, name, from_=("building",), to=state, step="done", progress=100, report=report)
