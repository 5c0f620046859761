"""Releases and trying in a browser: why one is refused is read sentence by sentence, one press publishes, one takes back."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone

import pytest
from desk_page import PHONE
from looking import look
from playwright.sync_api import expect

from bot.release import rows
from bot.release.gate import Share, as_json, report
from bot.release.trials import Trials
from bot.settings import ROOT
from bot.training import changes
from tests.release.heard_sentences import ALARM, EAR, QUIET, sentence
from tests.release.installation import FILES, installation

pytestmark = pytest.mark.slow
FAQ = "content/knowledge/one.yml"
CHOKING = "Man in the restaurant is choking on a meatball"


@pytest.fixture
def here(ward, tmp_path, monkeypatch):
    """A small installation under the gateway: nothing that is published in a test reaches the files of the repository."""
    services = ward.gateway.services
    made = installation(tmp_path / "installed", services.database)
    for name in ("data_dir", "files_dir", "models_dir", "content_dir"):
        monkeypatch.setitem(services.settings.__dict__, name, getattr(made.settings, name))
    monkeypatch.setattr("bot.release.publish.ANSWERS_WITHIN_S", 0.0)
    return made


def with_report(here, *cases, state: rows.State = "ready", shares=()) -> str:
    """Make a release with what the gate said of (sentence, text, before, after)."""
    asked = [type(one)(one.id, text or one.text, one.language, one.kind, one.expected) for one, text, _, _ in cases]
    live = {one.id: before for one, _, before, _ in cases}
    found = report(asked, live, {one.id: after for one, _, _, after in cases}, shares=shares)
    told = [{"id": 7, "kind": "faq", "title": "Parking moves", "author": "mei", "approved_by": "bo", "reason": "checked on site"}]
    name = here.ready({FAQ: "a: 1\n"}, state=state)
    with here.database.write() as work:
        about = {"changes": told, "files": [FAQ], "seconds": 97}
        rows.update(work, name, model=f"{name}.tar.gz", approved_by="bo", report={**as_json(found), **about})
    return name


@pytest.fixture
def refused(here) -> str:
    """A release that would drop a red flag, lets a look-alike alarm, and reads one language a little worse."""
    shares = [Share("", "de", 120, 101, 99), Share("thank", "ar", 12, 9, 10)]
    lost = (sentence("emergency", 12), CHOKING, ALARM, EAR)
    quieter = (sentence("look_alike", 3, language="de"), "Ich lach mich tot über die Wartezeit", QUIET, ALARM)
    others = [(sentence("look_alike", number, language="de"), "", QUIET, QUIET) for number in range(10, 40)]
    other = (sentence("patient", 5, language="ar"), "", QUIET, EAR)
    return with_report(here, lost, quieter, other, *others, state="refused", shares=shares)


@pytest.mark.parametrize(("language", "more"), [("en", {}), ("ar", {"viewport": PHONE, "has_touch": True, "is_mobile": True})])
def test_why_a_release_is_refused_is_read_by_its_sentence(ward, studio_of, picture, refused, language, more):
    ward.hire("omar", "admin", language=language)
    studio = studio_of(path=f"/studio/releases/{refused}", color_scheme="dark" if more else "light", **more)

    expect(studio.at("#verdict li").first).to_contain_text(CHOKING)
    expect(studio.at('[data-act="publish"]')).to_have_count(0)
    expect(studio.at(".sentences q").first).to_have_text(CHOKING)
    assert look(studio) == []
    picture(studio, "studio-release" if language == "en" else "studio-release-phone")


def test_one_press_publishes_and_one_takes_back(ward, studio_of, picture, here):
    name = with_report(here, (sentence("emergency"), CHOKING, ALARM, ALARM))
    studio = studio_of(path="/studio/releases")
    studio.at('[data-act="publish"]').click()
    expect(studio.at("#dialog")).to_be_visible()
    assert look(studio) == []
    studio.at("#dialog button.strong").click()
    expect(studio.at(f'tr[data-id="{name}"] .badge').first).to_have_text("Live")
    assert here.text(FAQ) == "a: 1\n"

    picture(studio, "studio-releases")
    studio.at('[data-act="back"]').click()
    studio.at("#dialog button.danger").click()
    expect(studio.at(f'tr[data-id="{name}"] .badge').first).to_have_text("Kept")
    assert here.text(FAQ) == FILES[FAQ]


def test_an_edit_by_hand_is_told_before_and_after_going_back(ward, studio_of, here):
    here.publisher.publish(with_report(here), by="ada", now=datetime.now(timezone.utc))
    here.edit(FAQ, "a: by hand\n")
    studio = studio_of(path="/studio/releases")
    expect(studio.at("#edited")).to_contain_text(FAQ)

    studio.at('[data-act="back"]').last.click()
    expect(studio.at("#dialog")).to_contain_text(FAQ)
    studio.at("#dialog button.danger").click()

    expect(studio.at("#toasts")).to_contain_text("not lost")
    expect(studio.at("#edited")).to_be_hidden()


def seen(text: str, department: str, intent: str) -> dict[str, object]:
    heard = {"intent": intent, "confidence": 0.91, "margin": 0.8, "level": "R", "crisis": False, "department": department}
    return {
        "heard": {**heard, "red_flags": [], "faq": "", "alarmed": False},
        "intents": [{"name": intent, "confidence": 0.91}],
        "findings": [{"id": "ear_pain", "state": "present", "said": "ear hurts"}],
        "rules": [],
        "departments": [{"id": department, "reason": "concept:ear_pain"}],
        "second_reader": {"verdict": "quiet", "said": text},
        "asks": None,
        "texts": ["Please go to the ear, nose and throat clinic.\nThis is not a diagnosis."],
    }


def test_a_sentence_is_tried_beside_a_candidate_and_saved(ward, studio_of, picture, here, monkeypatch):
    loading = [True]

    async def try_out(self, side, text, language):
        if side != "live" and loading:
            return loading.pop() and None
        return seen(text, "ENT" if side == "live" else "PED", "report_symptom")

    monkeypatch.setattr(Trials, "try_out", try_out)
    shutil.copytree(ROOT / "content" / "studio", here.settings.content_dir / "studio")
    name = with_report(here)
    studio = studio_of(path=f"/studio/try?release={name}")
    studio.page.fill("#text", "my ear hurts")
    studio.page.press("#text", "Enter")

    expect(studio.at(f'[data-side="{name}"] .reads p')).to_contain_text("not a diagnosis")
    expect(studio.at(".differs")).to_have_count(2)
    assert look(studio) == []
    picture(studio, "studio-try")
    studio.at('[data-save="live"]').click()
    studio.at("#dialog button.strong").click()
    expect(studio.at("#toasts")).to_contain_text("review")

    made = ward.read(lambda work: changes.need(work, 1))
    assert made.kind == "sentences" and made.operations[0].after["expect"] == {"intent": "report_symptom", "department": "ENT"}
