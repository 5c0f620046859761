"""Patients see their own readings and nobody else's: as a table that is complete without the picture, and with no verdict."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.database.tables import conversation, patient
from bot.followup import enrolments
from bot.followup.readings import Given, Told, take
from bot.followup.showing import show_readings
from bot.followup.steps import zone_of
from bot.followup.thresholds import About
from bot.languages import LANGUAGES
from bot.messages import reply_from_json, to_json
from bot.outbox.compose import compose
from bot.pictures.drawing import drawing_from
from tests.contents import the_content

NOW = datetime(2026, 3, 30, 4, 0, tzinfo=timezone.utc)


@pytest.fixture
def someone(database):
    with database.write() as work:
        work.execute(patient.insert().values(id="p", created_at=NOW - timedelta(days=400)))
        work.execute(patient.insert().values(id="q", created_at=NOW - timedelta(days=400)))
    return database


def tell(database, kind, values, *, days_ago, said="", whose="p"):
    measure = the_content().followup.thresholds.by_id[kind]
    given = Given(dict(zip(measure.values, map(float, values), strict=True)), said or "/".join(map(str, values)))
    key = f"{whose}:{kind}:{days_ago}"
    told = Told(whose, measure, given, NOW - timedelta(days=days_ago), About(), zone_of("UTC"), "checkin", key)
    with database.write() as work:
        take(work, told)


def shown(database, measure="blood_pressure", language="en", whose="p"):
    with database.read() as work:
        return show_readings(work, whose, measure, language=language, content=the_content(), now=NOW, emergency="112")


def test_the_newest_reading_stands_first_and_the_target_is_said_with_its_limits(someone):
    tell(someone, "blood_pressure", (151, 93), days_ago=2)
    tell(someone, "blood_pressure", (128, 82), days_ago=1)

    reply = shown(someone)

    assert reply.text.index("128/82") < reply.text.index("151/93")
    assert "Usual target: below 135/85 mmHg" in reply.text
    assert "what your own team has told you counts" in reply.text
    assert "112" in reply.text


def test_a_long_table_says_how_many_there_are_before_it(someone):
    for day in range(14):
        tell(someone, "weight", (70 + day / 10,), days_ago=day)

    reply = shown(someone, "weight")

    assert "Before that: 4 more." in reply.text
    assert sum("\u20037" in line for line in reply.text.splitlines()) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_it_leaves_as_it_is_and_judges_nothing(someone, language):
    tell(someone, "glucose", (6.2,), days_ago=1, said="112 mg/dL")
    tell(someone, "weight", (70,), days_ago=3)

    reply = shown(someone, "glucose", language)
    message = compose(reply, language, phrases=the_content().phrases)

    assert message.text.startswith(reply.text)  # the output filter took nothing for a dose
    assert message.picture == reply.picture
    assert the_content().phrases.get("readings.name_weight", language) in reply.text


def test_the_picture_travels_with_the_reply(someone):
    tell(someone, "spo2", (96,), days_ago=1)

    reply = reply_from_json(to_json(shown(someone, "spo2")))

    assert reply.picture is not None
    assert drawing_from(reply.picture.drawing).alt == reply.picture.alt


def test_of_an_unnamed_measure_the_one_is_shown_that_was_told_last(someone):
    tell(someone, "spo2", (96,), days_ago=3)
    tell(someone, "pulse", (71,), days_ago=1)

    assert shown(someone, "").text.startswith("Your readings: Pulse")


def test_who_has_told_nothing_is_told_so_and_gets_no_picture(someone):
    assert shown(someone, "").picture is None
    assert "any readings of yours yet" in shown(someone, "").text
    assert "Blood pressure: I have no readings" in shown(someone, "blood_pressure").text


def test_other_people_s_readings_are_not_shown(someone):
    tell(someone, "weight", (70,), days_ago=1, whose="q")

    assert shown(someone, "weight").picture is None
    assert "70" not in shown(someone, "weight").text


def test_a_month_is_shown_and_more_of_the_past_when_there_is_little_in_it(someone):
    tell(someone, "weight", (91,), days_ago=100)
    tell(someone, "weight", (80,), days_ago=9)
    assert "91" in shown(someone, "weight").text

    tell(someone, "weight", (81,), days_ago=8)
    tell(someone, "weight", (82,), days_ago=7)
    assert "91" not in shown(someone, "weight").text


def test_days_are_those_of_where_the_patient_is(someone):
    tell(someone, "weight", (70,), days_ago=1)  # four in the morning in Greenwich
    with someone.write() as work:
        work.execute(patient.update().where(patient.c.id == "p").values(zone="America/New_York"))

    assert "29 Mar 00:00" in shown(someone, "weight").text


def test_the_own_limits_of_an_enrolment_are_shown_instead_of_the_usual_target(someone):
    tell(someone, "weight", (70,), days_ago=1)
    with someone.write() as work:
        values = {
            "channel": "webchat",
            "lookup": "l",
            "language": "en",
            "region": "CN",
            "region_known": True,
            "level_floor": "INFO",
        }
        flags = {"episode": 1, "greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW}
        work.execute(conversation.insert().values(id="c", patient_id="p", **values, **flags))
        limits = {"limits": {"weight_kg": {"high": 74.5}}}
        entry = enrolments.Entry("p", "c", "heart_failure", "1", NOW.date(), "UTC", "ana", "k", True, limits)
        enrolments.enrol(work, entry, now=NOW)

    reply = shown(someone, "weight")

    assert "Range set by your team: below 74.5 kg" in reply.text
    assert "usual" not in reply.text.lower()
