"""What a patient does and sees, in a real Chromium against the real gateway."""

from __future__ import annotations

import pytest
import scripted
from playwright.sync_api import expect
from scripted import EVIL

from bot.languages import LANGUAGES

pytestmark = pytest.mark.slow

RED_FLAG = "I have crushing chest pain that goes into my left arm"


def test_a_message_is_answered(page):
    page.says("hello")

    expect(page.own(0)).to_contain_text("hello")
    expect(page.own(0).locator(".state")).to_have_text("Delivered")
    expect(page.last).to_contain_text("automated assistant")
    expect(page.last.locator(".note")).to_contain_text("not a diagnosis")


def test_a_button_answers_and_can_be_pressed_once(page, gateway):
    page.agrees()
    page.says("my ear hurts")
    buttons = page.last.locator(".choices button")
    buttons.nth(1).click()

    expect(page.last.locator(".card")).to_be_visible()
    assert [turn.payload for turn in gateway.assistant.turns][-1] == "onset:1"
    expect(page.page.locator(".choices button:enabled")).to_have_count(0)
    expect(page.page.locator('.choices button[aria-pressed="true"]')).to_have_count(2)


def test_typing_the_answer_works_as_well_and_closes_the_buttons(page):
    page.agrees()
    page.says("my ear hurts")
    page.last.locator(".choices button").first.wait_for()
    page.says("Longer")

    expect(page.last.locator(".card")).to_be_visible()
    expect(page.page.locator(".choices button:enabled")).to_have_count(0)


def test_a_double_click_sends_once(page, gateway):
    page.agrees()
    page.says("my ear hurts")
    page.last.locator(".choices button").first.dblclick()
    expect(page.last.locator(".card")).to_be_visible()
    page.page.fill("#text", "thank you")
    page.page.dblclick(".send")
    expect(page.page.locator("#log .own", has_text="thank you")).to_have_count(1)
    expect(page.last).to_contain_text("OK")

    assert [turn.text for turn in gateway.assistant.turns] == ["hello", "my ear hurts", "Today", "thank you"]


def test_an_emergency_is_unmistakable_and_can_be_called(page):
    page.says(RED_FLAG)

    alarm = page.page.locator(".message.emergency [role=alert]")
    expect(alarm.locator("h2")).to_have_text("Emergency")
    expect(alarm.locator(".calls a").first).to_have_attribute("href", "tel:120")
    assert alarm.locator("svg").count() >= 1


def test_an_emergency_that_was_shown_before_is_not_announced_again(page):
    page.says(RED_FLAG)
    page.page.locator(".message.emergency").wait_for()
    page.page.reload()
    page.wait_ready()

    expect(page.page.locator(".message.emergency")).to_have_count(1)
    assert page.page.locator("#log [role=alert]").count() == 0


def test_a_result_shows_level_place_reason_and_what_to_watch_for(page):
    page.agrees()
    page.says("I have had an earache for three days")
    page.last.locator(".choices button").first.click()

    card = page.last.locator(".card")
    expect(card).to_contain_text("See a doctor within 24 hours")
    for words in ("Ear, nose and throat", "Outpatient building B", "earache for three days", "behind the ear"):
        expect(card).to_contain_text(words)
    expect(card.locator(".card-head svg")).to_be_visible()
    expect(card.locator(".note")).to_contain_text("not a diagnosis")


def test_what_to_do_stands_large_and_the_rest_of_the_headline_below_it(page, monkeypatch):
    headline = "See a doctor today, within 2.5 hours: ENT. If it gets worse, call 120."
    monkeypatch.setitem(scripted.RESULT["en"], "headline", headline)
    page.agrees()
    page.says("I have had an earache for three days")
    page.last.locator(".choices button").first.click()

    head = page.last.locator(".card-head")
    expect(head.locator("h2")).to_have_text("See a doctor today, within 2.5 hours: ENT.")
    expect(head.locator("p")).to_have_text("If it gets worse, call 120.")


def test_a_result_can_be_printed_alone(page):
    page.agrees()
    page.says("my ear hurts")
    page.last.locator(".choices button").first.click()
    page.value("() => { window.print = () => { document.documentElement.dataset.printed = document.body.className; }; }")
    page.last.locator(".print").click()

    assert page.value("() => document.documentElement.dataset.printed") == "chat printing"
    page.page.emulate_media(media="print")
    expect(page.page.locator(".composer")).to_be_hidden()
    expect(page.last.locator(".card")).to_be_visible()


def test_a_reload_keeps_the_conversation(page):
    page.agrees()
    page.says("my ear hurts")
    page.last.locator(".choices button").first.wait_for()
    before = page.page.locator("#log .bubble").all_inner_texts()
    page.page.reload()
    page.wait_ready()

    assert page.page.locator("#log .bubble").all_inner_texts() == before
    page.last.locator(".choices button").first.click()
    expect(page.last.locator(".card")).to_be_visible()


def test_a_new_conversation_starts_empty(page):
    page.says("hello")
    expect(page.theirs).to_have_count(1)
    page.page.click("#options")
    page.page.click("#new")
    page.page.locator("#ask-new [value=yes]").click()
    expect(page.page.locator("#log .message")).to_have_count(0)
    page.says("hello again")

    expect(page.last).to_contain_text("automated assistant")
    expect(page.page.locator("#log .message")).to_have_count(2)


def test_a_new_conversation_can_be_called_off(page):
    page.says("hello")
    page.page.click("#options")
    page.page.click("#new")
    page.page.keyboard.press("Escape")

    expect(page.page.locator("#log .own")).to_have_count(1)


def test_what_was_erased_goes_from_the_screen(page):
    page.agrees()
    page.says("ECHO my secret")
    expect(page.last).to_contain_text("my secret")
    page.says("delete my data")
    page.last.locator(".choices button").first.click()
    expect(page.theirs).to_have_count(1)

    expect(page.page.locator("#log")).not_to_contain_text("secret")
    expect(page.page.locator("#log .own", has_text="hello")).to_have_count(0)
    before = page.last.inner_text()
    page.page.reload()
    page.wait_ready()
    assert page.last.inner_text() == before


def test_a_fault_at_one_message_does_not_keep_the_next_back(page):
    def fail_on_one(route):
        if "poison" in (route.request.post_data or ""):
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.page.route("**/chat/api/messages", fail_on_one)
    page.says("poison")
    page.says("hello")

    expect(page.own(0).locator(".state")).to_have_text("Delivered", timeout=20_000)
    expect(page.page.locator("#problem")).to_be_hidden()


def test_what_anybody_writes_is_shown_as_text(page):
    page.agrees()
    page.says("EVIL " + EVIL)

    expect(page.page.locator("#log .own").last).to_contain_text("<img src=x")
    expect(page.last.locator(".bubble p").first).to_have_text(EVIL)
    expect(page.last.locator(".choices button")).to_contain_text("<b>bold</b>")
    assert page.page.locator("#log img, #log b").count() == 0
    assert page.page.title() == "Hospital guide"


def test_no_word_of_the_patient_gets_into_title_or_address(page):
    page.says("Purzelbaum")
    expect(page.theirs).to_have_count(1)

    assert "Purzelbaum" not in page.page.title() + page.page.url
    assert not any("Purzelbaum" in address for address in page.requests)


def test_typing_shows_only_while_something_is_being_done(page, gateway):
    page.agrees()
    expect(page.page.locator("#typing")).not_to_be_visible()
    gateway.assistant.held = True
    page.says("my ear hurts")

    expect(page.page.locator("#typing")).to_be_visible()
    expect(page.page.locator("#typing")).to_contain_text("Working on your message")
    gateway.assistant.held = False
    expect(page.last.locator(".choices")).to_be_visible()
    expect(page.page.locator("#typing")).not_to_be_visible()


def test_enter_that_confirms_a_chinese_word_does_not_send(page):
    page.page.fill("#text", "er duo")
    for options in ("{isComposing: true}", "{keyCode: 229}"):
        page.value(
            f"() => document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', "
            f"{{key: 'Enter', bubbles: true, cancelable: true, ...{options}}}))"
        )

    assert page.page.locator("#log .own").count() == 0
    page.page.press("#text", "Shift+Enter")
    assert page.page.locator("#log .own").count() == 0
    assert page.page.input_value("#text") == "er duo\n"


def test_a_message_that_is_too_long_stays_in_the_box_with_a_sentence(page):
    page.page.fill("#text", "x" * 4001)
    page.page.click(".send")

    expect(page.page.locator("#problem")).to_contain_text("4000")
    assert len(page.page.input_value("#text")) == 4001


def test_a_message_the_gateway_refuses_comes_back_into_the_box(page):
    page.page.route(
        "**/chat/api/messages", lambda route: route.fulfill(status=400, json={"error": "x", "sentence": "Please write less."})
    )
    page.says("hello")

    expect(page.page.locator("#problem")).to_have_text("Please write less.")
    assert page.page.input_value("#text") == "hello"
    assert page.page.locator("#log .own").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_follows_the_language_of_the_patient(open_page, language):
    words = {"zh-Hans": "您好，我耳朵疼了三天", "zh-Hant": "您好，我耳朵痛了三天，請問要看哪一科", "en": "hello, my ear hurts"}
    words |= {"de": "Guten Tag, ich habe seit drei Tagen Ohrenschmerzen", "ar": "مرحبا، أذني تؤلمني منذ ثلاثة أيام"}
    locale = "zh-TW" if language == "zh-Hant" else "en" if language != "en" else "de"
    page = open_page("/chat", locale=locale)
    page.says(words[language])

    expect(page.theirs).to_have_count(1)
    expect(page.page.locator("html")).to_have_attribute("lang", language)
    expect(page.page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.page.locator("#language")).to_have_value(language)


def test_a_language_that_was_chosen_is_spoken_and_kept(page):
    page.page.fill("#text", "my draft")
    page.page.select_option("#language", "de")

    expect(page.page.locator("#welcome h1")).to_contain_text("automatisches Programm")
    assert page.page.input_value("#text") == "my draft"
    page.page.press("#text", "Enter")
    expect(page.last).to_contain_text("Guten Tag")
    page.open("/chat")
    expect(page.page.locator("html")).to_have_attribute("lang", "de")


def test_the_emergency_number_follows_the_place_the_patient_chose(page):
    expect(page.page.locator("#urgent-number")).to_have_attribute("href", "tel:120")
    page.page.click("#options")
    page.page.select_option("#region", "DE")
    expect(page.page.locator("#urgent-number")).to_have_attribute("href", "tel:112")
    page.page.reload()
    page.wait_ready()
    expect(page.page.locator("#urgent-number")).to_have_attribute("href", "tel:112")
    page.page.click("#options")
    page.page.select_option("#region", "")

    expect(page.page.locator("#urgent-where")).to_contain_text("elsewhere your local emergency number")
    expect(page.page.locator("#urgent-number")).to_have_attribute("href", "tel:120")


def test_the_landing_page_fills_in_an_example_without_sending_it(open_page):
    page = open_page("/?lang=de")
    page.page.locator(".examples a").nth(1).click()
    page.wait_ready()

    assert page.page.input_value("#text") == "Ich habe seit drei Tagen Ohrenschmerzen"
    assert page.page.locator("#log .message").count() == 0
    assert "try" not in page.page.url


def test_it_works_without_storage(open_page):
    page = open_page()
    page.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) "
        "Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page.page.reload()
    page.wait_ready()
    page.says("hello")

    expect(page.last).to_contain_text("automated assistant")
