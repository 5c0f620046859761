"""Follow-up at the desk: on the card, in its panels, on the ward and on the scheduler's page; by everybody, on every screen."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from desk_page import DESKTOP, PHONE
from followed import followed
from looking import look
from playwright.sync_api import expect

from bot.database.tables import plan_enrolment
from tests.looks import on_each_screen

NAMES = {"en": "Ana Neri", "de": "Annegret Weißmüller", "ar": "ليلى", "zh-Hans": "王静", "zh-Hant": "林怡君"}


@pytest.fixture
def shown(ward, desk_of):
    """Return a function that opens a page as a lead in a language, with patients in plans."""

    def open_page(path: str = "/desk", language: str = "en", scheme: str = "light", **context: object):
        ward.hire("ana", "lead", name=NAMES[language], language=language, preferences={"queue": {"tab": "all"}})
        cases = followed(ward, language)
        return desk_of("ana", path, color_scheme=scheme, **context), cases

    return open_page


def states(ward):
    query = sa.select(plan_enrolment.c.plan, plan_enrolment.c.state).order_by(plan_enrolment.c.id)
    return ward.read(lambda work: [tuple(row) for row in work.execute(query)])


def test_the_card_shows_plan_adherence_and_readings_and_not_the_patients_words(shown):
    desk, cases = shown()
    desk.enter(cases.pressure)
    card = desk.at("#followup")
    expect(card.locator("[data-enrolment]")).to_have_count(1)
    expect(card).to_contain_text("Blood pressure at home")
    expect(card).to_contain_text("Answered 11 of 12 in 30 days")
    expect(card).to_contain_text("at or above 150")
    card.locator(".course:not([open])[data-of=blood_pressure] > summary").click()
    picture = card.locator(".course[data-of=blood_pressure] img")
    expect(picture).to_be_visible()
    assert desk.value(
        "() => [...document.querySelectorAll('.course[open] img')].every((one) => one.complete && one.naturalWidth > 0)"
    )
    assert re.search(r"\d+/\d+", picture.get_attribute("alt"))
    picture.click()
    expect(desk.at("#sheet .large-picture img")).to_be_visible()
    desk.press("Escape")
    with desk.page.expect_download() as download:
        card.get_by_role("link", name="Table (CSV)").click()
    assert download.value.suggested_filename == f"readings-{cases.pressure}.csv"
    assert "SECRET" not in desk.page.content()


def test_a_nurse_begins_a_plan_with_a_key_and_the_patient_is_asked(ward, shown):
    desk, cases = shown()
    desk.enter(cases.silent)
    expect(desk.at("#followup [data-enrolment]")).to_have_count(1)
    desk.press("f")
    expect(desk.at("#panel")).to_be_visible()
    desk.page.select_option("#panel select[name=plan]", "vaccination")
    desk.page.fill("#panel input[name=day]", "2099-01-01")
    desk.page.click("#panel .strong")
    expect(desk.at("#panel .problem")).to_contain_text("400 days")
    desk.page.select_option("#panel select[name=plan]", "hypertension")
    desk.page.click("#panel .limits summary")
    desk.page.fill("#panel [name='systolic:high']", "145")
    desk.page.click("#panel .strong")

    expect(desk.at("#panel")).to_be_hidden()
    expect(desk.at("#followup [data-state=asked]")).to_contain_text("Waiting for the patient’s yes")
    expect(desk.at("#followup [data-state=asked]")).to_contain_text("145")
    expect(desk.at("#log")).to_contain_text("Is that all right with you?")
    assert states(ward)[-1] == ("hypertension", "asked")


def test_a_plan_is_paused_resumed_and_stopped(ward, shown):
    desk, cases = shown()
    desk.enter(cases.pressure)
    act = "#followup [data-plan-act={}]".format
    desk.page.click(act("pause"))
    desk.page.click("#panel .strong")
    expect(desk.at("#followup [data-state=paused]")).to_be_visible()
    desk.page.click(act("resume"))
    expect(desk.at("#followup [data-state=active]")).to_be_visible()
    desk.page.click(act("stop"))
    desk.page.click("#panel [value=done]")

    expect(desk.at("#followup")).to_contain_text("In no plan yet.")
    assert states(ward)[0] == ("hypertension", "ended")


def test_nobody_is_taken_for_dead_by_one_press(ward, shown):
    desk, cases = shown()
    desk.enter(cases.pressure)
    desk.page.click("#followup [data-plan-act=stop]")
    desk.page.click("#panel [value=died]")
    expect(desk.at("#panel .problem")).to_contain_text("cannot be taken back")
    assert states(ward)[0] == ("hypertension", "active")
    desk.page.click("#panel [value=died]")

    expect(desk.at("#followup")).to_contain_text("In no plan yet.")


def test_the_ward_shows_who_worries_first_filters_and_leads_to_the_case(ward, shown):
    desk, cases = shown("/desk/ward")
    lines = desk.at("#lines > li")
    expect(lines).to_have_count(4)
    assert [lines.nth(place).get_attribute("data-standing") for place in (0, 1)] == ["worrying", "silent"]
    expect(lines.nth(1)).to_contain_text("2 unanswered in a row")
    desk.page.click("[data-standing=silent].tab")
    expect(lines).to_have_count(1)
    desk.page.select_option("#plan", "asthma")
    expect(desk.at("#none")).to_be_visible()
    desk.page.select_option("#plan", "")
    desk.at(f"#lines a[href='/desk?case={cases.silent}']").click()
    desk.wait_ready()

    expect(desk.at("#case-title")).to_contain_text(f"A{cases.silent}")


def test_who_was_seen_to_leaves_the_list_of_the_silent(shown):
    desk, _ = shown("/desk/ward?standing=silent")
    expect(desk.at("#lines > li")).to_have_count(1)
    desk.page.click("#lines [data-act=seen]")

    expect(desk.at("#none")).to_be_visible()
    expect(desk.at("[data-standing=silent] .count")).to_have_text("0")


def test_a_code_to_scan_is_shown_on_the_ward(shown):
    desk, _ = shown("/desk/ward")
    expect(desk.at("#lines > li")).to_have_count(4)
    desk.page.click("#code-open")
    desk.page.select_option("#code-plan", "vaccination")
    desk.page.check("#code-once")
    desk.page.click("#code .strong")

    expect(desk.at("#code .code-result img")).to_be_visible()
    expect(desk.at("#code .code-result")).to_contain_text("Works once, until")
    assert look(desk) == []


@pytest.mark.slow
def test_who_scans_the_code_is_asked_and_stands_on_the_ward_after_their_yes(ward, desk_of, chat_of):
    nurse = desk_of("ana", "/desk/ward")
    expect(nurse.at("#none")).to_be_visible()
    nurse.page.click("#code-open")
    nurse.page.select_option("#code-plan", "hypertension")
    nurse.page.click("#code .strong")
    link = nurse.at("#code .secret").inner_text()

    chat = chat_of(f"{link.removeprefix(ward.url)}&lang=en")
    chat.page.get_by_role("button", name="I agree").click()
    chat.page.get_by_role("button", name="Yes, please").click()
    expect(chat.theirs.last).to_contain_text("You hear from me next")
    nurse.press("Escape")
    nurse.page.click("#again")

    expect(nurse.at("#lines > li")).to_contain_text("Blood pressure at home")
    assert states(ward) == [("hypertension", "active")]


def test_the_scheduler_says_what_failed_and_what_comes_next(shown):
    desk, _ = shown("/desk/scheduler")
    expect(desk.at("[data-round=outcomes]")).to_contain_text("Failed 2 times: KeyError")
    expect(desk.at("[data-part=next] tbody tr").first).to_contain_text("Blood sugar at home")
    expect(desk.at("[data-part=given_up] tbody tr").first).to_contain_text("too late to be of use")


@pytest.mark.parametrize("path", ["/desk/ward", "/desk/scheduler"])
def test_what_was_shown_is_gone_when_the_page_locks(ward, shown, path):
    desk, _ = shown(path)
    expect(desk.at("main li").first).to_be_visible()
    ward.lock("ana")
    desk.page.click("#again")

    expect(desk.at("#password")).to_be_visible()


@pytest.mark.slow
@on_each_screen
@pytest.mark.parametrize("path", ["/desk/ward", "/desk/scheduler"])
def test_ward_and_scheduler_are_for_everybody(shown, picture, path, language, scheme, screen):
    desk, _ = shown(path, language, scheme, viewport=PHONE if screen == "phone" else DESKTOP)
    expect(desk.at("main li").first).to_be_visible()
    assert look(desk) == []
    name = f"{language}-{scheme}-{screen}"
    picture(desk, f"followup-{path.rsplit('/', 1)[1]}-{name}")
    if path == "/desk/ward":
        desk.page.click("#code-open")
        desk.page.click("#code .strong")
        expect(desk.at("#code .code-result img")).to_be_visible()
        assert look(desk) == []
        picture(desk, f"followup-code-{name}")


@pytest.mark.slow
@on_each_screen
def test_the_card_and_its_panels_are_for_everybody(shown, picture, language, scheme, screen):
    phone = screen == "phone"
    desk, cases = shown("/desk", language, scheme, viewport=PHONE if phone else DESKTOP)
    name = f"{language}-{scheme}-{screen}"
    desk.enter(cases.pressure)
    if phone:
        desk.page.click("#case-head .to-card")
    card = desk.at("#followup")
    expect(card.locator(".course").first).to_be_visible()
    for course in card.locator(".course:not([open]) > summary").all():
        course.click()
    card.locator(".course details > summary").first.click()
    assert look(desk) == []
    card.scroll_into_view_if_needed()
    picture(desk, f"followup-card-{name}")
    for act in ("limits", "stop", "pause"):
        if phone and act != "limits":
            desk.page.click("#case-head .to-card")
        card.locator(f"[data-plan-act={act}]").click()
        expect(desk.at("#panel")).to_be_visible()
        assert look(desk) == [], act
        picture(desk, f"followup-{act}-{name}")
        desk.press("Escape")
    if phone:
        desk.page.click("#case-head .to-card")
    desk.page.click("#enrol-open")
    desk.page.click("#panel .limits > summary")
    assert look(desk) == []
    picture(desk, f"followup-enrol-{name}")
