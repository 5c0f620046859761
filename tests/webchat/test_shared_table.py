"""The web chat passes the shared table of connectors, as far as a page can send what a platform does."""

from __future__ import annotations

import pytest

from connectors.gateway import make_app
from tests.connectors.cases import CASES
from tests.connectors.test_contract import send, texts
from tests.conversations.bench import Bench
from tests.webchat.kit import OTHERWISE, WebChatKit

ASKED = [case for case in CASES if OTHERWISE.get(case.name, case) is not None]


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.name)
async def test_what_comes_in(case, tmp_path):
    kit, case = WebChatKit(), OTHERWISE.get(case.name, case)
    async with Bench(tmp_path) as bench:
        app = make_app(bench.services)
        statuses = [await send(app, request) for request in case.requests(kit)]

        assert all(status in case.statuses for status in statuses), statuses
        assert texts(bench) == case.stored


def test_what_is_otherwise_is_a_case_of_the_table():
    assert OTHERWISE.keys() <= {case.name for case in CASES}
