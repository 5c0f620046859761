"""Every connector passes the shared table, through the gateway's own routes and into the real store."""

from __future__ import annotations

from types import ModuleType

import httpx
import pytest
import sqlalchemy as sa

from bot.bootstrap import build
from bot.database.tables import inbound
from bot.outbox.sender import SendError
from connectors.contract import Connector, Request
from connectors.gateway import make_app
from tests.connectors.cases import CASES, Kit
from tests.conversations.bench import Bench
from tests.telegram.kit import TelegramKit
from tests.wechat.kit import WeChatKit
from tests.wecom.kit import WeComKit

KITS: tuple[Kit | ModuleType, ...] = (TelegramKit(), WeChatKit(), WeComKit())


@pytest.fixture(params=KITS, ids=lambda kit: kit.channel)
def kit(request):
    return request.param


async def send(app, request: Request) -> int:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answer = await client.request(
            request.method, request.path, params=dict(request.query), headers=dict(request.headers), content=request.body
        )
    return answer.status_code


def texts(bench) -> tuple[str, ...]:
    with bench.database.read() as work:
        rows = work.execute(sa.select(inbound.c.sealed).order_by(inbound.c.id)).scalars().all()
        return tuple(work.cipher.unseal(row)["text"] for row in rows if row is not None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_comes_in(kit, case, tmp_path):
    connector: Connector = kit.connector(kit.settings(tmp_path))

    def with_sender(*arguments, **more):
        return build(*arguments, **more, senders={connector.channel: connector.sender})

    async with Bench(tmp_path, build_services=with_sender) as bench:
        app = make_app(bench.services, connectors=(connector,))
        statuses = [await send(app, request) for request in case.requests(kit)]

        if hasattr(kit, "settled"):  # a callback that only says "come and fetch"
            await kit.settled(connector)
        assert all(status in case.statuses for status in statuses), statuses
        assert texts(bench) == case.stored


def test_each_failure_of_the_platform_is_one_of_the_four_errors(kit, tmp_path):
    connector = kit.connector(kit.settings(tmp_path))
    for name, (failure, expected) in kit.failures().items():
        error = connector.error_of(failure)

        assert isinstance(error, SendError) and type(error) is expected, (name, error)
