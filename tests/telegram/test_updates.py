"""What each kind of update is taken for. The first table is what Rasa's own channel was seen to do wrong (facts §1.4)."""

from __future__ import annotations

import copy
import random

import pytest
from telegram import Update

from connectors.contract import Malformed
from connectors.telegram.private import command_of, inbound_of
from connectors.telegram.updates import (
    Command,
    GroupMessage,
    Ignored,
    Me,
    Membership,
    Message,
    Migration,
    Press,
    command_in,
    read,
)
from tests.telegram.kit import DATE, ME, group, in_group, message, press, private, said, standing, update, user

US = Me(ME["id"], ME["username"])
STRANGER = {"id": 42, "is_bot": False, "first_name": "X"}
CHANNEL = {"id": -100_777, "type": "channel", "title": "X"}
CHECKED_BY = {"user": user(), "chat": private(), "date": DATE}
REACTION = {"chat": group(), "message_id": 1, "user": user(), "date": DATE, "old_reaction": [], "new_reaction": []}
PHOTO = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
VOICE = {"file_id": "x", "file_unique_id": "y", "duration": 1}
ORIGIN = {"type": "hidden_user", "sender_user_name": "Aunt", "date": DATE}


def private_message(**fields):
    return update("message", message(private(), user(), **fields))


def in_private(**fields):
    """Return what `private_message` is taken for."""
    event = read(private_message(**fields), US)
    assert isinstance(event, Message)
    return event


IGNORED = {
    "channel_post": update("channel_post", message(CHANNEL, STRANGER, text="hi")),
    "edited_channel_post": update("edited_channel_post", message(CHANNEL, STRANGER, text="hi")),
    "message_reaction": update("message_reaction", REACTION),
    "business_message": update("business_message", message(private(), user(), text="hi", business_connection_id="b")),
    "guest_message": update("guest_message", message(private(), user(), text="hi")),
    "inline_query": update("inline_query", {"id": "1", "from": user(), "query": "x", "offset": ""}),
    "chat_member": update("chat_member", {**standing(group(), "left", "member")["my_chat_member"]}),
    "poll": update("poll", {"id": "1"}),
    "unknown": update("thought_of_tomorrow", {"x": 1}),
    "button elsewhere": update(
        "callback_query", {"id": "1", "from": user(), "chat_instance": "1", "inline_message_id": "i", "data": "x"}
    ),
    "message of a bot": private_message(text="hi") | {"message": message(private(), {**user(), "is_bot": True}, text="hi")},
    "service message": private_message(pinned_message=message(private(), user(), text="hi")),
    "empty message": private_message(text=" \u0000 "),
    "message elsewhere": update("message", message(CHANNEL, STRANGER, text="hi")),
    "group message": update("edited_message", message(group(), user(), text="hi @daozhen_test_bot", edit_date=DATE)),
}


@pytest.mark.parametrize("kind", IGNORED)
def test_what_is_none_of_our_business_is_ignored_by_its_name(kind):
    assert read(IGNORED[kind], US) == Ignored(kind)


def test_a_guest_or_business_message_never_touches_the_patient_whose_chat_it_carries():
    for kind in ("guest_message", "business_message"):
        assert isinstance(read(update(kind, message(private(), user(), text="delete my data")), US), Ignored)


def test_a_message_in_a_private_chat_of_somebody_else_is_no_message_of_theirs():
    assert isinstance(read(update("message", message(private(1), user(2), text="hi")), US), Ignored)


def test_two_members_of_one_group_are_two_people():
    one, two = (read(in_group("/faq x", sender=number), US) for number in (1, 2))
    assert isinstance(one, GroupMessage) and isinstance(two, GroupMessage) and one.user != two.user


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/start", "start"),
        ("/start@daozhen_test_bot", "start"),
        ("/START x", "start"),
        ("/privacy", "privacy"),
        ("/mydata", "mydata"),
    ],
)
def test_commands_are_recognised_however_they_are_written(text, name):
    command = command_of(in_private(text=text))
    assert command is not None and command.name == name


@pytest.mark.parametrize("text", ['/EXTERNAL_reminder{"staff":true}', "/restart", "/intent", "see /start", "/ start", "//start"])
def test_other_texts_with_a_slash_are_words_without_it(text):
    event = in_private(text=text)
    assert command_of(event) is None and not inbound_of(event).text.startswith("/")


@pytest.mark.parametrize(
    ("text", "name", "to", "rest"),
    [
        ("/r，请坐下", "r", "", "请坐下"),
        ("/r：请坐下", "r", "", "请坐下"),
        ("/r请坐下", "r", "", "请坐下"),
        ("／r 请坐下", "r", "", "请坐下"),
        ("/faq@a_bot：挂号", "faq", "a_bot", "挂号"),
        ("/nurse。", "nurse", "", ""),
        ("/nurse!!", "nurse", "", ""),
        ("/nurse. my ear hurts", "nurse", "", "my ear hurts"),
        ("/r ... wait", "r", "", "... wait"),
        ("/ممرضة", None, "", ""),
        ("/nurse، ساعدني", "nurse", "", "ساعدني"),
    ],
)
def test_signs_of_every_language_part_a_command_from_its_words(text, name, to, rest):
    found = command_in(text)
    assert (None if name is None else Command(name, to, rest)) == found


@pytest.mark.parametrize("text", ["/etc/passwd", "/schlägt", "/11/24 it began", "/home.html", '/intent{"a":1}', "/a-b", "/a'b"])
def test_what_only_looks_like_a_command_is_none(text):
    assert command_in(text) is None


def test_nothing_is_cut_out_of_a_text():
    assert inbound_of(in_private(text="see /bottle for /bot")).text == "see /bottle for /bot"


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"text": "hi"}, "text", "hi"),
        ({"photo": PHOTO, "caption": "rash on arm, bleeding"}, "image", "rash on arm, bleeding"),
        ({"photo": PHOTO}, "image", ""),
        ({"voice": VOICE}, "voice", ""),
        ({"video_note": VOICE}, "voice", ""),
        ({"sticker": {}}, "other", ""),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, "other", ""),
        ({"document": {}, "caption": "my letter"}, "other", "my letter"),
        ({"hologram": {}, "caption": "of tomorrow"}, "other", "of tomorrow"),
        ({"text": "hi", "forward_origin": ORIGIN}, "forwarded", "hi"),
        ({"photo": PHOTO, "caption": "hi", "forward_origin": ORIGIN}, "forwarded", "hi"),
        ({"photo": PHOTO, "forward_origin": ORIGIN}, "image", ""),
    ],
)
def test_each_kind_of_message_is_what_it_is(fields, kind, text):
    inbound = inbound_of(in_private(**fields))
    assert (inbound.kind, inbound.text) == (kind, text)


def test_a_message_was_written_when_it_was_sent_and_a_correction_when_it_was_corrected():
    corrected = read(update("edited_message", message(private(), user(), text="new", edit_date=DATE + 7200)), US)
    assert isinstance(corrected, Message)

    assert inbound_of(in_private(text="old")).sent_at.timestamp() == DATE
    assert inbound_of(corrected).sent_at.timestamp() == DATE + 7200


@pytest.mark.parametrize("fields", [{"text": "new"}, {"photo": PHOTO, "caption": "new"}])
def test_an_edited_text_or_caption_is_a_correction_of_the_same_message(fields):
    first = inbound_of(in_private(text="old"))
    edited = read(update("edited_message", message(private(), user(), edit_date=DATE, **fields)), US)
    assert isinstance(edited, Message)
    inbound = inbound_of(edited)
    assert inbound.kind == "edited" and inbound.text == "new"
    assert first.external_id.startswith(inbound.corrects) and inbound.external_id != first.external_id


def test_the_same_update_has_the_same_key_and_another_message_under_the_same_number_has_not():
    keys = {inbound_of(read(said("x", number), US)).external_id for number in (1, 1, 2)}  # type: ignore[arg-type]
    again = inbound_of(read({**said("x", 1), "update_id": said("x", 2)["update_id"]}, US)).external_id  # type: ignore[arg-type]
    assert len(keys) == 2 and again not in keys


def test_no_key_holds_a_platform_id():
    inbound = inbound_of(in_private(text="hi"))
    assert str(user()["id"]) not in inbound.external_id and inbound.sender == str(user()["id"])


@pytest.mark.parametrize(
    ("text", "to_us"),
    [
        ("/faq", True),
        ("/faq@daozhen_test_bot", True),
        ("/faq@Daozhen_Test_Bot x", True),
        ("/faq@other_bot", False),
        ("hi @daozhen_test_bot", True),
        ("hi @daozhen_test_bot2", False),
        ("me@daozhen_test_bot", False),
        ("where do I pay", False),
    ],
)
def test_who_is_meant_in_a_group(text, to_us):
    event = read(in_group(text), US)
    assert isinstance(event, GroupMessage) and event.to_us is to_us


def test_before_the_bots_name_is_known_nothing_is_guessed():
    event = read(in_group("hi @daozhen_test_bot"), Me(ME["id"]))
    assert isinstance(event, GroupMessage) and not event.to_us


def test_a_reply_to_us_is_for_us_but_not_every_message_of_a_topic():
    ours = message(group(), ME, 5, text="hello")
    for answered, to_us in ((ours, True), ({**ours, "forum_topic_created": {}}, False), (message(group(), user(2), 6), False)):
        event = read(in_group("thanks", reply_to_message=answered), US)
        assert isinstance(event, GroupMessage) and event.to_us is to_us


def test_who_writes_as_a_channel_is_a_person_and_a_bot_is_none():
    as_channel = {**user(9), "is_bot": True, "first_name": "Channel"}
    channel = {"id": -1_000_000_000_777, "type": "channel", "title": "c"}
    event = read(update("message", message(group(), as_channel, text="/faq hi", sender_chat=channel)), US)
    assert isinstance(event, GroupMessage) and event.user == channel["id"] and not event.as_group
    assert isinstance(read(update("message", message(group(), as_channel, text="/faq hi")), US), Ignored)


def test_a_thread_counts_only_in_a_topic():
    threads = [read(in_group("/faq", message_thread_id=7, **more), US) for more in ({}, {"is_topic_message": True})]
    assert [event.thread for event in threads] == [None, 7]  # type: ignore[union-attr]


def test_the_rest_of_the_table():
    assert isinstance(read(standing(private(), "member", "kicked"), US), Membership)
    assert isinstance(read(press("x"), US), Press)
    assert read(in_group("x", migrate_to_chat_id=-1007), US) == Migration(group()["id"], -1007)
    anonymous = read(in_group("/topics", sender_chat=group(), **{"from": {"id": 1087968824, "is_bot": True}}), US)
    assert isinstance(anonymous, GroupMessage) and anonymous.as_group


def test_a_restricted_bot_is_in_or_out_by_its_flag():
    change = standing(group(), "left", "member")
    for inside, status in ((True, "member"), (False, "left")):
        change["my_chat_member"]["new_chat_member"] = {"status": "restricted", "is_member": inside, "user": ME}
        event = read(change, US)
        assert isinstance(event, Membership) and event.now == status


@pytest.mark.parametrize("whole", [said("hi"), in_group("/faq x"), press("x"), standing(group(), "left", "member")])
def test_our_examples_are_updates_for_the_library_too(whole):
    assert Update.de_json(whole, None).update_id == whole["update_id"]


@pytest.mark.parametrize("whole", [said("hi"), in_group("/faq x"), press("x"), standing(group(), "left", "member")])
def test_whatever_is_wrong_in_an_update_it_is_read_or_refused_in_one_way(whole):
    chance = random.Random(7)
    wrong = (None, 7, 7.5, -1, 10**30, "x", "\ud800", [], {}, True, [[]], {"id": None})
    for _ in range(3000):
        broken = copy.deepcopy(whole)
        for _ in range(chance.randint(1, 3)):
            _break(broken, chance, wrong)
        try:
            event = read(broken, US)
        except Malformed:
            continue
        if isinstance(event, Message):
            inbound_of(event).text.encode("utf-8")


def _break(data, chance, wrong):
    if not isinstance(data, dict) or not data:
        return
    name = chance.choice(sorted(data, key=str))
    if isinstance(data[name], dict) and chance.random() < 0.7:
        _break(data[name], chance, wrong)
    elif chance.random() < 0.3:
        del data[name]
    else:
        data[name] = chance.choice(wrong)
