"""A chart on WeChat: the words in the answer, the picture pushed behind them where the account may, and the words alone where not."""

from __future__ import annotations

import pytest

from bot.database.tables import outbound
from simulators.wechat.faults import Fault
from tests.followup.courses import picture_reply
from tests.wechat.town import Town


@pytest.fixture(params=[True, False], ids=["verified", "unverified"])
async def anna(request, tmp_path):
    async with Town(tmp_path, verified=request.param) as town:
        town.assistant.replies("show", picture_reply())
        yield await town.person().who_agreed()


@pytest.fixture
async def friend(tmp_path):
    async with Town(tmp_path) as town:
        town.assistant.replies("show", picture_reply())
        yield await town.person().who_agreed()


def pictures(someone):
    return [bubble for bubble in someone.follower.chat if bubble.text == "[image]"]


def times(someone, words):
    return sum(words in text for text in someone.heard())


async def test_the_words_answer_and_the_picture_follows_where_the_account_may_push(anna):
    await anna.says("show")

    anna.hears("128/82, 142/88", "not a diagnosis")
    assert times(anna, "128/82, 142/88") == 1
    assert len(pictures(anna)) == int(anna.official.settings.verified)
    if pictures(anna):
        file = anna.town.wechat.media.found(pictures(anna)[0].more["media_id"])
        assert file.data.startswith(b"\x89PNG") and file.content_type == "image/png"


async def test_an_answer_without_a_picture_uploads_nothing(friend):
    await friend.says("hello")

    assert not friend.town.wechat.called("media/upload")


async def test_a_token_that_is_refused_at_the_upload_is_replaced_and_the_file_is_whole(friend):
    friend.town.wechat.faults.order(Fault("error", "media/upload", code=42001))
    await friend.says("show")

    (picture,) = pictures(friend)
    assert len(friend.town.wechat.media.found(picture.more["media_id"]).data) > 1000


@pytest.mark.parametrize("path", ["media/upload", "custom/send"])
async def test_a_picture_that_is_refused_costs_the_words_nothing(friend, path):
    friend.town.wechat.faults.order(Fault("error", path, code=40007))
    await friend.says("show")

    assert not pictures(friend)
    assert times(friend, "128/82, 142/88") == 1
    assert set(friend.town.states(outbound)) == {"sent"}
    assert friend.town.connector.sender.may_push
