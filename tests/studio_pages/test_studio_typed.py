"""What is typed and not kept yet is not lost: by another entry, a reload, or somebody who changes the same meanwhile."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect
from ward import Ward

from bot.settings import ROOT

pytestmark = pytest.mark.slow
TEXT = "domain/responses/privacy.yml:utter_privacy"
OTHER = "domain/responses/privacy.yml:utter_my_data"
MONEY = "content/knowledge/logistics/money.yml"
SAID = "Alles bleibt geheim."


def answer(studio, language="en"):
    return studio.page.locator(f'#fields textarea[data-language="{language}"]').nth(1)


@pytest.fixture
def ward(tmp_path, content_source):
    """A gateway whose content is a copy, so that somebody may edit it on disk."""
    shutil.copytree(ROOT / "content", tmp_path / "own")
    made = Ward(tmp_path, content=content_source, content_dir=tmp_path / "own")
    made.gateway.start()
    yield made
    made.gateway.stop()


def test_a_text_waits_where_it_was_typed_until_it_is_kept(ward, studio_of):
    ward.hire("tina", studio="translator")
    studio = studio_of("tina", f"/studio/texts?id={TEXT}")
    studio.page.fill("#text-de", SAID)
    studio.page.click(f'[data-id="{OTHER}"]')
    expect(studio.at("#text-title")).to_have_text("utter_my_data")
    expect(studio.at("#text-de")).not_to_have_value(SAID)
    studio.page.click(f'[data-id="{TEXT}"]')
    expect(studio.at("#text-de")).to_have_value(SAID)
    studio.reload()
    expect(studio.at("#text-de")).to_have_value(SAID)
    expect(studio.at(".toast").first).to_contain_text("What you typed before")

    studio.page.get_by_role("button", name="Put into my draft").click()
    expect(studio.at("#draft")).to_contain_text("edits: 1")
    studio.reload()
    expect(studio.at("#text-de")).to_have_value(SAID)
    expect(studio.at(".toast")).to_have_count(0)


def test_what_is_not_wanted_any_more_is_dropped_and_does_not_come_back(ward, studio_of):
    studio = studio_of(path=f"/studio/texts?id={TEXT}")
    before = studio.at("#text-de").input_value()
    studio.page.fill("#text-de", SAID)
    studio.reload()
    studio.at(".toast button").first.click()
    expect(studio.at("#text-de")).to_have_value(before)
    studio.reload()
    expect(studio.at("#text-de")).to_have_value(before)
    expect(studio.at(".toast")).to_have_count(0)


def test_nobody_else_finds_it_in_the_same_tab(ward, studio_of):
    studio = studio_of(path=f"/studio/texts?id={TEXT}")
    studio.page.fill("#text-de", SAID)
    ward.hire("paul", "admin")
    studio.context.add_cookies([ward.cookie("paul")])
    studio.reload()
    expect(studio.at("#text-de")).not_to_have_value(SAID)
    expect(studio.at(".toast")).to_have_count(0)


def test_an_answer_that_somebody_changed_meanwhile_is_shown_below_what_was_typed(studio_of, tmp_path):
    studio = studio_of(path=f"/studio/faq?table=logistics&file={MONEY}&entry=payment")
    german = answer(studio, "de").input_value()
    answer(studio).fill("Pay by phone or at the desk.")
    money = tmp_path / "own" / "knowledge" / "logistics" / "money.yml"
    assert german in money.read_text(encoding="utf-8")
    money.write_text(money.read_text(encoding="utf-8").replace(german, "Zahlen Sie am Schalter."), encoding="utf-8")

    studio.page.click("#editor button.strong")
    expect(studio.at(".toast.problem")).to_contain_text("Somebody changed this meanwhile")
    expect(answer(studio)).to_have_value("Pay by phone or at the desk.")
    expect(answer(studio, "de")).to_have_value("Zahlen Sie am Schalter.")
    studio.page.click("#editor button.strong")
    expect(studio.at("#dialog")).to_be_visible()
    studio.page.click("#dialog button.strong")
    expect(studio.at("#draft a")).to_be_visible()


def test_who_locks_the_page_comes_back_to_what_was_open(studio_of):
    studio = studio_of(path="/studio/texts")
    studio.page.click(f'[data-id="{OTHER}"]')
    expect(studio.at("#text-title")).to_have_text("utter_my_data")
    studio.page.get_by_role("button", name="Lock").click()
    expect(studio.at("input[type=password]")).to_be_visible()
    assert (
        studio.page.locator("input[name=next]").input_value()
        == "/studio/texts?id=domain%2Fresponses%2Fprivacy.yml%3Autter_my_data"
    )


def test_a_new_intent_that_is_half_written_is_there_after_a_reload(ward, studio_of):
    studio = studio_of(path="/studio/training/intent")
    studio.page.fill("#name-en", "Asks for the wifi")
    studio.reload()
    expect(studio.at("#name-en")).to_have_value("Asks for the wifi")
