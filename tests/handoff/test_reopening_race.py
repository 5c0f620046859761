"""Two gateways open and reopen at once: one case, one event."""

from __future__ import annotations

import pytest

from bot.handoff import cases
from bot.handoff.cases import Cause
from tests.handoff.test_claims import race


@pytest.mark.parametrize("closed_before", [True, False])
def test_two_causes_at_once_make_one_case(ward, closed_before):
    chat = ward.chat()
    if closed_before:
        ward.closes(ward.case(chat))

    def opens(key: str) -> None:
        with ward.database.write() as work:
            cases.open_case(work, chat.id, Cause("person_requested", "R", key), now=ward.now)

    problems = race(*(lambda key=key: opens(key) for key in ("a", "b", "c")))

    with ward.database.read() as work:
        (case,) = cases.list_open(work)
    happened = ward.happened(case)
    assert problems == [None] * 3 and happened.count("raised") == 2
    assert happened.count("opened") == 1 and happened.count("reopened") == (1 if closed_before else 0)
