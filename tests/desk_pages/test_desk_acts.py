"""What can be done with a case: each flow from the page to the store and back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from ward import utc_now

from bot.database.tables import audit, care_case, outbound, scheduled_reply

pytestmark = pytest.mark.slow


@pytest.fixture
def case(ward):
    return ward.case(["When is my appointment?"])


@pytest.fixture
def desk(ward, desk_of, case):
    ward.hire("ana", "lead")
    opened = desk_of("ana")
    opened.enter(case)
    return opened


def audited(ward) -> list[str]:
    return ward.read(lambda work: list(work.execute(sa.select(audit.c.what).order_by(audit.c.id)).scalars()))


def test_closing_takes_two_presses_and_opens_the_next_case(ward, desk, case):
    following = ward.case(["Hello"], minutes=1)
    expect(desk.row(following)).to_be_visible()
    desk.command("close")
    desk.at("#panel").get_by_role("button", name="Advised").click()

    expect(desk.at("#case-title")).to_contain_text(f"A{following}")
    assert ward.state(case).state == "closed"
    assert ward.state(case).outcome == "advised"


def test_closing_without_an_outcome_is_not_possible(ward, desk, case):
    desk.command("close")
    expect(desk.at("#panel")).to_contain_text("How did it end?")
    desk.press("Escape")

    expect(desk.at("#panel")).to_be_hidden()
    assert ward.state(case).state != "closed"


@pytest.mark.parametrize(
    ("answer", "department", "right"), [("Right", "ENT", True), ("Wrong", "GP", False), ("Unsure", None, None)]
)
def test_one_press_says_how_it_ended_and_whether_the_department_was_right(ward, desk, case, answer, department, right):
    ward.write(lambda work: set_department(work, case, "ENT"))
    desk.reload()
    desk.command("close")
    expect(desk.at("#panel")).to_contain_text("The bot suggested: Ear, nose and throat")
    if answer == "Wrong":
        desk.page.select_option("#panel select", "GP")
    with desk.page.expect_request("**/close") as asked:
        desk.at("#panel").get_by_role("button", name=f"Advised: {answer}").click()

    assert asked.value.post_data_json == {"outcome": "advised", "department": department, "department_right": right}
    expect(desk.at("#open-case")).to_be_hidden()
    assert ward.state(case).outcome == "advised"


def set_department(work, case: int, department: str) -> None:
    work.execute(sa.update(care_case).where(care_case.c.id == case).values(department=department))


def test_a_closed_case_can_be_opened_again(ward, desk, case):
    desk.command("close")
    desk.at("#panel").get_by_role("button", name="Other").click()
    expect(desk.at("#empty")).to_be_visible()
    desk.page.click('[data-tab="closed"]')
    desk.enter(case)
    expect(desk.at("#reply-text")).to_be_disabled()
    desk.command("reopen")

    expect(desk.at("#reply-text")).to_be_enabled()
    assert ward.state(case).state == "waiting"


def test_snoozed_until_the_patient_writes_it_is_away_and_then_back(ward, desk, case):
    desk.command("snooze")
    desk.page.fill("#panel input[name=reason]", "waits for the X-ray")
    desk.at("#panel").get_by_role("button", name="When the patient writes").click()
    expect(desk.row(case)).to_have_count(0)
    expect(desk.at("#log")).to_contain_text("waits for the X-ray")
    desk.page.click('[data-tab="snoozed"]')
    expect(desk.row(case)).to_contain_text("Back when they write")
    ward.says(case, "It is done")

    desk.page.click('[data-tab="all"]')
    expect(desk.row(case)).to_be_visible()


def test_snoozed_until_a_time_it_says_so_and_can_be_fetched_back(ward, desk, case):
    desk.command("snooze")
    desk.at("#panel").get_by_role("button", name="In 2 hours").click()
    expect(desk.row(case)).to_have_count(0)
    until = ward.state(case).snoozed_until
    assert timedelta(minutes=118) < until - utc_now() < timedelta(minutes=121)
    desk.command("wake")

    expect(desk.row(case)).to_be_visible()
    assert ward.state(case).snoozed_until is None


def test_a_reply_is_scheduled_listed_and_cancelled(ward, desk, case):
    desk.page.fill("#reply-text", "Good morning, how was the night?")
    desk.page.click("#schedule-open")
    desk.page.fill("#panel input[name=at]", (datetime.now() + timedelta(days=1)).strftime("%Y-%m-%dT08:30"))
    desk.at("#panel").get_by_role("button", name="Schedule").click()
    expect(desk.at("#card .scheduled")).to_contain_text("how was the night?")
    expect(desk.at("#card .scheduled")).to_contain_text("08:30")
    expect(desk.at("#reply-text")).to_have_value("")
    desk.at("#card").get_by_role("button", name="Do not send").click()

    expect(desk.at("#card .scheduled")).to_have_count(0)
    assert ward.read(lambda work: list(work.execute(sa.select(scheduled_reply.c.state)).scalars())) == ["cancelled"]
    assert ward.sent_to(case) == []


def test_who_closes_a_case_is_told_of_replies_that_will_not_be_sent_then(ward, desk, case):
    desk.page.fill("#reply-text", "Good morning, how was the night?")
    desk.page.click("#schedule-open")
    desk.at("#panel").get_by_role("button", name="Schedule").click()
    expect(desk.at("#card .scheduled")).to_contain_text("how was the night?")
    desk.command("close")
    expect(desk.at("#panel")).to_contain_text("Replies still planned: 1.")
    desk.at("#card").get_by_role("button", name="Do not send").click()
    expect(desk.at("#card .scheduled")).to_have_count(0)
    desk.command("close")

    expect(desk.at("#panel")).to_contain_text("How did it end?")
    expect(desk.at("#panel")).not_to_contain_text("Replies still planned")


def test_a_time_that_has_passed_is_not_taken(ward, desk, case):
    desk.page.fill("#reply-text", "Good morning")
    desk.page.click("#schedule-open")
    desk.value("() => document.querySelector('#panel input[name=at]').removeAttribute('min')")
    desk.page.fill("#panel input[name=at]", "2020-01-01T08:30")
    desk.at("#panel").get_by_role("button", name="Schedule").click()

    expect(desk.at("#panel .problem")).to_have_text("This time has passed.")
    expect(desk.at("#reply-text")).to_have_value("Good morning")


def test_a_case_is_assigned_to_a_colleague_who_finds_it_among_theirs(ward, desk_of, desk, case):
    ward.hire("ben", name="Ben")
    ben = desk_of("ben")
    ben.page.click('[data-tab="mine"]')
    desk.command("assign")
    desk.at("#panel").get_by_role("button", name=re.compile("^Ben")).click()

    expect(ben.row(case)).to_contain_text("For you")
    expect(desk.at("#log")).to_contain_text("Assigned to Ben")


def test_a_nurse_who_may_not_assign_is_not_offered_it(ward, desk_of, case):
    desk = desk_of("cora")
    desk.enter(case)

    expect(desk.at('[data-command="assign"]')).to_have_count(0)
    desk.press("Escape", "a")
    expect(desk.at("#panel")).to_be_hidden()


def test_a_case_is_transferred_to_another_team_with_a_note(ward, desk, case):
    desk.command("transfer")
    desk.page.select_option("#panel select[name=team]", "triage")
    desk.page.fill("#panel textarea", "sounds worse than it reads")
    desk.at("#panel").get_by_role("button", name="Transfer").click()

    expect(desk.at("#log")).to_contain_text("Transferred to Emergency triage")
    expect(desk.at("#log")).to_contain_text("sounds worse than it reads")
    assert ward.state(case).team == "triage"
    assert not any("worse" in text for text in ward.sent_to(case))


def test_a_case_that_goes_to_a_team_one_is_not_in_leaves_the_screen(ward, desk_of, case):
    ward.hire("ina", teams="international")
    desk = desk_of("ina")
    desk.enter(case)
    desk.command("transfer")
    desk.page.select_option("#panel select[name=team]", "triage")
    desk.at("#panel").get_by_role("button", name="Transfer").click()

    expect(desk.at("#open-case")).to_be_hidden()
    expect(desk.row(case)).to_have_count(0)
    assert "appointment" not in desk.page.content()


def test_a_level_is_raised_and_never_offered_lower(ward, desk, case):
    desk.command("urgent")
    desk.at("#panel").get_by_role("button", name="Emergency now").click()
    expect(desk.at("#case-head .level")).to_contain_text("Emergency now")
    desk.command("urgent")

    assert desk.at("#panel .row-buttons button").all_inner_texts() == ["Ambulance now"]


def test_blocking_asks_first_and_can_be_taken_back(ward, desk, case):
    desk.command("block")
    expect(desk.at("#panel")).to_contain_text("red flags still come through")
    desk.at("#panel").get_by_role("button", name="Block the person").click()
    expect(desk.at("#log")).to_contain_text("The person was blocked")
    desk.command("unblock")

    expect(desk.at("#log")).to_contain_text("The person was unblocked")


def test_a_case_of_another_team_needs_a_reason_and_is_written_down(ward, desk_of, case):
    ward.hire("tom", teams="triage")
    desk = desk_of("tom")
    expect(desk.row(case)).to_have_count(0)
    desk.page.goto(f"{ward.url}/desk?case={case}")
    desk.wait_ready()
    expect(desk.at("#glass")).to_contain_text("This case is not your team's")
    assert "appointment" not in desk.page.content()
    desk.at("#glass").get_by_role("button", name="Open for an hour").click()
    assert desk.value("() => document.activeElement.id") == "glass-reason"
    desk.page.fill("#glass-reason", "colleague collapsed, patient waits")
    desk.at("#glass").get_by_role("button", name="Open for an hour").click()

    expect(desk.at("#log")).to_contain_text("When is my appointment?")
    expect(desk.at(".glass-until")).to_contain_text("not yours")
    assert any("glass" in what for what in audited(ward))


def test_what_is_masked_is_shown_on_demand_and_written_down(ward, desk_of):
    case = ward.case(["My name is Maria Huber, my number is +49 170 1234567. When is my appointment?"])
    desk = desk_of("cora")
    desk.enter(case)
    expect(desk.at(".item.patient .bubble")).to_contain_text("When is my appointment?")
    assert "1234567" not in desk.page.content()
    assert "Huber" not in desk.page.content()
    desk.at(".item.patient .reveal").click()

    expect(desk.at(".item.patient .bubble")).to_contain_text("Maria Huber")
    assert any(what.startswith("revealed") for what in audited(ward))
    desk.reload()
    expect(desk.at(".item.patient .bubble")).to_contain_text("When is my appointment?")
    assert "Huber" not in desk.page.content()


def test_the_address_is_hidden_until_asked_for(ward, desk, case):
    expect(desk.at("#card")).to_contain_text("Hidden")
    assert "address-of" not in desk.page.content()
    desk.at("#card").get_by_role("button", name="Show").click()

    expect(desk.at("#card .secretive bdi")).to_contain_text("address-of")


def test_every_flow_leaves_the_outbox_to_replies_and_notices(ward, desk, case):
    """A snooze, a note, a transfer are nothing that the patient reads."""
    desk.command("snooze")
    desk.page.fill("#panel input[name=reason]", "REASON")
    desk.at("#panel").get_by_role("button", name="In 30 minutes").click()
    expect(desk.row(case)).to_have_count(0)
    ward.note(case, "NOTE", "ana")

    sealed = ward.read(
        lambda work: [str(work.cipher.unseal(one)) for one in work.execute(sa.select(outbound.c.sealed)).scalars()]
    )
    assert not any("REASON" in one or "NOTE" in one for one in sealed)
