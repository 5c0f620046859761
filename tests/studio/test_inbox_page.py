"""The inbox through the gateway: a sentence of a patient is labelled by one and approved by another, and nobody sees more than they may."""

from __future__ import annotations

import pytest

from bot.training import changes
from bot.utterances.gathering import Gathering
from tests.utterances.people_heard import assessed, chat, closed, not_answered, says


@pytest.fixture
def heard(services, clock):
    """Three sentences, of which one says who it was."""

    def happen(work):
        one = chat(work, clock())
        ranking = (("greet", 0.3), ("ask_help", 0.28))
        says(work, one, "howdy pardner, my name is Anna Berger", actions=("action_not_understood",), ranking=ranking)
        number = says(work, one, "may my little boy sleep in my room on the ward")
        not_answered(work, one, number, "may my little boy sleep in my room on the ward")
        other = chat(work, clock(), language="zh-Hans")
        assessed(work, other, says(work, other, "胸口火辣辣的，吃完饭更难受"))
        closed(work, other, department="CARD", right="GI")

    with services.database.write() as work:
        happen(work)
    Gathering(services.database, services.content).round(clock())


@pytest.fixture
def calls(browser, people, clock, signed_in):
    """Return a function that signs somebody in and gives a function that calls the studio as them."""

    def as_somebody(handle):
        browser.cookies.clear()
        clock.passes(minutes=1)  # a code is taken once
        csrf = signed_in(handle)

        def call(path, body=None):
            headers = {"x-daozhen-csrf": csrf}
            answer = (
                browser.get(f"/studio/api/{path}")
                if body is None
                else browser.post(f"/studio/api/{path}", json=body, headers=headers)
            )
            return answer

        return call

    return as_somebody


def by_text(call, view="new"):
    return {group["text"]: group for group in call(f"inbox/list?view={view}").json()["groups"]}


def test_what_matters_most_is_first_and_nobody_is_named(calls, heard):
    found = calls("omar")("inbox/list").json()
    assert found["total"] == 3
    first, second, third = found["groups"]
    assert (first["source"], first["said"], first["right"]) == ("corrected", "Cardiology", "Gastroenterology")
    assert (second["source"], third["source"]) == ("unanswered", "fallback")
    assert "Anna" not in third["text"] and third["guesses"][0]["name"] == "Says hello"


def test_a_language_or_a_source_alone_is_shown_when_asked_for(calls, heard):
    call = calls("omar")
    assert [one["language"] for one in call("inbox/list?language=zh-Hans").json()["groups"]] == ["zh-Hans"]
    assert [one["source"] for one in call("inbox/list?source=fallback").json()["groups"]] == ["fallback"]


def test_one_labels_another_approves_and_the_change_waits_for_a_release(calls, heard, services):
    call = calls("mei")
    group = next(one for text, one in by_text(call).items() if text.startswith("howdy"))
    assert call("inbox/label", {"numbers": group["numbers"], "label": "greet"}).status_code == 200
    own = call("inbox/approve", {"numbers": group["numbers"]})
    assert (own.status_code, own.json()["error"]) == (409, "utterance_own")
    assert by_text(call, "check") == {}
    call = calls("omar")
    (waiting,) = by_text(call, "check").values()
    assert (waiting["labelled_by"], waiting["label_name"]) == ("mei", "Says hello")
    (change,) = call("inbox/approve", {"numbers": waiting["numbers"]}).json()["changes"]
    assert (change["kind"], change["state"]) == ("training", "approved")
    with services.database.read() as work:
        (operation,) = changes.need(work, change["id"]).operations
    assert (operation.intent, operation.text) == ("greet", "howdy pardner, my name is")


def test_an_unanswered_question_becomes_a_wording_of_an_entry(calls, heard, services):
    call = calls("mei")
    group = next(one for one in by_text(call).values() if one["source"] == "unanswered")
    label = next(one["value"] for one in call("inbox/labels").json()["labels"] if one["value"].startswith("faq:"))
    call("inbox/label", {"numbers": group["numbers"], "label": label})
    (change,) = calls("omar")("inbox/approve", {"numbers": group["numbers"]}).json()["changes"]
    assert (change["kind"], change["state"]) == ("faq", "approved")
    with services.database.read() as work:
        found = changes.need(work, change["id"])
    assert found.operations[0].after == group["text"] and found.files[0].startswith("content/knowledge/")


def test_where_who_agrees_may_not_review_it_is_said_who_can_and_they_find_it(calls, browser, heard):
    call = calls("mei")
    group = next(one for one in by_text(call).values() if one["source"] == "unanswered")
    label = next(one["value"] for one in call("inbox/labels").json()["labels"] if one["value"].startswith("faq:"))
    call("inbox/label", {"numbers": group["numbers"], "label": label})
    (change,) = calls("labeller")("inbox/approve", {"numbers": group["numbers"]}).json()["changes"]
    assert (change["state"], change["deciders"]) == ("review", ["clinical", "omar"])
    call = calls("omar")
    assert [one["id"] for one in call("changes?state=yours").json()["changes"]] == [change["id"]]
    assert "/studio/changes?state=yours" in browser.get("/studio").text
    assert call(f"changes/{change['id']}/approve", {"edition": 1}).json()["state"] == "approved"


def test_what_one_did_is_taken_back_and_what_another_did_is_not(calls, heard):
    call = calls("mei")
    group = next(iter(by_text(call).values()))
    call("inbox/aside", {"numbers": group["numbers"], "state": "skipped"})
    assert len(by_text(call)) == 2
    assert calls("omar")("inbox/back", {"numbers": group["numbers"]}).status_code == 409
    assert calls("mei")("inbox/back", {"numbers": group["numbers"]}).status_code == 200
    assert len(by_text(calls("mei"))) == 3


def test_a_sentence_is_given_only_to_who_may_label(calls, heard):
    call = calls("mei")
    numbers = next(iter(by_text(call).values()))["numbers"]
    assert call("inbox/assign", {"numbers": numbers, "to": "ana"}).status_code == 400
    assert call("inbox/assign", {"numbers": numbers, "to": "labeller"}).status_code == 200
    assert len(by_text(calls("labeller"), "mine")) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"numbers": []},
        {"numbers": ["1"]},
        {"numbers": [1] * 51},
        {"numbers": [1], "label": "faq:nothing"},
        {"numbers": [1], "label": "x"},
    ],
)
def test_a_label_of_the_wrong_shape_is_refused(calls, heard, body):
    assert calls("mei")("inbox/label", body).status_code == 400


@pytest.mark.parametrize("handle", ["translator", "clinical", "publisher", "eva"])
def test_who_may_not_label_sees_no_sentence(browser, people, signed_in, heard, handle):
    signed_in(handle)
    assert browser.get("/studio/inbox").status_code == 403
    assert browser.get("/studio/api/inbox/list").status_code == 403


def test_the_page_is_there_for_who_labels(browser, people, signed_in):
    signed_in("labeller")
    assert 'id="sentences"' in browser.get("/studio/inbox").text
