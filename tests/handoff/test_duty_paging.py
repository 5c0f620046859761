"""Who is paged for what, when, and when it stops: with rows in a database, on both, and a clock that is moved by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.database.tables import staff_notice
from bot.duty import paging
from bot.duty.letters import letter_of
from bot.handoff import cases, moving
from bot.handoff.cases import Cause
from tests.handoff.duty_kit import Hospital

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 11, 25, 3, tzinfo=SHANGHAI)


@pytest.fixture
def hospital(database, content) -> Hospital:
    return Hospital(database, content, NIGHT)


def staffed(hospital: Hospital) -> Hospital:
    hospital.staff("ana")
    hospital.staff("li", duty="off")
    hospital.staff("lead", "lead", duty="off")
    hospital.staff("boss", "admin", duty="off", teams="")
    return hospital


def test_an_urgent_case_that_nobody_takes_wakes_one_after_the_other(hospital):
    case = staffed(hospital).patient("E1")
    hospital.look()
    assert (hospital.pages("ana"), hospital.pages("lead"), hospital.pages("boss")) == (["urgent"], [], [])
    hospital.on(minutes=2)
    assert hospital.pages("ana") == ["urgent", "unclaimed"]
    hospital.on(minutes=2)
    assert hospital.pages("lead") == ["nobody"] and hospital.pages("boss") == []
    hospital.on(minutes=2)
    assert hospital.pages("boss") == ["nobody"]
    assert hospital.pages("li") == []  # asleep
    assert hospital.events(case, "paged") == ["paged"] * 4


def test_it_stops_when_somebody_takes_it_and_what_was_not_sent_yet_is_not_sent(hospital):
    case = staffed(hospital).patient("E1")
    hospital.look()
    hospital.claim(case, "ana")
    hospital.on(minutes=2)
    assert hospital.pages("ana") == ["urgent"] and hospital.pages("lead") == []
    with hospital.database.write() as work:
        assert paging.notices.take_due(work, now=hospital.now, limit=10, via="telegram") == ()


def test_who_holds_a_case_that_becomes_urgent_is_paged_on_all_ways_also_at_home(hospital):
    case = staffed(hospital).patient("U")
    hospital.claim(case, "ana")
    hospital.claim(hospital.patient("U"), "li")
    hospital.duty("ana", "off")
    with hospital.database.write() as work:
        cause = Cause("crisis", "U", "worse", crisis=True)
        cases.open_case(work, cases.case_of(work, case).conversation_id, cause, now=hospital.now, teams=hospital.content.teams)

    found = []
    with hospital.database.write() as work:
        for via in ("telegram", "email"):
            due = paging.notices.take_due(work, now=hospital.now, limit=10, via=via)
            found += [letter_of(work, one, content=hospital.content, link="", now=hospital.now) for one in due]
    assert [(letter.to.handle, letter.text) for letter in found] == [
        ("ana", hospital.phrase("paging.raised", number=case, level="CRISIS", link="").strip())
    ] * 2


@pytest.mark.parametrize(("by", "paged"), [("lead", ["raised"]), ("ana", [])])
def test_who_holds_a_case_is_paged_when_a_colleague_makes_it_urgent_and_not_for_their_own_hand(hospital, by, paged):
    case = staffed(hospital).patient("U")
    hospital.claim(case, "ana")
    with hospital.database.write() as work:
        moving.raise_urgency(work, case, who=by, level="E1", now=hospital.now, teams=hospital.content.teams)
    assert hospital.pages("ana") == paged


def test_with_nobody_on_duty_lead_and_admin_are_paged_at_once_and_the_patient_is_told_the_number_to_call(hospital):
    staffed(hospital).duty("ana", "off")
    case = hospital.patient("E2")
    hospital.look()
    assert (hospital.pages("ana"), hospital.pages("lead"), hospital.pages("boss")) == ([], ["nobody"], ["nobody"])
    hospital.on(minutes=10)
    assert hospital.told(case) == [hospital.phrase("handoff.urgent_late", number=case, emergency="120")]


def test_a_replay_and_a_second_gateway_page_once(hospital):
    case = staffed(hospital).patient("E1")
    with hospital.database.read() as work:  # both looked at the same moment
        todos = paging.look(work, hospital.content.teams, hospital.now)
    for _ in range(2):
        with hospital.database.write() as work:
            crew = paging.crew_of(work, hospital.now)
            for todo in todos:
                paging._step(work, todo, hospital.desk, crew)
    assert hospital.pages("ana") == ["urgent"] and hospital.events(case, "paged") == ["paged"]


def test_pages_go_by_telegram_and_e_mail_when_it_is_urgent_and_by_one_way_when_not(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="triage,nurses")
    hospital.patient("E1")
    hospital.patient("R", language="zh-Hans")
    hospital.look()
    assert hospital.pages("ana", "telegram") == hospital.pages("ana", "email") == ["urgent"]
    hospital.until(WEDNESDAY + timedelta(hours=7), timedelta(minutes=30))
    assert "late" in hospital.pages("ana", "telegram") and "late" not in hospital.pages("ana", "email")


@pytest.mark.parametrize(
    ("more", "ways", "expected"),
    [
        ({"telegram": ""}, {"telegram", "email"}, (0, 1)),
        ({"email": ""}, {"telegram", "email"}, (1, 0)),
        ({"preferences": {"pages": ["email"]}}, {"telegram", "email"}, (0, 1)),
        ({}, {"email"}, (0, 1)),
        ({}, set(), (0, 0)),
    ],
)
def test_a_way_that_is_not_there_or_not_wanted_is_not_taken(database, content, more, ways, expected):
    hospital = Hospital(database, content, NIGHT, frozenset(ways))
    hospital.staff("ana", **more)
    case = hospital.patient("E1")
    hospital.look()
    assert (len(hospital.pages("ana", "telegram")), len(hospital.pages("ana", "email"))) == expected
    assert hospital.events(case, "paged") == ["paged"]  # the desk rings in any case


def test_the_groups_hear_of_it_again_while_nobody_takes_it(hospital):
    staffed(hospital).patient("E1")
    hospital.on(minutes=4)
    assert hospital.groups() == ["urgent", "unclaimed", "unclaimed"]


def test_pages_grow_rare_and_never_end(hospital):
    staffed(hospital).patient("E1")
    hospital.on(minutes=40)
    before = len(hospital.pages("boss"))
    hospital.until(hospital.now + timedelta(hours=8), timedelta(minutes=15))
    assert len(hospital.pages("boss")) == before + 16  # every half an hour


def test_a_case_that_becomes_an_emergency_later_is_paged_then_from_the_first_step(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    staffed(hospital)
    case = hospital.patient("R")
    hospital.on(minutes=30)
    assert hospital.pages("ana") == []
    with database.write() as work:
        chat = hospital.case(case).conversation_id
        cases.open_case(work, chat, Cause("red_flag", "E1", "k"), now=hospital.now, teams=content.teams)
    hospital.look()
    assert hospital.pages("ana") == ["urgent"] and hospital.case(case).team == "triage"


def test_a_snoozed_case_pages_nobody_until_it_wakes(hospital):
    case = staffed(hospital).patient("E2")
    with hospital.database.write() as work:
        values = {"snoozed_until": hospital.now + timedelta(minutes=9)}
        paging.change(work, case, **values)
    hospital.on(minutes=8)
    assert hospital.pages() == []
    hospital.on(minutes=1)
    assert hospital.pages("ana") == ["urgent"]


def test_a_warning_comes_before_the_end_and_the_word_that_it_is_late_after_it_each_once(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="nurses")
    case = hospital.patient("U", language="zh-Hans")
    assert hospital.case(case).due_at == WEDNESDAY + timedelta(minutes=30)
    hospital.on(minutes=19)
    assert hospital.events(case, "due_soon", "late") == [] and hospital.pages("ana") == []
    hospital.on(minutes=1)
    assert hospital.events(case, "due_soon", "late") == ["due_soon"] and hospital.pages("ana") == ["due"]
    hospital.on(minutes=60)
    assert hospital.events(case, "due_soon", "late") == ["due_soon", "late"] and hospital.pages("ana") == ["due", "late"]


def test_an_answer_stops_the_clock_and_new_words_start_the_next_one(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="nurses")
    case = hospital.patient("U", language="zh-Hans")
    hospital.on(minutes=21)
    hospital.reply(case, "ana")
    hospital.on(minutes=15)
    assert hospital.events(case, "late") == []
    hospital.writes(case)
    assert hospital.case(case).due_at == hospital.now + timedelta(minutes=30)
    hospital.on(minutes=15)
    assert hospital.events(case, "due_soon") == ["due_soon"]  # of the first clock only: the second is not near yet
    hospital.on(minutes=5)
    assert hospital.events(case, "due_soon") == ["due_soon"] * 2


def test_what_came_at_night_is_not_late_in_the_morning_before_somebody_could_answer(database, content):
    hospital = Hospital(database, content, NIGHT)
    hospital.staff("ana", teams="nurses", duty="off")
    case = hospital.patient("U", language="zh-Hans")
    hospital.until(NIGHT.replace(hour=8), timedelta(minutes=20))
    assert hospital.pages() == [] and hospital.events(case, "due_soon", "late") == []
    assert hospital.case(case).due_at == NIGHT.replace(hour=8, minute=30)


def test_many_that_are_late_at_once_are_one_page_for_each_person(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="nurses")
    numbers = [hospital.patient("R", language="zh-Hans") for _ in range(30)]
    hospital.now = WEDNESDAY + timedelta(hours=9)
    hospital.look()
    assert hospital.pages("ana") == ["late"]
    assert all(hospital.events(number, "late") == ["late"] for number in numbers)


def test_after_a_night_without_power_what_is_late_is_said_once_and_not_warned_of(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="nurses")
    case = hospital.patient("U", language="zh-Hans")
    hospital.now = WEDNESDAY + timedelta(hours=5)
    hospital.look()
    assert hospital.events(case, "due_soon", "late") == ["late"]


def test_the_patient_of_a_routine_case_is_told_once_that_it_takes_longer_and_not_while_a_nurse_is_there(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="nurses")
    waits, held = hospital.patient("U", language="zh-Hans"), hospital.patient("U", language="zh-Hans")
    hospital.claim(held, "ana")
    hospital.on(hours=1)
    late = content.phrases.get("handoff.waiting_late", "zh-Hans", number=waits, emergency="120")
    assert hospital.told(waits) == [late]
    assert late.replace(str(waits), str(held)) not in hospital.told(held)


def test_a_holder_who_does_not_answer_an_emergency_is_reminded_and_then_the_lead(hospital):
    case = staffed(hospital).patient("E1")
    hospital.claim(case, "ana")
    hospital.on(minutes=5)
    assert hospital.pages("ana") == ["due", "late"] and hospital.pages("lead") == ["nobody"] and hospital.pages("boss") == []


def test_who_takes_an_emergency_after_its_clock_and_does_not_answer_is_reminded_once_and_then_the_lead(hospital):
    case = staffed(hospital).patient("E1")
    hospital.on(minutes=6)
    hospital.claim(case, "ana")
    before = hospital.pages("lead")
    hospital.on(minutes=4)
    assert "late" not in hospital.pages("ana")
    hospital.on(minutes=10)
    assert hospital.pages("ana").count("late") == 1 and hospital.pages("lead") == [*before, "nobody"]


def test_who_takes_an_emergency_after_its_clock_and_answers_is_left_in_peace(hospital):
    case = staffed(hospital).patient("E1")
    hospital.on(minutes=6)
    hospital.claim(case, "ana")
    hospital.reply(case, "ana")
    hospital.on(minutes=15)
    assert "late" not in hospital.pages("ana")


def test_a_page_holds_no_word_and_no_name_of_a_patient(hospital):
    staffed(hospital).patient("E1")
    hospital.on(minutes=10)
    with hospital.database.read() as work:
        rows = work.execute(sa.select(staff_notice)).mappings().all()
    columns = {"id", "case_id", "dedupe_key", "level", "crisis", "via", "what", "staff_id", "state", "tries", "told"}
    assert rows and all(set(row) == columns | {"not_before", "lease_until", "created_at"} for row in rows)


def test_a_case_held_in_another_program_is_not_paged(hospital):
    case = staffed(hospital).patient("U")
    with hospital.database.write() as work:
        chat = hospital.case(case).conversation_id
        cases.hold_elsewhere(work, chat, who="WeCom", until=hospital.now + timedelta(hours=8), now=hospital.now)
    hospital.on(hours=2)
    assert hospital.pages() == []


def test_a_case_that_was_opened_without_a_clock_gets_its_team_and_clock_in_the_next_round(hospital):
    case = staffed(hospital).patient("E1")
    with hospital.database.write() as work:
        paging.change(work, case, team="", due_at=None)
    hospital.look()
    after = hospital.case(case)
    assert after.team == "triage" and after.due_at == NIGHT + timedelta(minutes=5)


def test_who_waits_for_nobody_gets_no_clock(hospital):
    case = staffed(hospital).patient("U")
    hospital.reply(case, "ana")
    hospital.on(minutes=1)
    assert hospital.case(case).due_at is None


def test_a_house_without_staff_does_not_say_that_somebody_is_tried(hospital):
    case = hospital.patient("E1")
    hospital.on(minutes=5)
    assert hospital.told(case) == [hospital.phrase("handoff.urgent_nobody", number=case, emergency="120")]
    assert hospital.pages() == []


def test_two_gateways_that_page_at_the_same_time_page_each_case_once_and_wait_for_nobody(database, content):
    hospital = Hospital(database, content, WEDNESDAY)
    hospital.staff("ana", teams="triage,nurses")
    numbers = [hospital.patient(level, language="zh-Hans") for level in ("E1", "U") * 15]
    hospital.now = WEDNESDAY + timedelta(minutes=40)

    def gateway(_: int) -> None:
        done = True
        while done:
            with database.write() as work:
                done = bool(paging.page_due(work, hospital.desk, hospital.now))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(gateway, range(2)))
    for number in numbers:
        events = hospital.events(number, "paged", "late", "due_soon")
        assert sorted(events) == (["late", "paged"] if hospital.case(number).level == "E1" else ["late"])
        assert len(hospital.told(number)) == 1
    assert hospital.pages("ana").count("urgent") == 15
