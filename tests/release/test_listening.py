"""What model and second reader make of sentences is asked once for what is live, and kept without a word of anybody."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest

from bot.nlu.serving import serve
from bot.release import store
from bot.release.heard import Sentence
from bot.release.hearing import HearingFailed
from bot.release.listening import Listened, Listening, listened_from_json, listened_to_json
from bot.triage.types import Opinion
from tests.release.installation import installation

SENTENCES = [Sentence(str(n), f"my secret knee hurts {n}", "en", "patient", {}) for n in range(3)]
OPINION = Opinion(0.9, 0.1, "emergency", (("ED", 0.7), ("GP", 0.2)), "my secret knee", "r1", 0.8)
OPINION_WITHOUT_WORDS = replace(OPINION, said="")


@dataclass
class Model:
    """Takes the place of a process with a model."""

    asked: list[str] = field(default_factory=list)
    loads: bool = True
    started: int = 0
    closed: int = 0

    def start(self, side):
        self.started += 1
        return self

    def wait_until_ready(self):
        if not self.loads:
            raise HearingFailed("no")

    def listen(self, sentences):
        self.asked += [one.text for one in sentences]
        return [listened_to_json(Listened(True, OPINION)) for _ in sentences]

    def close(self):
        self.closed += 1


@pytest.fixture
def here(tmp_path, database):
    return installation(tmp_path, database)


def listens(here, model, *, sentences=SENTENCES, stop=False):
    one, stopping = Listening(here.settings, model.start), threading.Event()
    if stop:
        stopping.set()
    one.run(sentences, stop=stopping)
    return one


def test_what_was_said_of_a_sentence_is_known_by_it_and_of_no_other(here):
    one = listens(here, Model(), sentences=SENTENCES[:2])
    assert list(one.known(SENTENCES).values()) == [Listened(True, OPINION_WITHOUT_WORDS)] * 2
    assert not one.failed and SENTENCES[2].key not in one.known(SENTENCES)


def test_it_is_asked_once_and_kept_without_words(here):
    first, second = Model(), Model()
    listens(here, first)
    again = listens(here, second)
    assert (first.started, first.closed, second.started) == (1, 1, 0) and len(again.known(SENTENCES)) == 3
    kept = list(store.outcomes(here.settings).rglob("*.json"))
    assert len(kept) == 1 and "secret" not in kept[0].read_text()


def test_only_new_sentences_are_asked_about(here):
    model = Model()
    one = listens(here, model, sentences=SENTENCES[:1])
    one.run(SENTENCES, stop=threading.Event())
    assert model.asked == [one.text for one in SENTENCES] and model.started == 2


@pytest.mark.parametrize(
    ("name", "anew"),
    [("content/knowledge/two.yml", True), ("content/triage/lexicon/x.yml", True), ("content/triage/routes.yml", False)],
)
def test_an_edit_of_the_rules_asks_nobody_again_and_other_words_do(here, name, anew):
    one = listens(here, Model())
    here.edit(name, "entries: {}\n")
    assert len(one.known(SENTENCES)) == (0 if anew else 3)


def test_another_model_is_asked_anew(here, tmp_path):
    one = listens(here, Model())
    other = tmp_path / "other.tar.gz"
    other.write_bytes(b"another model")
    serve(other, here.settings.models_dir)
    assert one.known(SENTENCES) == {}


def test_who_stops_is_listened_to_no_more_and_the_process_ends(here):
    model = Model()
    one = listens(here, model, stop=True)
    assert one.known(SENTENCES) == {} and (model.asked, model.closed) == ([], 1)


def test_a_model_that_does_not_load_is_said_until_one_does(here):
    model = Model(loads=False)
    one = listens(here, model)
    assert one.failed and one.known(SENTENCES) == {} and model.closed == 1
    model.loads = True
    one.run(SENTENCES, stop=threading.Event())
    assert not one.failed and len(one.known(SENTENCES)) == 3


def test_where_there_is_no_model_nobody_is_asked(here):
    for path in here.settings.models_dir.iterdir():
        path.unlink()
    model = Model()
    one = listens(here, model)
    assert one.failed and model.started == 0 and one.known(SENTENCES) == {}


def test_without_a_second_reader_there_is_no_opinion():
    assert listened_from_json(listened_to_json(Listened(False, None))) == Listened(False, None)
