"""Puts the packs of a folder together as `Content`, and reads them again when a file changes."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.briefing.snippet_pack import Snippet, snippets_from_packs
from bot.content.kept import read_rooms
from bot.content.packs import ContentError, Pack
from bot.duty.teams import Teams, teams_from_packs
from bot.followup.content import Followup, followup_from_packs
from bot.handoff.rules import CaseRules, rules_from_packs
from bot.knowledge.entries import Entries
from bot.phrases import Phrases, phrases_from
from bot.scenes.scenes import Scenes, scenes_from_packs
from bot.triage.tables import Tables, tables_from_packs

logger = logging.getLogger(__name__)

# How often the folder is looked at for changed files, in seconds: an edit is live after this time.
LOOK_EVERY_S = 1.0
ROOMS = ("hospital", "triage", "knowledge", "phrases", "handoff", "followup")


@dataclass(frozen=True)
class Content:
    """Everything that reviewers own. `version` changes with every change of a file."""

    version: str
    packs: tuple[Pack, ...]  # their headers
    triage: Tables
    knowledge: Entries
    phrases: Phrases
    scenes: Scenes
    teams: Teams
    rules: CaseRules
    followup: Followup
    snippets: tuple[Snippet, ...]


def load_content(folder: Path, *, keep_in: Path | None = None, for_staff: bool = True) -> Content:
    """Return the content of `folder`. Raises ContentError that names the file and the fix.

    With `keep_in`, a folder that is ours to write, the next process that loads the same files does so in half the time. A process
    that wakes nobody is not `for_staff`: it does not read public holidays.
    """
    version = version_of(folder)
    packs = read_rooms(folder, ROOMS, version=version, keep_in=keep_in)
    triage = tables_from_packs(packs["hospital"] + packs["triage"], today=date.today())
    scenes = scenes_from_packs(packs["hospital"])
    return Content(
        version=version,
        # What was read of the entries is below: the raw ones would only take memory.
        packs=tuple(replace(pack, entries=None) for room in packs.values() for pack in room),
        triage=triage,
        knowledge=Entries.from_packs(packs["knowledge"]),
        phrases=phrases_from(packs["phrases"]),
        scenes=scenes,
        teams=teams_from_packs(packs["handoff"], departments=triage.departments, today=date.today(), look=for_staff),
        followup=followup_from_packs(packs["followup"], hospital=packs["hospital"]),
        snippets=snippets_from_packs(packs["handoff"]),
        rules=rules_from_packs(packs["handoff"], departments=triage.departments, scenes=scenes.by_id),
    )


def version_of(folder: Path) -> str:
    """Return a short hash over the names and bytes of all packs: the same files give the same version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


class ContentSource:
    """Gives the current content; a changed file is seen within a second, a broken one never replaces a good one.

    `beside`: it is read in a thread, and until that is done the content before is given: where somebody waits for an answer nobody
    should wait for the reading, which takes seconds on a busy machine. Else whoever asks first reads it.
    """

    def __init__(self, folder: Path, *, keep_in: Path | None = None, for_staff: bool = True, beside: bool = False) -> None:
        self.folder = folder
        self._keep_in, self._for_staff, self._beside = keep_in, for_staff, beside
        self._lock = threading.Lock()
        self._looked_at = time.monotonic()
        self._stamp = _stamp(folder)
        self._content = self._load()

    def current(self) -> Content:
        """Return the content as it is on disk now, or the last good one when it cannot be read."""
        if time.monotonic() - self._looked_at < LOOK_EVERY_S or not self._lock.acquire(blocking=False):
            return self._content
        self._looked_at = time.monotonic()
        if not self._is_changed():
            self._lock.release()
        elif self._beside:
            threading.Thread(target=self._take_over, name="content", daemon=True).start()
        else:
            self._take_over()
        return self._content

    def _is_changed(self) -> bool:
        try:
            return _stamp(self.folder) != self._stamp
        except OSError:  # a file goes while we look: a release is published, or git writes. Looked at again in a second
            return False

    def _take_over(self) -> None:
        """Read what changed; the lock, held until that is done, keeps everybody else from doing it too."""
        try:
            stamp = _stamp(self.folder)
            self._read(stamp)
        except OSError as error:  # tried again in a second
            logger.warning("content cannot be read now, the last good one stays: %s", error.strerror)
        finally:
            self._lock.release()

    def _read(self, stamp: tuple[object, ...]) -> None:
        try:
            self._content = self._load()
            logger.info("content changed", extra={"content_version": self._content.version})
        except ContentError as error:
            logger.error("content not taken over, the last good one stays: %s", error)
        self._stamp = stamp

    def _load(self) -> Content:
        return load_content(self.folder, keep_in=self._keep_in, for_staff=self._for_staff)


def _stamp(folder: Path) -> tuple[object, ...]:
    files = sorted(folder.rglob("*.yml"))
    # What has to be reviewed by a day stops being served after it: each day the content is read anew.
    return (date.today(), *((str(path), (status := path.stat()).st_mtime_ns, status.st_size) for path in files))
