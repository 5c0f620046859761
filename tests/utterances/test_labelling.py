"""One person says what a sentence means, another agrees; what is learned becomes changes. Nobody decides about their own label."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.staff.people import Staff
from bot.training import changes
from bot.training.index import Example, index_of, same
from bot.training.operations import AddExample, SetEntry
from bot.utterances import labelling, rows
from bot.utterances.approving import TAUGHT, approve
from bot.utterances.gathering import Gathering
from bot.utterances.kinds import Mark
from bot.utterances.lessons import Files
from bot.utterances.problems import UtteranceProblem
from bot.utterances.rows import Wanted
from tests.contents import content_source
from tests.staff.people_kit import NOW, joined
from tests.utterances.people_heard import chat, says

FILES = Files(
    index=index_of(
        Example(text, intent, "en", f"data/nlu/en/{intent}.yml", same(text))
        for intent, text in (("greet", "hello there"), ("greet", "good day"), ("thank", "thanks a lot"), ("thank", "cheers mate"))
    ),
    entries={"parking": "content/knowledge/logistics/visiting-us.yml"},
    asked={same("where can i park"): "parking", same("is there a cafe"): "food"},
    concepts={"fever": "content/triage/lexicon/internal.yml"},
    terms={("fever", "en"): frozenset({"hot as an oven"})},
)


@pytest.fixture
def people(database) -> dict[str, Staff]:
    with database.write() as work:
        return {handle: joined(work, handle, "editor") for handle in ("mei", "tom")}


@pytest.fixture
def sentences(database):
    """Store sentences and return their numbers, in order."""

    def store(*texts: str) -> list[int]:
        with database.write() as work:
            for text in texts:
                says(work, chat(work, NOW), text, actions=("action_not_understood",))
        Gathering(database, content_source()).round(NOW)
        with database.read() as work:
            found = {one.text: one.id for group in rows.groups(work, Wanted()) for one in group.sentences}
        return [found[text] for text in texts]

    return store


@pytest.fixture
def does(database):
    """Run something in a transaction of its own."""

    def run(act, *given, **named):
        with database.write() as work:
            return act(work, *given, **named)

    return run


def state(does, number):
    return does(rows.read, [number])[0].state


def labelled(does, numbers, intent, *, by="mei", marks=()):
    does(labelling.label, numbers, intent=intent, by=by, now=NOW, marks=marks)


def approved(does, numbers, who):
    return does(approve, numbers, who=who, files=FILES, now=NOW, titles=dict.fromkeys(TAUGHT, "Inbox"))


def test_a_label_that_a_second_person_approves_becomes_an_example_in_an_approved_change(does, people, sentences):
    (number,) = sentences("howdy pardner over yonder")
    labelled(does, [number], "greet")
    (change,) = approved(does, [number], people["tom"])
    wanted = AddExample("greet", "en", "howdy pardner over yonder", "data/nlu/en/greet.yml")
    assert change.operations == (wanted,)
    assert (change.kind, change.state, change.author, change.approved_by) == ("training", "approved", "mei", "tom")
    (after,) = does(rows.read, [number])
    assert (after.state, after.approved_by, after.change_id) == ("approved", "tom", change.id)


def test_what_was_labelled_otherwise_is_never_approved_unseen(does, people, sentences):
    one, two, three = sentences("can I park my car here", "can I park my car here please", "and can I park my car here")
    labelled(does, [one], "greet")
    labelled(does, [two], "thank")
    labelled(does, [three], "greet", marks=[Mark(4, 7, "fever")])
    found = does(rows.groups, Wanted("labelled", not_labelled_by="tom"))
    assert sorted((group.first.intent, [each.id for each in group.sentences]) for group in found) == [
        ("greet", [one]), ("greet", [three]), ("thank", [two]),
    ]  # fmt: skip


def test_what_one_person_labelled_alike_is_one_group(does, people, sentences):
    one, two = sentences("can I park my car here", "can I park my car here please")
    labelled(does, [one, two], "greet")
    (group,) = does(rows.groups, Wanted("labelled", not_labelled_by="tom"))
    assert {each.id for each in group.sentences} == {one, two}


def test_nobody_approves_their_own_label(does, people, sentences):
    (number,) = sentences("howdy pardner over yonder")
    labelled(does, [number], "greet")
    with pytest.raises(UtteranceProblem) as problem:
        approved(does, [number], people["mei"])
    assert problem.value.key == "utterance_own" and state(does, number) == "labelled"


def test_where_the_second_person_only_labels_the_change_waits_for_a_review(does, database, people, sentences):
    (number,) = sentences("howdy pardner over yonder")
    labelled(does, [number], "greet")
    with database.write() as work:
        labeller = replace(joined(work, "lou", "nurse"), studio=frozenset({"labeller"}))
    (change,) = approved(does, [number], labeller)
    assert change.state == "review" and state(does, number) == "approved"


def test_a_question_of_the_faq_gets_another_wording(does, people, sentences):
    (number,) = sentences("can my camel stay somewhere")
    labelled(does, [number], "faq:parking")
    (change,) = approved(does, [number], people["tom"])
    (operation,) = change.operations
    assert isinstance(operation, SetEntry) and change.kind == "faq"
    assert operation.path[:4] == ("entries", "parking", "questions", "en") and operation.after == "can my camel stay somewhere"


def test_marked_words_wait_for_somebody_clinical(does, people, sentences):
    (number,) = sentences("grandpa is hot like a stove")
    labelled(does, [number], "greet", marks=[Mark(11, 27, "fever")])
    training, clinical = approved(does, [number], people["tom"])
    assert (training.state, clinical.kind, clinical.state) == ("approved", "clinical", "review")
    (operation,) = clinical.operations
    assert operation.after == "hot like a stove" and operation.path[:4] == ("entries", "fever", "terms", "en")


@pytest.mark.parametrize(
    ("text", "intent", "key"),
    [
        ("cheers mate!", "greet", "utterance_check"),  # an example of another intent
        ("is there a cafe?", "faq:parking", "utterance_check"),  # asked in another entry
        ("howdy pardner", "no_such_intent", "utterance_label"),
        ("howdy pardner", "faq:no_such_entry", "utterance_label"),
    ],
)
def test_what_would_be_wrong_is_refused_and_nothing_is_done(does, database, people, sentences, text, intent, key):
    (number,) = sentences(text)
    labelled(does, [number], intent)
    with pytest.raises(UtteranceProblem) as problem:
        approved(does, [number], people["tom"])
    assert problem.value.key == key and state(does, number) == "labelled"
    with database.read() as work:
        assert changes.approved_changes(work) == ()


@pytest.mark.parametrize(("text", "intent"), [("Hello there!", "greet"), ("Where can I park?", "faq:parking")])
def test_what_is_known_already_is_approved_without_a_change(does, people, sentences, text, intent):
    (number,) = sentences(text)
    labelled(does, [number], intent)
    assert approved(does, [number], people["tom"]) == ()
    assert state(does, number) == "approved"


def test_what_somebody_else_labelled_is_not_labelled_over_but_ones_own_is(does, sentences):
    (number,) = sentences("howdy pardner")
    labelled(does, [number], "greet")
    labelled(does, [number], "thank")
    assert does(rows.read, [number])[0].intent == "thank"
    with pytest.raises(UtteranceProblem):
        labelled(does, [number], "greet", by="tom")


def test_one_takes_back_what_one_did_oneself_and_nothing_else(does, sentences):
    first, second = sentences("howdy pardner", "nothing to see here")
    labelled(does, [first], "greet")
    does(labelling.set_aside, [second], state="skipped", by="mei", now=NOW)
    with pytest.raises(UtteranceProblem):
        does(labelling.take_back, [first, second], by="tom")
    does(labelling.take_back, [first, second], by="mei")
    assert state(does, first) == state(does, second) == "new"


def test_a_second_person_sends_a_label_back(does, sentences):
    (number,) = sentences("howdy pardner")
    labelled(does, [number], "greet")
    with pytest.raises(UtteranceProblem):
        does(labelling.send_back, [number], by="mei")
    does(labelling.send_back, [number], by="tom")
    assert state(does, number) == "new"


def test_deleted_words_are_gone_and_the_sentence_is_not_taken_again(does, database, sentences):
    (number,) = sentences("my aunt lives at number nine")
    does(labelling.delete, [number], by="mei", now=NOW)
    (found,) = does(rows.read, [number])
    assert (found.state, found.text, found.guesses) == ("deleted", "", ())
    assert Gathering(database, content_source()).round(NOW) == 0


def test_a_sentence_is_given_to_somebody_and_found_there(does, sentences):
    first, _ = sentences("howdy pardner", "where is the mosque")
    does(labelling.assign, [first], to="tom")
    (group,) = does(rows.groups, Wanted(assigned_to="tom"))
    assert group.first.id == first
