"""A change that meets other words than it expects: what its author is asked, and what each answer makes of it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.release.folders import folder_in
from bot.training import changes, files, rows
from bot.training.ahead import ahead_of, texts_for
from bot.training.operations import AddExample, MoveExample, RemoveExample, SetEntry, SetText, apply
from bot.training.problems import ChangeProblem
from bot.training.settling import Decision, mark_of, places_in, settled, told
from bot.training.tree import data
from tests.training.test_changes import ADA, MEI, NOW, draft, in_review, refused_with

FILE, NLU = "content/knowledge/one.yml", "data/nlu/en/small_talk.yml"
TEXTS = {
    FILE: "a: theirs # by hand\nb: two\nday: 2026-01-31\nn: 5\nopen: true\nwords: [x, y]\nentry:\n  de: eins\n  en: one\n",
    NLU: 'version: "3.1"\n\nnlu:\n  - intent: greet\n    examples: |\n      - hi\n  - intent: bye\n    examples: |\n      - ciao\n',
}
MINE, THEIRS = Decision("mine"), Decision("theirs")


def said(operations, file=FILE):
    return apply(TEXTS[file], [one for one in operations if file in files.files_of([one])], file=file)


def decide(operations, *decisions):
    return settled(operations, TEXTS, decisions)


def test_what_fits_is_nothing_to_decide():
    fits = [
        SetText(FILE, ("b",), "two", "three"),
        AddExample("greet", "en", "hey", NLU),
        RemoveExample("greet", "en", "no such", NLU),
    ]
    assert places_in(fits, TEXTS) == () and settled(fits, TEXTS, ()) == tuple(fits)


def test_of_many_edits_only_those_that_do_not_fit_are_asked_about_and_the_others_stay():
    others = [SetText(FILE, ("b",), "two", "three"), SetText(FILE, ("entry", "en"), "one", "1"), SetText(FILE, ("n",), 5, 6)]
    edits = [*others[:1], SetText(FILE, ("a",), "was", "mine"), *others[1:]]
    (place,) = places_in(edits, TEXTS)
    assert (place.operation, place.path, place.base, place.mine, place.theirs) == (1, ("a",), "was", "mine", "theirs")
    assert decide(edits, THEIRS) == tuple(others)
    made = decide(edits, MINE)
    assert made == (*others[:1], SetText(FILE, ("a",), "theirs", "mine"), *others[1:])
    assert said(made).startswith("a: mine # by hand\nb: three\n") and places_in(made, TEXTS) == ()
    assert said(decide(edits, Decision("new", "both"))).startswith("a: both # by hand\n")


def test_of_an_entry_that_both_sides_changed_each_language_is_a_place_of_its_own():
    edit = SetEntry(FILE, ("entry",), {"de": "ein", "en": "one", "fr": "un"}, {"de": "einer", "en": "the one", "fr": "un"})
    (place,) = places_in([edit], TEXTS)
    assert (place.path, place.mine, place.theirs) == (("entry", "de"), "einer", "eins")
    # What only this change wants otherwise is done without a question, and what only others took out stays out.
    assert decide([edit], THEIRS) == (SetText(FILE, ("entry", "en"), "one", "the one"),)


def test_what_both_added_is_merged_part_by_part():
    edit = SetEntry(FILE, ("entry",), None, {"de": "eins", "en": "uno", "ar": "واحد"})
    (place,) = places_in([edit], TEXTS)
    assert (place.path, place.base) == (("entry", "en"), None)
    assert set(decide([edit], MINE)) == {
        SetText(FILE, ("entry", "en"), "one", "uno"),
        SetEntry(FILE, ("entry", "ar"), None, "واحد"),
    }


def test_what_is_to_go_and_was_changed_meanwhile_goes_or_stays():
    edit = SetEntry(FILE, ("entry",), {"de": "ein"}, None)
    (place,) = places_in([edit], TEXTS)
    assert place.mine is None and place.choices == ("mine", "theirs")
    assert "entry" not in said(decide([edit], MINE)) and decide([edit], THEIRS) == ()


def test_what_is_gone_comes_back_or_stays_away_and_without_its_entry_it_can_only_stay_away():
    gone, without = SetText(FILE, ("entry", "fr"), "un", "une"), SetText(FILE, ("other", "fr"), "un", "une")
    first, second = places_in([gone, without], TEXTS)
    assert (first.theirs, first.choices, second.choices) == (None, ("mine", "theirs", "new"), ("theirs",))
    made = decide([gone, without], MINE, THEIRS)
    assert made == (SetEntry(FILE, ("entry", "fr"), None, "une"),) and "  fr: une" in said(made)
    refused_with("change_not_decided", lambda: decide([gone, without], MINE, MINE))


@pytest.mark.parametrize(
    ("path", "base", "mine", "shape", "value", "written"),
    [
        (("n",), 3, 4, "number", "7", "n: 7\n"),
        (("n",), 3, 4, "number", "7.5", "n: 7.5\n"),
        (("day",), "2025-01-31", "2027-01-31", "date", "2028-01-31", "day: 2028-01-31\n"),
        (("words",), ["x"], ["x", "z"], "list", "x\n y \n\nz", "words: [x, y, z]\n"),
    ],
)
def test_other_words_are_read_as_what_stands_there(path, base, mine, shape, value, written):
    edit = SetText(FILE, path, base, mine)
    (place,) = places_in([edit], TEXTS)
    assert place.shape == shape
    made = decide([edit], Decision("new", value))
    assert written in said(made)
    assert told([place], [Decision("new", value)])[0]["value"] == made[0].after


@pytest.mark.parametrize(
    ("path", "base", "value"), [(("n",), 3, "many"), (("day",), "2025-01-31", "soon"), (("a",), "was", "  ")]
)
def test_what_is_no_value_is_refused(path, base, value):
    edit = SetText(FILE, path, base, 4 if path == ("n",) else "2027-01-31")
    refused_with("change_not_decided", lambda: decide([edit], Decision("new", value)))


def test_of_yes_and_no_there_is_nothing_else_to_say():
    (place,) = places_in([SetText(FILE, ("open",), None, False)], TEXTS)
    assert place.choices == ("mine", "theirs")
    refused_with("change_not_decided", lambda: decide([SetText(FILE, ("open",), None, False)], Decision("new", "x")))


def test_a_sentence_that_somebody_has_moved_elsewhere_is_moved_on_or_left():
    edit = MoveExample("thank", "greet", "en", "ciao", NLU)
    (place,) = places_in([edit], TEXTS)
    assert (place.base, place.mine, place.theirs) == ("thank", "greet", "bye")
    assert decide([edit], MINE) == (MoveExample("bye", "greet", "en", "ciao", NLU, NLU),) and decide([edit], THEIRS) == ()
    gone = MoveExample("thank", "greet", "en", "howdy", NLU)
    assert decide([gone], MINE) == (AddExample("greet", "en", "howdy", NLU),)


def test_as_many_decisions_as_places():
    edit = SetText(FILE, ("a",), "was", "mine")
    for some in ((), (MINE, MINE)):
        refused_with("change_not_decided", lambda some=some: decide([edit], *some))


def test_what_was_on_the_screen_has_a_mark():
    edit = SetText(FILE, ("a",), "was", "mine")
    other = {**TEXTS, FILE: TEXTS[FILE].replace("theirs", "others")}
    assert mark_of(places_in([edit], TEXTS)) == mark_of(places_in([edit], TEXTS)) != mark_of(places_in([edit], other))


def test_a_change_meets_what_was_approved_before_it(database, tmp_path):
    folder = folder_in(tmp_path)
    files.write(folder, {FILE: "a: one\nb: two\n"})
    with database.write() as work:
        first, second = (
            in_review(work, SetText(FILE, ("a",), "one", "eins")),
            in_review(work, SetText(FILE, ("a",), "one", "uno")),
        )
        other = in_review(work, AddExample("greet", "en", "hey", NLU))
        for one in (first, other, second):
            changes.approve(work, one.id, who=MEI, now=NOW)
        first, second = changes.need(work, first.id), changes.need(work, second.id)
        assert ahead_of(work, first) == () and ahead_of(work, second) == (first,)
        texts = texts_for(folder, second, ahead_of(work, second))
        assert texts == {FILE: "a: eins\nb: two\n"} and len(places_in(second.operations, texts)) == 1
        # A draft comes after everything that is approved; what does not fit itself is left out.
        mine = draft(work, SetText(FILE, ("b",), "two", "2"))
        assert ahead_of(work, mine) == (first, second) and texts_for(folder, mine, (first, second)) == texts


def test_its_author_opens_it_again_decides_and_hands_it_over_and_what_was_decided_is_kept(database):
    with database.write() as work:
        one = in_review(work, SetText(FILE, ("a",), "was", "mine"))
        changes.approve(work, one.id, who=MEI, now=NOW)
        refused_with("change_not_own", lambda: changes.reopen(work, one.id, by="mei", now=NOW))
        refused_with("change_edited", lambda: changes.reopen(work, one.id, by="ada", now=NOW, edition=9))
        one = changes.reopen(work, one.id, by="ada", now=NOW, edition=1)
        assert (one.state, one.approved_by, one.approved_at) == ("draft", "", None)
        refused_with("change_state", lambda: changes.reopen(work, one.id, by="ada", now=NOW))
        places = places_in(one.operations, TEXTS)
        made, decided = settled(one.operations, TEXTS, [MINE]), told(places, [MINE])
        one = changes.settle(work, one.id, by="ada", operations=made, decided=decided, now=NOW, edition=1)
        assert (one.state, one.edition, one.operations) == ("draft", 2, made)
        assert changes.submit(work, one.id, by="ada", now=NOW).state == "review"
        event = next(each for each in rows.events(work, one.id) if each.what == "settled")
        assert (event.decided[0]["choice"], event.decided[0]["theirs"], event.decided[0]["value"]) == ("mine", "theirs", "mine")


def test_a_change_that_did_not_fit_is_found_until_it_is_approved_anew(database):
    with database.write() as work:
        one = in_review(work, SetText(FILE, ("a",), "was", "mine"))
        changes.approve(work, one.id, who=MEI, now=NOW)
        assert rows.numbers_in_conflict(work) == frozenset()
        changes.conflicted(work, one.id, by="omar", release="r1", now=NOW)
        assert rows.numbers_in_conflict(work) == {one.id}
        changes.reopen(work, one.id, by=ADA.handle, now=NOW)
        assert rows.numbers_in_conflict(work) == frozenset()
        changes.conflicted(work, one.id, by="omar", release="r1", now=NOW)  # a draft is nobody's obstacle
        with pytest.raises(ChangeProblem):
            changes.need(work, 999)
        assert [each.what for each in rows.events(work, one.id)].count("conflicted") == 1


WORDS = st.sampled_from(["one", "two", "drei", "أربعة", "五: x", "- six", "#7"])
ENTRIES = st.dictionaries(st.sampled_from("abcd"), WORDS | st.dictionaries(st.sampled_from("xyz"), WORDS, min_size=1), min_size=1)


def leaves(value, path=()):
    if isinstance(value, dict):
        return {place: one for name, each in value.items() for place, one in leaves(each, (*path, name)).items()}
    return {path: value}


@settings(max_examples=150)
@given(ENTRIES, ENTRIES, ENTRIES, st.sampled_from([MINE, THEIRS]))
def test_whatever_both_sides_did_it_fits_afterwards_and_who_was_chosen_has_it_as_they_wanted(base, mine, theirs, choice):
    texts = {FILE: yaml.safe_dump({"kept": "as it is", "entry": theirs}, allow_unicode=True)}
    edits = [SetEntry(FILE, ("entry",), base, mine)]
    made = settled(edits, texts, [choice] * len(places_in(edits, texts)))
    assert places_in(made, texts) == ()
    after = data(apply(texts[FILE], made, file=FILE))
    assert after["kept"] == "as it is"
    got, was = leaves(after.get("entry")), leaves(base)
    for place, said in leaves(mine if choice is MINE else theirs).items():
        assert was.get(place) == said or got.get(place) == said, (place, after)
