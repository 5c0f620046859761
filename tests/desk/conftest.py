"""A desk on SQLite; on PostgreSQL as well where a test says `@on_both`."""

from __future__ import annotations

import shutil

import pytest

from bot.bootstrap import build
from bot.content.load import ContentSource
from bot.database import Database, make_engine, migrate
from bot.privacy.encryption import Cipher, new_key
from bot.settings import ROOT, Settings
from tests.desk.desk_kit import Desk, FakeClock
from tests.webchat.conftest import Echo


@pytest.fixture(scope="session")
def content_source():
    return ContentSource(ROOT / "content")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """A file with all tables and nothing in them: copied it is there at once."""
    path = tmp_path_factory.mktemp("desk") / "empty.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def desk_database(request, tmp_path, empty_store):
    if getattr(request, "param", "sqlite") == "postgresql":
        url = request.getfixturevalue("postgres").emptied()
        migrate(make_engine(url))
    else:
        shutil.copy(empty_store, tmp_path / "store.sqlite")
        url = f"sqlite:///{tmp_path}/store.sqlite"
    engine = make_engine(url)
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
