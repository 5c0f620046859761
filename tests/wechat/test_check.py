"""`daozhen check wechat` names exactly what is wrong; the menu is published; half a set-up does not start."""

from __future__ import annotations

import asyncio

import pytest

from bot.database.engine import make_engine
from bot.database.migrate import migrate
from bot.errors import OperatorError
from bot.settings import Settings
from connectors.installed import installed
from connectors.wechat.check import MenuProblem, check, publish_menu
from connectors.wechat.door import WeChatProblem
from connectors.wechat.door import check as check_settings
from connectors.wechat.running import Kept
from simulators.wechat import constants
from simulators.wechat.faults import Fault
from simulators.wechat.server import Simulator
from tests.wechat import kit
from tests.wechat.town import account_settings


async def found(settings: Settings) -> tuple[str, bool]:
    """Return all sentences, and whether something has to be mended. In a thread: it is a command, with a loop of its own."""
    findings = await asyncio.to_thread(check, settings)
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


async def test_a_good_account_is_in_order_and_nothing_was_sent_to_anybody(wechat, tmp_path):
    text, wrong = await found(account_settings(tmp_path, wechat))

    assert not wrong and "may push" in text and not wechat.official.sent and not wechat.complaints


async def test_an_unverified_account_is_told_what_works(wechat, tmp_path):
    wechat.official.settings.verified = False
    text, wrong = await found(account_settings(tmp_path, wechat))

    assert "48001" in text and "reply 1" in text and not wrong


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"wechat_secret": "x" * 32}, "WECHAT_SECRET is wrong"),
        ({"wechat_app_id": "wxffffffffffffffff"}, "WECHAT_APP_ID"),
        ({"wechat_token": "short"}, "WECHAT_TOKEN"),
        ({"wechat_aes_keys": "short"}, "WECHAT_AES_KEYS"),
        ({"wechat_aes_keys": ""}, "WECHAT_AES_KEYS"),
        ({"wechat_template": "NONE_OF_THIS_ACCOUNT"}, "WECHAT_TEMPLATE is no template"),
        ({"wechat_subscription_template": "NONE"}, "WECHAT_SUBSCRIPTION_TEMPLATE is no template"),
        ({"wechat_subscription_template": "x", "wechat_subscription_fields": "nonsense"}, "WECHAT_SUBSCRIPTION_FIELDS"),
    ],
)
async def test_a_wrong_setting_is_named(wechat, tmp_path, more, named):
    text, wrong = await found(account_settings(tmp_path, wechat, **more))

    assert wrong and named in text
    assert not any(value and len(value) > 20 and value in text for name, value in more.items() if "secret" in name)


async def test_an_address_that_is_not_on_the_list_is_named(wechat, tmp_path):
    wechat.official.settings.allowed_ips = ("10.0.0.1",)
    text, wrong = await found(account_settings(tmp_path, wechat))

    assert wrong and "40164" in text and "127.0.0.1" in text and "IP白名单" in text


async def test_a_good_template_is_found(wechat, tmp_path):
    more = {"wechat_template": next(iter(constants.TEMPLATES)), "wechat_subscription_template": next(iter(constants.NOTICES))}
    text, wrong = await found(account_settings(tmp_path, wechat, **more))

    assert not wrong, text


async def test_wechat_that_cannot_be_reached_is_said_so(wechat, tmp_path):
    text, wrong = await found(account_settings(tmp_path, wechat, wechat_api_url="http://127.0.0.1:9"))

    assert wrong and "cannot be reached" in text


async def test_a_proxys_page_is_said_so(wechat, tmp_path):
    wechat.faults.order(Fault("html", "stable_token", times=5))
    text, wrong = await found(account_settings(tmp_path, wechat))

    assert wrong and "proxy" in text


async def test_the_menu_has_three_entries_and_an_unverified_account_is_refused(wechat, tmp_path):
    names = {"department": "找科室", "faq": "常见问题", "nurse": "人工"}
    await asyncio.to_thread(publish_menu, account_settings(tmp_path, wechat), names)
    assert [one["key"] for one in wechat.official.settings.menu["button"]] == list(names)

    wechat.official.settings.verified = False
    with pytest.raises(MenuProblem, match="48001"):
        await asyncio.to_thread(publish_menu, account_settings(tmp_path, wechat), names)


def test_without_settings_there_is_no_wechat_and_with_half_of_them_no_start(tmp_path):
    assert "wechat" not in [one.channel for one in installed(Settings(data_dir=tmp_path))]
    with pytest.raises(OperatorError, match="WECHAT_TOKEN"):
        installed(Settings(data_dir=tmp_path, wechat_app_id=kit.APP_ID))
    with pytest.raises(OperatorError, match="WECHAT_APP_ID"):
        installed(Settings(data_dir=tmp_path, wechat_token=kit.TOKEN))


def test_plain_mode_is_refused_in_production_and_not_in_a_demo(tmp_path):
    check_settings(kit.settings(tmp_path, wechat_mode="plain", wechat_aes_keys=""))
    with pytest.raises(WeChatProblem, match="plain in production"):
        check_settings(kit.settings(tmp_path, wechat_mode="plain", environment="production"))


def test_a_start_remembers_whether_the_account_might_push_and_another_account_does_not(tmp_path):
    kept = Kept(kit.settings(tmp_path))
    assert kept.read() is None
    for known in (True, False):
        kept.write(pushes=known)
        assert Kept(kit.settings(tmp_path)).read() is known
    assert Kept(kit.settings(tmp_path, wechat_app_id="wxffffffffffffffff")).read() is None
