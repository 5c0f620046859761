"""A release goes live, or an earlier one comes back: files, then the model, without a message lost.

Before anything is overwritten, what is live is kept: nothing that somebody edited on disk is gone, and everything can come back.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.database.engine import Database, Work
from bot.nlu.serving import bring, newest_model, serve
from bot.nlu.training import FINGERPRINT
from bot.privacy import audit
from bot.release import rows, store
from bot.release.changes import Changes
from bot.release.folders import Folder, differing, digest_of, live_folder, put
from bot.release.lineage import FOLLOWS, contained
from bot.release.problems import changes_moved, files_gone, moved_on, no_room, outdated, refused_model, wrong_state
from bot.settings import Settings

# Names of the model that answers and of the one that did not load; "" and "" while nobody answers.
Asked = Callable[[], tuple[str, str]]
# The assistant looks each second and loads in one or two. On a busy machine it may take longer: then it is said so, and goes on.
ANSWERS_WITHIN_S = 8.0
LOOK_EVERY_S = 0.2
BY_HAND = "by hand"
PUBLISHING = "publishing"


@dataclass(frozen=True)
class Published:
    """What was done. `kept_as`: the release that holds what stood there before, where no release held it; `edited`: what was edited
    by hand since the last release, by the names of files; `answers`: whether the assistant answers with the model already."""

    name: str
    kept_as: str
    edited: tuple[str, ...]
    answers: bool
    seconds: float


@dataclass(frozen=True)
class Publisher:
    """Publishes over the database and the folders of one installation. `asked`: which model answers, None where nobody can be asked."""

    database: Database
    settings: Settings
    changes: Changes
    asked: Asked | None = None

    def publish(self, name: str, *, by: str, now: datetime) -> Published:
        """Let the release `name`, which passed the gate, be served. Raises ReleaseProblem, and then nothing has changed."""
        with store.alone(self.settings, PUBLISHING):
            return self._publish(name, by=by, now=now)

    def _publish(self, name: str, *, by: str, now: datetime) -> Published:
        release, made = self._found(name, ("ready",))
        live = live_folder(self.settings).hashes()
        # What the gate has not seen is not published: neither an edit of the same file nor of another.
        if moved := [file for file in differing(live, made.before()) if live.get(file) != made.after().get(file)]:
            raise moved_on(tuple(moved))
        with self.database.read() as work:
            given_up = self.changes.moved(work, release.changes, since=release.made_at)
        if given_up:
            raise changes_moved(given_up)
        return self._serve(release, made, by=by, now=now, back=False)

    def roll_back(self, name: str, *, by: str, now: datetime) -> Published:
        """Let an earlier release `name` be served again, whatever stands there now. Raises ReleaseProblem, and then nothing has changed."""
        with store.alone(self.settings, PUBLISHING):
            release, made = self._found(name, ("kept",))
            return self._serve(release, made, by=by, now=now, back=True)

    def edited_since(self) -> tuple[str, ...]:
        """Return the names of files that were edited by hand since the release that is live."""
        with self.database.read() as work:
            live = rows.live(work)
        made = None if live is None else store.kept(self.settings, live.name)
        return () if made is None or not made.there else differing(live_folder(self.settings).hashes(), made.after())

    def _found(self, name: str, states: Sequence[rows.State]) -> tuple[rows.Release, store.Kept]:
        with self.database.read() as work:
            release = rows.need(work, name)
        made = store.kept(self.settings, name)
        if release.state not in states:
            raise wrong_state(name, release.state)
        if not made.there or made.model is None:
            raise files_gone(name)
        # Weights that were learned with another version of the program are worthless to this one.
        if not made.reads_as_we_do:
            raise outdated(name)
        return release, made

    def _serve(self, release: rows.Release, made: store.Kept, *, by: str, now: datetime, back: bool) -> Published:
        began = time.monotonic()
        edited = self.edited_since()
        try:
            kept_as = self._keep_what_is_live(by=by, now=now)
            with self.database.read() as work:
                before = rows.live(work)
            self._put(made)
        except OSError as error:
            raise no_room(error.strerror or type(error).__name__) from error
        answers = self._answers(made)
        if answers is None:
            assert before is not None
            self._put(store.kept(self.settings, before.name))
            raise refused_model(release.name)
        with self.database.write() as work:
            self._record(work, release, before, by=by, now=now, back=back)
        return Published(release.name, kept_as, edited if kept_as else (), answers, round(time.monotonic() - began, 1))

    def _keep_what_is_live(self, *, by: str, now: datetime) -> str:
        """Keep the live files and model as a release of their own, unless one holds them; it is then what is live."""
        live = live_folder(self.settings)
        hashes = live.hashes()
        with self.database.read() as work:
            known = rows.live(work)
        held = None if known is None else store.kept(self.settings, known.name)
        if held is not None and held.there and not differing(hashes, held.after()):
            return ""
        model = store.live_model(self.settings)
        with self.database.write() as work:
            about = {"base": digest_of(hashes), "model": "" if model is None else model.name, "published_by": BY_HAND}
            told = {"by_hand": True, FOLLOWS: "" if known is None else known.name}
            new = rows.add(work, made_by=by, changes=(), now=now, state="waiting", report=told, **about)
        try:
            self._copy(live, model, store.kept(self.settings, new.name), hashes)
        except OSError:
            store.forget(self.settings, [new.name])
            with self.database.write() as work:
                rows.moved(work, new.name, from_=("waiting",), to="failed", report={"error": "OSError"})
            raise
        with self.database.write() as work:
            if known is not None:
                rows.moved(work, known.name, from_=("live",), to="kept", retired_at=now)
            rows.moved(work, new.name, from_=("waiting",), to="live", step="done", progress=100, published_at=now)
        return new.name

    def _copy(self, live: Folder, model: Path | None, to: store.Kept, hashes: dict[str, str]) -> None:
        made = store.begin(self.settings, to.path.name, live)
        if model is not None:
            shutil.copy2(model, made.models)
            _mark(self.settings.models_dir / FINGERPRINT, made.models / FINGERPRINT)
        made.finish(before=hashes)

    def _put(self, made: store.Kept) -> None:
        live = live_folder(self.settings)
        model = made.model
        if model is not None:
            bring(model, self.settings.models_dir)  # the largest first: where there is no room for it, nothing is touched
        put(made.folder, live, differing(live.hashes(), made.after()))
        if model is not None:
            serve(model, self.settings.models_dir)
            _mark(made.models / FINGERPRINT, self.settings.models_dir / FINGERPRINT)

    def _answers(self, made: store.Kept) -> bool | None:
        """Return whether the assistant answers with the model of `made`; None: it does not load it."""
        model = newest_model(made.models)
        end = time.monotonic() + ANSWERS_WITHIN_S
        while self.asked is not None and model is not None and time.monotonic() < end:
            answering, refused = self.asked()
            if answering == model.name:
                return True
            if refused == model.name:
                return None
            if not answering:
                return False  # it is away, and starts with this model when it comes back
            time.sleep(LOOK_EVERY_S)
        return False

    def _record(
        self, work: Work, release: rows.Release, before: rows.Release | None, *, by: str, now: datetime, back: bool
    ) -> None:
        if before is not None:
            rows.moved(work, before.name, from_=("live",), to="kept", retired_at=now)
        rows.moved(work, release.name, from_=("ready", "kept"), to="live", published_by=by, published_at=now, retired_at=None)
        about: dict[str, Any] = {"by": by, "release": release.name, "now": now}
        if back:
            were, are = contained(work, before), contained(work, release)
            self.changes.taken_back(work, [one for one in were if one not in are], **about)
            self.changes.come_back(work, [one for one in are if one not in were], **about)
        else:
            told = {**release.report, FOLLOWS: "" if before is None else before.name}
            rows.update(work, release.name, report=told)
            self.changes.published(work, release.changes, **about)
        audit.record(work, who=by, what="release taken back to" if back else "release published", subject=release.name, now=now)
        # What was live goes by when it was: that many attempts failed since must not cost the way back.
        were_live = sorted(rows.in_state(work, "kept"), key=lambda one: (one.retired_at or one.made_at, one.id), reverse=True)
        for some in (were_live, rows.in_state(work, "refused", "failed")):
            store.forget(self.settings, [one.name for one in some[store.KEEP :]])


def _mark(source: Path, target: Path) -> None:
    # Without a mark the next start trains: nobody knows what the model was learned from.
    target.unlink(missing_ok=True)
    if source.is_file():
        shutil.copy2(source, target)
