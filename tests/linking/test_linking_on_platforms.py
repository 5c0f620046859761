"""Linking as people do it: on the simulated Telegram and WeChat and in the web chat, with one gateway."""

from __future__ import annotations

import pytest

from tests.linking.conftest import CODE, owner
from tests.telegram.town import Town
from tests.wechat.town import Town as WeChatTown


@pytest.fixture
async def town(tmp_path):
    async with Town(tmp_path) as running:
        yield running


async def test_from_telegram_to_the_web_chat_and_back_by_buttons(town):
    anna = await town.person("Anna", "de").who_agreed()
    page = await town.patient(language="de").who_agreed()
    await anna.says("/link")
    code = CODE.search("\n".join(anna.latest()))[0]
    await page.says(code)
    page.hears("Telegram", "Sagen Sie nur ja")
    await page.presses("Ja, das bin ich")
    await town.settled()
    anna.hears("Ihr Code wurde eben in Webchat benutzt")
    assert anna.conversation().patient_id == owner(page)
    await anna.presses("Trennen")
    anna.hears("Sie sind getrennt")
    assert anna.conversation().patient_id != owner(page)


async def test_from_the_web_chat_to_telegram(town):
    anna = await town.person("Anna", "en").who_agreed()
    page = await town.patient(language="en").who_agreed()
    await page.says("link")
    await anna.says(CODE.search(page.transcript())[0])
    await anna.presses("Yes, that is me")
    assert anna.conversation().patient_id == owner(page)


async def test_in_a_group_the_word_and_a_code_do_nothing(town):
    anna = await town.person("Anna", "en").who_agreed()
    page = await town.patient(language="en").who_agreed()
    group = town.group("Ward", anna)
    town.telegram.world.adds_bot(anna.person, group)
    await town.settled()
    await page.says("link")
    await anna.says(CODE.search(page.transcript())[0], group)
    await anna.says("/link", group)
    assert anna.conversation().patient_id != owner(page)
    assert not any(CODE.search(text) for text in anna.heard(group))


async def test_the_menu_of_private_chats_has_the_word_and_that_of_groups_has_not(town):
    names: dict[bool, list[set[str]]] = {True: [], False: []}
    for scope, commands in town.telegram.methods.menus.items():
        names["all_private_chats" in str(scope)].append({command["command"] for command in commands})
    assert names[True] and all("link" in one for one in names[True])
    assert names[False] and not any("link" in one for one in names[False])


async def test_from_wechat_to_the_web_chat(tmp_path):
    async with WeChatTown(tmp_path) as town:
        anna = await town.person("Anna").who_agreed("您好")
        page = await town.patient(language="zh-Hans").who_agreed()
        await page.says("绑定")
        await anna.says(CODE.search(page.transcript())[0])
        anna.hears("网页聊天")
        await anna.says("1")
        assert anna.conversation().patient_id == owner(page)
        await page.listens()
        page.hears("您的号码刚刚在微信里用过")
