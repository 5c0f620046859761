"""A release is built on a copy, beside what is served: real model, real rules. What would drop a red flag is refused by its sentence."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.content.load import load_content
from bot.nlu.serving import served
from bot.packs.impact import Rehearsal
from bot.release import rows, store
from bot.release.build import build
from bot.release.candidate import live_side
from bot.release.hearing import hear_all
from bot.release.listening import Listening
from bot.release.sentences import of_the_suite
from tests.release.installation import NOW
from tests.release.real import few_cases, real_installation

pytestmark = pytest.mark.slow
FLAGS, PARKING = "content/triage/red_flags.yml", "data/nlu/en/faq.yml"
DROPPED = (FLAGS, '  RF004:\n    level: E1\n    when: "choking', '  RF004:\n    level: R\n    when: "choking')
TAUGHT = (PARKING, "    examples: |\n", "    examples: |\n      - which gate is closest for the zither lessons\n")
MISSED = "Man in the restaurant is choking on a meatball"


@pytest.fixture
def here(tmp_path, database, models):
    return real_installation(tmp_path, database, models)


def built(here, tmp_path, *changes, suite=("e012", "l001")):
    here.changes.by_number.update(enumerate(changes, start=1))
    with here.database.write() as work:
        name = rows.add(work, made_by="ada", changes=list(here.changes.by_number), now=NOW).name
    cases = few_cases(tmp_path / "suite", *suite)
    return build(here.database, here.settings, name, changes=here.changes, clock=lambda: NOW, suite=cases)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_change_that_drops_a_red_flag_is_refused_naming_the_sentence_and_nothing_live_is_touched(here, tmp_path):
    before = here.live.hashes()

    release = built(here, tmp_path, DROPPED)

    named = [one["values"]["text"] for one in release.report["blocked_because"] if one["key"] == "lost_emergency"]
    assert release.state == "refused" and any(text.startswith(MISSED) for text in named)
    assert {one["language"] for one in release.report["lost"]} >= {"en", "de"}
    assert here.live.hashes() == before and served(here.settings.models_dir) == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_examples_are_learned_heard_and_published_and_come_back(here, tmp_path):
    release = built(here, tmp_path, TAUGHT)
    assert release.state == "ready", release.report
    report = release.report
    assert report["counts"] == {"emergency": 5, "look_alike": 5, "saved": 5} and report["files"] == [PARKING]
    assert any(not one["intent"] and one["language"] == "en" and one["before"] for one in report["shares"])
    assert (release.approved_by, release.progress, release.step) == ("bo", 100, "done")

    done = here.publisher.publish(release.name, by="ada", now=NOW)
    assert "zither" in here.text(PARKING) and served(here.settings.models_dir) == release.model

    here.publisher.roll_back(done.kept_as, by="bo", now=NOW)
    assert "zither" not in here.text(PARKING)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_change_that_does_not_fit_any_more_or_breaks_a_file_is_refused_with_what_to_do(here, tmp_path):
    for change, key in (((PARKING, "not there", "x"), "conflict"), ((FLAGS, "  RF004:\n", "  RF004: [\n"), "broken")):
        here.changes.by_number.clear()
        release = built(here, tmp_path, change)

        assert release.state == "refused" and [one["key"] for one in release.report["blocked_because"]] == [key]
        assert len(here.changes.apart) == 1  # of the one that does not fit, and only of that, it is said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_the_machine_lets_it_down_it_has_failed_and_the_next_can_be_built(here, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "copy", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="space"):
        built(here, tmp_path)

    with here.database.read() as work:
        assert [one.state for one in rows.newest(work)] == ["failed"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_preview_of_an_edit_and_the_gate_hear_the_same(here, tmp_path):
    sentences = list(of_the_suite(few_cases(tmp_path / "suite", "e012", "l001")))
    side, tables = live_side(here.settings), load_content(here.settings.content_dir).triage
    listening, rehearsal = Listening(here.settings), Rehearsal(pause_s=0)
    listening.run(sentences, stop=threading.Event())
    known = listening.known(sentences)
    assert len(known) == len(sentences) and any(one.opinion is not None for one in known.values())
    # Tables that decide nothing: all that was heard before is what changes.
    silent = replace(tables, red_flags=(), version="silent")
    previewed = {one.sentence.id: one.before for one in rehearsal.impact(tables, silent, sentences, listened=known).effects}
    assert side is not None and len(previewed) >= 5
    places = {"model": side.model, "content": side.folder.content, "models": tmp_path / "gate", "keep_in": tmp_path / "heard"}
    heard = hear_all(sentences, here.settings, **places)
    for name, one in previewed.items():
        gate = heard[name]
        assert (one.level, one.crisis, one.department, one.alarmed) == (gate.level, gate.crisis, gate.department, gate.alarmed), (
            name
        )
