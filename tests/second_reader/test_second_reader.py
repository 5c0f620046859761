"""The second reader: its release fits the texts in the repository, it raises and never lowers, and the rules stand without it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.content.packs import read_yaml
from bot.knowledge.encoder import CharacterGrams, best_encoder
from bot.languages import LANGUAGES
from bot.messages import LEVELS
from bot.second_reader.features import MOST_PARTS, parts_of
from bot.second_reader.model import ABOUT, RELEASE, WEIGHTS, ReaderProblem, SecondReader, load_second_reader
from bot.second_reader.texts import KINDS, Text, all_texts
from bot.second_reader.train import make_release, version_of
from bot.settings import ROOT
from bot.triage.guide import guide_lines
from tests.contents import the_content

CONTENT = the_content()
TABLES = CONTENT.triage
TEXTS = all_texts(ROOT, ROOT / "content", CONTENT.knowledge)
SHORT = read_yaml(Path(__file__).parent / "short_answers.yml")
ORDINARY = read_yaml(Path(__file__).parent / "ordinary.yml")
# Of both readers together: what a nurse would call "see a doctor in the next days" is sent to an emergency department.
MOST_ALARMED = 0.06
LONG = "We were at my sister's for lunch, it was lovely weather and the children played in the garden until four. " * 6


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    return load_second_reader(best_encoder())


def test_the_release_was_made_from_the_texts_that_stand_here(reader):
    assert reader.version == version_of(TEXTS, reader.about["encoder"]), (
        "run `daozhen train --second-reader` and commit the release"
    )


def test_every_language_has_hundreds_of_texts_of_every_kind():
    counts = {
        (one, kind): sum(text.language == one and text.kind == kind for text in TEXTS) for one in LANGUAGES for kind in KINDS
    }

    assert min(counts.values()) >= 100, counts
    assert sum(counts.values()) >= 5000


def test_the_same_texts_give_the_same_release(tmp_path):
    few = TEXTS[:: len(TEXTS) // 60]
    tables = replace(TABLES, routes=dict(list(TABLES.routes.items())[:20]))

    for folder in ("one", "two"):
        make_release(few, look_alikes=few, tables=tables, encoder=CharacterGrams(), folder=tmp_path / folder)
    one, two = (np.load(tmp_path / folder / WEIGHTS) for folder in ("one", "two"))

    assert all((one[name] == two[name]).all() for name in one.files)
    assert (tmp_path / "one" / ABOUT).read_text() == (tmp_path / "two" / ABOUT).read_text()


def test_another_text_gives_another_version():
    more = (*TEXTS, Text("my hamster sneezes", "en", "quiet", "other"))

    assert version_of(more, "usem3") != version_of(TEXTS, "usem3")


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_the_second_reader_no_level_is_lower_than_with_the_rules_alone(reader, language):
    texts = [text for text in TEXTS if text.language == language][::8]
    records = [{"id": number, "text": text.text, "lang": language} for number, text in enumerate(texts)]

    for rules, both in zip(
        guide_lines(records, tables=TABLES), guide_lines(records, tables=TABLES, second_reader=reader), strict=True
    ):
        assert LEVELS.index(both["level"]) <= LEVELS.index(rules["level"]), rules
        assert both["crisis"] or not rules["crisis"]


def test_an_emergency_without_a_textbook_word_is_raised_and_its_words_are_quoted(reader):
    text = "the little one sucks in his ribs with every breath and has gone quiet"
    said = next(guide_lines([{"id": 1, "text": text, "lang": "en"}], tables=TABLES, second_reader=reader))

    assert said["level"] in ("E1", "E2")
    assert any(finding["id"] == "reads_as_emergency" and finding["said"].rstrip("…") in text for finding in said["findings"])


@pytest.mark.parametrize(
    "text", ["where can I park?", "谢谢，祝您周末愉快", "Wann habt ihr geöffnet?", "شكرا جزيلا", "掛號費多少"]
)
def test_a_message_that_is_no_complaint_stays_one(reader, text):
    assert {reader.read(text, language).verdict for language in LANGUAGES} == {"quiet"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_answer_alarms_nobody(reader, language):
    answers = SHORT[language]
    verdicts = [one.verdict for one in reader.read_all([(text, language) for text in answers])]

    assert len(answers) >= 30 and not {*answers} & {text.text for text in TEXTS}, "never trained with"
    assert not {"crisis", "emergency"} & {*verdicts} and verdicts.count("ask") <= 1, dict(zip(answers, verdicts, strict=True))


CORRECTIONS = [
    ("actually not the baby, it's me", "en"),
    ("it's me who is ill, not my son", "en"),
    ("eigentlich nicht das Baby, ich", "de"),
    ("nicht das Baby, ich bin krank", "de"),
    ("其实不是宝宝，是我", "zh-Hans"),
    ("是我病了不是宝宝", "zh-Hans"),
    ("其實不是寶寶，是我", "zh-Hant"),
    ("是我生病不是寶寶", "zh-Hant"),
    ("في الواقع ليس الرضيع، بل أنا", "ar"),
    ("مو البيبي، أنا", "ar"),
]


@pytest.mark.parametrize(("text", "language"), CORRECTIONS)
def test_who_corrects_whom_it_is_about_is_in_no_crisis(reader, text, language):
    assert text not in {one.text for one in TEXTS}, "never trained with"
    assert reader.read(text, language).verdict == "quiet"


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_ordinary_complaints_alarm_and_none_is_taken_for_a_crisis(reader, language):
    messages = ORDINARY[language]
    records = [{"id": text, "text": text, "lang": language} for text in messages]
    lines = list(guide_lines(records, tables=TABLES, second_reader=reader))
    alarmed = [line["id"] for line in lines if line["level"] in ("E1", "E2")]

    assert len(messages) >= 75 and not {*messages} & {text.text for text in TEXTS}, "never trained with"
    assert len(alarmed) <= MOST_ALARMED * len(messages), alarmed
    assert not [line["id"] for line in lines if line["crisis"]]


def test_a_sign_at_the_end_of_a_long_story_is_heard(reader):
    sign = "And now he lies on the floor, his lips are blue and he does not wake up when I shake him."

    assert reader.read(LONG + sign, "en").verdict == "emergency"
    assert reader.read(LONG, "en").verdict != "emergency"


@pytest.mark.parametrize("text", ["", ".", "x", LONG, "好" * 900, "\ud800", "🙂" * 50, "a," * 800])
def test_parts_hold_the_whole_text_and_are_few(text):
    parts = parts_of(text)

    assert len(parts) <= MOST_PARTS
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", " ", "\ud800\udfff", "a" * 5000, "\u202e مرحبا", "0"])
def test_no_text_raises(reader, text):
    assert 0 <= reader.read(text, "ar").emergency <= 1


def test_many_texts_together_are_read_as_one_by_one(reader):
    texts = [(text.text, text.language) for text in TEXTS[::400]]

    together, alone = reader.read_all(texts), [reader.read(*text) for text in texts]

    assert [one.verdict for one in together] == [one.verdict for one in alone]
    assert np.allclose([one.emergency for one in together], [one.emergency for one in alone], atol=2e-3)


@pytest.mark.parametrize("spoil", ["missing", "weights", "report", "encoder"])
def test_a_release_that_does_not_load_is_one_sentence_with_the_fix(tmp_path, spoil):
    shutil.copytree(RELEASE, tmp_path / "release")
    if spoil == "missing":
        shutil.rmtree(tmp_path / "release")
    elif spoil == "weights":
        (tmp_path / "release" / WEIGHTS).write_bytes(b"PK\x03\x04 not weights")
    elif spoil == "report":
        (tmp_path / "release" / ABOUT).write_text("{", encoding="utf-8")
    else:
        about = json.loads((RELEASE / ABOUT).read_text(encoding="utf-8"))
        (tmp_path / "release" / ABOUT).write_text(json.dumps({**about, "encoder": "another"}), encoding="utf-8")

    with pytest.raises(ReaderProblem, match="rules stand alone"):
        load_second_reader(best_encoder(), tmp_path / "release")
