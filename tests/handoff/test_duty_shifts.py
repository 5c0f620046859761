"""Shifts: they end by themselves, what somebody held goes back, a digest instead of a hundred pages, everybody leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.duty import shifts
from bot.staff.people import of_handle
from tests.handoff.duty_kit import Hospital

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)
EVENING = datetime(2026, 11, 25, 19, 30, tzinfo=SHANGHAI)


@pytest.fixture
def hospital(database, content) -> Hospital:
    hospital = Hospital(database, content, MORNING)
    hospital.staff("ana", teams="nurses", duty="off")
    hospital.staff("li", teams="nurses", duty="off")
    hospital.staff("lead", "lead", teams="nurses", duty="off")
    return hospital


def duty_of(hospital: Hospital, handle: str) -> str:
    with hospital.database.read() as work:
        found = of_handle(work, handle)
    assert found is not None
    return found.duty


def test_a_shift_ends_by_itself_at_its_time(hospital):
    hospital.duty("ana", "on", until=MORNING + timedelta(minutes=30))
    hospital.on(minutes=29)
    assert duty_of(hospital, "ana") == "on"
    hospital.on(minutes=1)
    assert duty_of(hospital, "ana") == "off"


def test_one_without_an_end_of_an_older_version_ends_after_a_day(hospital):
    hospital.duty("ana", "on")
    hospital.until(MORNING + timedelta(hours=23), timedelta(hours=1))
    assert duty_of(hospital, "ana") == "on"
    hospital.until(MORNING + timedelta(hours=24), timedelta(hours=1))
    assert duty_of(hospital, "ana") == "off"


def test_a_shift_over_midnight_ends_in_the_morning(hospital):
    hospital.now = EVENING
    hospital.duty("ana", "on", until=EVENING + timedelta(hours=12))
    hospital.until(EVENING + timedelta(hours=11), timedelta(hours=1))
    assert duty_of(hospital, "ana") == "on"
    hospital.until(EVENING + timedelta(hours=12), timedelta(hours=1))
    assert duty_of(hospital, "ana") == "off"


def test_what_somebody_held_goes_back_to_the_queue_at_the_end_of_the_shift_and_the_patient_hears_it_once(hospital):
    hospital.duty("ana", "on", until=MORNING + timedelta(minutes=10))
    hospital.duty("li", "on")
    case = hospital.patient("U", language="zh-Hans")
    hospital.claim(case, "ana")
    hospital.on(minutes=9)
    assert hospital.case(case).claimed_by == "ana"
    hospital.on(minutes=4)
    after = hospital.case(case)
    assert (after.state, after.claimed_by) == ("waiting", None)
    assert hospital.events(case, "released") == ["released"]
    released = hospital.content.phrases.get("handoff.released_waiting", "zh-Hans")
    assert hospital.told(case).count(released) == 1
    assert "现在有护士值班" in hospital.told(case)[-1]  # Li is there: the truth of this moment


def test_who_waits_for_nothing_is_only_told_that_the_bot_is_back(hospital):
    hospital.duty("ana", "on")
    case = hospital.patient("U", language="zh-Hans")
    hospital.reply(case, "ana")
    hospital.on(minutes=1)
    hospital.duty("ana", "off")
    hospital.on(minutes=1)
    assert hospital.told(case)[-1] == hospital.content.phrases.get("handoff.released", "zh-Hans")
    assert hospital.case(case).state == "waiting"


def test_who_answers_from_home_keeps_the_case(hospital):
    hospital.duty("ana", "on")
    hospital.on(minutes=1)
    hospital.duty("ana", "off")
    case = hospital.patient("U", language="zh-Hans")
    hospital.on(minutes=1)
    hospital.claim(case, "ana")
    hospital.on(minutes=10)
    assert hospital.case(case).claimed_by == "ana"


def test_a_break_gives_nothing_back(hospital):
    hospital.duty("ana", "on")
    case = hospital.patient("U", language="zh-Hans")
    hospital.claim(case, "ana")
    hospital.duty("ana", "break")
    hospital.on(minutes=5)
    assert hospital.case(case).claimed_by == "ana"


def test_the_start_of_a_shift_brings_one_digest_however_much_waits_and_no_second_after_a_break(hospital):
    for _ in range(12):
        hospital.patient("R", language="zh-Hans")
    hospital.on(minutes=1)
    hospital.duty("ana", "on")
    hospital.on(minutes=3)
    assert hospital.pages("ana") == ["digest"]
    hospital.duty("ana", "break")
    hospital.on(minutes=3)
    hospital.duty("ana", "on")
    hospital.on(minutes=3)
    assert hospital.pages("ana") == ["digest"] and hospital.pages("li") == []


def test_who_begins_when_nothing_waits_or_only_what_others_answer_is_left_in_peace(hospital):
    hospital.duty("ana", "on")
    hospital.on(minutes=2)
    hospital.patient("R", language="ar")  # of another team
    hospital.on(minutes=1)
    hospital.duty("li", "on")
    hospital.on(minutes=2)
    assert hospital.pages("ana") == hospital.pages("li") == []


def test_when_the_last_one_leaves_in_working_time_the_lead_hears_of_it_once(hospital):
    hospital.duty("ana", "on")
    hospital.duty("li", "on")
    hospital.on(minutes=10)
    hospital.duty("ana", "off")
    hospital.on(minutes=10)
    assert hospital.pages("lead") == []
    hospital.duty("li", "off")
    hospital.on(minutes=4)
    assert hospital.pages("lead") == []  # a colleague may be on the stairs
    hospital.on(minutes=30)
    assert hospital.pages("lead") == ["empty"]


def test_when_the_last_one_leaves_at_the_end_of_working_time_nobody_is_told(hospital):
    hospital.now = EVENING
    hospital.duty("ana", "on", until=EVENING.replace(hour=20, minute=0))
    hospital.on(minutes=60)
    assert duty_of(hospital, "ana") == "off" and hospital.pages("lead") == []


def test_when_nobody_comes_in_the_morning_the_lead_hears_of_it(hospital):
    hospital.now = EVENING
    hospital.duty("ana", "on", until=EVENING.replace(hour=20, minute=0))
    hospital.until(MORNING + timedelta(days=1), timedelta(hours=1))
    assert hospital.pages("lead") == []
    hospital.on(minutes=6)
    assert hospital.pages("lead") == ["empty"]


def test_a_lead_is_not_woken_at_midnight_for_a_team_that_has_had_nobody_since_the_evening(database, content):
    hospital = Hospital(database, content, EVENING)
    hospital.staff("ana")
    hospital.staff("lead", "lead", duty="off")
    hospital.duty("ana", "off")
    hospital.on(minutes=6)
    assert hospital.pages("lead") == ["empty"]
    hospital.until(MORNING + timedelta(days=1), timedelta(minutes=15))

    assert hospital.pages("lead") == ["empty"]


def test_a_house_that_never_used_duty_is_not_told_that_nobody_is_there(hospital):
    hospital.on(minutes=20)
    assert hospital.pages() == []


def test_everybody_leaves_while_an_emergency_waits(database, content):
    hospital = Hospital(database, content, MORNING)
    hospital.staff("ana")
    hospital.staff("lead", "lead", duty="off")
    case = hospital.patient("E1")
    hospital.claim(case, "ana")
    hospital.on(minutes=1)
    hospital.duty("ana", "off")
    hospital.on(minutes=1)
    assert hospital.case(case).state == "waiting"
    assert hospital.pages("lead") == ["nobody"]
    assert hospital.phrase("handoff.urgent_called", number=case, emergency="120") in hospital.told(case)


def test_who_is_there_is_shown_for_each_team_with_the_next_change(hospital):
    hospital.duty("ana", "on")
    hospital.duty("li", "break")
    with hospital.database.read() as work:
        found = shifts.on_duty_now(work, hospital.content.teams, hospital.now)
    assert [person.handle for person in found["nurses"].there] == ["ana", "li"]
    assert found["nurses"].is_open and found["nurses"].changes_at == MORNING.replace(hour=12)
    assert found["triage"].there == () and found["triage"].is_open and found["triage"].changes_at is None


def test_two_gateways_end_a_shift_once(hospital):
    hospital.duty("ana", "on", until=MORNING + timedelta(minutes=1))
    case = hospital.patient("U", language="zh-Hans")
    hospital.claim(case, "ana")
    hospital.now += timedelta(minutes=2)
    for _ in range(2):
        with hospital.database.write() as work:
            shifts.settle(work, hospital.desk, hospital.now)
    assert hospital.events(case, "released") == ["released"]
