"""What patients order about reminders in their own words is understood in five languages, and nothing else is taken for it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.followup.own import is_order, read_when, read_wish
from bot.followup.wishes import is_later, is_list, quiet_wish, shown_measure, zone_wish

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
EVENING = {"times": ["20:00"], "every": {"days": 1}, "days": [0]}


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("zh-Hans", "每天晚上8点提醒我量血压", "量血压"),
        ("zh-Hant", "每天晚上8點提醒我量血壓", "量血壓"),
        ("en", "Remind me to measure my blood pressure every evening at 8", "measure my blood pressure"),
        ("de", "Erinnere mich jeden Abend um 20 Uhr, den Blutdruck zu messen", "den Blutdruck zu messen"),
        ("ar", "ذكرني كل مساء الساعة 8 بقياس الضغط", "بقياس الضغط"),
    ],
)
def test_every_evening_at_eight_is_understood_in_each_language(language, said, text):
    wish = read_wish(said, language, NOW)

    assert wish is not None and wish.when is not None
    assert (wish.text, wish.when.details) == (text, EVENING)


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("en", "can you remind me at 3pm to take my metformin", "take my metformin"),
        ("en", "Every Monday at 9 remind me to weigh myself", "weigh myself"),
        ("de", "Können Sie mich morgen um 9 an den Termin erinnern?", "den Termin"),
        ("zh-Hans", "请在明天下午3点提醒我复诊", "复诊"),
        ("zh-Hant", "麻煩每週一早上9點提醒我量體重", "量體重"),
    ],
)
def test_only_what_it_is_about_is_kept_without_time_and_polite_words(language, said, text):
    assert read_wish(said, language, NOW).text == text


def test_one_day_and_several_weekdays_are_understood():
    tomorrow = read_wish("remind me tomorrow at 9 am to call the clinic", "en", NOW)
    weekdays = read_wish("remind me every Monday and Thursday at 7:30 to weigh myself", "en", NOW)

    assert tomorrow.when.details == {"times": ["09:00"], "every": None, "days": [0]}
    assert tomorrow.when.anchor.isoformat() == "2026-11-27"
    # 26 November 2026 is a Thursday.
    assert weekdays.when.details == {"times": ["07:30"], "every": {"days": 7}, "days": [0, 4]}


@pytest.mark.parametrize(
    "said", ["remind me to weigh myself", "remind me tomorrow to weigh myself", "remind me every hour to drink"]
)
def test_a_time_that_is_not_clear_is_not_guessed(said):
    assert read_wish(said, "en", NOW).when is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "you did not remind me yesterday"),
        ("en", "My wife will remind me tomorrow at 9"),
        ("zh-Hans", "护士提醒我明天9点来"),
        ("zh-Hans", "医生提醒我要少吃盐"),
        ("zh-Hans", "不要提醒我"),
        ("en", "my ear hurts since yesterday at 8"),
        ("de", "Ich kann mich nicht erinnern"),
    ],
)
def test_what_is_told_is_no_order(language, said):
    assert read_wish(said, language, NOW) is None


def test_a_long_story_is_no_order():
    assert not is_order("remind me " + "and then my leg hurt " * 20)


@pytest.mark.parametrize("said", ["我的提醒", "my reminders", "Meine Erinnerungen", "تذكيراتي", "修改我的提醒"])
def test_the_list_is_asked_for(said):
    assert is_list(said) and not is_list(f"{said} 128/82")


@pytest.mark.parametrize("said", ["later", "snooze", "等会儿再提醒我", "晚點再提醒我", "später nochmal", "لاحقا"])
def test_later_is_understood(said):
    assert is_later(said) and not is_later("it got worse later in the evening")


@pytest.mark.parametrize(
    ("said", "measure"),
    [
        ("show my blood pressure", "blood_pressure"),
        ("看看我的血压", "blood_pressure"),
        ("看看我的血糖", "glucose"),
        ("Zeig mir meinen Blutdruck", "blood_pressure"),
        ("اعرض ضغط الدم", "blood_pressure"),
        ("show my readings", ""),
        ("my blood pressure is 180/110", None),
        ("I am in pain", None),
    ],
)
def test_readings_are_asked_for(said, measure):
    assert shown_measure(said) == measure


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("I am in Berlin now", "Europe/Berlin"),
        ("我现在在上海", "Asia/Shanghai"),
        ("我現在在台北", "Asia/Taipei"),
        ("Ich bin jetzt in New York", "America/New_York"),
        ("أنا الآن في القاهرة", "Africa/Cairo"),
    ],
)
def test_where_somebody_is_gives_their_clock(said, zone):
    assert zone_wish(said, NOW)[0] == zone


@pytest.mark.parametrize("said", ["I am in pain", "I am in bed now", "我在发烧", "Ich bin in Sorge", "I am in the USA"])
def test_no_place_and_a_place_of_many_clocks_move_nobody(said):
    assert zone_wish(said, NOW) is None


@pytest.mark.parametrize(
    ("language", "said", "hours"),
    [
        ("en", "not before 9", "21:00-09:00"),
        ("de", "nicht nach 22 Uhr", "22:00-08:00"),
        ("zh-Hans", "9点之前不要打扰", "21:00-09:00"),
        ("en", "not after 10", "22:00-08:00"),
        ("en", "not before the operation", None),
    ],
)
def test_quiet_hours_are_understood(language, said, hours):
    assert quiet_wish(said, language, NOW, ("21:00", "08:00")) == hours


def test_a_time_alone_is_read_as_an_answer():
    assert read_when("every evening at 8", "en", NOW).details == EVENING
    assert read_when("soon", "en", NOW) is None
