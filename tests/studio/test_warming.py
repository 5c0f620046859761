"""What the rooms read first is read beside the first page: for those who have these rooms, and for nobody else."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from bot.content.packs import ContentError
from bot.release.folders import folder_in
from bot.staff.people import Staff
from bot.studio import warming
from bot.studio.visit import Visit
from bot.studio.warming import Warming

NOW = datetime(2026, 11, 26, tzinfo=timezone.utc)


def visit(role, *grants):
    return Visit(SimpleNamespace(staff=Staff(1, "mei", role, studio=frozenset(grants))), NOW)


@pytest.fixture
def read(monkeypatch):
    """What was read, in order."""
    found = []
    sources = {"shared_packs": "packs", "shared_source": "sentences"}
    for name, what in sources.items():
        monkeypatch.setattr(warming, name, lambda folder, what=what: SimpleNamespace(current=lambda: found.append(what)))
    return found


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (visit("editor"), ["packs", "sentences"]),
        (visit("nurse", "translator"), ["packs"]),
        (visit("nurse", "labeller"), ["sentences"]),
        (visit("nurse", "publisher"), []),
        (visit("auditor"), []),
    ],
)
async def test_each_has_read_ahead_what_their_rooms_need(tmp_path, read, who, expected):
    one = Warming(folder_in(tmp_path))
    one.begin(who)
    await asyncio.gather(*one._reading)
    assert sorted(read) == expected


async def test_a_file_that_cannot_be_read_keeps_nobody_from_the_first_page(tmp_path, monkeypatch):
    def broken():
        raise ContentError("no YAML")

    monkeypatch.setattr(warming, "shared_packs", lambda folder: SimpleNamespace(current=broken))
    one = Warming(folder_in(tmp_path))
    one.begin(visit("nurse", "translator"))
    assert await asyncio.gather(*one._reading) == [None]
