"""A desk on SQLite; on PostgreSQL as well where a test says `@on_both`."""

from __future__ import annotations

import pytest

from bot.bootstrap import build
from bot.database import Database, make_engine
from bot.privacy.encryption import Cipher, new_key
from bot.settings import Settings
from tests import contents
from tests.desk.desk_kit import Desk, FakeClock
from tests.stores import with_tables
from tests.webchat.conftest import Echo


@pytest.fixture(scope="session")
def content_source():
    return contents.content_source()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def desk_database(request, tmp_path):
    is_postgres = getattr(request, "param", "sqlite") == "postgresql"
    url = request.getfixturevalue("postgres").emptied() if is_postgres else f"sqlite:///{tmp_path}/store.sqlite"
    engine = make_engine(with_tables(url))
    yield Database(engine, Cipher([new_key()], "lookup"))
    engine.dispose()


@pytest.fixture
async def desk(tmp_path, desk_database, content_source, clock):
    settings = Settings.parse_obj({"data_dir": tmp_path})
    services = build(settings, assistant=Echo(), clock=clock, database=desk_database, content=content_source)
    made = Desk(services, clock)
    yield made
    await made.close()
    for executor in services.executors:
        executor.shutdown()
