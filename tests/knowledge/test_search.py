"""A question finds its entry through typos, Traditional script, other words and other languages; other things are not answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.answer_line import answer_line
from bot.knowledge.asking import asks_about
from bot.knowledge.encoder import CharacterGrams
from bot.knowledge.entries import Entries
from bot.knowledge.search import Index
from bot.languages import LANGUAGES
from tests.contents import the_content


def test_every_entry_is_asked_for_in_three_other_wordings_that_stand_in_no_pack(content, paraphrases):
    wordings = {
        text.casefold() for entry in content.knowledge.by_id.values() for asked in entry.questions.values() for text in asked
    }
    known = wordings | {text.casefold() for text in content.knowledge.outside}

    assert {asked.entry for asked in paraphrases.asked} == set(content.knowledge.by_id)
    assert min(sum(asked.entry == entry for asked in paraphrases.asked) for entry in content.knowledge.by_id) >= 3
    assert not known & {asked.text.casefold() for asked in paraphrases.asked}
    assert not known & {text.casefold() for text in paraphrases.other}


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_questions_in_other_words_find_their_entry_first(found, language):
    right = [bool(hits) and hits[0].entry == asked.entry for asked, hits in found if asked.language == language]

    assert sum(right) / len(right) >= 0.76


def test_nearly_all_stand_among_the_first_three(found):
    assert sum(asked.entry in {hit.entry for hit in hits} for asked, hits in found) / len(found) >= 0.87


def test_most_are_answered_and_what_is_answered_is_right(found):
    answered = [hits[0].entry == asked.entry for asked, hits in found if hits and hits[0].answered]

    assert len(answered) / len(found) >= 0.62 and sum(answered) / len(answered) >= 0.97


def test_small_talk_symptoms_and_gibberish_are_not_answered(index, paraphrases):
    answered = [text for text in paraphrases.other if any(hit.answered for hit in index.search(text, "en"))]

    assert len(answered) <= 2, answered


def test_without_a_model_little_is_answered_but_what_is_answered_is_right(by_letters, paraphrases):
    answered = [
        hits[0].entry == asked.entry
        for asked in paraphrases.asked
        for hits in [by_letters.search(asked.text, asked.language)]
        if hits and hits[0].answered
    ]

    assert len(answered) >= 80 and sum(answered) / len(answered) >= 0.95
    assert not [text for text in paraphrases.other if any(hit.answered for hit in by_letters.search(text, "en"))]


@pytest.mark.parametrize("search", ["index", "by_letters"])
def test_typos_scripts_and_mixed_languages_are_stood(search, paraphrases, request):
    index = request.getfixturevalue(search)
    wrong = [text for text, entry in paraphrases.bent if entry not in [hit.entry for hit in index.search(text, "en")[:1]]]

    assert len(wrong) <= 1, wrong


def test_a_question_finds_an_entry_by_its_wording_in_another_language(content, index):
    hits = {language: index.search(content.knowledge.by_id["parking"].questions[language][0], "de") for language in LANGUAGES}

    assert all(hit[0].entry == "parking" and hit[0].answered and hit[0].score == 1.0 for hit in hits.values())


@pytest.mark.parametrize(
    "text",
    [
        "鼻血止不住",
        "my nose will not stop bleeding",
        "Ich habe mir die Hand am Herd verbrannt",
        "علقت شوكة في حلقي وتؤلمني",
        "我胸口疼",
    ],
)
def test_a_complaint_is_not_answered_with_the_rumour_next_to_it(index, text):
    assert not any(hit.answered for hit in index.search(text, "en"))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("流鼻血仰头对吗", "nosebleed_lean_back"),
        ("does toothpaste help when I burn my hand?", "toothpaste_burn"),
        ("Stimmt es, dass Essig eine Gräte im Hals löst?", "fishbone_vinegar"),
        ("هل يفيد الخل لشوكة السمك في الحلق؟", "fishbone_vinegar"),
    ],
)
def test_the_rumour_is_answered_when_it_is_asked_about(index, text, entry):
    hits = index.search(text, "en")

    assert hits[0].entry == entry and hits[0].answered


def test_a_long_story_gets_suggestions_and_the_same_question_alone_an_answer(index):
    story = "My uncle came to stay with us last spring and since then we have talked about many things. " * 2

    assert index.search("where can I park my car?", "en")[0].answered
    assert not any(hit.answered for hit in index.search(story + "where can I park my car?", "en"))


def test_no_complaint_outside_the_packs_counts_as_a_question(content):
    complaints = ["我流鼻血了", "my nose is bleeding", "ich habe Nasenbluten", "أنفي ينزف"]

    assert set(complaints) <= set(content.knowledge.outside) and not any(asks_about(text) for text in complaints)


def test_what_to_do_about_a_complaint_is_not_a_question_about_a_rumour_and_a_doubt_is():
    assert not asks_about("流鼻血怎么办？") and not asks_about("my nose bleeds, what should I do?")
    assert asks_about("流鼻血要仰头吗") and asks_about("I heard you should lean back")


def test_a_sentence_known_to_be_outside_finds_nothing(content, index):
    assert all(index.search(text, "en") == () for text in content.knowledge.outside[:20])


def test_hashed_letters_are_no_meaning_and_search_as_letters_do(content, by_letters):
    small = Entries({"parking": content.knowledge.by_id["parking"]}, "v")

    assert Index(small, encoder=CharacterGrams()).search("wher is parkin", "en") == Index(small).search("wher is parkin", "en")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_anything_may_be_asked_and_scores_stay_between_0_and_1_best_first(text):
    hits = _small().search(text, "en")
    scores = [hit.score for hit in hits]

    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    assert not any(hit.answered for hit in hits[1:])


def test_nothing_is_found_for_nothing_and_among_nothing(index):
    assert index.search("   ", "en") == () and index.search("?!", "en") == ()
    assert Index(Entries({}, "")).search("parking", "en") == ()


def test_the_line_of_the_command_names_entries_best_first(index):
    line = answer_line({"id": 7, "text": "where can I park"}, index=index)

    assert line["id"] == 7 and line["faq"][0] == "parking" and line["answered"] is True and line["score"] == 1.0


def test_the_line_of_the_command_says_when_nothing_is_found(index):
    assert answer_line({"id": "x", "text": "", "lang": "de"}, index=index) == {
        "id": "x", "faq": [], "score": 0.0, "answered": False
    }  # fmt: skip


_SMALL: list[Index] = []


def _small() -> Index:
    if not _SMALL:
        _SMALL.append(Index(the_content().knowledge))
    return _SMALL[0]
