"""Import and bulk edits in a browser: seen first, kept as a draft, taken back with one press."""

from __future__ import annotations

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect
from ward import Ward

from bot.exchange.incoming_examples import COLUMNS
from bot.exchange.sheets import read_sheet, write_csv
from bot.training import changes
from tests.exchange.samples import sample_folder

pytestmark = pytest.mark.slow
ROWS = [
    ("ask_faq", "en", "is there parking"),
    ("ask_faq", "zh-Hans", "停车收费吗"),
    ("nobody", "en", "hello you"),
    ("thank", "en", "call +49 170 1234567"),
]


@pytest.fixture
def ward(tmp_path, content_source):
    """A gateway whose files are a small copy."""
    folder = sample_folder(tmp_path / "files")
    made = Ward(tmp_path, content=content_source, files_dir=folder.files, content_dir=folder.content)
    made.gateway.start()
    yield made
    made.gateway.stop()


def bring(studio, rows) -> None:
    file = {"name": "examples.csv", "mimeType": "text/csv", "buffer": write_csv(COLUMNS, rows)}
    studio.page.set_input_files("#file", file)
    studio.page.click("#import-form button")


def drafts(ward) -> list[tuple[str, str]]:
    def read(work):
        found = (changes.need(work, number) for number in (1,))
        return [(one.kind, one.state) for one in found]

    return ward.read(read)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-Hans", "dark"), ("ar", "light")])
def test_a_file_is_seen_kept_and_taken_back(ward, studio_of, picture, language, scheme):
    ward.hire("mei", "editor", language=language)
    studio = studio_of("mei", "/studio/exchange", color_scheme=scheme)
    assert look(studio) == []
    bring(studio, ROWS)
    expect(studio.at("#preview tbody tr")).to_have_count(4)
    assert "1234567" not in studio.at("#preview").inner_text()
    assert look(studio) == []
    picture(studio, f"studio-exchange-{language}")

    studio.page.click("#keep")
    expect(studio.at("#kept a")).to_have_attribute("href", "/studio/changes/1")
    assert drafts(ward) == [("training", "draft")]
    studio.at(".toast button").first.click()
    expect(studio.at("#kept")).to_be_hidden()
    assert drafts(ward) == [("training", "withdrawn")]


def test_another_file_is_not_kept_unseen(ward, studio_of):
    studio = studio_of(path="/studio/exchange")
    bring(studio, ROWS)
    expect(studio.at("#keep")).to_be_visible()
    studio.page.set_input_files("#file", {"name": "b.csv", "mimeType": "text/csv", "buffer": b"intent,language,text\n"})
    expect(studio.at("#keep")).to_be_hidden()


def test_what_cannot_be_read_is_said_in_a_sentence(ward, studio_of):
    studio = studio_of(path="/studio/exchange")
    studio.page.set_input_files("#file", {"name": "x.xlf", "mimeType": "application/xml", "buffer": b"<xliff"})
    studio.page.click("#import-form button")
    expect(studio.at(".toast")).to_contain_text("This file cannot be read")
    expect(studio.at("#preview")).to_be_hidden()


def test_a_bulk_edit_on_a_phone_is_seen_first(ward, studio_of, picture):
    studio = studio_of(path="/studio/exchange", viewport=PHONE, has_touch=True, is_mobile=True)
    studio.page.fill("#find", "park")
    studio.page.fill("#put", "leave my car")
    studio.page.click("#bulk-form button")
    expect(studio.at("#preview tbody tr")).to_have_count(2)
    assert look(studio) == []
    picture(studio, "studio-exchange-phone")


def test_an_export_is_a_file(ward, studio_of):
    studio = studio_of(path="/studio/exchange")
    with studio.page.expect_download() as download:
        studio.page.click('form[action$="exchange/examples"] button')
    assert download.value.suggested_filename == "examples.xlsx"
    assert read_sheet(download.value.path().read_bytes()).head == COLUMNS
