"""The line drops, the gateway restarts, the store is down: nothing is lost and nothing is shown twice."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bot.database.tables import conversation
from bot.languages import LANGUAGES
from bot.outbox.compose import compose_from_nurse
from bot.outbox.store import Place, enqueue

pytestmark = pytest.mark.slow


def numbers(page) -> list[int]:
    return [int(element.get_attribute("data-number")) for element in page.theirs.all()]


def test_what_was_said_while_the_line_was_down_comes_once_and_in_order(page, gateway):
    page.agrees()
    page.page.context.set_offline(True)
    expect(page.page.locator("#line")).to_be_visible()
    nurse_writes(gateway, "one", "two", "three")
    page.page.context.set_offline(False)

    expect(page.page.locator(".message.nurse")).to_have_count(3)
    expect(page.page.locator("#line")).to_be_hidden()
    assert numbers(page) == sorted(set(numbers(page)))


def test_what_was_written_while_the_line_was_down_is_sent_once(page, gateway):
    page.agrees()
    page.page.context.set_offline(True)
    page.says("ECHO one")
    page.says("ECHO two")
    expect(page.own(2).locator("button.state")).to_contain_text("Tap to try again")
    page.page.context.set_offline(False)

    expect(page.last).to_contain_text("two")
    expect(page.own(3).locator(".state")).to_have_text("Delivered")
    assert [turn.text for turn in gateway.assistant.turns][1:] == ["ECHO one", "ECHO two"]


def test_a_gateway_that_restarts_loses_and_doubles_nothing(page, gateway):
    page.agrees()
    gateway.stop()
    page.says("ECHO while you were away")
    expect(page.own(2).locator("button.state")).to_be_visible()
    gateway.start()

    expect(page.last).to_contain_text("while you were away", timeout=20_000)
    expect(page.own(2).locator(".state")).to_have_text("Delivered")
    page.says("ECHO and now")
    expect(page.last).to_contain_text("and now")
    assert numbers(page) == sorted(set(numbers(page)))
    assert len(gateway.assistant.turns) == 3


def test_tapping_sends_again_at_once(page, gateway):
    page.page.route("**/chat/api/messages", lambda route: route.fulfill(status=503, json={"sentence": "later"}))
    page.says("hello")
    retry = page.own(0).locator("button.state")
    expect(retry).to_be_visible()
    expect(page.page.locator("#problem")).to_have_text("later")
    page.page.unroute("**/chat/api/messages")
    retry.click()

    expect(page.own(0).locator(".state")).to_have_text("Delivered")
    expect(page.page.locator("#problem")).to_be_hidden()


def test_a_message_that_was_not_stored_survives_a_reload(page):
    page.page.route("**/chat/api/messages", lambda route: route.abort())
    page.says("hello")
    expect(page.own(0).locator("button.state")).to_be_visible()
    page.page.unroute("**/chat/api/messages")
    page.page.reload()
    page.wait_ready()

    expect(page.own(0).locator(".state")).to_have_text("Delivered")
    expect(page.page.locator("#log .own")).to_have_count(1)


def test_an_answer_whose_acknowledgement_got_lost_is_not_sent_twice(page, gateway):
    page.agrees()
    lost = []

    def lose_first(route):
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer)
            route.abort()

    page.page.route("**/chat/api/messages", lose_first)
    page.says("ECHO once")

    expect(page.own(2).locator(".state")).to_have_text("Delivered")
    expect(page.page.locator("#log .own")).to_have_count(3)
    assert [turn.text for turn in gateway.assistant.turns].count("ECHO once") == 1


def test_a_nurse_who_writes_from_another_process_is_heard(page, gateway):
    page.says("hello")
    expect(page.theirs).to_have_count(1)
    nurse_writes(gateway, "I am on my way")

    expect(page.page.locator(".message.nurse")).to_contain_text("I am on my way")
    expect(page.page.locator(".message.nurse .note")).to_contain_text("a person wrote this")


def test_two_pages_of_one_patient_show_the_same(page, gateway):
    page.agrees()
    other = page.page.context.new_page()
    other.goto(gateway.url + "/chat?lang=en")
    other.wait_for_selector("html[data-ready]", state="attached")
    page.says("ECHO both")

    expect(other.locator("#log .message.bot").last).to_contain_text("both")
    expect(page.last).to_contain_text("both")


def test_the_gateway_ends_at_once_though_pages_are_open(page, gateway):
    page.says("hello")
    expect(page.theirs).to_have_count(1)
    begun = time.monotonic()
    gateway.stop()

    assert time.monotonic() - begun < 4


def nurse_writes(gateway, *texts: str) -> None:
    """Store messages the way the command line of another process does: nobody tells the feed."""
    services = gateway.services
    with services.database.write() as work:
        conversation_id = work.execute(sa.select(conversation.c.id)).scalar()
        for text in texts:
            message = compose_from_nurse(text, LANGUAGES[2], name="Li", phrases=services.content.current().phrases)
            place = Place(conversation_id, "webchat")
            enqueue(work, place, message, dedupe_key=f"nurse:{text}", now=services.clock())
