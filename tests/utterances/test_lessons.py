"""What is learned from a label fits into the files as they stand: one line changes, and it says what was labelled."""

from __future__ import annotations

import pytest

from bot.release.folders import Folder
from bot.settings import ROOT
from bot.training import files
from bot.training.index import ExampleSource
from bot.training.operations import read_data
from bot.utterances.guessing import Guesses
from bot.utterances.kinds import Mark, Utterance
from bot.utterances.lessons import lessons, sentence_of
from bot.utterances.where import files_now
from tests.contents import content_source
from tests.staff.people_kit import NOW

FOLDER = Folder(ROOT, ROOT / "content")


def sentence(text, language, intent="", marks=(), **more):
    more = {"source": "fallback", "state": "labelled", "value": 1, "cluster": "c", **more}
    return Utterance(id=1, language=language, text=text, intent=intent, marks=marks, created_at=NOW, **more)


def learned(found):
    """Return each file that changes: what it was and what it becomes."""
    known = files_now(FOLDER, ExampleSource(FOLDER), content_source().current(), [found])
    operations = [lesson.operation for lesson in lessons(found, known)]
    return {name: (files.read(FOLDER, name), after) for name, after in files.applied(FOLDER, operations).items()}


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("wo lasse ich nur mein Lastenfahrrad stehen", "de", "faq:parking"),
        ("我的三轮车能停在你们那儿吗", "zh-Hans", "faq:parking"),
        ("so long and thanks for the wheelchair", "en", "say_goodbye"),
        ("إلى اللقاء يا مرشدي الطيب", "ar", "say_goodbye"),
    ],
)
def test_one_line_is_another_and_holds_the_sentence(text, language, intent):
    ((_, (before, after)),) = learned(sentence(text, language, intent)).items()
    changed = [line for line in after.splitlines() if line not in set(before.splitlines())]
    assert len(changed) == 1 and text in changed[0]
    assert abs(len(after.splitlines()) - len(before.splitlines())) <= 1


@pytest.mark.parametrize(
    ("text", "term", "language"),
    [("我爸胸口像塞了棉被", "胸口像塞了棉被", "zh-Hans"), ("like a belt of iron", "belt of iron", "en")],
)
def test_marked_words_are_terms_of_their_sign(text, term, language):
    start = text.index(term)
    found = sentence(text, language, "report_symptom", (Mark(start, start + len(term), "chest_tightness"),))
    ((name, (_, after)),) = ((name, texts) for name, texts in learned(found).items() if "lexicon" in name)
    assert term in read_data(after, file=name)["entries"]["chest_tightness"]["terms"][language]


def test_what_stands_for_personal_data_is_not_learned():
    assert sentence_of("[name] hat seit [•••] gestern Fieber…") == "hat seit gestern Fieber"


def test_a_question_without_an_answer_is_offered_entries_that_sound_like_it():
    entries = content_source().current().knowledge
    wording = entries.by_id["parking"].questions["en"][0]
    found = sentence(f"{wording} please", "en", source="unanswered", guesses=(("greet", 0.4), ("faq:no_more", 0.9)))
    guesses = Guesses(entries).of(found, {"greet", "thank"})
    assert guesses[0] == "faq:parking" and "greet" in guesses and "faq:no_more" not in guesses


def test_a_sentence_like_nothing_is_offered_what_the_classifier_thought():
    found = sentence("qwxz vbnm", "en", guesses=(("greet", 0.4), ("no_more", 0.3)))
    assert Guesses(content_source().current().knowledge).of(found, {"greet"}) == ("greet",)
