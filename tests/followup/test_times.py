"""Times in patients' words: moments, spans, durations and recurrences in five languages; silence where nothing is sure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.followup.times import Duration, Moment, Recurrence, Span, end_of, read_time
from bot.languages import LANGUAGES

NOW = datetime(2026, 11, 25, 14, 0)  # a Wednesday

MOMENTS = [
    ("zh-Hans", "明天上午九点提醒我", "2026-11-26 09:00"), ("zh-Hans", "下周三下午三点半复查", "2026-12-02 15:30"), ("zh-Hans", "半小时后", "2026-11-25 14:30"), ("zh-Hans", "今晚八点", "2026-11-25 20:00"),
    ("zh-Hans", "2026年12月3日10点", "2026-12-03 10:00"), ("zh-Hans", "后天中午12点", "2026-11-27 12:00"), ("zh-Hant", "下禮拜三早上十點", "2026-12-02 10:00"), ("zh-Hant", "後天下午兩點", "2026-11-27 14:00"),
    ("en", "tomorrow at 5", "2026-11-26 17:00"), ("en", "tomorrow at 8", "2026-11-26 08:00"), ("en", "next Tuesday at 9:30 am", "2026-12-01 09:30"), ("en", "in half an hour", "2026-11-25 14:30"), ("en", "March 3rd at noon", "2027-03-03 12:00"), ("en", "quarter past 8 in the evening", "2026-11-25 20:15"),
    ("de", "morgen um halb acht", "2026-11-26 07:30"), ("de", "am 15.3. um 10 Uhr", "2027-03-15 10:00"), ("de", "Viertel nach 8 abends", "2026-11-25 20:15"), ("de", "in zwei Stunden", "2026-11-25 16:00"), ("de", "am Montag um 15:30", "2026-11-30 15:30"), ("de", "heute um 18 Uhr", "2026-11-25 18:00"),
    ("ar", "غدا الساعة 9 صباحا", "2026-11-26 09:00"), ("ar", "اليوم الساعة 8 مساء", "2026-11-25 20:00"), ("ar", "بعد ساعتين", "2026-11-25 16:00"), ("ar", "بكرة الساعة ١٠ ونص الصبح", "2026-11-26 10:30"),
]  # fmt: skip
DAYS = [
    ("zh-Hans", "三天后复查", "2026-11-28"), ("zh-Hans", "大后天", "2026-11-28"), ("zh-Hans", "3月15号", "2027-03-15"), ("zh-Hans", "上周五开始疼", "2026-11-20"), ("zh-Hans", "28号来拿药", "2026-11-28"),
    ("zh-Hant", "後天回診", "2026-11-27"), ("zh-Hant", "兩週後回診", "2026-12-09"), ("en", "in 3 days", "2026-11-28"), ("en", "two weeks ago", "2026-11-11"), ("en", "the day after tomorrow", "2026-11-27"), ("en", "Tuesday next week", "2026-12-01"),
    ("en", "December 3, 2026", "2026-12-03"), ("en", "25/12/2026", "2026-12-25"), ("de", "in zwei Wochen", "2026-12-09"), ("de", "vor drei Tagen", "2026-11-22"), ("de", "übermorgen", "2026-11-27"), ("de", "nächste Woche Dienstag", "2026-12-01"), ("de", "3. Dezember", "2026-12-03"), ("de", "03.04.2027", "2027-04-03"),
    ("ar", "بعد ثلاثة أيام", "2026-11-28"), ("ar", "قبل أسبوعين", "2026-11-11"), ("ar", "بعد بكرة", "2026-11-27"), ("ar", "الاثنين القادم", "2026-11-30"), ("ar", "3 ديسمبر", "2026-12-03"),
]  # fmt: skip
DURATIONS = [
    ("zh-Hans", "疼了三天", 72), ("zh-Hans", "一个半小时", 1.5), ("zh-Hant", "兩個小時", 2), ("en", "for two weeks", 336), ("en", "a couple of days", 48), ("de", "drei Tage lang", 72), ("de", "anderthalb Stunden", 1.5), ("ar", "لمدة يومين", 48), ("ar", "3 ساعات", 3),
]  # fmt: skip
RECURRENCES = [
    ("zh-Hans", "每天早晚各一次", 1, "day", (8, 20)), ("zh-Hans", "每天晚上八点", 1, "day", (20,)), ("zh-Hans", "隔天一次", 2, "day", ()), ("zh-Hans", "每8小时一次", 8, "hour", ()), ("zh-Hans", "每天早中晚", 1, "day", (8, 12, 20)), ("zh-Hant", "每天睡前吃", 1, "day", (22,)), ("zh-Hant", "每兩天一次", 2, "day", ()),
    ("en", "every evening at 8", 1, "day", (20,)), ("en", "every other day at 9 am", 2, "day", (9,)), ("en", "every 6 hours", 6, "hour", ()), ("en", "weekly", 1, "week", ()), ("en", "every morning and evening", 1, "day", (8, 20)),
    ("de", "alle zwei Tage", 2, "day", ()), ("de", "jeden Abend um 8", 1, "day", (20,)), ("de", "morgens und abends", 1, "day", (8, 20)), ("de", "täglich um 9 Uhr", 1, "day", (9,)), ("de", "alle 8 Stunden", 8, "hour", ()),
    ("ar", "كل يوم الساعة 8", 1, "day", (8,)), ("ar", "كل 8 ساعات", 8, "hour", ()), ("ar", "كل يومين", 2, "day", ()), ("ar", "كل يوم صباحا ومساء", 1, "day", (8, 20)), ("ar", "أسبوعيا", 1, "week", ()),
]  # fmt: skip
HOW_OFTEN = [
    ("zh-Hans", "一天三次", 3),
    ("en", "twice a day", 2),
    ("en", "3 times a day", 3),
    ("de", "dreimal täglich", 3),
    ("de", "2 mal am Tag", 2),
    ("ar", "مرتين في اليوم", 2),
]
SILENT = [
    ("zh-Hans", "血压150/95"), ("zh-Hans", "头疼"), ("zh-Hans", "2027年2月30日"), ("zh-Hans", "13月5日"), ("zh-Hans", "月底"), ("zh-Hant", "我想掛號"), ("en", "bp 150/95"), ("en", "I have a headache"), ("en", "Feb 30 2027"), ("en", "03/04/2027"), ("en", "the first Monday of March"), ("en", "after Easter"),
    ("de", "Ich habe Kopfschmerzen"), ("de", "30. Februar 2027"), ("de", "Blutdruck 150 zu 95"), ("ar", "عندي صداع"), ("ar", "الضغط 150/95"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "at"), MOMENTS)
def test_a_clock_time_is_read_to_the_minute(language, text, at):
    found = read_time(text, language, NOW)

    assert isinstance(found, Moment) and f"{found.at:%Y-%m-%d %H:%M}" == at and found.grain == "minute", found


@pytest.mark.parametrize(("language", "text", "day"), DAYS)
def test_a_day_is_read_as_a_day(language, text, day):
    found = read_time(text, language, NOW)

    assert isinstance(found, Moment) and found.at.date().isoformat() == day and found.grain == "day", found


@pytest.mark.parametrize(("language", "text", "hours"), DURATIONS)
def test_how_long_is_a_duration_and_no_moment(language, text, hours):
    found = read_time(text, language, NOW)

    assert isinstance(found, Duration) and found.length == timedelta(hours=hours), found


@pytest.mark.parametrize(("language", "text", "every", "unit", "hours"), RECURRENCES)
def test_what_comes_again_is_a_recurrence_with_its_hours(language, text, every, unit, hours):
    found = read_time(text, language, NOW)

    assert isinstance(found, Recurrence), found
    assert (found.every, found.unit, found.times) == (every, unit, tuple(time(hour) for hour in hours))


@pytest.mark.parametrize(("language", "text", "count"), HOW_OFTEN)
def test_times_a_day_are_counted_where_no_hour_is_said(language, text, count):
    found = read_time(text, language, NOW)

    assert isinstance(found, Recurrence) and found.per_unit == count and found.unit == "day" and found.times == ()


@pytest.mark.parametrize(("language", "text", "days"), [("zh-Hans", "每周一三五", (0, 2, 4)), ("zh-Hant", "每週六", (5,)), ("en", "every Monday and Thursday", (0, 3)), ("de", "jeden Montag", (0,)), ("de", "montags", (0,)), ("ar", "كل يوم جمعة".replace("جمعة", "الجمعة"), (4,))])  # fmt: skip
def test_weekdays_of_a_recurrence_are_named(language, text, days):
    found = read_time(text, language, NOW)

    assert isinstance(found, Recurrence) and found.weekdays == days, found


@pytest.mark.parametrize(
    ("language", "text", "start", "end"),
    [
        ("zh-Hans", "从一月十日到十二日", "2027-01-10 00:00", "2027-01-13 00:00"), ("zh-Hans", "明天上午", "2026-11-26 06:00", "2026-11-26 12:00"), ("zh-Hans", "过去三天", "2026-11-22 14:00", "2026-11-25 14:00"),
        ("zh-Hant", "後天早上", "2026-11-27 06:00", "2026-11-27 12:00"), ("en", "from 3 to 5 pm", "2026-11-25 15:00", "2026-11-25 17:00"), ("en", "the next 2 weeks", "2026-11-25 14:00", "2026-12-09 14:00"), ("en", "next weekend", "2026-12-05 00:00", "2026-12-07 00:00"),
        ("de", "von 9 bis 11 Uhr", "2026-11-26 09:00", "2026-11-26 11:00"), ("de", "morgen Abend", "2026-11-26 18:00", "2026-11-26 22:00"), ("ar", "غدا مساء", "2026-11-26 18:00", "2026-11-26 22:00"),
    ],
)  # fmt: skip
def test_a_stretch_of_time_has_a_start_and_an_end(language, text, start, end):
    found = read_time(text, language, NOW)

    assert isinstance(found, Span) and (f"{found.start:%Y-%m-%d %H:%M}", f"{found.end:%Y-%m-%d %H:%M}") == (start, end), found


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_what_is_no_time_or_no_day_of_any_calendar_is_not_guessed(language, text):
    assert read_time(text, language, NOW) is None


def test_the_words_are_the_patients_own():
    assert read_time("請提醒我下禮拜三早上十點回診", "zh-Hant", NOW).said == "下禮拜三早上十點"
    assert read_time("Bitte Übermorgen um 10 Uhr anrufen", "de", NOW).said == "Übermorgen um 10 Uhr"


def test_a_week_begins_on_monday_and_ends_before_the_next():
    week = read_time("next week", "en", NOW)

    assert week.at == datetime(2026, 11, 30) and end_of(week) == datetime(2026, 12, 7)


@given(st.text(max_size=120), st.sampled_from(LANGUAGES))
@settings(max_examples=150)
def test_no_text_breaks_the_reading(text, language):
    found = read_time(text, language, NOW)

    assert found is None or found.said


@given(st.lists(st.sampled_from([text for _, text, *_ in MOMENTS + DAYS + DURATIONS + RECURRENCES]), min_size=2, max_size=4), st.sampled_from(LANGUAGES))  # fmt: skip
@settings(max_examples=150)
def test_no_mixture_of_times_breaks_the_reading(texts, language):
    read_time(" ".join(texts), language, NOW)
