"""Training data, texts and changes in a browser: written by one person, approved by another, for everybody to use."""

from __future__ import annotations

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.training import changes, rows
from bot.training.operations import AddExample, SetText
from tests.training.test_changes import NOW

pytestmark = pytest.mark.slow
SENTENCE = AddExample("greet", "en", "howdy partner", "data/nlu/en/small_talk.yml")
HOTLINE = SetText(
    "content/hospital/departments.yml", ("entries", "ED", "hours", "en"), "open at noon", "open day and night, all year"
)


def written(ward, *operations, title="Say hello", submit=True):
    def write(work):
        one = changes.create(
            work, kind="training", title=title, author="mei", now=NOW, operations=operations, about="Heard on the ward."
        )
        return changes.submit(work, one.id, by="mei", now=NOW) if submit else one

    return ward.write(write).id


def test_a_sentence_is_checked_while_typed_kept_handed_over_and_approved_by_somebody_else(ward, studio_of, picture):
    ward.hire("mei", "editor")
    studio = studio_of("mei", "/studio/training?intent=greet&language=en")
    expect(studio.at("#intent-title")).to_have_text("Says hello")
    expect(studio.at("#best")).to_contain_text("hello")
    studio.page.fill("#new-text", "who can read what I write?")
    expect(studio.at("#new-field .finding")).to_contain_text("Asks about privacy")
    studio.press("Enter")
    expect(studio.at("#draft")).to_be_hidden()
    studio.page.fill("#new-text", "howdy partner")
    expect(studio.at("#new-field .finding")).to_be_empty()
    studio.press("Enter")
    expect(studio.at("#draft")).to_contain_text("edits: 1")
    expect(studio.at('#examples [data-draft="added"]')).to_contain_text("howdy partner")
    picture(studio, "studio-training")
    studio.page.click("#draft a")
    studio.wait_ready()
    expect(studio.at("#diffs")).to_contain_text("howdy partner")
    studio.page.click('[data-act="submit"]')
    studio.page.click("#dialog .strong")
    expect(studio.at("#waits")).to_contain_text("somebody else")
    assert studio.at('[data-act="approve"]').count() == 0
    other = studio_of("omar", studio.page.url.removeprefix(ward.url))
    other.press("a")
    other.page.fill("#dialog textarea", "heard often")
    picture(other, "studio-approving")
    other.page.click("#dialog .strong")
    expect(other.at("#badges")).to_contain_text("approved")
    expect(other.at("#events")).to_contain_text("heard often")
    (change,) = ward.read(rows.approved)
    assert (change.author, change.approved_by, change.operations) == ("mei", "omar", (SENTENCE,))


def test_a_sentence_is_taken_out_moved_and_put_back(ward, studio_of):
    studio = studio_of(path="/studio/training?intent=greet&language=en")
    studio.page.get_by_role("button", name="Take out: hey", exact=True).click()
    expect(studio.at('#examples [data-draft="removed"]')).to_contain_text("hey")
    studio.page.get_by_role("button", name="Keep it after all").click()
    expect(studio.at("#examples [data-draft]")).to_have_count(0)
    expect(studio.at("#draft")).to_be_hidden()
    studio.page.get_by_role("button", name="Move: hi", exact=True).click()
    studio.page.fill("#dialog input", "Thanks")
    studio.page.click("#dialog .strong")
    expect(studio.at('#examples [data-draft="removed"]')).to_contain_text("hi")
    studio.page.fill("#q", "thank")
    expect(studio.at('#intents [data-intent="thank"]')).to_be_visible()
    expect(studio.at("#found-list li").first).to_contain_text("thank")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("de", "dark"), ("ar", "light"), ("zh-Hant", "light")])
def test_training_data_texts_and_changes_are_for_everybody(ward, studio_of, picture, language, scheme):
    ward.hire("omar", "admin", language=language)
    number = written(ward, SENTENCE, HOTLINE)
    studio = studio_of(path=f"/studio/training?intent=ask_faq&language={language}", color_scheme=scheme)
    expect(studio.at("#examples li").first).to_be_visible()
    assert look(studio) == []
    picture(studio, f"studio-training-{language}")
    studio.open("/studio/texts?id=domain/responses/privacy.yml:utter_privacy")
    expect(studio.at(".preview")).to_have_count(3)
    assert look(studio) == []
    picture(studio, f"studio-texts-{language}")
    studio.open("/studio/changes")
    expect(studio.at("#list tbody tr")).to_have_count(1)
    assert look(studio) == []
    picture(studio, f"studio-changes-{language}")
    studio.open(f"/studio/changes/{number}")
    expect(studio.at(".conflict")).to_contain_text("open at noon")
    expect(studio.at("#about")).to_have_text("Heard on the ward.")
    assert look(studio) == []
    picture(studio, f"studio-change-{language}")


@pytest.mark.parametrize(("language", "path"), [("en", ""), ("ar", "?intent=greet")])
def test_the_form_of_an_intent_is_for_everybody(ward, studio_of, picture, language, path):
    ward.hire("omar", "admin", language=language)
    studio = studio_of(path=f"/studio/training/intent{path}")
    expect(studio.at("#describing fieldset")).to_have_count(5)
    assert look(studio) == []
    picture(studio, f"studio-intent-{language}")
    studio.page.fill("#name-de", "")
    studio.page.click("#describing .strong")
    expect(studio.at("#name-de")).to_have_attribute("aria-invalid", "true")
    expect(studio.at("#name-de-problem")).not_to_be_empty()
    assert look(studio) == []


@pytest.mark.parametrize(
    "path",
    [
        "training/intent",
        "training?intent=greet&language=zh-Hans",
        "texts?id=domain/responses/privacy.yml:utter_privacy",
        "changes",
    ],
)
def test_on_a_phone_nothing_is_too_wide_or_too_small(ward, studio_of, picture, path):
    written(ward, SENTENCE)
    studio = studio_of(path=f"/studio/{path}", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(studio.at("#examples li, .preview, #list tr, fieldset").first).to_be_visible()
    assert look(studio) == []
    assert studio.value("() => document.documentElement.scrollWidth") == PHONE["width"]
    picture(studio, f"studio-{path.partition('?')[0].replace('/', '-')}-phone")


def test_a_text_is_checked_in_each_language_and_shown_as_it_will_look(ward, studio_of):
    ward.hire("tina", studio="translator")
    studio = studio_of("tina", "/studio/texts?id=domain/responses/privacy.yml:utter_privacy")
    studio.page.fill("#text-de", "Nehmen Sie Ibuprofen.")
    expect(studio.at("#text-de-problem")).to_contain_text("Ibuprofen")
    studio.page.get_by_role("button", name="Put into my draft").click()
    expect(studio.at("#text-de")).to_be_focused()
    studio.page.fill("#text-de", "Alles bleibt geheim.")
    studio.page.select_option("#tongue", "de")
    expect(studio.at(".preview.wechat")).to_contain_text("Alles bleibt geheim.")
    expect(studio.at("#text-de-problem")).to_be_empty()
    assert studio.at(".preview.webchat > *").evaluate_all("all => all.map((one) => one.tagName)") == ["FIGCAPTION", "P", "SMALL"]
    assert studio.value(
        "() => [...document.querySelectorAll('.preview')].every((one) => [...one.childNodes].every((node) => node.nodeType === 1))"
    )
    studio.page.get_by_role("button", name="Put into my draft").click()
    expect(studio.at("#draft")).to_contain_text("edits: 1")
    expect(studio.at("#list .badge").first).to_be_visible()
