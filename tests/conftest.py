"""What all rooms share: a PostgreSQL of the tests' own, and a database on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from bot.content.load import load_content
from bot.database import Database, make_engine, migrate
from bot.privacy.encryption import Cipher, new_key
from bot.settings import ROOT
from tests.postgres import start_or_skip


@pytest.fixture(scope="session")
def postgres():
    server = start_or_skip()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The address of an empty PostgreSQL database, or "" for SQLite in the test's folder."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres").emptied()


@pytest.fixture
def database(tmp_path, database_url):
    """An empty database with its tables, on each of the two."""
    engine = make_engine(database_url or f"sqlite:///{tmp_path}/store.sqlite")
    migrate(engine)
    yield Database(engine, Cipher([new_key()], "lookup"))
    engine.dispose()


@pytest.fixture(scope="session")
def content():
    """The content of this repository."""
    return load_content(ROOT / "content")


@pytest.fixture(scope="session")
def phrases(content):
    return content.phrases
