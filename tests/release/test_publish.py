"""A release goes live and comes back: files and model together, nothing of anybody's edits lost, and what the gate has not seen stays out."""

from __future__ import annotations

import errno
import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import audit
from bot.nlu.serving import newest_model, served
from bot.nlu.training import model_is_current
from bot.release import publish, rows, start, store
from bot.release.problems import ReleaseProblem
from tests.release.installation import FILES, NOW, installation

FAQ, GREET = "content/knowledge/one.yml", "data/nlu/en/one.yml"


@pytest.fixture
def here(tmp_path, database):
    return installation(tmp_path, database)


def test_published_are_files_and_model(here):
    name = here.ready({FAQ: "entries: {new: 1}\n", "content/knowledge/two.yml": "x: 1\n", GREET: None})

    done = here.publisher.publish(name, by="ada", now=NOW)

    assert here.text(FAQ) == "entries: {new: 1}\n" and here.text("content/knowledge/two.yml") == "x: 1\n"
    assert not here.live.path(GREET).exists() and here.text("config.yml") == FILES["config.yml"]
    assert served(here.settings.models_dir) == f"{name}.tar.gz" and done.answers
    assert here.live_name() == name and model_is_current(here.settings.models_dir, files=here.settings.files_dir)


def test_what_was_live_before_the_first_release_is_kept_and_comes_back(here):
    name = here.ready({FAQ: "entries: {new: 1}\n", "content/knowledge/two.yml": "x: 1\n", GREET: None})
    before = here.publisher.publish(name, by="ada", now=NOW).kept_as

    done = here.publisher.roll_back(before, by="bo", now=NOW)

    assert {file: here.text(file) for file in FILES} == FILES and not here.live.path("content/knowledge/two.yml").exists()
    assert served(here.settings.models_dir) == "first.tar.gz"
    assert (here.live_name(), here.state(name)) == (before, "kept") and done.kept_as == ""


class FullDisk:
    """Takes so many copies of files, and then no more."""

    def __init__(self, monkeypatch, *, takes: int) -> None:
        self._left, self._copy = takes, shutil.copyfile
        monkeypatch.setattr(shutil, "copyfile", self)

    def __call__(self, source, target, **more):
        self._left -= 1
        if self._left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._copy(source, target, **more)


def seen(here) -> dict[str, str]:
    return {
        path.name: path.read_text()
        for part in ("domain", "data", "content")
        for path in (here.settings.files_dir / part).rglob("*.*")
    }


# Copied are, one after the other: the live files and their model, the new model, and two files.
@pytest.mark.parametrize("takes", range(8))
def test_on_a_full_disk_nothing_of_a_release_is_published(here, monkeypatch, takes):
    name = here.ready({"content/knowledge/two.yml": "x: 1\n", "domain/intents.yml": "intents: [greet, thank]\n"})
    before = seen(here)
    with monkeypatch.context() as patched, pytest.raises(ReleaseProblem, match="No space left"):
        FullDisk(patched, takes=takes)
        here.publisher.publish(name, by="ada", now=NOW)

    assert seen(here) == before and served(here.settings.models_dir) == "first.tar.gz"
    assert newest_model(here.settings.models_dir).name == "first.tar.gz" and here.live_name() != name

    here.publisher.publish(name, by="ada", now=NOW)
    assert here.live_name() == name and here.text("domain/intents.yml") == "intents: [greet, thank]\n"


def test_going_back_and_forth_changes_nothing_else(here):
    name = here.ready({FAQ: "a: 1\n"})
    before = here.publisher.publish(name, by="ada", now=NOW).kept_as
    for _ in range(2):
        here.publisher.roll_back(before, by="bo", now=NOW)
        here.publisher.roll_back(name, by="bo", now=NOW)

    assert here.text(FAQ) == "a: 1\n" and here.live_name() == name
    with here.database.read() as work:
        assert len(rows.newest(work)) == 2


def test_a_file_edited_by_hand_since_the_gate_looked_is_not_published_over(here):
    name = here.ready({FAQ: "a: 1\n"})
    here.edit("domain/intents.yml", "intents: [greet, thank]\n")

    with pytest.raises(ReleaseProblem, match=r"domain/intents\.yml"):
        here.publisher.publish(name, by="ada", now=NOW)

    assert here.text(FAQ) == FILES[FAQ] and here.state(name) == "ready" and here.live_name() == ""


def test_a_change_that_was_given_up_since_the_release_was_built_does_not_go_live_with_it(here):
    name = here.ready({FAQ: "a: 1\n"}, changes=(1, 2))
    here.changes.given_up.append(2)

    with pytest.raises(ReleaseProblem, match="since the release was built: 2"):
        here.publisher.publish(name, by="ada", now=NOW)

    assert here.text(FAQ) == FILES[FAQ] and here.changes.live == []


def test_a_publishing_that_was_cut_off_half_way_can_be_done_again(here):
    name = here.ready({FAQ: "a: 1\n"})
    here.edit(FAQ, "a: 1\n")

    here.publisher.publish(name, by="ada", now=NOW)

    assert here.live_name() == name


def test_edits_on_disk_are_kept_when_an_earlier_release_comes_back(here):
    first = here.ready({FAQ: "a: 1\n"})
    here.publisher.publish(first, by="ada", now=NOW)
    second = here.ready({FAQ: "a: 2\n"})
    here.publisher.publish(second, by="ada", now=NOW)
    here.edit(FAQ, "a: 2 # a comment of somebody\n")
    assert here.publisher.edited_since() == (FAQ,)

    done = here.publisher.roll_back(first, by="bo", now=NOW)

    assert here.text(FAQ) == "a: 1\n" and done.edited == (FAQ,)
    assert store.kept(here.settings, done.kept_as).folder.path(FAQ).read_text() == "a: 2 # a comment of somebody\n"
    here.publisher.roll_back(done.kept_as, by="bo", now=NOW)
    assert here.text(FAQ) == "a: 2 # a comment of somebody\n"


def test_where_nothing_was_edited_nothing_is_said_to_be(here):
    here.publisher.publish(here.ready({FAQ: "a: 1\n"}), by="ada", now=NOW)

    assert here.publisher.edited_since() == ()


def test_a_model_that_does_not_load_brings_back_what_was_live(here):
    name = here.ready({FAQ: "a: 1\n"})
    here.assistant.broken = f"{name}.tar.gz"

    with pytest.raises(ReleaseProblem, match="does not load"):
        here.publisher.publish(name, by="ada", now=NOW)

    assert here.text(FAQ) == FILES[FAQ] and served(here.settings.models_dir) == "first.tar.gz"
    assert here.state(name) == "ready" and here.live_name() != name


def test_with_the_assistant_away_it_is_published_and_said_that_nobody_answers_yet(here):
    here.assistant.away = True

    done = here.publisher.publish(here.ready({FAQ: "a: 1\n"}), by="ada", now=NOW)

    assert not done.answers and here.text(FAQ) == "a: 1\n"


def test_an_assistant_that_never_takes_over_is_not_waited_for_for_ever(here, monkeypatch):
    monkeypatch.setattr(publish, "ANSWERS_WITHIN_S", 0.0)
    here.assistant.broken = "another"

    assert not here.publisher.publish(here.ready({FAQ: "a: 1\n"}), by="ada", now=NOW).answers


@pytest.mark.parametrize("state", ["waiting", "building", "refused", "live", "kept", "failed"])
def test_only_what_passed_the_gate_is_published(here, state):
    with pytest.raises(ReleaseProblem, match=state):
        here.publisher.publish(here.ready({FAQ: "a: 1\n"}, state=state), by="ada", now=NOW)

    assert here.text(FAQ) == FILES[FAQ]


@pytest.mark.parametrize("state", ["waiting", "building", "refused", "ready", "live", "failed"])
def test_only_what_was_live_comes_back(here, state):
    with pytest.raises(ReleaseProblem, match=state):
        here.publisher.roll_back(here.ready({FAQ: "a: 1\n"}, state=state), by="ada", now=NOW)


def test_a_release_that_nobody_made_and_one_that_is_not_kept_any_more_are_named(here):
    with pytest.raises(ReleaseProblem, match="no release 2020-01-01-1"):
        here.publisher.roll_back("2020-01-01-1", by="ada", now=NOW)
    name = here.ready({}, state="kept")
    store.forget(here.settings, [name])

    with pytest.raises(ReleaseProblem, match="not kept any more"):
        here.publisher.roll_back(name, by="ada", now=NOW)


def test_a_model_that_another_version_of_the_program_made_is_not_served(here, monkeypatch):
    name = here.ready({FAQ: "a: 1\n"}, state="kept")
    monkeypatch.setattr(store, "reading_version", lambda: "of a later version")

    with pytest.raises(ReleaseProblem, match="another version"):
        here.publisher.roll_back(name, by="ada", now=NOW)

    assert here.text(FAQ) == FILES[FAQ]


def test_examples_edited_by_hand_and_never_trained_come_back_as_they_stood(here):
    here.publisher.publish(here.ready({FAQ: "a: 1\n"}), by="ada", now=NOW)
    (here.settings.models_dir / "trained-from").unlink()
    here.edit(GREET, "nlu: [] # by hand\n")
    other = here.publisher.publish(here.ready({FAQ: "a: 2\n", GREET: "nlu: []\n"}), by="ada", now=NOW).kept_as

    here.publisher.roll_back(other, by="bo", now=NOW)

    assert here.text(GREET) == "nlu: [] # by hand\n"
    assert not model_is_current(here.settings.models_dir, files=here.settings.files_dir)


def test_changes_are_live_with_their_release_and_not_when_an_earlier_one_comes_back(here):
    first = here.ready({FAQ: "a: 1\n"}, changes=(1,))
    here.publisher.publish(first, by="ada", now=NOW)
    second = here.ready({FAQ: "a: 2\n"}, changes=(2, 3))
    here.publisher.publish(second, by="ada", now=NOW)
    assert here.changes.live == [1, 2, 3]

    here.publisher.roll_back(first, by="bo", now=NOW)

    assert here.changes.live == [1]

    here.publisher.roll_back(second, by="bo", now=NOW)

    assert here.changes.live == [1, 2, 3]


def test_when_what_was_there_before_the_first_release_comes_back_its_changes_are_not_live_any_more(here):
    first = here.ready({FAQ: "a: 1\n"}, changes=(1,))
    before = here.publisher.publish(first, by="ada", now=NOW).kept_as
    here.publisher.roll_back(before, by="bo", now=NOW)
    assert here.changes.live == []
    here.publisher.roll_back(first, by="bo", now=NOW)
    assert here.changes.live == [1]


def test_changes_below_an_edit_by_hand_are_live_with_it(here):
    first = here.ready({FAQ: "a: 1\n"}, changes=(1,))
    before = here.publisher.publish(first, by="ada", now=NOW).kept_as
    here.edit("config.yml", "recipe: by.hand\n")
    by_hand = here.publisher.roll_back(before, by="bo", now=NOW).kept_as
    assert here.changes.live == [] and by_hand not in (before, first)
    here.publisher.roll_back(by_hand, by="bo", now=NOW)
    assert here.changes.live == [1] and here.text("config.yml") == "recipe: by.hand\n"


def test_what_was_published_on_another_branch_is_not_live_with_a_later_release(here):
    first = here.ready({FAQ: "a: 1\n"}, changes=(1,))
    here.publisher.publish(first, by="ada", now=NOW)
    second = here.ready({FAQ: "a: 2\n"}, changes=(2,))
    here.publisher.publish(second, by="ada", now=NOW)
    here.publisher.roll_back(first, by="bo", now=NOW)
    third = here.ready({FAQ: "a: 3\n"}, changes=(3,))
    here.publisher.publish(third, by="ada", now=NOW)
    here.publisher.roll_back(second, by="bo", now=NOW)
    assert here.changes.live == [1, 2]
    here.publisher.roll_back(third, by="bo", now=NOW)
    assert here.changes.live == [1, 3]


def test_who_did_it_stands_in_the_audit(here):
    name = here.ready({FAQ: "a: 1\n"})
    before = here.publisher.publish(name, by="ada", now=NOW).kept_as
    here.publisher.roll_back(before, by="bo", now=NOW)

    with here.database.read() as work:
        lines = [(row.who, row.what, row.subject) for row in work.execute(sa.select(audit).order_by(audit.c.id))]
        assert rows.need(work, name).published_by == "ada"
    assert lines == [("ada", "release published", name), ("bo", "release taken back to", before)]


def test_the_oldest_are_forgotten_and_the_latest_are_not(here, monkeypatch):
    monkeypatch.setattr(store, "KEEP", 2)
    names = [here.ready({FAQ: f"a: {number}\n"}) for number in range(1)]
    for number in range(4):
        names.append(here.ready({FAQ: f"b: {number}\n"}))
        here.publisher.publish(names[-1], by="ada", now=NOW)

    there = [store.kept(here.settings, name).there for name in names[1:]]
    assert there == [False, True, True, True]


def test_many_attempts_that_failed_do_not_cost_the_way_back(here, monkeypatch):
    monkeypatch.setattr(store, "KEEP", 2)
    first = here.ready({FAQ: "a: 1\n"})
    here.publisher.publish(first, by="ada", now=NOW)
    for number in range(3):
        here.ready({FAQ: f"b: {number}\n"}, state="refused")
    here.publisher.publish(here.ready({FAQ: "a: 2\n"}), by="ada", now=NOW)

    here.publisher.roll_back(first, by="bo", now=NOW)

    assert here.text(FAQ) == "a: 1\n"


def test_what_was_live_last_is_kept_however_old_it_is(here, monkeypatch):
    monkeypatch.setattr(store, "KEEP", 2)
    names = [here.ready({FAQ: "a: 0\n"})]
    here.publisher.publish(names[0], by="ada", now=NOW)
    for number in range(1, 4):
        names.append(here.ready({FAQ: f"a: {number}\n"}))
        here.publisher.publish(names[-1], by="ada", now=NOW + timedelta(days=number))
    back = names[1]
    here.publisher.roll_back(back, by="bo", now=NOW + timedelta(days=4))
    here.publisher.publish(here.ready({FAQ: "a: 9\n"}), by="ada", now=NOW + timedelta(days=5))

    here.publisher.roll_back(back, by="bo", now=NOW + timedelta(days=6))

    assert here.text(FAQ) == "a: 1\n"


@pytest.mark.parametrize("began", [timedelta(minutes=-5), timedelta(days=400)])
def test_a_build_that_never_began_holds_nobody_up_also_when_the_clock_was_wrong(here, began):
    with here.database.write() as work:
        rows.add(work, made_by="ada", changes=(), now=NOW + began)

        new = start.begin(work, here.settings, by="bo", changes=(), now=NOW)

    assert new.state == "waiting"
