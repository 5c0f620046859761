"""The web chat over real services with an empty store; only the assistant is a fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.bootstrap import Services, build
from bot.content.load import ContentSource
from bot.messages import Answer, Reply, Turn
from bot.settings import Settings
from connectors.gateway import make_app
from tests.contents import content_source
from tests.stores import with_tables

HEADERS = {"X-Daozhen": "1"}


class Echo:
    """Answers with the patient's own words."""

    async def answer(self, turn: Turn) -> Answer:
        """Answer one turn."""
        return Answer((Reply(turn.text),))

    async def ready(self) -> bool:
        """Return that it is there."""
        return True


@pytest.fixture(scope="session")
def content() -> ContentSource:
    """Return the content of the sample hospital, read once."""
    return content_source()


MakeServices = Callable[..., Services]


@pytest.fixture
def make_services(tmp_path: Path, content: ContentSource) -> MakeServices:
    """Return a function that makes services with some settings changed."""

    def make(**changes: object) -> Services:
        settings = Settings.parse_obj({"data_dir": tmp_path, **changes})
        with_tables(settings.database_url)
        return build(settings, assistant=Echo(), content=content)

    return make


@pytest.fixture
def services(make_services: MakeServices) -> Services:
    """Return services with the usual settings."""
    return make_services()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """Return a browser without a session."""
    with TestClient(make_app(services), headers=HEADERS) as browser:
        yield browser


@pytest.fixture
def patient(client: TestClient) -> TestClient:
    """Return a browser with a session."""
    client.post("/chat/api/session")
    return client
