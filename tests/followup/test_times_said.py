"""What patients write of times is read to the minute in five languages, or asked for: never another time than they mean.

The sentences are in tests/followup/times_said, with what is read; each language has its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.packs import read_yaml
from bot.followup.own import When, once, parts_said, read_when, when_in_words
from bot.followup.times import Moment, Recurrence, read_time
from bot.languages import LANGUAGES
from tests.contents import the_content

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=BERLIN)  # a Thursday
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def sentences(language: str) -> dict[str, str]:
    return read_yaml(Path(__file__).parent / "times_said" / f"{language}.yml")


EVERY = [(language, said, meant) for language in LANGUAGES for said, meant in sentences(language).items()]
SAID = st.sampled_from([(language, said) for language, said, _ in EVERY])
# Zones whose clocks are changed at night, at midnight, by half an hour, and never.
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Shanghai"])
HOURS = st.integers(0, 3 * 366 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


def shown(when: When | None, parts: tuple[str, ...]) -> str:
    """Return a time as the tables write it."""
    if when is None:
        return " ".join(["ask", *parts])
    times, every, days = " ".join(when.details["times"]), when.details["every"], when.details["days"]
    if every is None:
        return f"{when.anchor + timedelta(days=days[0])} {times}"
    until = when.details.get("until_days")
    begins = f" from {when.anchor}" if when.details.get("begins") else ""
    ends = "" if until is None else f" until {when.anchor + timedelta(days=until)}"
    return f"{rhythm(when, every, days)} {times}{begins}{ends}"


def rhythm(when: When, every: dict[str, int], days: list[int]) -> str:
    if every.get("months"):
        count = every["months"]
        return f"{'monthly' if count == 1 else f'every {count} months'} {when.anchor.day}"
    if every["days"] % 7 == 0:
        names = " ".join(WEEKDAYS[day] for day in sorted((when.anchor + timedelta(days=one)).weekday() for one in days))
        return names if every["days"] == 7 else f"every {every['days'] // 7} weeks {names}"
    return "daily" if every["days"] == 1 else f"every {every['days']} days"


@pytest.mark.parametrize(("language", "said", "meant"), EVERY)
def test_it_is_read_as_it_is_meant_or_asked_for(language, said, meant):
    found = shown(read_when(said, language, NOW), parts_said(said, language))

    assert found == meant or (meant == "ask" and found.startswith("ask"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_sentences_of_both_kinds(language):
    meant = list(sentences(language).values())

    assert len(meant) >= 60
    assert sum(one.startswith("ask") for one in meant) >= 10
    assert sum(len(one.split()) > 2 and one[-6] == " " for one in meant if not one.startswith("ask")) >= 15  # several times


@pytest.mark.parametrize("said", [said for said in sentences("ar") if any(one.isdigit() for one in said)])
def test_both_kinds_of_digits_are_the_same_moment(said):
    western = "".join(str(int(one)) if one.isdigit() else one for one in said)

    assert read_when(western, "ar", NOW) == read_when(western.translate(EASTERN), "ar", NOW)


@given(SAID, ZONES, HOURS)
@settings(max_examples=200)
def test_what_is_read_is_never_over_and_always_on_the_clock(said, zone, later):
    language, words = said
    now = (datetime(2026, 1, 1, tzinfo=timezone.utc) + later).astimezone(ZoneInfo(zone))
    found, when = read_time(words, language, now), read_when(words, language, now)

    if isinstance(found, Moment) and found.grain == "minute":
        there_and_back = found.at.astimezone(timezone.utc).astimezone(found.at.tzinfo)
        assert (there_and_back.replace(tzinfo=None), there_and_back.fold) == (found.at.replace(tzinfo=None), found.at.fold)
        if when is not None and when.details["every"] is None and len(when.details["times"]) == 1:
            assert when == once(found.at)
    if when is not None and when.details["every"] is None:
        first = datetime.combine(when.anchor, datetime.strptime(when.details["times"][0], "%H:%M").time(), tzinfo=now.tzinfo)
        assert first.astimezone(timezone.utc) > now.astimezone(timezone.utc)


@given(SAID, HOURS)
@settings(max_examples=100)
def test_what_comes_again_begins_today_or_later_and_ends_after_that(said, later):
    language, words = said
    now = (datetime(2026, 1, 1, tzinfo=timezone.utc) + later).astimezone(BERLIN)
    when = read_when(words, language, now)

    if when is not None and when.details["every"] is not None:
        assert when.anchor >= now.date()
        assert when.details.get("until_days", 0) >= 0


def test_two_hours_are_two_hours_when_the_clocks_go_forward():
    night = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)

    assert read_when("in two hours", "en", night).details["times"] == ["04:30"]
    assert read_time("tomorrow at 2:30 am", "en", night - timedelta(days=1)).at.hour == 3  # 2:30 is on no clock


@pytest.mark.parametrize(("now", "meant"), [(9, "2026-11-26 21:00"), (8, "2026-11-26 09:00"), (22, "ask")])
def test_today_at_nine_is_the_nine_that_is_still_to_come(now, meant):
    at = NOW.replace(hour=now, minute=1)

    assert shown(read_when("today at 9", "en", at), ()) == meant


@pytest.mark.parametrize(
    ("language", "said", "words"),
    [
        ("en", "every day at 8 am from tomorrow", "Every day at 08:00, starting Friday, November 27, 2026"),
        ("de", "jeden Tag um 8 Uhr bis Freitag", "Jeden Tag um 08:00 Uhr, bis Freitag, 27. November 2026"),
        ("zh-Hans", "从明天开始每天早上8点", "每天 08:00，从2026年11月27日星期五开始"),
        ("zh-Hant", "每天早上8點，到禮拜五為止", "每天 08:00，到2026年11月27日 星期五為止"),
        ("ar", "كل يوم الساعة 8 صباحا حتى الجمعة", "كل يوم الساعة 08:00، حتى الجمعة، 27 نوفمبر 2026"),
    ],
)
def test_the_first_and_the_last_day_are_read_back(language, said, words):
    when = read_when(said, language, NOW)

    assert when_in_words(when.anchor, when.details, language, phrases=the_content().phrases) == words


def test_no_day_is_read_back_where_none_was_told():
    when = read_when("every day at 8 am", "en", NOW)

    assert when_in_words(when.anchor, when.details, "en", phrases=the_content().phrases) == "Every day at 08:00"


@pytest.mark.parametrize(
    ("language", "said", "every", "weekdays"),
    [
        ("en", "every other Monday", 2, (0,)),
        ("de", "jeden zweiten Dienstag", 2, (1,)),
        ("zh-Hans", "隔周周三", 2, (2,)),
        ("en", "every Monday", 1, (0,)),
    ],
)
def test_every_other_monday_is_not_every_monday(language, said, every, weekdays):
    found = read_time(said, language, NOW)

    assert isinstance(found, Recurrence)
    assert (found.every, found.unit, found.weekdays) == (every, "week", weekdays)
