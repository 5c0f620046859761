"""The inbox in a browser: a digit labels, words are clicked, a second person agrees; also in Chinese, in Arabic and on a phone."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.database.tables import utterance
from bot.utterances.gathering import Gathering
from tests.utterances.people_heard import assessed, chat, closed, says

pytestmark = pytest.mark.slow
MISHEARD = ("action_not_understood",)


@pytest.fixture
def heard(ward, content_source):
    """What some patients said today."""

    def happen(work) -> None:
        now = datetime.now(timezone.utc)
        for text in ("how do I get a sick note for work", "how do i get a sick note for my work?"):
            says(
                work,
                chat(work, now),
                text,
                actions=MISHEARD,
                ranking=(("ask_faq", 0.31), ("request_nurse", 0.29), ("greet", 0.1)),
            )
        chinese = chat(work, now, language="zh-Hans")
        assessed(
            work,
            chinese,
            says(work, chinese, "我爸胸口像压了块石头，左胳膊没劲", ranking=(("report_symptom", 0.5),)),
            disagreement=True,
        )
        arabic = chat(work, now, language="ar")
        assessed(work, arabic, says(work, arabic, "عندي حرقان خلف عظم الصدر بعد الأكل", ranking=(("report_symptom", 0.6),)))
        closed(work, arabic, department="CARD", right="GI")

    ward.write(happen)
    Gathering(ward.gateway.services.database, content_source).round(datetime.now(timezone.utc))


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("de", "dark"), ("ar", "light"), ("zh-Hans", "light")])
def test_the_inbox_is_for_everybody(ward, studio_of, picture, heard, language, scheme):
    ward.hire("omar", "admin", language=language)
    studio = studio_of(path="/studio/inbox", color_scheme=scheme)
    expect(studio.at(".sentence")).to_have_count(3)
    assert look(studio) == []
    picture(studio, {"en": "studio-inbox"}.get(language, f"studio-inbox-{language}"))


def test_on_a_phone_it_fits(ward, studio_of, picture, heard):
    studio = studio_of(path="/studio/inbox", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(studio.at(".sentence")).to_have_count(3)
    assert look(studio) == []
    assert studio.value("() => document.documentElement.scrollWidth") == PHONE["width"]
    picture(studio, "studio-inbox-phone")


def test_chinese_words_are_clicked_and_said_to_be_a_sign(ward, studio_of, heard):
    studio = studio_of(path="/studio/inbox")
    studio.page.locator("button.word").filter(has_text="石头").click()
    studio.press("m")
    studio.page.locator("#dialog input[type=text]").fill("chest tightness")
    options = studio.page.locator("#dialog option")
    expect(options.first).to_be_attached()
    studio.page.locator("#dialog button.strong").click()
    expect(studio.at(".word.is-marked")).to_have_text("石头")


def test_a_digit_labels_all_that_are_alike_undo_takes_it_back_and_a_second_person_agrees(ward, studio_of, heard):
    mei = studio_of("mei", "/studio/inbox")
    mei.page.select_option("#source", "fallback")
    expect(mei.at(".sentence")).to_have_count(1)
    mei.press("1")
    mei.page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(mei.at(".sentence")).to_have_count(1)
    mei.press("2")
    expect(mei.at(".sentence")).to_have_count(0)
    omar = studio_of("omar", "/studio/inbox")
    omar.page.select_option("#view", "check")
    expect(omar.at(".sentence")).to_have_count(1)
    omar.press("y")
    expect(omar.at(".sentence")).to_have_count(0)
    with ward.gateway.services.database.read() as work:
        states = work.execute(sa.select(utterance.c.state).where(utterance.c.approved_by == "omar")).scalars().all()
    assert states == ["approved", "approved"]
