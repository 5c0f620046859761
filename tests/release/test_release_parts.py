"""The parts of releases: which sentences are asked, how well examples are read, one at a time, and what a dead process leaves behind."""

from __future__ import annotations

import subprocess
import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest
import yaml

from bot.content.packs import ContentError
from bot.database.tables import utterance
from bot.evaluation.suite import SUITE, read_suite
from bot.knowledge.encoder import CharacterGrams
from bot.release import check, rows, start, store
from bot.release.exam import examine
from bot.release.folders import Folder, copy, differing, folder_in
from bot.release.hearing import KeptOutcomes, heard_with
from bot.release.patients import of_patients, texts_of
from bot.release.problems import ReleaseProblem
from bot.release.sentences import SAVED, of_the_suite, saved_entry, saved_in
from bot.settings import ROOT, Settings
from tests.release.heard_sentences import EAR, sentence
from tests.release.installation import FILES, NOW, installation

HEADER = "pack: sentences\nversion: '1'\nstatus: sample\nowner: o\nsource: s\nauthor: a\nreviewer: r\nreview_date: 2027-05-31\n"


def saved(folder, entries) -> list:
    path = folder / SAVED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + yaml.safe_dump({"entries": entries}, allow_unicode=True), encoding="utf-8")
    return list(saved_in(folder / "content"))


def test_every_case_of_the_suite_is_asked_under_a_name_of_its_own():
    asked = list(of_the_suite())

    assert len(asked) == len(read_suite(SUITE)) == len({one.id for one in asked})


def test_the_saved_sentences_of_this_repository_can_be_read_in_all_languages():
    assert {one.language for one in saved_in(ROOT / "content")} == {"zh-Hans", "zh-Hant", "en", "de", "ar"}


def test_what_was_heard_is_saved_and_read_back(tmp_path):
    name, entry = saved_entry("my ear hurts", "en", {**vars(EAR)}, expect=("intent", "department"))

    assert saved(tmp_path, {name: entry})[0].expected == {"intent": "report_symptom", "department": "ENT"}


def test_without_saved_sentences_there_are_none(tmp_path):
    assert list(saved_in(tmp_path)) == [] and saved(tmp_path, {}) == []


@pytest.mark.parametrize(
    "entry",
    [
        "just words",
        {"text": "x", "language": "en"},
        {"text": "x", "language": "fr", "expect": {"intent": "thank"}},
        {"text": "x", "language": "en", "expect": {}},
        {"text": "x", "language": "en", "expect": {"mood": "fine"}},
    ],
)
def test_a_saved_sentence_that_expects_nothing_possible_is_named(tmp_path, entry):
    with pytest.raises(ContentError, match="odd"):
        saved(tmp_path, {"odd": entry})


def uttered(work, text: str, *, state: str = "new", value: int = 1, key: str = "") -> int:
    row = {"source": "fallback", "language": "en", "state": state, "value": value, "cluster": "c", "dedupe_key": key or text}
    about = {"labelled_by": "", "approved_by": "", "assigned_to": "", "created_at": NOW}
    done = work.execute(utterance.insert().values(**row, **about, sealed=work.cipher.seal({"text": text})))
    return int(done.inserted_primary_key[0])


def test_sentences_of_patients_are_asked_while_they_are_kept_the_most_telling_among_them(database, monkeypatch):
    monkeypatch.setattr("bot.release.patients.MOST", 2)
    with database.write() as work:
        uttered(work, "little", value=1)
        most, more = uttered(work, "most", value=9), uttered(work, "more", value=5, state="approved")
        uttered(work, "gone", value=99, state="deleted")
    with database.read() as work:
        assert {one.id: one.text for one in of_patients(work)} == {f"patient {most}": "most", f"patient {more}": "more"}
        assert texts_of(work, [f"patient {most}", "patient 999", "e001 en", "patient x"]) == {f"patient {most}": "most"}


def test_what_was_heard_is_kept_without_words_and_only_the_latest_files(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.release.hearing.KEEP", 2)
    one = sentence("patient", 7)
    for name in ("a", "b", "c"):
        kept = KeptOutcomes(tmp_path / f"{name}.json")
        kept.outcomes[one.key] = {"intent": "thank"}
        kept.write()

    assert KeptOutcomes(tmp_path / "c.json").outcomes == {one.key: {"intent": "thank"}}
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert all(one.text not in path.read_text() for path in tmp_path.glob("*.json"))


def test_what_was_heard_with_other_content_or_another_model_is_not_taken_for_it(tmp_path):
    content = tmp_path / "content" / "triage"
    content.mkdir(parents=True)
    (content / "one.yml").write_text("a: 1")
    (tmp_path / "model").write_text("one")
    before = heard_with(tmp_path / "model", tmp_path / "content")
    (tmp_path / SAVED).parent.mkdir(parents=True)
    (tmp_path / SAVED).write_text("a sentence more")
    assert heard_with(tmp_path / "model", tmp_path / "content") == before

    (content / "one.yml").write_text("a: 2")
    other = heard_with(tmp_path / "model", tmp_path / "content")
    (tmp_path / "model").write_text("two")

    assert len({before, other, heard_with(tmp_path / "model", tmp_path / "content")}) == 3


def taught(folder, **intents: list[str]) -> Folder:
    path = folder / "data" / "nlu" / "en" / "one.yml"
    path.parent.mkdir(parents=True)
    blocks = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in intents.items()]
    path.write_text(yaml.safe_dump({"nlu": blocks}), encoding="utf-8")
    return folder_in(folder)


THANKS = [
    f"thank you {word}"
    for word in [
        "so",
        "very",
        "much",
        "for",
        "all",
        "the",
        "help",
        "today",
        "and",
        "yesterday",
        "my",
        "dear",
        "friend",
        "of",
        "old",
        "times",
    ]
]
PAINS = [
    f"my {part} hurts"
    for part in [
        "ear",
        "nose",
        "knee",
        "back",
        "head",
        "hand",
        "foot",
        "toe",
        "arm",
        "leg",
        "neck",
        "hip",
        "jaw",
        "wrist",
        "elbow",
        "thumb",
        "shin",
    ]
]


def test_examples_that_were_held_back_are_read_by_twins_before_and_after(tmp_path):
    good, bad = (
        taught(tmp_path / "good", thank=THANKS, pain=PAINS),
        taught(tmp_path / "bad", thank=THANKS[:9] + PAINS[9:], pain=PAINS[:9] + THANKS[9:]),
    )
    how = {"encoder": CharacterGrams(), "vectors": tmp_path / "kept", "keep_in": tmp_path / "heard"}

    whole = examine(good, bad, **how)[0]

    assert (whole.intent, whole.language) == ("", "") and whole.count > 3
    assert examine(None, good, **how)[0].before is None and examine(None, good, **how)[0].after > 3
    assert examine(good, good, **how) == ()


def test_who_has_patience_waits_for_whoever_only_looks(tmp_path):
    settings, let_go = Settings(data_dir=tmp_path), threading.Event()
    looking = ExitStack()
    looking.enter_context(store.alone(settings, "building"))

    def ends() -> None:
        let_go.set()
        looking.close()

    threading.Timer(0.2, ends).start()
    with store.alone(settings, "building", patience_s=30.0):
        assert let_go.is_set()


def test_one_at_a_time_on_this_machine(tmp_path):
    settings = Settings(data_dir=tmp_path)
    with store.alone(settings, "building"):
        with pytest.raises(ReleaseProblem, match="Wait"), store.alone(settings, "building"):
            pass
        with store.alone(settings, "publishing"):
            pass
    with store.alone(settings, "building"):
        pass


def test_while_one_waits_or_is_built_no_other_begins(tmp_path, database):
    here = installation(tmp_path, database)
    with database.write() as work:
        first = start.begin(work, here.settings, by="ada", changes=(), now=NOW)
        with pytest.raises(ReleaseProblem):
            start.begin(work, here.settings, by="bo", changes=(), now=NOW)
        rows.update(work, first.name, state="building")
        with store.alone(here.settings, start.BUILDING), pytest.raises(ReleaseProblem):
            start.begin(work, here.settings, by="bo", changes=(), now=NOW)


@pytest.mark.parametrize("state", ["waiting", "building"])
def test_what_a_dead_process_left_has_failed_and_the_next_begins(tmp_path, database, state):
    here = installation(tmp_path, database)
    later = NOW + timedelta(minutes=3)
    with database.write() as work:
        first = start.begin(work, here.settings, by="ada", changes=(), now=NOW)
        rows.update(work, first.name, state=state)
        second = start.begin(work, here.settings, by="bo", changes=(), now=later)
        assert (rows.need(work, first.name).state, second.state) == ("failed", "waiting")
        assert first.name != second.name


def test_files_of_a_commit_can_be_compared_with_and_other_names_are_refused(tmp_path, database):
    here = installation(tmp_path / "work", database)
    git = ["git", "-C", str(here.settings.files_dir), "-c", "user.name=ada", "-c", "user.email=ada@example.org"]
    for step in (["init", "-q"], ["add", "config.yml", "data", "domain", "content"], ["commit", "-q", "-m", "as it was"]):
        subprocess.run([*git, *step], check=True)
    here.edit("domain/intents.yml", "intents: [other]\n")

    there = check.of_git(here.settings, "HEAD", tmp_path / "files")

    assert there.path("domain/intents.yml").read_text() == FILES["domain/intents.yml"] and set(there.names()) == set(FILES)
    with pytest.raises(check.NoSuchState, match="no-such-branch"):
        check.of_git(here.settings, "no-such-branch", tmp_path / "other")
    with pytest.raises(check.NoSuchState, match="by hand"):
        check.of_git(Settings(content_dir=tmp_path), "HEAD", tmp_path / "third")


def test_a_copy_has_all_files_under_the_same_names(tmp_path):
    here = Folder(ROOT, ROOT / "content")

    assert differing(here.hashes(), copy(here, tmp_path / "copy").hashes()) == ()
