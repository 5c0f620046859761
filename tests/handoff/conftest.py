"""A ward for the tests of cases, on both databases."""

from __future__ import annotations

import pytest

from tests.handoff.desk_kit import Ward


@pytest.fixture
def ward(database, content) -> Ward:
    return Ward(database, content)
