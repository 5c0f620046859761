"""A desk on each of the two databases."""

from __future__ import annotations

import pytest

from bot.bootstrap import build
from bot.content.load import ContentSource
from bot.settings import ROOT, Settings
from tests.desk.desk_kit import Desk, FakeClock
from tests.webchat.conftest import Echo


@pytest.fixture(scope="session")
def content_source():
    return ContentSource(ROOT / "content")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def desk(tmp_path, database, content_source, clock):
    settings = Settings.parse_obj({"data_dir": tmp_path})
    services = build(settings, assistant=Echo(), clock=clock, database=database, content=content_source)
    made = Desk(services, clock)
    yield made
    await made.close()
    for executor in services.executors:
        executor.shutdown()
