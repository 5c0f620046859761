"""What the simulated WeChat pushes is what wechatpy knows: its own classes read every message and event of it."""

from __future__ import annotations

import pytest
from wechatpy import parse_message

from simulators.wechat.server import Simulator
from simulators.wechat.xml import render


@pytest.fixture
async def world():
    async with Simulator() as running:  # without an address nothing is sent, and the pushes are looked at
        yield running.official


@pytest.fixture
def anna(world):
    return world.person("Anna")


DEEDS = {
    "TextMessage": lambda w, a: w.says(a, "头痛 ]]> 😀"),
    "ImageMessage": lambda w, a: w.sends_image(a),
    "VoiceMessage": lambda w, a: w.sends_voice(a, "我头痛"),
    "VideoMessage": lambda w, a: w.sends_video(a),
    "ShortVideoMessage": lambda w, a: w.sends_video(a, short=True),
    "LocationMessage": lambda w, a: w.sends_location(a),
    "LinkMessage": lambda w, a: w.sends_link(a, "x"),
    "UnknownMessage": lambda w, a: w.sends_unknown(a),
    "SubscribeEvent": lambda w, a: w.follows(a),
    "SubscribeScanEvent": lambda w, a: w.follows(a, "ward_3"),
    "ScanEvent": lambda w, a: w.scans(a, "ward_3"),
    "UnsubscribeEvent": lambda w, a: w.unfollows(a),
    "ClickEvent": lambda w, a: w.clicks(a, "START"),
    "ViewEvent": lambda w, a: w.views(a, "https://example.org/"),
    "LocationEvent": lambda w, a: w.location_event(a),
    "TemplateSendJobFinishEvent": lambda w, a: w.job_finished(a, 7, "success"),
    "KfCloseSessionEvent": lambda w, a: w.desk_closes(a),
}


@pytest.mark.parametrize("kind", DEEDS)
def test_wechatpy_knows_its_class_and_its_people(world, anna, kind):
    push = DEEDS[kind](world, anna)
    message = parse_message(render(push.fields))
    assert type(message).__name__ == kind
    assert (message.source, message.target) == (anna.openid, world.settings.original_id)
    assert message.create_time.timestamp() == pytest.approx(push.fields["CreateTime"], abs=86400)
    assert message.id == (push.fields.get("MsgId") or push.fields.get("MsgID") or 0)


def test_the_words_arrive_as_they_were_written(world, anna):
    for text in ("头痛 ]]> 😀", "<b>&amp;", "ألم في الصدر", "行一\n行二"):
        assert parse_message(render(world.says(anna, text).fields)).content == text


def test_a_code_and_a_place_can_be_read(world, anna):
    scan = parse_message(render(world.follows(anna, "ward_3").fields))
    place = parse_message(render(world.sends_location(anna, "医院").fields))
    assert (scan.scene_id, place.label) == ("ward_3", "医院")


def test_two_messages_have_two_ids_and_a_voice_may_come_with_words_or_none(world, anna):
    first, second = (parse_message(render(world.says(anna, "x").fields)) for _ in range(2))
    assert first.id != second.id
    assert parse_message(render(world.sends_voice(anna, "我头痛").fields)).recognition == "我头痛"
    assert "Recognition" not in world.sends_voice(anna).fields
