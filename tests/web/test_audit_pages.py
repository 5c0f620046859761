"""The auditor searches and exports; everybody else does not; nobody reads words of patients there; reading is audited too."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot.database.tables import care_case, case_note
from bot.privacy import audit
from bot.staff import glass
from connectors.gateway import make_app
from tests.staff.people_kit import NOW, a_case, joined, lines
from tests.web.conftest import csrf_in, sign_in


@pytest.fixture
def written(services, people):
    with services.database.write() as work:
        for number in range(120):
            audit.record(
                work,
                who=("ana", "lin")[number % 2],
                what="read case",
                subject=str(number),
                now=NOW + number * timedelta(minutes=1),
            )
    return services


def test_the_auditor_searches_by_who_what_subject_and_time(browser, written, signed_in):
    signed_in("eva")
    page = browser.get("/staff/audit?who=lin&what=read&since=2026-03-02T09:10&until=2026-03-02T09:14").text
    assert [f"<code>{number}</code>" in page for number in (9, 10, 11, 12, 13, 14)] == [False, False, True, False, True, False]
    assert "<code>77</code>" in browser.get("/staff/audit?subject=77").text
    assert "There are no such lines" in browser.get("/staff/audit?who=nobody-there").text


def test_a_search_that_is_none_is_left_out(browser, written, signed_in):
    signed_in("eva")
    for query in ("since=yesterday", "until=2026-99-99", "before=x", "before=" + "9" * 30, "who=" + "x" * 500, "what=%25"):
        assert browser.get(f"/staff/audit?{query}").status_code == 200


def test_older_lines_are_one_click_away(browser, written, signed_in):
    import re

    signed_in("eva")
    page = browser.get("/staff/audit?what=read+case").text
    onward = re.search(r'href="(/staff/audit\?what=read\+case&amp;before=\d+)"', page).group(1).replace("&amp;", "&")
    assert "<code>69</code>" in browser.get(onward).text and "<code>119</code>" not in browser.get(onward).text


def test_the_auditor_exports_all_that_is_wanted_as_a_table(browser, written, signed_in):
    signed_in("eva")
    answer = browser.get("/staff/audit.csv?who=ana&what=read")
    assert answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == list(audit.CSV_HEAD) and len(rows) == 61
    assert {row[2] for row in rows[1:]} == {"ana"}


def test_an_export_of_many_lines_comes_in_chunks_and_ends(browser, written, signed_in, monkeypatch):
    monkeypatch.setattr(audit, "CHUNK", 7)
    signed_in("eva")
    rows = browser.get("/staff/audit.csv").text.splitlines()
    with written.database.read() as work:
        assert len(rows) - 1 == audit.last_number(work)


def test_reading_and_exporting_the_audit_is_audited(browser, written, signed_in):
    signed_in("eva")
    browser.get("/staff/audit")
    browser.get("/staff/audit.csv")
    browser.get("/staff/glass")
    assert [one[1] for one in lines(written.database) if one[0] == "eva"][-3:] == [
        "searched audit",
        "exported audit",
        "read broken glass",
    ]


@pytest.mark.parametrize("handle", ["ana", "lin", "omar"])
def test_nobody_else_reads_or_exports_the_audit(browser, written, signed_in, handle):
    signed_in(handle)
    for path in ("/staff/audit", "/staff/audit.csv"):
        assert browser.get(path).status_code == 403 and "<code>119</code>" not in browser.get(path).text


def test_the_auditor_and_the_lead_see_who_broke_the_glass_and_why_others_do_not(browser, services, people, clock, signed_in):
    with services.database.write() as work:
        glass.break_glass(work, people.omar, a_case(work, team="nurses"), "The ward called (212) 555-0147", now=clock())
        glass.break_glass(work, people.omar, a_case(work, team="mother_child", number=2), "Nobody else was there", now=clock())
    for handle, seen in (("eva", (True, True)), ("lin", (True, False))):
        browser.cookies.clear()
        signed_in(handle)
        page = browser.get("/staff/glass").text
        assert ("The ward called" in page, "Nobody else was there" in page) == seen
        assert "555-0147" not in page and "still open" in page
    for handle in ("ana", "omar"):
        browser.cookies.clear()
        clock.passes(minutes=2)
        signed_in(handle)
        assert browser.get("/staff/glass").status_code == 403


def test_the_auditor_reads_no_words_of_patients_on_any_page(browser, services, people, signed_in):
    with services.database.write() as work:
        number = a_case(work, team="nurses")
        sealed = work.cipher.seal({"text": "zebramarker", "findings": ["zebramarker"]})
        work.execute(care_case.update().where(care_case.c.id == number).values(sealed=sealed))
        work.execute(case_note.insert().values(case_id=number, who="ana", dedupe_key="n", at=NOW, sealed=sealed))
        audit.record(work, who="ana", what="read case", subject=str(number), now=NOW)
    csrf = signed_in("eva")
    pages = [browser.get(path) for path in ("/staff/audit", "/staff/audit.csv", "/staff/glass", "/staff/me", "/desk")]
    assert all("zebramarker" not in page.text for page in pages) and csrf
    assert pages[-1].status_code in (403, 404)


def test_search_and_export_work_on_both_databases(make_services, database_url, clock, hashed):
    services = make_services(database_url=database_url)
    with services.database.write() as work:
        joined(work, "eva", "auditor", hashed=hashed)
    with TestClient(make_app(services), base_url="http://desk") as browser:
        assert sign_in(browser, clock, "eva").status_code == 303
        assert "signed in" in browser.get("/staff/audit?who=eva&since=2026-03-02").text
        assert "accepted an invitation" in browser.get("/staff/audit.csv?who=eva").text
        assert browser.get("/staff/glass").status_code == 200
        assert csrf_in(browser.get("/staff/me").text)
