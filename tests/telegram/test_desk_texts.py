"""Pure parts of the desk: what an update says, what a button holds, what fits, in five languages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.content.load import Content
from bot.handoff.case_rows import Case
from bot.handoff.closing import OUTCOMES
from bot.handoff.events import CaseEvent
from bot.languages import LANGUAGES
from bot.privacy.encryption import Cipher, new_key
from bot.settings import Settings
from connectors.contract import Malformed
from connectors.right_to_left import plain
from connectors.telegram.desk import cards, lines, places, signs, updates
from connectors.telegram.desk.cards import About
from connectors.telegram.desk.commands import until_of
from connectors.telegram.desk.lines import Style
from connectors.telegram.desk.places import DeskProblem
from connectors.telegram.desk.reading import Spoken, View
from connectors.telegram.desk.signs import ACTS, ANSWERS, Sign
from connectors.telegram.desk.text import LIMIT, Text, pieces, utf16
from connectors.telegram.desk.updates import Gone, Moved, Nothing, Post, Pressed, Turned
from connectors.telegram.updates import Me
from tests.telegram.kit import message, update, user

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
ME = Me(123456789, "daozhen_test_bot")
DESK = -1009
CHAT = {"id": DESK, "type": "supergroup", "title": "Desk", "is_forum": True}
OURS = {"id": ME.id, "is_bot": True, "first_name": "Guide"}
TOPIC = {"message_thread_id": 50, "is_topic_message": True}
BEGUN = {"message_id": 50, "from": OURS, "chat": CHAT, "date": 1, "forum_topic_created": {"name": "x", "icon_color": 1}}


def read(kind, body):
    return updates.read(update(kind, body), {DESK}, ME)


def said(text="hi", **more):
    return message(CHAT, user(), 7, text=text, **TOPIC, **more)


# What an update says.


def test_a_message_in_a_topic_answers_nothing_when_it_only_seems_to_answer_its_beginning():
    assert read("message", said(reply_to_message=BEGUN)).answers == 0


def test_a_reply_to_the_bot_is_told_from_one_to_a_colleague():
    ours = {"message_id": 60, "from": OURS, "chat": CHAT, "date": 1, "text": "card"}
    theirs = {**ours, "from": user(2)}
    assert read("message", said(reply_to_message=ours)).answers == 60
    assert read("message", said(reply_to_message=theirs)).answers == 0


def test_a_thread_counts_only_where_telegram_says_that_it_is_a_topic():
    assert read("message", message(CHAT, user(), 7, text="x", message_thread_id=50)).thread == 0
    assert read("message", said()).thread == 50


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (said(), Post),
        (said("", photo=[1]), Post),
        (message(CHAT, OURS, 7, text="x"), Nothing),
        (message(CHAT, user(), 7, pinned_message=BEGUN), Nothing),
        (message(CHAT, user(), 7, forum_topic_closed={}, **TOPIC), Turned),
        (message(CHAT, OURS, 7, forum_topic_closed={}, **TOPIC), Nothing),
        (message(CHAT, user(), 7, migrate_to_chat_id=-5), Moved),
    ],
)
def test_what_happens_in_a_staff_group_is_known_by_its_kind(body, kind):
    assert isinstance(read("message", body), kind)


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ({"status": "left"}, Gone),
        ({"status": "kicked"}, Gone),
        ({"status": "restricted", "is_member": False}, Gone),
        ({"status": "restricted", "is_member": True}, Nothing),
        ({"status": "member"}, Nothing),
    ],
)
def test_who_is_gone_is_told_from_who_came(member, kind):
    body = {"chat": CHAT, "from": user(), "date": 1, "old_chat_member": {}, "new_chat_member": {"user": user(4), **member}}
    found = read("chat_member", body)
    assert isinstance(found, kind) and getattr(found, "user", user(4)["id"]) == user(4)["id"]


def test_an_update_of_any_other_chat_is_none_of_the_desks():
    elsewhere = {**CHAT, "id": -1}
    assert updates.read(update("message", message(elsewhere, user(), 1, text="x")), {DESK}, ME) is None
    assert updates.read(update("channel_post", said()), {DESK}, ME) is None
    assert updates.read(update("message", said()), set(), ME) is None


def test_a_press_tells_where_and_by_whom_and_a_broken_update_is_malformed():
    press = {"id": "1", "from": user(3), "chat_instance": "1", "message": said(), "data": "desk.x"}
    found = read("callback_query", press)
    assert isinstance(found, Pressed) and (found.chat, found.thread, found.user) == (DESK, 50, user(3)["id"])
    with pytest.raises(Malformed):
        read("message", {**said(), "message_id": "7"})


# Where cases go.


def settings(group, tmp_path):
    return Settings(data_dir=tmp_path, telegram_staff_group=group)


def test_groups_are_read_by_team_or_language_with_one_for_the_rest(tmp_path):
    found = places.places_of(settings("triage:-1001, ar:-1002 ,-1003", tmp_path))
    assert found.named == {"triage": -1001, "ar": -1002} and found.rest == -1003
    assert [found.of(case(team=team, language=language)) for team, language in (("triage", "ar"), ("x", "ar"), ("x", "en"))] == [
        -1001, -1002, -1003]  # fmt: skip


@pytest.mark.parametrize("wrong", ["1001", "triage", "triage:", "triage:1", "-1001;-1002", "tri age:-1"])
def test_a_setting_that_names_no_group_is_refused_with_what_to_write(wrong, tmp_path):
    with pytest.raises(DeskProblem, match="TELEGRAM_STAFF_GROUP"):
        places.places_of(settings(wrong, tmp_path))


# Buttons.


@pytest.mark.parametrize("act", ACTS)
def test_a_button_holds_at_most_64_bytes_and_comes_back_as_it_was(act):
    cipher = Cipher([new_key()], "lookup")
    answers = ANSWERS if act == "department" else ("",)
    outcomes = OUTCOMES if act in ("outcome", "department") else ("",)
    for outcome in outcomes:
        for answer in answers:
            wanted = Sign(2**40, act, outcome, answer)
            data = signs.sign(cipher, wanted)
            assert signs.read(cipher, data) == wanted and len(data.encode()) <= 64
            assert signs.read(Cipher([new_key()], "other"), data) is None and signs.read(cipher, data[5:]) is None


@pytest.mark.parametrize(
    ("words", "until", "reason"),
    [
        ("", None, ""),
        ("30", timedelta(minutes=30), ""),
        ("30m ward", timedelta(minutes=30), "ward"),
        ("2h", timedelta(hours=2), ""),
        ("1 d back tomorrow", timedelta(days=1), "back tomorrow"),
        ("99d", timedelta(days=14), ""),
        ("waits for the ward", None, "waits for the ward"),
        ("30 waits for the ward", timedelta(minutes=30), "waits for the ward"),
        ("2 hours", timedelta(hours=2), ""),
        ("2 Stunden Labor", timedelta(hours=2), "Labor"),
        ("2 Std. Labor", timedelta(hours=2), "Labor"),
        ("2小时", timedelta(hours=2), ""),
        ("２ 小時 等化驗", timedelta(hours=2), "等化驗"),
        ("30分钟后复查", timedelta(minutes=30), "后复查"),
        ("٢ ساعات", timedelta(hours=2), ""),
        ("1 week", timedelta(days=7), ""),
        ("2 dogs", timedelta(minutes=2), "dogs"),
    ],
)
def test_a_snooze_is_read_from_a_few_words(words, until, reason):
    assert until_of(words, NOW) == (None if until is None else NOW + until, reason)


@pytest.mark.parametrize("words", ["3x", "14:30", "8 Uhr", "8 pm", "8点", "1.5h", "5000m", "0", "2h30"])
def test_a_number_that_is_no_span_of_time_is_not_taken_for_until_the_patient_writes(words):
    with pytest.raises(ValueError, match="no span"):
        until_of(words, NOW)


@pytest.mark.parametrize(
    ("age", "band"), [(0.1, "0–1"), (2, "2–12"), (17.9, "13–17"), (18, "18–39"), (64, "40–64"), (65, "65–79"), (99, "80+")]
)
def test_an_age_is_shown_as_a_band(age, band):
    assert cards.band_of(age) == band


# Texts.


def case(**more):
    values = dict.fromkeys(Case.__dataclass_fields__)
    known = {"id": 17, "conversation_id": "c", "patient_id": "p", "reason": "red_flag", "level": "E1", "crisis": False, "risk": 0,
             "state": "waiting", "team": "", "department": "CARD", "language": "ar", "opened_at": NOW, "due_at": NOW}  # fmt: skip
    return Case(**{**values, **known, **more})


def view(**more):
    values = {"case": case(), "channel": "wechat", "agreed": True, "names": {"ana": "Ana"}, "events": (), "new": (), "early": (),
              "last_event": 1, "last_in": 1, "last_out": 1}  # fmt: skip
    return View(**{**values, **more})


def style(content: Content, language):
    return Style(content, language, ZoneInfo("Asia/Shanghai"), link="https://desk.example.org/desk?case=17")


@pytest.mark.parametrize(("hours", "shown"), [(2, "until: 19:00."), (26, "until: Thu, Nov 26 19:00.")])
def test_a_snooze_over_midnight_says_its_day(content, hours, shown):
    until = (NOW + timedelta(hours=hours)).isoformat()
    event = CaseEvent(1, 17, "snoozed", "ana", NOW, {"until": until})
    assert shown in lines.text_of(event, view(), style(content, "en"))


def test_the_card_says_on_which_day_an_answer_is_due(content):
    waits = view(case=case(level="R", risk=3, waiting_since=NOW, due_at=NOW + timedelta(hours=20)))
    card = cards.card_of(waits, About(("S: hello",), age=None, sex=None, pregnant=False), style(content, "en"), now=NOW)
    assert "An answer is due by Thu, Nov 26 13:00." in card.text.text and "Waiting since 17:00" in card.text.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_a_name_and_buttons_keep_to_telegrams_limits_in_every_language(content, language):
    cipher = Cipher([new_key()], "lookup")
    long = tuple(Spoken("in", number, NOW, "patient", "صدري يؤلمني 胸口痛 😀 " * 20, language="ar") for number in range(60))
    about = About(("S: " + "x" * 3000, "B: " + "字" * 3000, "A: " + "ب" * 3000, "R: ok"), age=52, sex="f", pregnant=True)
    spoken = style(content, language)
    card = cards.card_of(view(early=long), about, spoken, now=NOW)
    assert utf16(card.text.text) <= LIMIT and card.rest
    for part in card.rest:
        assert utf16(Text(language).add(part).text) <= LIMIT
    for entity in card.text.entities():
        assert entity.offset >= 0 and entity.offset + entity.length <= utf16(card.text.text)
    assert len(cards.name_of(view(), spoken)) <= 128
    for keys in (card.keys, cards.outcome_keys(17, spoken), cards.department_keys(17, "advised", spoken)):
        assert all(len(signs.sign(cipher, wanted).encode()) <= 64 and len(title) <= 40 for row in keys for title, wanted in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_toast_fits_and_every_problem_has_a_sentence(content, language):
    texts = content.phrases.texts
    short = [key for key in texts if key.startswith(("telegram_desk.toast_", "telegram_desk.deny_"))]
    assert len(short) > 20
    for key in short:
        assert len(texts[key][language].replace("{who}", "x" * 20)) <= 190, key


def test_a_card_that_is_written_again_is_cut_at_the_same_place(content):
    long = tuple(Spoken("in", number, NOW, "patient", f"message {number} " * 12, language="en") for number in range(60))
    spoken = style(content, "en")
    waiting = cards.card_of(view(early=long), About(), spoken, now=NOW)
    held = case(state="claimed", claimed_by="ana", lease_until=NOW + timedelta(minutes=9))
    claimed = cards.card_of(view(case=held, early=long), About(("S: more now",)), spoken, now=NOW)
    assert waiting.rest == claimed.rest and waiting.head != claimed.head


def test_the_same_state_is_the_same_head_whatever_the_summary_says(content):
    spoken = style(content, "en")
    heads = {cards.card_of(view(), About((text,)), spoken, now=NOW).head for text in ("S: one", "S: two")}
    assert len(heads) == 1


def test_nothing_of_a_long_text_is_lost_when_it_is_cut():
    words = " ".join(f"word{number}" for number in range(3000))
    parts = pieces(words, "en", first=1000)
    assert " ".join(" ".join(parts).split()) == words and all(utf16(part) <= LIMIT for part in parts)


def test_arabic_lines_begin_from_the_right_and_numbers_keep_their_direction(content):
    card = cards.card_of(view(), About(age=52, sex="f"), style(content, "ar"), now=NOW)
    first = card.text.text.split("\n")[0]
    assert first.startswith("\u200f") and "\u2068A17\u2069" in first and "A17" in plain(first)


def test_what_only_the_bot_said_needs_no_post_and_goes_with_the_patients_next_words(content):
    spoken = style(content, "en")
    bot = Spoken("out", 3, NOW, "bot", "Since when?", language="en")
    patient = Spoken("in", 4, NOW + timedelta(seconds=5), "patient", "yesterday", language="en")
    assert lines.posts(view(new=(bot,)), spoken, quiet=frozenset()) == []
    (post,) = lines.posts(view(new=(bot, patient), last_in=4, last_out=3, last_event=9), spoken, quiet=frozenset())
    assert post.text.text == "🤖 Since when?\n👤 yesterday"
    assert post.told == {"told_event": 9, "told_inbound": 4, "upto_out": 3}


def test_of_many_posts_each_knows_up_to_where_everything_is_shown(content):
    new = tuple(
        Spoken("in", number, NOW + timedelta(seconds=number), "patient", "x" * 2500, language="en") for number in (1, 2, 3)
    )
    found = lines.posts(view(new=new, last_in=3, last_event=9, last_out=0), style(content, "en"), quiet=frozenset())
    assert [post.told["told_inbound"] for post in found] == [1, 2, 3] and "told_event" not in found[0].told
