"""The calls of the changes' pages: what is shown to whom, and that each decision is made by who may."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone

import pytest
import yaml

from bot.settings import ROOT
from bot.training import changes
from bot.training.operations import AddExample, RemoveExample, SetEntry, SetText

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
SENTENCE = AddExample("greet", "en", "hiya there", "data/nlu/en/small_talk.yml")
HOSPITAL = SetText("content/hospital/hospital.yml", ("version",), "1", "2")
PLANS = "content/followup/plans.yml"
APART = SetText("content/hospital/hospital.yml", ("version",), "no such", "2")


@pytest.fixture
def change(services):
    """Return a function that stores a change of mei's, handed over."""

    def make(*operations, author="mei", state="review"):
        with services.database.write() as work:
            made = changes.create(
                work, kind="training", title="Say hello", author=author, now=NOW, operations=operations or (SENTENCE,)
            )
            if state == "review":
                changes.submit(work, made.id, by=author, now=NOW)
        return made.id

    return make


def test_a_change_is_shown_in_words_with_its_difference(call, change):
    shown = call("omar", f"changes/{change()}").json()
    assert shown["lines"] == [{"place": 0, "kind": "add_example", "intent": "Says hello", "language": "en", "text": "hiya there"}]
    assert "+      - hiya there" in shown["diffs"][0]["unified"]
    assert shown["can"] == ["approve", "refuse", "withdraw"] and shown["waits_for"] == ""


def test_one_who_only_looks_after_decisions_sees_no_sentence(call, change):
    shown = call("eva", f"changes/{change()}").json()
    assert "hiya" not in str(shown) and shown["lines"][0]["text"] == "…" and shown["can"] == []


def test_somebody_else_approves_and_the_author_does_not(call, change, services):
    number = change()
    refused = call("mei", f"changes/{number}/approve", edition=1)
    assert (refused.status_code, refused.json()["error"]) == (409, "change_own") and "somebody else" in refused.json()["sentence"]
    done = call("omar", f"changes/{number}/approve", edition=1, reason="heard often").json()
    assert (done["state"], done["approved_by"], done["events"][-1]["reason"]) == ("approved", "omar", "heard often")
    again = call("omar", f"changes/{number}/approve", edition=1)
    assert (again.status_code, again.json()["error"]) == (409, "change_state")


def test_clinical_content_waits_for_somebody_clinical(call, change):
    number = change(HOSPITAL)
    assert call("omar", f"changes/{number}").json()["waits_for"] == "clinical"
    assert call("omar", f"changes/{number}/approve", edition=1).json()["error"] == "change_clinical"
    assert call("clinical", f"changes/{number}/approve", edition=1).json()["state"] == "approved"


def test_who_may_not_review_is_refused_at_the_door(call, change):
    number = change()
    for handle in ("labeller", "translator", "publisher", "eva"):
        assert call(handle, f"changes/{number}/approve", edition=1).status_code == 403, handle


def test_a_refusal_needs_words(call, change):
    number = change()
    assert call("omar", f"changes/{number}/refuse", edition=1, reason=" ").status_code == 400
    assert call("omar", f"changes/{number}/refuse", edition=1, reason="spelling").json()["state"] == "refused"


def test_an_author_takes_an_edit_out_and_hands_over_what_they_see(call, change):
    number = change(SENTENCE, AddExample("thank", "en", "cheers mate", "data/nlu/en/small_talk.yml"), state="draft")
    left = call("mei", f"changes/{number}/drop", place=0, edition=1).json()
    assert [line["text"] for line in left["lines"]] == ["cheers mate"] and left["edition"] == 2
    assert call("mei", f"changes/{number}/submit", edition=1).json()["error"] == "change_edited"
    assert call("mei", f"changes/{number}/rename", title="Thanks", edition=2).json()["title"] == "Thanks"
    assert call("mei", f"changes/{number}/submit", edition=3).json()["state"] == "review"
    assert call("omar", f"changes/{number}/rename", title="Mine", edition=3).json()["error"] == "change_not_own"


def test_the_best_sentence_of_an_intent_stays_however_the_edit_came_in(call, change):
    number = change(RemoveExample("greet", "en", "hello", "data/nlu/en/small_talk.yml"), state="draft")
    assert call("mei", f"changes/{number}/submit", edition=1).json()["error"] == "change_protected"
    other = change(RemoveExample("greet", "en", "hey", "data/nlu/en/small_talk.yml"), state="draft")
    assert call("mei", f"changes/{other}/submit", edition=1).json()["state"] == "review"


def test_a_conflict_is_shown_with_both_sides(call, change):
    shown = call("omar", f"changes/{change(APART)}").json()
    assert shown["diffs"][0]["conflict"]["expected"] == "no such"
    assert shown["diffs"][0]["conflict"]["found"] in (ROOT / "content/hospital/hospital.yml").read_text()


def test_what_does_not_fit_is_given_back_and_not_approved(call, change):
    number = change(APART)
    assert call("clinical", f"changes/{number}").json()["can"] == ["refuse", "withdraw"]
    assert call("clinical", f"changes/{number}/approve", edition=1).json()["error"] == "change_apart"
    assert call("clinical", f"changes/{number}/refuse", edition=1, reason="look again").json()["state"] == "refused"


def repeated_step(language="en"):
    plans = yaml.safe_load((ROOT / PLANS).read_text(encoding="utf-8"))["entries"]["after_operation"]["steps"]
    return SetText(
        PLANS, ("entries", "after_operation", "steps", 1, "text", language), plans[1]["text"][language], "Hello again."
    )


def test_a_change_of_a_file_that_cannot_be_edited_is_shown_given_back_or_given_up(call, change):
    number = change(repeated_step())
    shown = call("clinical", f"changes/{number}").json()
    assert "repeated" in shown["diffs"][0]["problem"] and shown["lines"][0]["after"] == "Hello again."
    assert shown["can"] == ["refuse", "withdraw"] and shown["places"] == []
    assert call("clinical", f"changes/{number}/approve", edition=1).json()["error"] == "change_odd"
    draft = change(repeated_step("de"), state="draft")
    assert "submit" not in call("mei", f"changes/{draft}").json()["can"]
    assert call("mei", f"changes/{draft}/withdraw", edition=1).json()["state"] == "withdrawn"


def test_a_file_that_is_no_yaml_any_more_hides_no_change_of_it(call, change, services, tmp_path, monkeypatch):
    broken = tmp_path / "content"
    shutil.copytree(ROOT / "content", broken)
    (broken / "hospital" / "hospital.yml").write_text("entries: [", encoding="utf-8")
    monkeypatch.setitem(services.settings.__dict__, "content_dir", broken)
    shown = call("omar", f"changes/{change(HOSPITAL)}").json()
    assert "hospital.yml" in shown["diffs"][0]["problem"] and "withdraw" in shown["can"]


def test_who_gives_up_what_somebody_else_wrote_says_why_and_its_author_may_take_it_up_again(call, change):
    number = change()
    assert call("omar", f"changes/{number}/withdraw", edition=1).json()["error"] == "change_reason"
    assert call("omar", f"changes/{number}/withdraw", edition=1, reason="said elsewhere").json()["state"] == "withdrawn"
    assert "reopen" not in call("omar", f"changes/{number}").json()["can"]
    shown = call("mei", f"changes/{number}").json()
    assert shown["can"] == ["reopen"] and shown["events"][-1]["reason"] == "said elsewhere"
    assert call("mei", f"changes/{number}/reopen", edition=1).json()["state"] == "draft"


def test_what_fits_and_waits_is_not_opened_again(call, change):
    assert call("mei", f"changes/{change()}/reopen", edition=1).json()["error"] == "change_fits"


MONEY = "content/knowledge/logistics/money.yml"
QUESTIONS = "content/followup/questions.yml"


def german_answer(after):
    said = yaml.safe_load((ROOT / MONEY).read_text(encoding="utf-8"))["entries"]["payment"]["answers"]["de"]
    return SetText(MONEY, ("entries", "payment", "answers", "de"), said, after)


def test_what_could_not_go_live_is_said_to_its_author_and_stops_nobody_elses_release(call, change):
    number = change(german_answer(""), state="draft")
    answer = call("mei", f"changes/{number}/submit", edition=1)
    assert (answer.status_code, answer.json()["error"]) == (409, "change_broken") and "de" in answer.json()["sentence"]
    assert call("mei", f"changes/{number}").json()["state"] == "draft"
    whole = change(german_answer("Am Schalter."), state="draft")
    assert call("mei", f"changes/{whole}/submit", edition=1).json()["state"] == "review"


def test_what_builds_upon_an_approved_change_is_handed_over(call, change):
    texts = dict.fromkeys(("zh-Hans", "zh-Hant", "en", "de", "ar"), "x")
    asks = SetText(PLANS, ("entries", "after_operation", "steps", 0, "questions", 0), "pain", "sleep_well")
    number = change(asks, state="draft")
    assert call("mei", f"changes/{number}/submit", edition=1).json()["error"] == "change_broken"
    first = change(SetEntry(QUESTIONS, ("entries", "sleep_well"), None, {"answers": "yes_no", "text": texts}))
    assert call("clinical", f"changes/{first}/approve", edition=1).json()["state"] == "approved"
    assert call("mei", f"changes/{number}/submit", edition=1).json()["state"] == "review"


def test_the_list_shows_what_is_not_finished_and_mine(call, change):
    first, second = change(), change(author="omar", state="draft")
    found = call("mei", "changes").json()
    assert [(one["id"], one["review"]) for one in found["changes"]] == [(second, False), (first, False)]
    assert [one["id"] for one in call("omar", "changes?state=review").json()["changes"] if one["review"]] == [first]
    assert [one["id"] for one in call("mei", "changes?mine=yes").json()["changes"]] == [first]
    assert call("mei", f"changes?before={first}").json()["changes"] == []
    assert call("mei", "changes?state=nonsense&before=x").status_code == 200


def test_what_is_not_there_is_said(browser, people, signed_in, call):
    assert call("omar", "changes/999").json()["error"] == "change_unknown"
    assert browser.get("/studio/changes/999").status_code == 404
