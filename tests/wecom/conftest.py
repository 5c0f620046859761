"""A town with WeCom."""

from __future__ import annotations

import pytest

from tests.wecom.town import WeComTown


@pytest.fixture
async def town(tmp_path):
    async with WeComTown(tmp_path) as running:
        yield running
