"""The simulated WeChat pushes as the real one: signatures, five seconds, three tries, and what the follower sees in the end."""

from __future__ import annotations

import asyncio

import pytest
from wechatpy.crypto import WeChatCrypto

from simulators.wechat import constants
from simulators.wechat.official import OUTAGE
from simulators.wechat.server import Simulator
from tests.simulators.wechat_bot import Bot, plain_reply, sealed_reply


@pytest.fixture
async def bot():
    async with Bot() as running:
        yield running


@pytest.fixture
async def wechat(bot):
    async with Simulator(scale=25) as running:  # five seconds are 0.2 of ours
        running.official.postman.address.url = bot.url
        running.corp.postman.address.url = bot.url
        yield running


@pytest.fixture
def anna(wechat):
    return wechat.official.person("Anna")


async def test_a_sealed_reply_is_shown_to_the_follower(wechat, bot, anna):
    bot.answers = [sealed_reply("您好 <&> 😀")]
    push = await wechat.official.says(anna, "头痛").settled()
    assert (push.verdict, anna.said()) == ("shown", ["您好 <&> 😀"])
    assert (
        bot.seen[0]["Content"] == "头痛" and bot.queries[0]["encrypt_type"] == "aes" and bot.queries[0]["openid"] == anna.openid
    )


@pytest.mark.parametrize("body", ["success", ""])
async def test_success_or_nothing_is_silent(wechat, bot, anna, body):
    bot.answers = [body]
    push = await wechat.official.says(anna, "x").settled()
    assert (push.verdict, len(push.tries), anna.said()) == ("silent", 1, [])


@pytest.mark.parametrize(
    "answer",
    [
        '{"text": "hello"}',
        "ok",
        plain_reply("not sealed though the mode is safe"),
        sealed_reply("to the wrong one", swap=False),
        sealed_reply("a[0]]>b"),
        sealed_reply("x" * 2049),
        sealed_reply("很" * 683),
        sealed_reply(""),
        sealed_reply("twice", more="<MsgType>text</MsgType>"),
        sealed_reply("strange", more="<Colour>red</Colour>"),
        sealed_reply("a\x0bb"),
        sealed_reply("other key", WeChatCrypto(constants.TOKEN, constants.AES_KEYS[1], constants.APP_ID)),
        sealed_reply("other token", WeChatCrypto("another", constants.AES_KEYS[0], constants.APP_ID)),
        sealed_reply("other account", WeChatCrypto(constants.TOKEN, constants.AES_KEYS[0], "wxother")),
    ],
)
async def test_anything_else_shows_the_outage_and_is_not_tried_again(wechat, bot, anna, answer):
    bot.answers = [answer]
    push = await wechat.official.says(anna, "x").settled()
    assert push.verdict == "outage" and push.reason and len(bot.seen) == 1
    assert anna.chat[-1].text == OUTAGE and anna.said() == []


@pytest.mark.parametrize("text", ["x" * 2048, "很" * 682])
async def test_two_thousand_and_forty_eight_bytes_are_shown(wechat, bot, anna, text):
    bot.answers = [sealed_reply(text)]
    assert (await wechat.official.says(anna, "x").settled()).text == text


async def test_silence_is_tried_three_times_with_one_id_and_new_nonces_then_the_outage_is_shown(wechat, bot, anna):
    bot.answers = [1.0, 1.0, 1.0, "never asked"]
    push = await wechat.official.says(anna, "x").settled()
    assert push.verdict == "outage" and [one.came for one in push.tries] == ["cut"] * 3
    assert len({one["MsgId"] for one in bot.seen}) == 1 and len({one["nonce"] for one in bot.queries}) == 3
    assert anna.chat[-1].text == OUTAGE and bot.answers == ["never asked"]


async def test_the_second_try_can_be_answered(wechat, bot, anna):
    bot.answers = [1.0, sealed_reply("late")]
    push = await wechat.official.says(anna, "x").settled()
    assert (push.verdict, len(push.tries), anna.said()) == ("shown", 2, ["late"])


async def test_four_tries_when_it_is_so_set(wechat, bot, anna):
    wechat.official.postman.address.tries = 4
    bot.answers = [1.0, 1.0, 1.0, sealed_reply("fourth")]
    assert (await wechat.official.says(anna, "x").settled()).text == "fourth"


async def test_a_failing_or_absent_bot_is_tried_again(wechat, bot, anna):
    bot.answers = [500, sealed_reply("back")]
    assert (await wechat.official.says(anna, "x").settled()).text == "back"
    wechat.official.postman.address.url = "http://127.0.0.1:9/x"
    push = await wechat.official.says(anna, "x").settled()
    assert push.verdict == "outage" and [one.came for one in push.tries] == ["refused"] * 3


async def test_a_lost_answer_is_asked_for_again(wechat, bot, anna):
    wechat.official.postman.faults.answers_lost = 1
    bot.answers = [sealed_reply("same"), sealed_reply("same")]
    push = await wechat.official.says(anna, "x").settled()
    assert anna.said() == ["same"] and len(push.tries) == 2


async def test_a_double_shows_both_answers(wechat, bot, anna):
    wechat.official.postman.faults.twice = 1
    bot.answers = [sealed_reply("one"), sealed_reply("two")]
    await wechat.official.says(anna, "x").settled()
    assert sorted(anna.said()) == ["one", "two"] and bot.seen[0] == bot.seen[1]


async def test_held_pushes_come_in_the_wrong_order(wechat, bot, anna):
    wechat.official.postman.faults.hold = 3
    for text in ("1", "2", "3"):
        wechat.official.says(anna, text)
    await wechat.idle()
    assert [one["Content"] for one in bot.seen] == ["3", "2", "1"]


async def test_what_one_person_writes_begins_in_its_order(wechat, bot, anna):
    for number in range(8):
        wechat.official.says(anna, str(number))
    await wechat.idle()
    assert [one["Content"] for one in bot.seen] == [str(number) for number in range(8)]


@pytest.mark.parametrize("mode", ["plain", "compat"])
async def test_the_other_modes_carry_the_words_in_the_open(bot, mode):
    async with Simulator(mode=mode) as wechat:
        wechat.official.postman.address.url = bot.url
        anna = wechat.official.person("Anna")
        bot.answers = [plain_reply("open")]
        await wechat.official.says(anna, "x").settled()
        assert anna.said() == ["open"] and ("encrypt_type" in bot.queries[0]) == (mode == "compat")


async def test_an_admin_can_choose_json(wechat, bot, anna):
    wechat.official.postman.address.as_json = True
    await wechat.official.says(anna, "头痛").settled()
    assert (bot.seen[0]["Content"], bot.seen[0]["MsgId"]) == ("头痛", wechat.official.postman.pushes[0].fields["MsgId"])


async def test_a_push_can_be_sealed_with_the_key_before(wechat, bot, anna):
    wechat.official.postman.faults.old_key = 1
    push = wechat.official.says(anna, "x")
    await push.settled()
    assert bot.seen == [] and push.verdict == "outage"  # this bot knows the newer key only
    assert (await wechat.official.says(anna, "x").settled()).verdict == "silent"


async def test_a_wrong_clock_shows_in_the_timestamp(wechat, bot, anna):
    wechat.official.postman.faults.skew_s = -400
    await wechat.official.says(anna, "x").settled()
    assert abs(int(bot.queries[0]["timestamp"]) + 400 - int(bot.seen[0]["CreateTime"])) <= 1


async def test_an_address_proves_itself_before_it_is_used(wechat, bot):
    for postman in (wechat.official.postman, wechat.corp.postman):
        postman.address.url = ""
        assert await postman.accepts(bot.url) and postman.address.url == bot.url
        assert not await postman.accepts("http://127.0.0.1:9/x") and postman.address.url == bot.url


async def test_who_unfollowed_sees_nothing(wechat, bot, anna):
    bot.answers = [sealed_reply("bye")]
    push = await wechat.official.unfollows(anna).settled()
    assert push.verdict == "shown" and anna.said() == []


async def test_every_deed_has_the_shape_of_the_documentation(wechat, bot, anna):
    world, ben = wechat.official, wechat.official.person("Ben", follows=False)
    deeds = {
        ("text", ""): lambda: world.taps(anna, "1", "101"),
        ("image", ""): lambda: world.sends_image(anna),
        ("voice", ""): lambda: world.sends_voice(anna, ""),
        ("video", ""): lambda: world.sends_video(anna),
        ("shortvideo", ""): lambda: world.sends_video(anna, short=True),
        ("location", ""): lambda: world.sends_location(anna),
        ("link", ""): lambda: world.sends_link(anna, "x"),
        ("file", ""): lambda: world.sends_unknown(anna),
        ("event", "subscribe"): lambda: world.scans(ben, "ward_3"),
        ("event", "SCAN"): lambda: world.scans(ben, "ward_3"),
        ("event", "CLICK"): lambda: world.clicks(anna, "START"),
        ("event", "VIEW"): lambda: world.views(anna, "https://example.org/"),
        ("event", "LOCATION"): lambda: world.location_event(anna),
        ("event", "subscribe_msg_popup_event"): lambda: world.consents(anna, "T1", "T2"),
        ("event", "subscribe_msg_change_event"): lambda: world.revokes(anna, "T1"),
        ("event", "user_info_modified"): lambda: world.happens(anna, "user_info_modified", OpenID=anna.openid),
        ("event", "unsubscribe"): lambda: world.unfollows(anna),
    }
    for deed in deeds.values():
        await deed().settled()
    assert [(one["MsgType"], one.get("Event") or "") for one in bot.seen] == list(deeds)
    assert bot.seen[8]["EventKey"] == "qrscene_ward_3" and bot.seen[9]["EventKey"] == "ward_3"
    assert isinstance(bot.seen[13]["SubscribeMsgPopupEvent"]["List"], list)
    assert isinstance(bot.seen[14]["SubscribeMsgChangeEvent"]["List"], dict)  # a single one is no list in XML


async def test_at_tencents_own_desk_the_bot_is_blind_until_it_is_closed(wechat, bot, anna):
    wechat.official.settings.desk = [{"kf_account": "test1@test", "kf_id": "1001", "status": 1, "accepted_case": 0}]
    bot.answers = [sealed_reply("", kind="transfer_customer_service")]
    await wechat.official.says(anna, "人工").settled()
    await wechat.official.says(anna, "hidden").settled()
    wechat.official.desk_says(anna, "护士")
    assert len(bot.seen) == 1 and anna.said() == ["护士"]
    await wechat.official.desk_closes(anna).settled()
    await wechat.official.says(anna, "seen").settled()
    assert [one.get("Event") or one["Content"] for one in bot.seen] == ["人工", "kf_close_session", "seen"]


async def test_wecom_tells_only_that_there_is_something(wechat, bot):
    customer = wechat.corp.customer("Anna")
    await wechat.corp.says(customer, wechat.kf, "胸痛").settled()
    assert set(bot.seen[0]) == {"ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId"}
    assert (bot.seen[0]["Event"], bot.seen[0]["OpenKfId"]) == ("kf_msg_or_event", constants.OPEN_KFID)


async def test_many_at_once_are_all_brought_once(bot):
    async with Simulator() as wechat:
        wechat.official.postman.address.url = bot.url
        people = [wechat.official.person(str(number)) for number in range(200)]
        pushes = await asyncio.gather(*[wechat.official.says(one, one.name).settled() for one in people])
    assert sorted(int(one["Content"]) for one in bot.seen) == list(range(200)) and {len(one.tries) for one in pushes} == {1}
