"""Whether the packs could go live with a change that is handed over: what is broken would stop the release for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from bot.packs.candidate import problem_in
from bot.packs.source import ROOMS, laid, shared_packs
from bot.release.folders import Folder
from bot.training.rows import Change
from bot.triage.tables import Tables


def problem_of(folder: Folder, change: Change, ahead: Iterable[Change], live: Tables) -> str:
    """Return why the packs of `folder` could not go live with a change after those `ahead`, "" when they could.

    What is wrong without it already is no reason against it. Raises ContentError for a file that is no YAML.
    """
    if not any(name.startswith(ROOMS) for name in change.files):
        return ""
    before = laid(shared_packs(folder).current(), [one for each in ahead if each.id != change.id for one in each.operations])
    touched = dict.fromkeys(change.files)
    problem = problem_in(laid(before, change.operations), touched, live)
    return "" if problem == problem_in(before, touched, live) else problem
