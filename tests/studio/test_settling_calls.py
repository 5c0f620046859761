"""A change that does not fit any more, through the gateway: opened again by its author, decided place by place, reviewed with that in view."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.training import changes
from bot.training.operations import SetText

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
PLACE = ("entries", "ED", "hours", "en")
FILE = "content/hospital/departments.yml"
APART = SetText(FILE, PLACE, "open at noon", "always open")
FITS = SetText(FILE, ("entries", "ED", "hours", "de"), "Tag und Nacht geöffnet", "Immer geöffnet")
NOW_THERE = "open day and night"


@pytest.fixture
def change(services, people):
    """Return a function that stores a change of mei's, and approves it."""

    def make(*operations, approve=True):
        with services.database.write() as work:
            made = changes.create(work, kind="clinical", title="Hours", author="mei", now=NOW, operations=operations)
            changes.submit(work, made.id, by="mei", now=NOW)
            if approve:
                changes.approve(work, made.id, who=replace(people.clinical, studio=frozenset({"clinical"})), now=NOW)
        return made.id

    return make


@pytest.fixture
def reopened(call, change):
    """A change of mei's that does not fit, as a draft again: what she sees of it."""
    return call("mei", f"changes/{change(FITS, APART)}/reopen", edition=1).json()


def decide(call, shown, *decisions, handle="mei", seen=None):
    body = {"edition": shown["edition"], "seen": seen or shown["seen"], "decisions": list(decisions)}
    return call(handle, f"changes/{shown['id']}/settle", **body)


def test_who_wrote_it_may_open_it_again_and_others_read_who_can(call, change):
    number = change(FITS, APART)
    mine, others = call("mei", f"changes/{number}").json(), call("omar", f"changes/{number}").json()
    assert "reopen" in mine["can"] and mine["apart"] and mine["places"] == []
    assert "reopen" not in others["can"] and others["waits_for"] == "author"
    assert call("omar", f"changes/{number}/reopen", edition=1).json()["error"] == "change_not_own"
    done = call("mei", f"changes/{number}/reopen", edition=1).json()
    assert done["state"] == "draft" and {"settle", "submit"} <= set(done["can"]) and done["events"][-1]["what"] == "reopened"


def test_what_fits_is_not_opened_again(call, change):
    number = change(FITS)
    assert "reopen" not in call("mei", f"changes/{number}").json()["can"]
    assert call("mei", f"changes/{number}/reopen", edition=1).json()["error"] == "change_fits"


def test_each_place_is_shown_with_what_was_is_and_is_wanted(reopened):
    (place,) = reopened["places"]
    assert (place["file"], place["path"], place["language"]) == (FILE, "entries › ED › hours › en", "en")
    assert (place["base"], place["theirs"], place["mine"]) == ("open at noon", NOW_THERE, "always open")
    assert place["choices"] == ["mine", "theirs", "new"] and place["typed"] == "always open"


@pytest.mark.parametrize(
    ("decision", "after"),
    [
        ({"choice": "mine"}, "always open"),
        ({"choice": "new", "value": " day and night, always "}, "day and night, always"),
        ({"choice": "theirs"}, None),
    ],
)
def test_what_was_decided_is_in_the_draft_and_before_the_eyes_of_who_reviews(call, reopened, drafts, decision, after):
    done = decide(call, reopened, decision).json()
    assert (done["edition"], done["places"], done["apart"]) == (2, [], False)
    assert drafts() == [FITS, *([SetText(FILE, PLACE, NOW_THERE, after)] if after else [])]
    number = done["id"]
    assert call("mei", f"changes/{number}/submit", edition=2).json()["state"] == "review"
    seen = call("clinical", f"changes/{number}").json()
    (event,) = [one for one in seen["events"] if one["what"] == "settled"]
    (told,) = event["decided"]
    assert (told["choice"], told["theirs"], told["mine"]) == (decision["choice"], NOW_THERE, "always open")
    assert told["value"] == (after or NOW_THERE)
    assert call("clinical", f"changes/{number}/approve", edition=2).json()["state"] == "approved"
    assert call("eva", f"changes/{number}").json()["events"][3]["decided"] == []


def test_what_was_not_on_the_screen_is_not_decided_about(call, reopened, drafts):
    assert decide(call, reopened, {"choice": "mine"}, seen="0" * 16).status_code == 409
    assert decide(call, reopened, {"choice": "mine"}, handle="omar").json()["error"] == "change_not_own"
    assert decide(call, reopened).json()["error"] == "change_not_decided"
    assert decide(call, reopened, {"choice": "new", "value": " "}).json()["error"] == "change_not_decided"
    assert decide(call, reopened, {"choice": "nonsense"}).status_code == 400
    assert drafts() == [FITS, APART]


def test_what_does_not_fit_is_found_on_ones_first_page_once_a_release_has_met_it(call, browser, services, change):
    number = change(FITS, APART)
    call("mei", "changes")
    assert "state=approved" not in browser.get("/studio").text
    with services.database.write() as work:
        changes.conflicted(work, number, by="omar", release="r1", now=NOW)
    assert call("mei", "changes").json()["changes"][0]["apart"]
    assert "/studio/changes?state=approved&amp;mine=yes" in browser.get("/studio").text
    call("omar", "changes")
    assert "state=approved&amp;mine=yes" not in browser.get("/studio").text


def test_who_can_end_a_review_is_shown_and_finds_it(call, browser, change):
    number = change(FITS, approve=False)
    assert call("mei", f"changes/{number}").json()["deciders"] == ["clinical"]
    assert [one["id"] for one in call("clinical", "changes?state=yours").json()["changes"]] == [number]
    assert "/studio/changes?state=yours" in browser.get("/studio").text
    assert call("clinical", f"changes?state=yours&before={number}").json()["changes"] == []
    # Somebody who reviews, and is not clinical, is not told that it waits for them.
    assert call("omar", "changes?state=yours").json()["changes"] == []
    assert "state=yours" not in browser.get("/studio").text
