"""FAQ and clinical packs in a browser: what an edit changes is seen first, then it is in one's draft."""

from __future__ import annotations

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.release.listening import Listened, listened_to_json
from bot.training import rows

pytestmark = pytest.mark.slow
MONEY = "content/knowledge/logistics/money.yml"
ROUTES = "content/triage/routes.yml"
FLAGS = "content/triage/red_flags.yml"


class Agreeing:
    """Takes the place of a process with a model: it takes every sentence for a complaint, and has no second reader."""

    def __init__(self, settings, *, model, content, models):
        self.model = model

    def wait_until_ready(self):
        return None

    def listen(self, sentences):
        return [listened_to_json(Listened(True, None)) for _ in sentences]

    def close(self):
        return None


@pytest.fixture(autouse=True)
def no_model_of_its_own(monkeypatch):
    """Previews ask a model that is there at once."""
    monkeypatch.setattr("bot.release.listening.Hearing", Agreeing)


def operations(ward):
    return ward.read(lambda work: [operation for one in rows.listed(work) for operation in one.operations])


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-Hant", "dark"), ("ar", "light")])
def test_an_answer_is_written_seen_on_each_platform_and_kept(ward, studio_of, picture, language, scheme):
    ward.hire("mei", "editor", language=language)
    studio = studio_of("mei", f"/studio/faq?table=logistics&file={MONEY}&entry=payment", color_scheme=scheme)
    expect(studio.at("#previews figure")).to_have_count(3)
    studio.page.locator('#fields textarea[data-language="en"]').nth(1).fill("Pay by phone or at the desk.")
    studio.page.select_option("#tongue", "en")
    expect(studio.at("#previews figure .bubble").first).to_contain_text("Pay by phone or at the desk.")
    assert look(studio) == []
    picture(studio, f"studio-faq-{language}")

    studio.page.click("#editor button.strong")
    expect(studio.at("#dialog")).to_be_visible()
    assert look(studio) == []
    studio.page.click("#dialog button.strong")
    expect(studio.at("#draft a")).to_be_visible()
    (one,) = operations(ward)
    assert (one.path, one.after) == (("entries", "payment", "answers", "en"), "Pay by phone or at the desk.")


def test_a_red_flag_that_goes_names_the_emergencies_that_would_be_lost(ward, studio_of, picture):
    ward.hire("noor", "nurse", studio="clinical")
    studio = studio_of("noor", f"/studio/clinical?table=red_flags&file={FLAGS}&entry=RF009")
    expect(studio.at("#entry")).to_be_visible()
    assert look(studio) == []
    studio.page.select_option("#fields select >> nth=0", "R")
    studio.page.click("#editor button.strong")
    # The sentences of the whole suite are read once: on a slow machine that takes a while.
    expect(studio.at("#dialog .effects [data-lost]").first).to_be_visible(timeout=120_000)
    expect(studio.at("#dialog .problem:not([hidden])")).to_be_visible()
    # What the rules say is shown first, and written anew once the model was asked as well.
    expect(studio.at('#dialog [data-by="both"]')).to_be_visible(timeout=60_000)
    expect(studio.at("#dialog .effects [data-lost]").first).to_be_visible()
    assert look(studio) == []
    picture(studio, "studio-clinical")
    studio.page.keyboard.press("Escape")
    expect(studio.at("#dialog")).to_be_hidden()
    assert operations(ward) == []


def test_tables_and_forms_can_be_used_on_a_phone(ward, studio_of, picture):
    ward.hire("noor", "nurse", studio="clinical", language="ar")
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    studio = studio_of("noor", f"/studio/clinical?table=routes&file={ROUTES}&entry=fever", color_scheme="dark", **phone)
    expect(studio.at("#entry .pack-rows > div").first).to_be_visible()
    assert look(studio) == []
    picture(studio, "studio-clinical-phone")
    studio.page.evaluate("scrollTo(0, 0)")
    picture(studio, "studio-clinical-phone-top")
    studio.page.select_option("#table", "departments")
    expect(studio.at('#rows [data-id="ED"]')).to_be_visible()
    assert look(studio) == []


@pytest.mark.parametrize(
    ("language", "context"),
    [("en", {}), ("ar", {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"})],
)
def test_the_hospital_and_its_numbers_are_forms_that_say_what_is_wrong(ward, studio_of, picture, language, context):
    ward.hire("noor", "nurse", studio="clinical", language=language)
    studio = studio_of("noor", "/studio/clinical?table=hospital&file=content/hospital/hospital.yml&entry=hospital", **context)
    expect(studio.at("#fields select")).to_have_count(2)
    assert look(studio) == []
    picture(studio, f"studio-hospital-{language}")
    studio.open("/studio/clinical?table=hotlines&file=content/triage/hotlines.yml&entry=DE")
    studio.at("#fields > .field input").nth(1).fill("call us")
    studio.page.click("#editor button.strong")
    expect(studio.at("#fields [aria-invalid]")).to_be_focused()
    expect(studio.at("#dialog")).to_be_hidden()
    assert look(studio) == []
    picture(studio, f"studio-hotlines-{language}")
    assert operations(ward) == []
