"""A case goes to colleagues and teams, sleeps and wakes, becomes urgent by hand; it is never lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handoff import moving, queue
from bot.handoff.cases import CaseProblem, note_assessment
from bot.staff.people import of_handle


def assign(ward, case, to: str, who: str = "lea") -> bool:
    return ward.does(lambda work: moving.assign(work, case.id, who=who, to=to, **ward.how))


def snooze(ward, case, until, reason: str = "lab", who: str = "ana") -> None:
    ward.does(lambda work: moving.snooze(work, case.id, who=who, until=until, reason=reason, **ward.how))


def tab(ward, handle: str, name: str) -> list[int]:
    with ward.database.read() as work:
        person = of_handle(work, handle)
        return [case.id for case in queue.page(work, staff=person, tab=name, now=ward.now).rows]


def test_a_colleague_on_duty_is_asked_and_it_stays_free_for_others(ward):
    ward.hires("bo"), ward.hires("cem")
    case = ward.case(ward.chat(language="zh-Hans"))

    assert assign(ward, case, "bo")

    assert ward.looks(case).assigned_to == "bo"
    assert case.id in tab(ward, "bo", "mine") and case.id in tab(ward, "cem", "unclaimed")


@pytest.mark.parametrize("duty", ["off", "break"])
def test_a_colleague_who_is_not_there_gets_nothing_alone_it_stays_in_the_queue_of_the_team(ward, duty):
    ward.hires("bo", duty=duty), ward.hires("cem")
    case = ward.case(ward.chat(language="zh-Hans"))

    assert not assign(ward, case, "bo")

    assert ward.looks(case).assigned_to is None and case.id in tab(ward, "cem", "unclaimed")


@pytest.mark.parametrize("state", ["disabled", "invited"])
def test_nobody_is_asked_who_is_not_on_the_staff(ward, state):
    ward.hires("bo", state=state)
    case = ward.case(ward.chat())
    for handle in ("bo", "stranger"):
        with pytest.raises(CaseProblem) as refused:
            assign(ward, case, handle)
        assert refused.value.key == "nobody"


def test_assigning_away_what_somebody_holds_tells_the_patient_that_a_colleague_comes(ward):
    ward.hires("bo")
    chat = ward.chat()
    case = ward.case(chat)
    ward.claims(case)

    assign(ward, case, "bo")

    after = ward.looks(case)
    assert (after.state, after.claimed_by) == ("waiting", None) and "asked a colleague" in ward.texts(chat)[-1]
    ward.claims(case, "bo")
    assert "Nurse Bo is with you now" in ward.texts(chat)[-1]


def test_everybody_leaves_and_every_case_is_in_the_queue_of_whoever_comes(ward):
    ward.hires("ana"), ward.hires("bo", duty="off")
    held, given = ward.case(ward.chat(sender="a", language="zh-Hans")), ward.case(ward.chat(sender="b", language="zh-Hans"))
    ward.claims(held)
    assign(ward, given, "bo")
    from bot.handoff.claims import end_leases

    ward.passes(minutes=21)
    ward.does(lambda work: end_leases(work, ward.now, ward.content.phrases))
    ward.hires("eve", duty="off")

    assert {held.id, given.id} <= set(tab(ward, "eve", "unclaimed"))


def test_another_team_gets_it_with_a_note_that_no_patient_reads(ward):
    case = ward.case(ward.chat())
    with pytest.raises(CaseProblem):
        ward.does(lambda work: moving.transfer(work, case.id, who="ana", team="nowhere", teams=ward.content.teams, **ward.how))

    more = {"who": "ana", "team": "mother_child", "note": "MARKER", "teams": ward.content.teams}
    ward.does(lambda work: moving.transfer(work, case.id, **more, **ward.how))

    assert ward.looks(case).team == "mother_child" and ward.happened(case)[-2:] == ["note", "transferred"]
    assert not any("MARKER" in text for text in ward.texts())


def test_a_case_sleeps_until_its_time_and_comes_back_on_top_once(ward):
    ward.hires("ana")
    other = ward.case(ward.chat(sender="o", language="zh-Hans"))
    ward.passes(minutes=5)
    case = ward.case(ward.chat(language="zh-Hans"))
    ward.claims(case)
    snooze(ward, case, ward.now + timedelta(hours=2))
    asleep = ward.looks(case)
    assert (asleep.state, asleep.assigned_to) == ("waiting", "ana") and tab(ward, "ana", "snoozed") == [case.id]
    assert tab(ward, "ana", "all") == [other.id]
    assert asleep.due_at is None or asleep.due_at >= asleep.snoozed_until

    ward.passes(hours=2)

    assert [ward.does(lambda work: moving.wake_due(work, ward.now)) for _ in range(2)] == [1, 0]
    assert tab(ward, "ana", "all") == [case.id, other.id] and ward.happened(case)[-1] == "woke"


@pytest.mark.parametrize("until", [None, timedelta(days=2)])
def test_a_patient_who_writes_wakes_the_case(ward, until):
    ward.hires("ana")
    chat = ward.chat(language="zh-Hans")
    case = ward.case(chat)
    snooze(ward, case, None if until is None else ward.now + until)
    ward.passes(minutes=10)

    ward.writes(chat)

    after = ward.looks(case)
    assert after.snoozed_until == ward.now and after.waiting_since is not None and after.due_at is not None
    assert tab(ward, "ana", "all") == [case.id] and not tab(ward, "ana", "snoozed")


def test_who_snoozes_what_they_hold_gives_it_back_and_the_patient_hears_that_they_return(ward):
    chat = ward.chat()
    case = ward.case(chat)
    ward.claims(case)
    snooze(ward, case, None)

    assert not ward.looks(case).is_held(ward.now) and "will come back to you later" in ward.texts(chat)[-1]


def test_an_emergency_that_waits_cannot_be_put_to_sleep_and_a_time_that_is_over_is_none(ward):
    case = ward.case(ward.chat(), "red_flag", "E1")
    with pytest.raises(CaseProblem) as urgent:
        snooze(ward, case, ward.now + timedelta(hours=1))
    with pytest.raises(CaseProblem) as past:
        snooze(ward, ward.case(ward.chat(sender="b")), ward.now)

    assert (urgent.value.key, past.value.key) == ("urgent", "past")
    ward.replies(case)
    snooze(ward, case, ward.now + timedelta(hours=1))


def test_an_alarm_wakes_a_sleeping_case(ward):
    chat = ward.chat()
    case = ward.case(chat)
    snooze(ward, case, ward.now + timedelta(days=1))
    ward.passes(minutes=1)

    raised = ward.case(chat, "red_flag", "E1")

    assert raised.id == case.id and raised.snoozed_until == ward.now and raised.waiting_since is not None


def test_waking_by_hand_and_claiming_end_the_sleep(ward):
    first, second = ward.case(ward.chat(sender="a")), ward.case(ward.chat(sender="b"))
    for case in (first, second):
        snooze(ward, case, ward.now + timedelta(days=1))
    ward.does(lambda work: moving.wake(work, first.id, who="ana", now=ward.now))
    ward.claims(second)

    assert ward.looks(first).snoozed_until is None and ward.looks(second).snoozed_until is None


def test_urgency_by_hand_rises_and_never_falls_and_the_clock_runs_anew(ward):
    case = ward.case(ward.chat())

    def raised(level: str):
        return ward.does(
            lambda work: moving.raise_urgency(work, case.id, who="ana", level=level, now=ward.now, teams=ward.content.teams)
        )

    urgent = raised("E2")
    assert (urgent.level, urgent.risk) == ("E2", 1) and urgent.due_at <= ward.now + timedelta(minutes=10)
    assert raised("U").level == "E2" and ward.happened(case).count("urgent") == 1


def test_a_more_urgent_guidance_raises_an_open_case_and_brings_its_department(ward):
    case = ward.case(ward.chat(), department="ENT")

    def hears(level: str, *departments: str):
        data = {"level": level, "departments": departments}
        with ward.database.write() as work:
            note_assessment(work, ward.looks(case), data, dedupe_key=ward.key(), now=ward.now, teams=ward.content.teams)
        after = ward.looks(case)
        return after.level, after.department

    assert hears("R", "SKIN") == ("R", "ENT")
    assert hears("U", "OBS", "GYN") == ("U", "OBS") and ward.looks(case).team == "mother_child"
    assert hears("R", "SKIN") == ("U", "OBS") and ward.happened(case).count("assessed") == 1
