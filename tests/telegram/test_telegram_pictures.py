"""A picture comes as a photo below the words that say the same, says itself what it shows, and never costs them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.database.tables import outbound
from bot.posters.fonts import NoFont
from connectors import pictures
from simulators.telegram.errors import bad_request, too_many
from simulators.telegram.faults import Fault
from tests.followup.courses import picture_reply


@pytest.fixture
async def anna(town):
    town.assistant.replies("show", picture_reply())
    return await town.person("Anna", "en").who_agreed()


def photos(anna):
    return [message for message in anna.chat.messages if "photo" in message]


def words(anna):
    return [message for message in anna.chat.messages if "128/82" in message.get("text", "")]


async def test_words_and_below_them_the_picture_that_says_what_it_shows(town, anna):
    await anna.says("show")

    said, photo = anna.chat.messages[-2:]
    assert "128/82, 142/88" in said["text"]
    assert "Chart of Blood pressure" in photo["caption"]
    assert "not a diagnosis" in photo["caption"]
    data = town.telegram.methods.photos.data[photo["photo"][0]["file_id"]]
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"


async def test_an_answer_without_a_picture_is_words_alone(anna):
    await anna.says("hello")

    assert not photos(anna)


async def test_a_machine_without_fonts_sends_the_words_alone(anna, monkeypatch):
    def draw(_):
        raise NoFont("no font")

    monkeypatch.setattr(pictures.png, "draw", draw)
    await anna.says("show")

    assert not photos(anna)
    assert len(words(anna)) == 1


async def test_a_picture_that_is_refused_costs_the_words_nothing(town, anna):
    town.telegram.faults.order(Fault("error", "sendPhoto", error=bad_request("PHOTO_INVALID_DIMENSIONS")))
    await anna.says("show")

    assert not photos(anna)
    assert len(words(anna)) == 1
    assert set(town.states(outbound)) == {"sent"}


async def test_a_picture_that_has_to_wait_comes_later_and_the_words_are_not_said_again(town, anna):
    town.telegram.faults.order(Fault("error", "sendPhoto", error=too_many(7)))
    await anna.says("show")

    assert len(photos(anna)) == 1
    assert len(words(anna)) == 1
