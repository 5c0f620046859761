"""Import, export and bulk edits over the pages: what leaves, what comes back, who may, and what stays untouched until review."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import staff
from bot.exchange import xliff
from bot.exchange.incoming_examples import COLUMNS
from bot.exchange.incoming_texts import HEAD, rows_of
from bot.exchange.reading import read_units
from bot.exchange.sheets import read_sheet, write_csv, write_xlsx
from bot.training import changes, drafting, rows
from bot.training.operations import AddExample
from tests.exchange.samples import sample_folder
from tests.staff.people_kit import NOW, lines

FAQ = "data/nlu/en/faq.yml"


@pytest.fixture
def folder(tmp_path):
    return sample_folder(tmp_path / "files")


@pytest.fixture
def services(make_services, folder):
    return make_services(files_dir=folder.files, content_dir=folder.content)


@pytest.fixture
def send(browser, people, signed_in):
    """Return a function that sends a file, or a bulk edit, as somebody."""

    known: dict[str, tuple[dict[str, str], str]] = {}

    def post(handle: str, path: str, body: bytes | dict):
        browser.cookies.clear()
        if handle not in known:
            csrf = signed_in(handle)
            known[handle] = dict(browser.cookies), csrf
        cookies, csrf = known[handle]
        browser.cookies.update(cookies)
        how = {"json": body} if isinstance(body, dict) else {"content": body}
        return browser.post(f"/studio/api/exchange/{path}", headers={"x-daozhen-csrf": csrf}, **how)

    return post


def examples_file(*rows: tuple[str, str, str]) -> bytes:
    return write_csv(COLUMNS, rows)


NEW = examples_file(("ask_faq", "en", "is there parking"), ("nobody", "en", "hello you"))


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_examples_leave_as_a_table_and_that_stands_in_the_audit(browser, people, services, signed_in, form):
    signed_in("mei")
    answer = browser.get(f"/studio/api/exchange/examples?format={form}")
    assert answer.headers["content-disposition"] == f'attachment; filename="examples.{form}"'
    assert ["ask_faq", "zh-Hans", "在哪里停车"] in read_sheet(answer.content).columns(COLUMNS)
    assert ("mei", "exported examples", "studio") in lines(services.database)


def test_examples_leave_as_rasa_reads_them_one_language_at_a_time(browser, people, signed_in):
    signed_in("mei")
    answer = browser.get("/studio/api/exchange/examples?format=yaml&language=en")
    assert "      - where can i park\n" in answer.text and "停车" not in answer.text
    assert browser.get("/studio/api/exchange/examples?format=yaml").status_code == 400


def test_what_is_edited_by_hand_later_is_not_taken_back_with_a_file(people, services, send):
    (came,) = send("mei", "keep", NEW).json()["changes"]
    with services.database.write() as work:
        by_hand = AddExample("thank", "en", "cheers mate", FAQ)
        drafting.add_to_draft(work, author="mei", kind="training", operations=[by_hand], title="Mine", now=NOW)
    assert send("mei", "undo", {"changes": [came["id"]]}).status_code == 200
    with services.database.read() as work:
        assert [(one.title, one.state) for one in rows.listed(work)] == [("Mine", "draft"), ("Import (csv)", "withdrawn")]


def test_what_was_brought_is_called_in_the_language_of_who_brought_it(people, services, send):
    with services.database.write() as work:
        work.execute(sa.update(staff).where(staff.c.handle == "mei").values(language="de"))
    send("mei", "keep", NEW)
    send("mei", "bulk/keep", {"scope": "examples", "find": "park", "put": "leave my car", "language": ""})
    with services.database.read() as work:
        assert [one.title for one in rows.listed(work)] == ["Massenänderung", "Import (csv)"]


def test_texts_leave_for_translators_and_in_all_languages_for_everybody(browser, people, signed_in):
    signed_in("translator")
    answer = browser.get("/studio/api/exchange/texts?format=xliff&scope=replies&source=en&target=ar")
    assert answer.headers["content-disposition"] == 'attachment; filename="replies-en-ar.xlf"'
    assert {one.source: one.text for one in xliff.read(answer.content)}["Hello, this is {hospital}."] == "مرحبًا، هنا {hospital}."
    table = read_sheet(browser.get("/studio/api/exchange/texts?format=xlsx&scope=clinical").content)
    assert table.head == tuple(name.lower() for name in HEAD) and len(table.rows) == 1


@pytest.mark.parametrize("query", ["", "format=doc&scope=replies", "format=csv&scope=all", "format=po&scope=replies&source=en&target=en", "format=po&scope=replies&source=en&target=fr"])  # fmt: skip
def test_what_is_not_offered_does_not_leave(browser, people, signed_in, query):
    signed_in("mei")
    assert browser.get(f"/studio/api/exchange/texts?{query}").status_code == 400


@pytest.mark.parametrize("file", [NEW, write_xlsx(COLUMNS, [("ask_faq", "en", "is there parking"), ("nobody", "en", "hello you")], title="x")], ids=["csv", "xlsx"])  # fmt: skip
def test_a_file_is_shown_before_anything_is_kept(send, folder, file):
    before = folder.hashes()
    told = send("mei", "preview", file).json()
    assert told["counts"] == {"added": 1, "changed": 0, "removed": 0, "problem": 1, "same": 0}
    assert [(line["kind"], line["why"]) for line in told["lines"]] == [("problem", "intent"), ("added", "")]
    assert told["possible"] is True and folder.hashes() == before


def test_a_file_that_cannot_be_read_says_so_in_a_sentence(send):
    answer = send("mei", "preview", b"<xliff")
    assert (answer.status_code, answer.json()["error"]) == (409, "exchange_unreadable")
    assert answer.json()["sentence"].startswith("This file cannot be read")


def test_a_file_larger_than_a_message_comes_through(send):
    rows = [("ask_faq", "en", f"where is house {number} of yours please") for number in range(3000)]
    assert send("mei", "preview", examples_file(*rows)).json()["counts"]["added"] == 3000


def test_only_the_first_lines_are_shown_and_how_many_more_there_are(send):
    rows = [("ask_faq", "en", f"where is house {number}") for number in range(250)]
    told = send("mei", "preview", examples_file(*rows)).json()
    assert (len(told["lines"]), told["more"]) == (200, 50)


def test_a_bulk_edit_is_shown_first_too(send, folder):
    before = folder.hashes()
    told = send("mei", "bulk", {"scope": "examples", "find": "park", "put": "leave my car", "language": "en"}).json()
    assert [(line["kind"], line["before"] or line["after"]) for line in told["lines"]] == [
        ("added", "where can i leave my car"),
        ("removed", "where can i park"),
    ]
    assert folder.hashes() == before


@pytest.mark.parametrize("asked", [{"scope": "examples", "find": ""}, {"scope": "all", "find": "x"}, {"find": "x"}])
def test_a_bulk_edit_of_nothing_is_refused(send, asked):
    assert send("mei", "bulk", asked).status_code == 400


def test_a_translator_brings_texts_and_no_examples(send):
    assert send("translator", "bulk", {"scope": "replies", "find": "Hello", "put": "Hi"}).status_code == 200
    assert send("translator", "bulk", {"scope": "examples", "find": "park", "put": "x"}).status_code == 403
    assert send("translator", "bulk", {"scope": "clinical", "find": "Yes", "put": "Yeah"}).status_code == 403
    assert send("translator", "keep", NEW).status_code == 400  # nothing of it is possible for them


def test_the_page_offers_only_what_one_may_change(browser, people, signed_in):
    signed_in("translator")
    page = browser.get("/studio/exchange").text
    scopes = page.split('id="scope"')[1].split("</select>")[0]
    assert 'value="replies"' in scopes and 'value="answers"' in scopes and "examples" not in scopes and "clinical" not in scopes


def test_what_is_kept_is_a_draft_of_who_brought_it_and_the_files_wait(send, services, folder):
    before = folder.hashes()
    made = send("mei", "keep", NEW).json()["changes"]
    with services.database.read() as work:
        change = changes.need(work, made[0]["id"])
    assert (change.kind, change.state, change.author) == ("training", "draft", "mei")
    assert change.operations == (AddExample("ask_faq", "en", "is there parking", FAQ),)
    assert folder.hashes() == before


def test_texts_of_several_kinds_become_several_drafts(send, services):
    made = send("mei", "bulk/keep", {"scope": "clinical", "find": "Yes", "put": "Yes, it is"}).json()["changes"]
    made += send("mei", "bulk/keep", {"scope": "replies", "find": "Hello", "put": "Good day", "language": "en"}).json()["changes"]
    with services.database.read() as work:
        found = [changes.need(work, one["id"]) for one in made]
    assert [(one.kind, one.is_clinical) for one in found] == [("clinical", True), ("texts", False)]


def test_a_translator_is_told_what_they_may_not_change_and_the_rest_is_kept(send, services, folder):
    table = read_sheet(write_csv(HEAD, list(rows_of(read_units(folder)))))
    rows = [[cell.replace("Guten Tag", "Hallo").replace("Ja", "Ja, gern") for cell in row] for row in table.rows]
    file = write_csv(HEAD, rows)
    told = send("translator", "preview", file).json()
    assert [(line["kind"], line["why"]) for line in told["lines"]] == [("problem", "right"), ("changed", "")]
    made = send("translator", "keep", file).json()["changes"]
    with services.database.read() as work:
        assert [changes.need(work, one["id"]).kind for one in made] == ["texts"]


def test_a_draft_that_was_just_made_can_be_taken_back_by_who_made_it_only(send, services):
    number = send("mei", "keep", NEW).json()["changes"][0]["id"]
    assert send("omar", "undo", {"changes": [number]}).status_code == 403
    assert send("mei", "undo", {"changes": [number]}).json() == {"withdrawn": [number]}
    assert send("mei", "undo", {"changes": [number]}).status_code == 409
    with services.database.read() as work:
        assert changes.need(work, number).state == "withdrawn"


@pytest.mark.parametrize("asked", [{}, {"changes": "1"}, {"changes": ["1"]}, {"changes": [True]}, {"changes": list(range(21))}])
def test_taking_back_nonsense_is_refused(send, asked):
    assert send("mei", "undo", asked).status_code == 400


def test_where_nothing_is_to_be_changed_no_draft_is_made(send):
    assert send("mei", "keep", examples_file(("ask_faq", "en", "how do i pay"))).status_code == 400
