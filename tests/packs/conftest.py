"""The packs of this repository, read once: they are only looked at."""

from __future__ import annotations

import pytest

from bot.packs.source import PackSource
from bot.release.folders import Folder
from bot.settings import ROOT
from tests.contents import the_content


@pytest.fixture(scope="session")
def files():
    return PackSource(Folder(ROOT, ROOT / "content")).current()


@pytest.fixture(scope="session")
def live():
    return the_content().triage
