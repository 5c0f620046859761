"""The calls of the training page: what is shown, checked and kept in one's own draft."""

from __future__ import annotations

import pytest

from bot.training.operations import AddExample, MoveExample, RemoveExample

FILE = "data/nlu/en/small_talk.yml"
GREET = {"intent": "greet", "language": "en"}


def test_intents_have_names_meanings_and_counts(call):
    found = call("mei", "training/intents?q=HELLO").json()
    (one,) = found["intents"]
    assert (one["id"], one["name"], found["total"], found["draft"]) == ("greet", "Says hello", 1, None)
    assert all(count > 5 for count in one["counts"].values()) and one["few"] == []
    assert call("mei", "training/intents").json()["total"] > 20
    assert call("mei", "training/names").json()["names"]["thank"] == "Thanks"


def test_sentences_of_an_intent_and_those_in_which_something_stands(call):
    found = call("mei", "training/examples?intent=greet&language=en").json()
    assert {"text": "hello", "intent": "greet", "language": "en", "draft": "", "best": True} in found["examples"]
    hits = call("mei", "training/find?q=WHO CAN READ").json()["found"]
    assert [(one["text"], one["name"]) for one in hits] == [("who can read what i write", "Asks about privacy")]
    assert call("mei", "training/find?q= ").json()["found"] == []


def test_what_is_wrong_is_said_with_names_and_not_kept(call, drafts):
    asked = {"text": "who can read what I write?", **GREET}
    (finding,) = call("mei", "training/check", **asked).json()["findings"]
    assert (finding["key"], finding["kind"], finding["values"]["intent"]) == (
        "same_text_other_intent",
        "wrong",
        "Asks about privacy",
    )
    answer = call("mei", "training/add", **asked).json()
    assert (answer["kept"], answer["findings"]) == (False, [finding]) and drafts() == []


def test_a_sentence_goes_into_ones_own_draft_and_is_shown_there_first(call, drafts):
    answer = call("mei", "training/add", text=" howdy partner ", **GREET).json()
    assert answer["kept"] and answer["draft"]["count"] == 1 and answer["draft"]["title"] == "Training data"
    assert drafts() == [AddExample("greet", "en", "howdy partner", FILE)]
    first = call("mei", "training/examples?intent=greet&language=en").json()["examples"][0]
    assert (first["text"], first["draft"]) == ("howdy partner", "added")
    assert call("mei", "training/check", text="howdy partner", **GREET).json()["findings"][0]["key"] == "duplicate"
    others = call("omar", "training/examples?intent=greet&language=en").json()["examples"]
    assert not any(one["draft"] for one in others)


def test_a_sentence_is_taken_out_moved_and_restored(call, drafts):
    call("mei", "training/remove", text="hey", **GREET)
    call("mei", "training/move", text="hi", to="thank", **GREET)
    assert drafts() == [RemoveExample("greet", "en", "hey", FILE), MoveExample("greet", "thank", "en", "hi", FILE, FILE)]
    shown = {one["text"]: one["draft"] for one in call("mei", "training/examples?intent=greet&language=en").json()["examples"]}
    assert (shown["hey"], shown["hi"]) == ("removed", "removed")
    assert call("mei", "training/restore", text="hey", **GREET).json()["draft"]["count"] == 1
    assert call("mei", "training/restore", text="hi", **GREET).json()["draft"]["count"] == 0


def test_the_sentence_that_shows_an_intent_best_stays(call, drafts):
    refused = call("mei", "training/remove", text="hello", **GREET)
    assert (refused.status_code, refused.json()["error"]) == (409, "change_protected") and drafts() == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("training/add", {"text": "a b c", "intent": "no_such", "language": "en"}, 404),
        ("training/add", {"text": "a b c", "intent": "greet", "language": "fr"}, 400),
        ("training/add", {"text": "a b c", "intent": "press_button", "language": "en"}, 404),
        ("training/add", {"text": ["a"], **GREET}, 400),
        ("training/remove", {"text": "never said", **GREET}, 404),
        ("training/move", {"text": "hi", "to": "greet", **GREET}, 400),
    ],
)
def test_what_is_not_there_is_refused(call, drafts, path, body, status):
    assert call("mei", path, **body).status_code == status and drafts() == []


@pytest.mark.parametrize("handle", ["eva", "labeller", "translator", "publisher"])
def test_who_may_not_edit_sees_no_sentence(call, handle):
    assert call(handle, "training/examples?intent=greet&language=en").status_code == 403
    assert call(handle, "training/add", text="howdy partner", **GREET).status_code == 403
