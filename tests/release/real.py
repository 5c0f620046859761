"""A whole installation over copies of this repository's files and model, and a suite of a few cases: a build takes half a minute."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from bot.content.packs import read_yaml
from bot.database.engine import Database
from bot.evaluation.suite import SUITE
from bot.nlu.serving import newest_model
from bot.nlu.training import FINGERPRINT
from bot.release.folders import RASA
from bot.settings import ROOT, Settings
from tests.release.fake_changes import Added
from tests.release.installation import Assistant, Installation


def real_installation(folder: Path, database: Database, models: Path) -> Installation:
    """Make one in `folder`. `models`: where the present model is."""
    for part in RASA:
        shutil.copytree(ROOT / part, folder / "files" / part)
    shutil.copy(ROOT / "config.yml", folder / "files")
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "models").mkdir()
    model = newest_model(models)
    assert model is not None
    for path in (model, models / FINGERPRINT):
        shutil.copy2(path, folder / "models")
    shutil.copytree(ROOT / "models" / "kept", folder / "models" / "kept", symlinks=True)
    settings = Settings(
        data_dir=folder / "var",
        content_dir=folder / "content",
        models_dir=folder / "models",
        files_dir=folder / "files",
        database_url=str(database.engine.url),
    )
    return Installation(database, settings, Added({}), Assistant(settings))


def few_cases(folder: Path, *ids: str) -> Path:
    """Write these cases of the safety suite to `folder` and return it."""
    folder.mkdir(exist_ok=True)
    for path in sorted(SUITE.glob("*.yml")):
        chosen = [case for case in read_yaml(path)["cases"] if case["id"] in ids]
        if chosen:
            (folder / path.name).write_text(yaml.safe_dump({"cases": chosen}, allow_unicode=True), encoding="utf-8")
    return folder
