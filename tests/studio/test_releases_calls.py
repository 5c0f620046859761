"""The calls of releases and of trying: who may do what, what is shown to whom, and that one press does what the page says."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone

import pytest

from bot.database.tables import utterance
from bot.release import rows, start
from bot.release.trials import Trials
from bot.settings import ROOT
from bot.training import changes
from bot.training.operations import SetEntry
from tests.release.installation import FILES, installation

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
FAQ = "content/knowledge/one.yml"
SEEN = {"heard": {"intent": "thank", "level": "INFO", "crisis": False, "department": "", "faq": "", "alarmed": False}}


@pytest.fixture
def call(browser, people, signed_in):
    """Return a function that calls as somebody."""
    tokens = {}

    def calling(handle, path, body=None):
        if handle not in tokens:
            browser.cookies.clear()
            tokens.clear()
            tokens[handle] = signed_in(handle)
        address = f"/studio/api/{path}"
        if body is None:
            return browser.get(address)
        return browser.post(address, json=body, headers={"x-daozhen-csrf": tokens[handle]})

    return calling


@pytest.fixture
def here(services, tmp_path, monkeypatch):
    """A small installation under the gateway: its files, and an assistant that follows at once."""
    made = installation(tmp_path / "installed", services.database)
    for name in ("data_dir", "files_dir", "models_dir", "content_dir"):
        services.settings.__dict__[name] = getattr(made.settings, name)
    monkeypatch.setattr("bot.release.publish.ANSWERS_WITHIN_S", 0.0)
    return made


def test_what_waits_and_what_there_is_is_listed(call, here, services):
    with services.database.write() as work:
        made = changes.create(
            work, kind="faq", title="Parking", author="mei", now=NOW, operations=[SetEntry(FAQ, ("x",), None, 1)]
        )
        changes.submit(work, made.id, by="mei", now=NOW)
    assert call("omar", "releases").json()["waiting"] == []
    call("omar", f"changes/{made.id}/approve", {"edition": 1, "reason": "checked"})
    name = here.ready({FAQ: "a: 1\n"})

    listed = call("omar", "releases").json()

    assert [(one["title"], one["author"], one["approved_by"]) for one in listed["waiting"]] == [("Parking", "mei", "omar")]
    assert [(one["name"], one["state"], one["can"]) for one in listed["releases"]] == [(name, "ready", ["publish"])]
    assert call("eva", "releases").json()["releases"][0]["can"] == []


def test_one_press_publishes_and_one_takes_back(call, here):
    name = here.ready({FAQ: "a: 1\n"})

    done = call("publisher", f"releases/{name}/publish", {})
    assert done.status_code == 200, done.text
    assert here.text(FAQ) == "a: 1\n" and here.live_name() == name

    back = call("publisher", f"releases/{done.json()['kept_as']}/back", {})
    assert back.status_code == 200 and here.text(FAQ) == FILES[FAQ]


def test_what_cannot_be_done_is_said_in_the_persons_language(call, here):
    refused = here.ready({FAQ: "a: 1\n"}, state="refused")

    answer = call("omar", f"releases/{refused}/publish", {})

    assert answer.status_code == 409 and answer.json()["error"] == "release_state" and refused in answer.json()["sentence"]
    assert call("omar", "releases/2020-01-01-1").status_code == 409


@pytest.mark.parametrize("handle", ["mei", "labeller", "translator", "clinical", "eva", "ana", "lin"])
def test_who_may_not_publish_neither_builds_nor_publishes_nor_takes_back(call, here, handle):
    name = here.ready({FAQ: "a: 1\n"})

    for path in ("releases", f"releases/{name}/publish", f"releases/{name}/back"):
        assert call(handle, path, {}).status_code == 403
    assert here.text(FAQ) == FILES[FAQ]


def test_building_begins_once_and_what_ended_without_a_word_has_failed(call, here, services, monkeypatch):
    started = []

    class Child:
        def poll(self):
            return 1

    monkeypatch.setattr(start, "start", lambda settings, name: started.append(name) or Child())
    first = call("omar", "releases", {})
    assert first.status_code == 200 and started == [first.json()["name"]]

    with services.database.write() as work:
        rows.update(work, started[0], state="building")
    assert call("omar", f"releases/{started[0]}").json()["state"] == "failed"


def test_a_report_shows_patients_words_to_those_who_may_label_and_to_nobody_else(call, here, services):
    with services.database.write() as work:
        row = {"source": "fallback", "language": "en", "state": "new", "value": 1, "cluster": "c", "dedupe_key": "k"}
        sealed = work.cipher.seal({"text": "where do the zithers play"})
        done = work.execute(
            utterance.insert().values(**row, labelled_by="", approved_by="", assigned_to="", created_at=NOW, sealed=sealed)
        )
        number = done.inserted_primary_key[0]
    heard = {**SEEN["heard"], "confidence": 0.5, "margin": 0.1, "red_flags": []}
    changed = {"id": f"patient {number}", "kind": "patient", "language": "en", "text": "", "expected": {}, "before": heard}
    name = here.ready({})
    with services.database.write() as work:
        rows.update(work, name, report={"changed": [{**changed, "after": {**heard, "intent": "ask_faq"}}]})

    shown = call("omar", f"releases/{name}").json()["changed"][0]
    assert shown["text"] == "where do the zithers play"
    assert shown["changed"] == [{"what": "intent", "before": "thank", "after": "ask_faq"}]
    assert call("eva", f"releases/{name}").json()["changed"][0]["text"] == ""


async def _seen(self, name, text, language):
    return None if text == "loading" else SEEN


def test_a_sentence_is_tried_and_saved_as_a_change_for_review(call, here, services, monkeypatch):
    monkeypatch.setattr(Trials, "try_out", _seen)
    shutil.copytree(ROOT / "content" / "studio", here.settings.content_dir / "studio")
    asked = {"side": "live", "text": "many thanks", "language": "en"}
    assert call("mei", "try", asked).json() == SEEN
    assert call("mei", "try", {**asked, "text": "loading"}).json() == {"loading": True}

    saved = call("mei", "try/save", {**asked, "expect": ["intent", "alarmed"]}).json()

    with services.database.read() as work:
        made = changes.need(work, saved["change"])
    assert (made.kind, made.state, made.author, made.is_clinical) == ("sentences", "review", "mei", False)
    assert made.operations[0].after == {"text": "many thanks", "language": "en", "expect": {"intent": "thank", "alarmed": False}}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"expect": []}, 400),
        ({"expect": ["red_flags"]}, 400),
        ({"text": "call me on +49 170 1234567"}, 409),
        ({"side": "../../etc"}, 409),
        ({"language": "fr"}, 400),
    ],
)
def test_what_cannot_be_saved_is_refused(call, here, services, monkeypatch, more, status):
    monkeypatch.setattr(Trials, "try_out", _seen)
    asked = {"side": "live", "text": "many thanks", "language": "en", "expect": ["intent"], **more}

    assert call("mei", "try/save", asked).status_code == status
    with services.database.read() as work:
        assert changes.approved_changes(work) == ()


def test_whoever_may_not_edit_saves_nothing(call, here, monkeypatch):
    monkeypatch.setattr(Trials, "try_out", _seen)
    asked = {"side": "live", "text": "many thanks", "language": "en", "expect": ["intent"]}

    assert call("eva", "try/save", asked).status_code == 403 and call("ana", "try", asked).status_code == 403
