"""The clinical tables hold together: every reference leads somewhere, every text stands in five languages."""

from __future__ import annotations

import pytest

from bot.languages import LANGUAGES
from bot.outbox.output_filter import forbidden_in
from bot.triage.expressions import comparison
from bot.triage.normalise import normalise
from bot.triage.reading import CRISIS, LOOK_ALIKES, read
from bot.triage.tables import FACTS, NUMBERS, Tables
from tests.contents import the_content

CONTENT = the_content()
TABLES: Tables = CONTENT.triage
CONCEPTS = TABLES.lexicon.concepts


def _conditions():
    yield from ((f"red flag {rule.id}", rule.when) for rule in TABLES.red_flags)
    yield from (
        (f"question {rule.id}", when) for rule in TABLES.questions.values() for when in (rule.when, *rule.unless.values())
    )
    for route in TABLES.routes.values():
        yield from ((f"route {route.concept}", when) for when, _ in route.exceptions)


@pytest.mark.parametrize(("where", "when"), _conditions())
def test_every_condition_speaks_of_concepts_facts_numbers_or_answers_that_exist(where, when):
    for atom in when.atoms:
        compared = comparison(atom)
        if compared:
            assert compared[0] in NUMBERS, where
        elif atom.startswith("answer:"):
            _, question, value = atom.split(":")
            assert value in dict(TABLES.questions[question].choices), where
        else:
            assert atom in CONCEPTS or atom in FACTS or atom.startswith("condition:"), where


def test_every_complaint_has_a_route_and_every_route_leads_to_a_department_that_takes_patients():
    complaints = {name for name, concept in CONCEPTS.items() if concept.kind in ("symptom", "sign", "event", "request")}

    assert not complaints - set(TABLES.routes) - {name for name in complaints if name.startswith(LOOK_ALIKES)}
    for department in TABLES.departments.values():
        seen = department
        for _ in range(4):
            seen = seen if seen.exists else TABLES.departments[seen.instead]
        assert seen.exists, department.id


@pytest.mark.parametrize("question", TABLES.questions.values(), ids=lambda rule: rule.id)
def test_a_question_names_a_red_flag_that_exists_and_never_lowers(question):
    known = {rule.id for rule in TABLES.red_flags}

    assert (question.raises is None) == (question.flag == "")
    assert question.flag == "" or question.flag in known
    for language in LANGUAGES:
        for text in (question.texts[language], question.why[language], *(title[language] for _, title in question.choices)):
            assert text and not forbidden_in(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_lexicon_finds_its_own_concept(language):
    lost = []
    for concept in CONCEPTS.values():
        for term in concept.terms[language]:
            hits = TABLES.lexicon.find(normalise(str(term)), language)
            if concept.id not in {hit.concept for hit in hits}:
                lost.append((concept.id, term, sorted({hit.concept for hit in hits})))

    # A longer term of another concept may hold it: that it finds something is the promise then.
    assert not [one for one in lost if not one[2]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_a_crisis_are_always_read_as_one(language):
    for name in sorted(CRISIS):
        for term in CONCEPTS[name].terms[language]:
            assert read(str(term), language, lexicon=TABLES.lexicon).crisis, (name, term)


@pytest.mark.parametrize("rule", TABLES.red_flags, ids=lambda rule: rule.id)
def test_a_red_flag_says_where_to_go_what_to_do_and_where_it_comes_from(rule):
    assert rule.department in TABLES.departments and rule.source
    for language in LANGUAGES:
        if rule.level in ("E1", "E2") and rule.action not in ("none", "crisis"):
            assert CONTENT.phrases.get(f"emergency.do_{rule.action}", language)


def test_every_region_has_an_ambulance_and_words_for_it():
    for hotline in TABLES.hotlines.values():
        assert hotline.ambulance.isdigit() and hotline.source and hotline.checked_on
        assert all(hotline.names[language] for language in LANGUAGES)
    assert TABLES.home_region in TABLES.hotlines
