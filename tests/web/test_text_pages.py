"""Texts to insert are kept, changed and removed on a page: one's own by everybody of the desk, a team's by its lead."""

from __future__ import annotations

import pytest

from bot.briefing import snippets
from bot.staff import people as staff_people

TEXT = "Please bring your letters. The number is {emergency}."


def texts_of(services, handle):
    content = services.content.current()
    with services.database.read() as work:
        found = snippets.for_staff(work, content, staff_people.of_handle(work, handle))
    return {one.shortcut: one for one in found if one.kind != "pack"}


def form(csrf, **more):
    return {"csrf": csrf, "shortcut": "letters", "whose": "mine", "text_en": TEXT, **more}


def test_a_text_of_ones_own_is_kept_changed_and_removed(browser, services, signed_in):
    csrf = signed_in()
    assert browser.post("/desk/texts", data=form(csrf)).status_code == 200
    kept = texts_of(services, "ana")["letters"]
    assert dict(kept.texts) == {"en": TEXT} and kept.own
    page = browser.get(f"/desk/texts?change={kept.id}").text
    assert 'value="letters"' in page and TEXT in page
    browser.post("/desk/texts", data=form(csrf, text_en="Bring them.", text_de="Bringen Sie sie mit."))
    changed = texts_of(services, "ana")["letters"]
    assert dict(changed.texts) == {"en": "Bring them.", "de": "Bringen Sie sie mit."}
    assert browser.post(f"/desk/texts/{changed.id}/remove", data={"csrf": csrf}).status_code == 200
    assert "letters" not in texts_of(services, "ana")
    # A second click on a page that was open elsewhere is no mistake of anybody.
    assert browser.post(f"/desk/texts/{changed.id}/remove", data={"csrf": csrf}).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"shortcut": "Two words"}, 400),
        ({"text_en": " ", "text_de": ""}, 400),
        ({"text_en": "Take 500 mg ibuprofen."}, 400),
        ({"text_en": "Hello {patient}"}, 400),
        ({"whose": "all"}, 403),
        ({"csrf": ""}, 403),
    ],
)
def test_what_would_not_do_is_refused_and_what_was_typed_stays(browser, services, signed_in, change, status):
    csrf = signed_in()
    answer = browser.post("/desk/texts", data=form(csrf, text_de="Bringen Sie sie mit.") | change)
    assert answer.status_code == status
    assert "letters" not in texts_of(services, "ana")
    if "csrf" not in change:
        assert 'role="alert"' in answer.text and ("Bringen Sie sie mit." in answer.text) is ("text_de" not in change)


def test_a_nurse_cannot_change_the_text_of_somebody_else(browser, services, signed_in):
    csrf = signed_in("lin")
    browser.post("/desk/texts", data=form(csrf))
    number = texts_of(services, "lin")["letters"].id
    browser.post("/staff/logout", data={"csrf": csrf})
    csrf = signed_in("ana")
    assert TEXT not in browser.get(f"/desk/texts?change={number}").text
    assert browser.post(f"/desk/texts/{number}/remove", data={"csrf": csrf}).status_code == 403
    assert "letters" in texts_of(services, "lin")


def test_a_lead_keeps_a_text_for_all_and_a_nurse_reads_it_and_cannot_change_it(browser, services, signed_in):
    csrf = signed_in("lin")
    assert 'value="all"' in browser.get("/desk/texts").text
    assert browser.post("/desk/texts", data=form(csrf, whose="all")).status_code == 200
    kept = texts_of(services, "ana")["letters"]
    assert (kept.team, kept.own, kept.approved_by) == ("", False, "lin")
    browser.post("/staff/logout", data={"csrf": csrf})
    csrf = signed_in("ana")
    page = browser.get("/desk/texts").text
    assert "/letters" in page and f"change={kept.id}" not in page and 'value="all"' not in page
    assert browser.post(f"/desk/texts/{kept.id}/remove", data={"csrf": csrf}).status_code == 403


def test_who_wants_only_e_mail_is_called_by_e_mail_and_a_page_says_when_nothing_can_call_them(browser, services, signed_in):
    csrf = signed_in()
    page = browser.get("/staff/me").text
    assert 'name="wake" value="telegram" checked' in page and 'name="wake" value="email" checked' in page
    page = browser.post("/staff/me/preferences", data={"csrf": csrf, "language": "en", "wake": "email"}).text
    assert 'value="email" checked' in page and 'value="telegram" checked' not in page
    with services.database.read() as work:
        assert staff_people.of_handle(work, "ana").preferences["pages"] == ["email"]
    page = browser.post("/staff/me/preferences", data={"csrf": csrf, "language": "en"}).text
    assert "nothing can call you outside the desk" in page
