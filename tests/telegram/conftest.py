"""A town with Telegram, by webhook and by long polling."""

from __future__ import annotations

import pytest

from tests.telegram.town import Town


@pytest.fixture
async def town(tmp_path):
    async with Town(tmp_path) as running:
        yield running


@pytest.fixture(params=["webhook", "polling"])
async def either_town(request, tmp_path):
    async with Town(tmp_path, mode=request.param) as running:
        yield running
