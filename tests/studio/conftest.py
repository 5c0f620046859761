"""The studio over real services, with people of each role and each right. What they sign in with is that of tests/web."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from bot.bootstrap import Services
from bot.database.tables import staff
from bot.staff.people import GRANTS
from bot.training import rows
from tests.staff.people_kit import joined
from tests.studio.calling import caller
from tests.web.conftest import (
    app,
    browser,
    cheap_hashes,
    clock,
    hashed,
    make_services,
    services,
    signed_in,
    source,
)

ROLES = (("ana", "nurse"), ("lin", "lead"), ("omar", "admin"), ("eva", "auditor"), ("mei", "editor"))


@pytest.fixture
def people(services: Services, hashed: str) -> SimpleNamespace:
    """One person of each role, and a nurse with each right, called as the right is."""
    with services.database.write() as work:
        made = {name: joined(work, name, role, hashed=hashed) for name, role in ROLES}
        for grant in GRANTS:
            made[grant] = joined(work, grant, "nurse", hashed=hashed)
            work.execute(sa.update(staff).where(staff.c.handle == grant).values(studio=grant))
    return SimpleNamespace(**made)


@pytest.fixture
def call(browser, people, signed_in):
    """Return a function that calls as somebody."""
    return caller(browser, signed_in)


@pytest.fixture
def drafts(services):
    """Return a function that reads the operations of all drafts."""

    def read():
        with services.database.read() as work:
            return [operation for one in rows.listed(work) for operation in one.operations]

    return read


__all__ = [
    "app",
    "browser",
    "call",
    "cheap_hashes",
    "clock",
    "drafts",
    "hashed",
    "make_services",
    "people",
    "services",
    "signed_in",
    "source",
]
