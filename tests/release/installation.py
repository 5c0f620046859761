"""A small installation for tests of releases: a few files, two models that are no models, a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from bot.database.engine import Database
from bot.nlu.serving import serve
from bot.nlu.training import FINGERPRINT, fingerprint
from bot.release import rows, store
from bot.release.folders import Folder, live_folder
from bot.release.publish import Publisher
from bot.settings import Settings
from tests.release.fake_changes import Added

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
FILES = {
    "config.yml": "recipe: default.v1\n",
    "domain/intents.yml": "intents: [greet]\n",
    "data/nlu/en/one.yml": "nlu: []\n",
    "content/knowledge/one.yml": "entries: {}\n",
}


class Assistant:
    """Which model answers: the one that is served, unless it is `broken` or the assistant is `away`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.away, self.broken = False, ""

    def __call__(self) -> tuple[str, str]:
        """Return the names of the model that answers and of one that did not load."""
        name = (self._settings.models_dir / "served").read_text().strip()
        if self.away:
            return "", ""
        return ("the-one-before", name) if name == self.broken else (name, "")


@dataclass
class Installation:
    """Everything in one folder."""

    database: Database
    settings: Settings
    changes: Added
    assistant: Assistant

    @property
    def publisher(self) -> Publisher:
        """Over all of it."""
        return Publisher(self.database, self.settings, self.changes, self.assistant)

    @property
    def live(self) -> Folder:
        """The files that are served."""
        return live_folder(self.settings)

    def text(self, name: str) -> str:
        """Return what stands in a file that is served."""
        return self.live.path(name).read_text()

    def edit(self, name: str, text: str) -> None:
        """Write a file by hand."""
        self.live.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.live.path(name).write_text(text)

    def ready(self, edits: dict[str, str | None], *, changes: tuple[int, ...] = (), state: rows.State = "ready") -> str:
        """Make a release from what is live, as the gate leaves it, and return its name. None removes a file."""
        with self.database.write() as work:
            name = rows.add(work, made_by="ada", changes=changes, now=NOW, state=state).name
        made = store.begin(self.settings, name, self.live)
        for file, text in edits.items():
            path = made.folder.path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True) if text is None else path.write_text(text)
        (made.models / f"{name}.tar.gz").write_text(f"model of {name}")
        (made.models / FINGERPRINT).write_text(fingerprint(files=made.folder.files) + "\n")
        made.finish(before=self.live.hashes())
        return name

    def state(self, name: str) -> str:
        """Return the state of a release."""
        with self.database.read() as work:
            return rows.need(work, name).state

    def live_name(self) -> str:
        """Return the name of the release that is live, or ""."""
        with self.database.read() as work:
            live = rows.live(work)
        return "" if live is None else live.name


def installation(folder: Path, database: Database) -> Installation:
    """Make one in `folder`."""
    settings = Settings(
        data_dir=folder / "var", content_dir=folder / "content", models_dir=folder / "models", files_dir=folder, database_url=""
    )
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "first.tar.gz").write_text("the first model")
    serve(folder / "first.tar.gz", settings.models_dir)
    (settings.models_dir / FINGERPRINT).write_text(fingerprint(files=folder) + "\n")
    return Installation(database, settings, Added({}), Assistant(settings))
