"""The bench, for every conversation."""

from __future__ import annotations

import pytest

from tests.conversations.bench import Bench


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running
