"""What all rooms share: a PostgreSQL of the tests' own, a database on SQLite and on PostgreSQL, the content, a browser."""

from __future__ import annotations

import hypothesis
import pytest

from bot.database import Database, make_engine
from bot.privacy.encryption import Cipher, new_key
from tests.contents import the_content
from tests.postgres import start_or_skip
from tests.stores import with_tables

# A change is judged by the same examples as the one before it; `make fuzz` looks for new ones. No deadline: how long an example takes
# says something about the machine and what else runs on it, and nothing about the program.
hypothesis.settings.register_profile("the-same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("new", deadline=None, derandomize=False)
hypothesis.settings.load_profile("the-same")

# What asks for one of these, or stands in one of these rooms, needs more than the rules: a store, a server, a model that is trained.
_NEEDS = {"tmp_path", "tmp_path_factory", "postgres", "browser"}
_ROOMS = {"nlu", "safety", "second_reader", "simulators"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what is a unit test: `make unit` runs those in a minute."""
    for item in items:
        if not _NEEDS & set(item.fixturenames) and not _ROOMS & set(item.path.parts) and not item.get_closest_marker("slow"):
            item.add_marker("unit")


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
    engine = make_engine(with_tables(database_url or f"sqlite:///{tmp_path}/store.sqlite"))
    yield Database(engine, Cipher([new_key()], "lookup"))
    engine.dispose()


@pytest.fixture(scope="session")
def browser():
    """A Chromium for the whole run, whichever rooms it goes through."""
    from tests.browsers import chromium  # only who looks at pages needs Playwright

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def content():
    """The content of this repository."""
    return the_content()


@pytest.fixture(scope="session")
def phrases(content):
    return content.phrases
