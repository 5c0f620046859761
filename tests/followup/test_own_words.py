"""What patients order about reminders in their own words is understood in five languages, and nothing else is taken for it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.followup.own import is_order, offered_times, pause_until, read_answer, read_when, read_wish
from bot.followup.wishes import is_later, is_list, pause_words, quiet_wish, shown_measure, zone_wish

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


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("en", "remind me at 8 am to take my pills every day", "take my pills"),
        ("en", "remind me every day to take my morning pills at 8", "take my morning pills"),
        ("en", "remind me on the 3rd of December at 10:30 in the morning", ""),
        ("de", "Erinnere mich so gegen neun Uhr abends", ""),
        ("de", "Erinnere mich um 8 Uhr an die Tropfen, jeden Tag", "die Tropfen"),
        ("zh-Hans", "晚上九点左右提醒我", ""),
        ("zh-Hans", "早上七点跟晚上七点各提醒我一次", ""),
        ("zh-Hant", "下下禮拜一早上9點提醒我回診", "回診"),
        ("ar", "ذكرني في 3 ديسمبر الساعة العاشرة صباحا", ""),
        ("ar", "ذكرني الساعة ٨ صباحا بالدواء كل يوم", "بالدواء"),
    ],
)
def test_what_stands_between_the_words_of_the_time_is_kept_and_nothing_else(language, said, text):
    wish = read_wish(said, language, NOW)

    assert wish.when is not None
    assert wish.text == text


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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Erinnere mich täglich um 8 und 20 Uhr an die Tropfen"),
        ("de", "Erinnere mich jeden Tag um 8 und um 20 Uhr an die Tropfen"),
        ("en", "remind me every day at 8 am and 8 pm to use my drops"),
        ("zh-Hans", "每天8点和20点提醒我滴眼药"),
        ("zh-Hans", "每天8、20点提醒我滴眼药"),
        ("ar", "ذكرني كل يوم الساعة 8 صباحا و 8 مساء بالقطرة"),
    ],
)
def test_two_times_that_are_told_together_are_both_kept(language, said):
    assert read_when(said, language, NOW).details == {"times": ["08:00", "20:00"], "every": {"days": 1}, "days": [0]}


def test_two_times_of_one_day_begin_tomorrow_when_the_first_is_over():
    when = read_when("Erinnere mich um 8 und 20 Uhr", "de", NOW)

    assert (when.anchor.isoformat(), when.details["times"]) == ("2026-11-27", ["08:00", "20:00"])


def test_another_time_in_what_it_is_about_is_no_time_of_the_reminder():
    assert read_when("remind me tomorrow at 9 that my visit is at 11:30", "en", NOW).details["times"] == ["09:00"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "8 in the evening"),
        ("de", "abends um 8"),
        ("de", "8 Uhr abends"),
        ("zh-Hans", "晚上8点"),
        ("zh-Hant", "晚上8點"),
        ("ar", "8 مساء"),
    ],
)
def test_eight_in_the_evening_is_clear_in_an_order_and_in_an_answer(language, said):
    order = {"en": "remind me {} to weigh myself", "de": "Erinnere mich {} ans Wiegen", "ar": "ذكرني {} بالوزن"}.get(
        language, "{}提醒我量体重"
    )

    assert read_wish(order.format(said), language, NOW).when.details["times"] == ["20:00"]
    assert read_answer(order.format(""), said, language, NOW).details["times"] == ["20:00"]


@pytest.mark.parametrize(
    ("language", "said", "choices"),
    [
        ("en", "remind me every morning to weigh myself", ("07:00", "08:00", "09:00")),
        ("de", "Erinnere mich jeden Abend ans Wiegen", ("18:00", "19:00", "20:00")),
        ("zh-Hans", "每天早晚提醒我量血压", ("07:00 18:00", "08:00 19:00", "09:00 20:00")),
        ("zh-Hant", "每天早上提醒我量血壓", ("07:00", "08:00", "09:00")),
        ("ar", "ذكرني كل صباح بقياس الضغط", ("07:00", "08:00", "09:00")),
    ],
)
def test_a_part_of_the_day_is_no_time_and_times_of_it_are_offered(language, said, choices):
    assert read_wish(said, language, NOW).when is None
    assert offered_times(said, language) == choices
    when = read_when(f"{said} {choices[1]}", language, NOW)
    assert (when.details["times"], when.details["every"]) == (choices[1].split(), {"days": 1})


@pytest.mark.parametrize("answer", ["8", "at 8", "8:00", "20:00"])
def test_an_answer_means_the_part_of_the_day_that_was_ordered(answer):
    assert read_answer("remind me every evening to weigh myself", answer, "en", NOW).details == EVENING


@pytest.mark.parametrize(
    ("language", "order", "answer", "times"),
    [
        ("en", "remind me every morning and evening to weigh myself", "at 8", ["08:00", "20:00"]),
        ("zh-Hans", "每天早晚提醒我量血压", "8点", ["08:00", "20:00"]),
        ("de", "Erinnere mich jeden Morgen und Abend ans Wiegen", "7 und 20 Uhr", ["07:00", "20:00"]),
        ("ar", "ذكرني كل يوم صباحا ومساء بالدواء", "الساعة 7", ["07:00", "19:00"]),
    ],
)
def test_an_answer_means_all_parts_of_the_day_that_were_ordered(language, order, answer, times):
    assert read_answer(order, answer, language, NOW).details == {"times": times, "every": {"days": 1}, "days": [0]}


@pytest.mark.parametrize("answer", ["8", "12", "at 8 and 12"])
def test_an_answer_that_does_not_fit_the_parts_of_the_day_is_not_guessed(answer):
    assert read_answer("remind me every morning, noon and evening to eat", answer, "en", NOW) is None


def test_a_number_alone_is_no_time_when_morning_or_evening_is_not_known():
    assert read_answer("remind me to weigh myself", "8", "en", NOW) is None


@pytest.mark.parametrize("said", ["remind me at 9 am", "remind me to weigh myself"])
def test_no_times_are_offered_with_a_clear_time_or_none_at_all(said):
    assert offered_times(said, "en") == ()


PAUSES = {
    "en": ("pause my reminders for two weeks", "pause my reminders until Monday"),
    "de": ("Pausiere meine Erinnerungen für zwei Wochen", "Pausiere meine Erinnerungen bis Montag"),
    "zh-Hans": ("暂停我的提醒两周", "提醒暂停到周一"),
    "zh-Hant": ("暫停我的提醒兩週", "提醒暫停到週一"),
    "ar": ("أوقف تذكيراتي لمدة أسبوعين", "أوقف تذكيراتي حتى الاثنين"),
}


@pytest.mark.parametrize("language", PAUSES)
def test_a_pause_is_told_in_weeks_or_until_a_day(language):
    weeks, day = (pause_until(pause_words(said), language, NOW) for said in PAUSES[language])

    assert weeks == NOW.replace(month=12, day=10)
    assert day == NOW.replace(day=30, hour=0)


@pytest.mark.parametrize("said", ["pause my reminders", "stop", "我的提醒", "meine Erinnerungen", "how long for?"])
def test_no_length_is_no_pause(said):
    assert pause_words(said) is None


@pytest.mark.parametrize("said", ["for ever", "until I am well", "for 200 years", "until yesterday"])
def test_a_pause_without_an_end_that_is_known_is_not_guessed(said):
    assert pause_until(said, "en", NOW) is None
