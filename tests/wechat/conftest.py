"""A town with a verified account, which may push, and one with an account that may only answer."""

from __future__ import annotations

import pytest

from tests.wechat.town import Town


@pytest.fixture
async def town(tmp_path):
    async with Town(tmp_path) as running:
        yield running


@pytest.fixture
async def quiet_town(tmp_path):
    async with Town(tmp_path, verified=False) as running:
        yield running


@pytest.fixture(params=["may push", "may only answer"])
async def either_town(request, tmp_path):
    async with Town(tmp_path, verified=request.param == "may push") as running:
        yield running
