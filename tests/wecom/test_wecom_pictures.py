"""A chart on WeCom: the picture follows the words that say the same, counts as one of the five messages, and never costs the words."""

from __future__ import annotations

import pytest

from bot.database.tables import kf_session, outbound
from tests.followup.courses import picture_reply


@pytest.fixture
async def anna(town):
    town.assistant.replies("show", picture_reply())
    return await town.person().who_agreed()


def pictures(anna):
    return [bubble for bubble in anna.shown() if bubble.kind == "image"]


def times(anna, words):
    return sum(words in text for text in anna.heard())


async def test_the_picture_follows_the_words(town, anna):
    await anna.says("show")

    said, picture = anna.shown()[-2:]
    assert "128/82, 142/88" in said.text and "not a diagnosis" in said.text
    assert town.wechat.media.found(picture.more["media_id"]).data.startswith(b"\x89PNG")


async def test_an_answer_without_a_picture_uploads_nothing(town, anna):
    await anna.says("hello")

    assert not town.wechat.called("media/upload")


async def test_a_picture_counts_and_the_last_message_is_not_spent_on_it(town, anna):
    await anna.says("show")
    assert used(town) == 2

    four = [picture_reply(text=f"part {number}") for number in range(4)]
    town.assistant.replies("all", *four)
    await anna.says("all")
    assert used(town) == 4
    assert [times(anna, f"part {number}") for number in range(4)] == [1, 1, 0, 0]


def used(town):
    with town.database.read() as work:
        return work.execute(kf_session.select()).one().used


@pytest.mark.parametrize("path", ["media/upload", "send_msg"])
async def test_a_picture_that_is_refused_costs_the_words_nothing(town, anna, path):
    if path == "send_msg":
        town.order("slow", path, times=1)  # the words go through, slowly by nothing
    town.order("error", path, code=40007)
    await anna.says("show")

    assert not pictures(anna)
    assert times(anna, "128/82, 142/88") == 1
    assert set(town.states(outbound)) == {"sent"}
    assert used(town) == 1


@pytest.mark.parametrize("kind", ["lost", "unanswered", "gateway"])
async def test_a_picture_of_unknown_outcome_is_shown_once_and_the_words_are_not_said_again(town, anna, kind):
    town.order("slow", times=1)
    town.order(kind, times=1)
    await anna.says("show")

    assert len(pictures(anna)) == 1
    assert times(anna, "128/82, 142/88") == 1
