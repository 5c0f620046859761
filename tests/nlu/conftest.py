"""The trained model of this repository, once per run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.training import model_is_current, train
from bot.nlu.understanding import Understanding, load_understanding
from bot.settings import read_settings


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the present model; trained here when nobody has yet."""
    folder = read_settings().models_dir
    if not model_is_current(folder):
        train(folder, progress=print)
    return folder


@pytest.fixture(scope="session")
def understanding(models: Path) -> Understanding:
    """The present model, without a server."""
    return load_understanding(models)
