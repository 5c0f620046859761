"""`daozhen check wecom` names exactly what is wrong; half a set-up does not start."""

from __future__ import annotations

import asyncio

import pytest

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.settings import Settings
from connectors.installed import installed
from connectors.wecom.check import check
from connectors.wecom.door import WeComProblem
from simulators.wechat import constants
from simulators.wechat.faults import Fault
from simulators.wechat.server import Simulator
from tests.wecom.kit import settings


async def found(mine: Settings) -> tuple[str, bool]:
    """Return all sentences, and whether something has to be mended. In a thread: it is a command, with a loop of its own."""
    findings = await asyncio.to_thread(check, mine)
    return "\n".join(one.text for one in findings), any(one.wrong for one in findings)


@pytest.fixture
async def wechat():
    async with Simulator() as running:
        yield running


@pytest.fixture(autouse=True)
def tables(tmp_path):
    engine = make_engine(Settings(data_dir=tmp_path).database_url)
    migrate(engine)
    engine.dispose()


def mine(folder, wechat, **more):
    values = {"wecom_corp_id": constants.CORP_ID, "wecom_token": constants.KF_TOKEN, "wecom_kf_secret": constants.KF_SECRET}
    keys = ",".join(constants.KF_AES_KEYS)
    return settings(folder, **{**values, "wecom_aes_keys": keys, "wecom_api_url": wechat.url, **more})


async def test_a_right_set_up_says_so(wechat, tmp_path):
    text, wrong = await found(mine(tmp_path, wechat, wecom_robot_keys=constants.ROBOT_KEY))
    assert not wrong and "1 of 1 accounts are ours" in text and "/wecom/callback" in text and "1 robots" in text
    assert not wechat.complaints and not wechat.robot.notices


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"wecom_kf_secret": "zebra-wrong"}, "WECOM_KF_SECRET is wrong"),
        ({"wecom_corp_id": "wwzebra"}, "WECOM_CORP_ID is no corp id"),
    ],
)
async def test_a_wrong_setting_is_named_and_not_repeated(wechat, tmp_path, more, names):
    text, wrong = await found(mine(tmp_path, wechat, **more))
    assert wrong and names in text and "zebra" not in text


async def test_an_address_that_is_not_allowed_is_told(wechat, tmp_path):
    wechat.corp.allowed_ips = ("203.0.113.9",)
    text, wrong = await found(mine(tmp_path, wechat))
    assert wrong and "60020" in text and "企业可信IP" in text


async def test_an_account_that_is_not_ticked_is_told(wechat, tmp_path):
    wechat.kf.managed = False
    text, wrong = await found(mine(tmp_path, wechat))
    assert wrong and "通过API管理" in text


@pytest.mark.parametrize("kind", ["html", "gateway", "lost"])
async def test_a_proxy_in_between_is_told(wechat, tmp_path, kind):
    wechat.faults.order(Fault(kind, times=9))
    _, wrong = await found(mine(tmp_path, wechat))
    assert wrong


async def test_what_is_off_is_said(tmp_path):
    text, wrong = await found(Settings(data_dir=tmp_path))
    assert wrong and "is off" in text


def test_half_a_set_up_does_not_start(tmp_path):
    with pytest.raises(WeComProblem):
        installed(Settings(data_dir=tmp_path, wecom_corp_id=constants.CORP_ID))
    assert [one.channel for one in installed(Settings(data_dir=tmp_path))] == []


def test_robots_are_installed_without_customer_service(tmp_path):
    connectors = installed(Settings(data_dir=tmp_path, wecom_robot_keys=constants.ROBOT_KEY))
    assert [(one.channel, one.capabilities.people) for one in connectors] == [("wecom_robot", False)]
