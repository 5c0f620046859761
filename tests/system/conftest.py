"""One running system for all tests of this folder, and patients who write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.system.real_patient import Patient
from tests.system.real_system import System


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start `daozhen up --demo` once; at the end SIGTERM leaves no process behind."""
    running = System(tmp_path_factory.mktemp("system"))
    try:
        running.start()
        yield running
    finally:
        left_over = running.end()
        for process in left_over:
            process.kill()
    assert not left_over, "SIGTERM left processes behind"


@pytest.fixture
def patient(system: System, phrases: object) -> Callable[..., Patient]:
    """Return a function that opens the chat as somebody who has never written."""
    return lambda **chosen: Patient(system, phrases, **chosen)
