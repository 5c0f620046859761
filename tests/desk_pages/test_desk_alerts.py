"""What has to be heard is heard, by those on duty and by nobody else, and it says nothing of a patient."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.languages import LANGUAGES

pytestmark = pytest.mark.slow

# Remembers what the page plays and shows; the sound itself goes nowhere in a browser without ears.
EARS = """
window.heard = [];
const tone = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.heard.push(this.frequency.value); return tone.call(this, at); };
window.shown = [];
window.Notification = class { constructor(title, options) { window.shown.push(title + ' ' + options.body); } };
window.Notification.permission = 'granted';
Object.defineProperty(document, 'hidden', { get: () => window.away ?? false });
"""


@pytest.fixture
def listening(ward, desk_of):
    """Return a function that opens the desk with ears."""

    def open_desk(handle: str = "ana", **context: object):
        desk = desk_of(handle, **context)
        desk.context.add_init_script(EARS)
        desk.reload()
        return desk

    return open_desk


def urgent(ward) -> int:
    return ward.case(["SECRET: my chest hurts"], level="E1", reason="red_flag", minutes=0)


def test_an_urgent_case_is_heard_and_seen_and_can_be_opened_from_there(ward, listening):
    desk = listening()
    case = urgent(ward)
    expect(desk.at("#pages")).to_contain_text(f"A{case} is urgent and waits for somebody")
    assert len(desk.value("() => window.heard")) == 3
    desk.at("#pages").get_by_role("button", name="Open").click()

    expect(desk.at("#case-title")).to_contain_text(f"A{case}")
    expect(desk.at("#pages .page")).to_have_count(0)


def test_who_reads_another_case_is_told_that_theirs_has_become_urgent_and_sees_why(ward, listening):
    held, other = ward.case(["I am tired"], level="INFO"), ward.case(["Hello"], level="INFO")
    desk = listening()
    ward.claim(held, "ana")
    desk.enter(other)
    ward.becomes_urgent(held, "I want to kill myself tonight")
    expect(desk.at("#pages")).to_contain_text(f"A{held}, which is yours, has become urgent")
    assert len(desk.value("() => window.heard")) == 3
    desk.at("#pages").get_by_role("button", name="Open").click()

    expect(desk.at("#case-title")).to_contain_text(f"A{held}")
    expect(desk.at("#pages .page")).to_have_count(0)


def test_the_summary_of_the_open_case_is_of_now_when_it_has_become_urgent(ward, listening):
    held = ward.case(["I am tired"], level="INFO")
    desk = listening()
    ward.claim(held, "ana")
    desk.page.click('[data-tab="all"]')
    desk.enter(held)
    expect(desk.at("#summary")).not_to_contain_text("kill myself")
    ward.becomes_urgent(held, "I want to kill myself tonight")

    expect(desk.at("#summary")).to_contain_text("kill myself")


def test_a_case_that_can_wait_makes_no_sound(ward, listening):
    desk = listening()
    case = ward.case(["Hello"], level="R")
    expect(desk.row(case)).to_be_visible()
    ward.says(case, "and another thing")
    expect(desk.row(case)).to_be_visible()

    assert desk.value("() => window.heard") == []
    expect(desk.at("#pages .page")).to_have_count(0)


def test_who_is_off_duty_is_left_in_peace(ward, listening):
    ward.hire("ana", duty="off")
    desk = listening("ana")
    case = urgent(ward)
    expect(desk.row(case)).to_be_visible()

    assert desk.value("() => window.heard") == []
    expect(desk.at("#pages .page")).to_have_count(0)


def test_the_sound_can_be_switched_off_and_stays_off(ward, listening):
    desk = listening()
    with desk.page.expect_response("**/me/preferences"):
        desk.page.click("#sound")
    assert desk.at("#sound").get_attribute("aria-pressed") == "false"
    desk.reload()
    case = urgent(ward)
    expect(desk.at("#pages")).to_contain_text(f"A{case}")

    assert desk.value("() => window.heard") == []


def test_a_notification_of_a_page_in_the_background_says_nothing_of_the_patient(ward, listening):
    desk = listening()
    desk.value("() => { window.away = true; }")
    case = urgent(ward)
    expect(desk.at("#pages")).to_contain_text(f"A{case}")

    assert desk.value("() => window.shown") == ["Nurse desk Somebody urgent is waiting."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_address_say_nothing_of_the_patient(ward, desk_of, language):
    ward.hire("ana", language=language)
    case = urgent(ward)
    desk = desk_of("ana")
    before = desk.page.title()
    desk.enter(case)
    expect(desk.at("#log")).to_contain_text("SECRET")

    assert desk.page.title() == before
    assert re.fullmatch(rf".*/desk\?case={case}", desk.page.url)


def test_once_somebody_has_it_the_alarm_is_taken_down_everywhere(ward, listening):
    ward.hire("ben")
    desk = listening()
    case = urgent(ward)
    expect(desk.at("#pages .page")).to_have_count(1)
    ward.claim(case, "ben")

    expect(desk.at("#pages .page")).to_have_count(0)


def test_an_alarm_takes_no_focus_from_who_is_writing(ward, listening):
    first = ward.case(["Hello"])
    desk = listening()
    desk.enter(first)
    desk.page.click("#reply-text")
    desk.page.keyboard.type("Half a ")
    case = urgent(ward)
    expect(desk.at("#pages")).to_contain_text(f"A{case}")
    desk.page.keyboard.type("sentence")

    expect(desk.at("#reply-text")).to_have_value("Half a sentence")
    expect(desk.at("dialog[open]")).to_have_count(0)


def test_duty_is_switched_on_the_page_and_colleagues_see_it(ward, desk_of):
    ana, ben = desk_of("ana"), desk_of("ben")
    expect(ana.at("#empty")).to_contain_text("On duty: Ana and Ben")
    with ben.page.expect_response("**/me/duty"):
        ben.page.select_option("#duty", "break")
    expect(ana.at("#empty")).to_contain_text("Ben (break)")
    with ben.page.expect_response("**/me/duty"):
        ben.page.select_option("#duty", "off")

    expect(ana.at("#empty")).not_to_contain_text("Ben")
    ben.reload()
    expect(ben.at("#duty")).to_have_value("off")
