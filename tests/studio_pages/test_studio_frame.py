"""The frame of the studio in a browser: rooms by role, keys, and pages that everybody can use."""

from __future__ import annotations

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.languages import LANGUAGES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_for_everybody_in_their_language(ward, studio_of, picture, language):
    ward.hire("omar", "admin", language=language)
    studio = studio_of(color_scheme="dark" if language == "de" else "light")
    expect(studio.at(".doors li")).to_have_count(10)
    assert look(studio) == []
    picture(studio, {"en": "studio-start", "ar": "studio-arabic"}.get(language, f"studio-start-{language}"))


def test_a_phone_shows_it_too(ward, studio_of, picture):
    ward.hire("omar", "admin", language="zh-Hant")
    studio = studio_of(viewport=PHONE, has_touch=True, is_mobile=True)
    assert look(studio) == []
    picture(studio, "studio-start-phone")


def test_somebody_finds_only_the_rooms_of_what_was_granted(ward, studio_of):
    ward.hire("ana", studio="labeller")
    studio = studio_of("ana")
    rooms = studio.at(".rooms-list a").evaluate_all("links => links.map((link) => link.dataset.room)")
    assert rooms == ["start", "inbox", "changes", "releases", "try"]


def test_keys_lead_to_the_rooms_and_can_be_switched_off(ward, studio_of):
    studio = studio_of()
    studio.press("?")
    expect(studio.at("#sheet")).to_contain_text("Training data")
    studio.page.uncheck("#single-keys")
    studio.press("Escape", "?")
    expect(studio.at("#sheet")).to_be_hidden()
    studio.page.click("#help")
    studio.page.check("#single-keys")
    studio.press("Escape", "Control+k")
    studio.page.keyboard.type("studi")
    studio.press("Enter")
    studio.page.wait_for_url("**/studio")
