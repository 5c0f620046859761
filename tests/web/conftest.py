"""The staff's pages over real services with an empty store, a clock that the test moves, and people in their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.testclient import TestClient

from bot.bootstrap import Services, build
from bot.content.load import ContentSource
from bot.database.engine import Database, make_engine
from bot.messages import Answer, Reply, Turn
from bot.privacy.encryption import Cipher, new_key
from bot.settings import Settings
from bot.staff import passwords
from connectors.gateway import make_app
from tests.contents import content_source
from tests.staff.people_kit import NOW, SECRET, code_at, joined
from tests.stores import with_tables

PASSWORD = "grüne Lampe am Kai 7"


class Echo:
    async def answer(self, turn: Turn) -> Answer:
        return Answer((Reply(turn.text),))

    async def ready(self) -> bool:
        return True


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **how: float) -> None:
        self.now += timedelta(**how)


@pytest.fixture(scope="session")
def source() -> ContentSource:
    return content_source()


@pytest.fixture(scope="package", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Argon2 with next to no memory: what it costs is tested in tests/staff."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASH", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))
        patch.setattr(passwords, "_nobody", [])
        yield


@pytest.fixture(scope="package")
def hashed(cheap_hashes) -> str:
    """The hash of PASSWORD."""
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def make_services(tmp_path: Path, source: ContentSource, clock: Time):
    """Return a function that makes services with some settings changed."""
    made = []

    def make(*, database_url: str = "", **changes: object) -> Services:
        settings = Settings.parse_obj({"data_dir": tmp_path, "database_url": database_url, **changes})
        engine = make_engine(with_tables(settings.database_url))
        made.append(engine)
        return build(
            settings, assistant=Echo(), content=source, clock=clock, database=Database(engine, Cipher([new_key()], "lookup"))
        )

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def services(make_services) -> Services:
    return make_services()


@pytest.fixture
def people(services: Services, hashed: str) -> SimpleNamespace:
    """One person of each role, with PASSWORD and the codes of SECRET."""
    with services.database.write() as work:
        roles = (("ana", "nurse"), ("lin", "lead"), ("omar", "admin"), ("eva", "auditor"))
        return SimpleNamespace(**{name: joined(work, name, role, teams=("nurses",), hashed=hashed) for name, role in roles})


@pytest.fixture
def app(services: Services):
    return make_app(services)


@pytest.fixture
def browser(app) -> Iterator[TestClient]:
    """A browser that is not signed in."""
    with TestClient(app, base_url="http://desk", headers={"accept-language": "en"}) as client:
        yield client


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" (?:value|content)="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found.group(1)


def sign_in(
    browser: TestClient, clock: Time, handle: str = "ana", *, password: str = PASSWORD, code: str | None = None, place: str = ""
):
    """Sign in as a browser does, and return the answer."""
    page = browser.get("/staff/login")
    form = {"csrf": csrf_in(page.text), "handle": handle, "password": password, "next": place}
    return browser.post("/staff/login", data={**form, "code": code_at(clock()) if code is None else code}, follow_redirects=False)


@pytest.fixture
def signed_in(browser, clock, people):
    """Return a function that signs somebody in, in this browser, and gives what forms carry."""

    def enter(handle: str = "ana") -> str:
        answer = sign_in(browser, clock, handle)
        assert answer.status_code == 303, answer.text
        return csrf_in(browser.get("/staff/me").text)

    return enter


__all__ = ["PASSWORD", "SECRET", "csrf_in", "sign_in"]
