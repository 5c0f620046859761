"""What an import or a bulk edit would do, said before anything is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.exchange import incoming_examples, incoming_texts, po, xliff
from bot.exchange.bulk import Replacing, in_examples, in_texts
from bot.exchange.problems import ExchangeProblem
from bot.exchange.sheets import Sheet, read_sheet, write_csv
from bot.exchange.translations import Translation
from bot.exchange.units import Example
from tests.exchange.samples import sample_examples, sample_units

HELLO = "content/phrases/greeting.yml#entries/hello"


@pytest.fixture
def examples(tmp_path):
    return sample_examples(tmp_path)


@pytest.fixture
def units(tmp_path):
    return sample_units(tmp_path)


def told(plan):
    return [(line.kind, line.name, line.language, line.before, line.after) for line in plan.lines]


def test_rows_that_are_new_are_added_beside_their_intent_and_known_ones_are_not(examples):
    plan = incoming_examples.plan(
        examples, [("ask_faq", "en", "is there parking"), ("ask_faq", "en", "how do i pay")], whole=False
    )
    assert told(plan) == [("added", "ask_faq", "en", "", "is there parking")] and plan.same == 1
    assert plan.lines[0].file == "data/nlu/en/faq.yml"


def test_what_was_deleted_in_a_whole_file_goes_and_what_the_file_does_not_speak_of_stays(examples):
    rows = [("ask_faq", "en", "how do i pay")]
    assert told(incoming_examples.plan(examples, rows, whole=True)) == [("removed", "ask_faq", "en", "where can i park", "")]
    assert incoming_examples.plan(examples, rows, whole=False).lines == ()


def test_an_export_that_comes_back_untouched_changes_nothing(examples, units):
    rows = [(one.intent, one.language, one.text) for one in examples]
    assert incoming_examples.plan(examples, rows, whole=True).lines == ()
    sheet = read_sheet(write_csv(incoming_texts.HEAD, incoming_texts.rows_of(units)))
    assert incoming_texts.plan_of_sheet(units, sheet).lines == ()
    assert incoming_texts.plan_of_translations(units, xliff.read(xliff.write(units, source="en", target="de"))).lines == ()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("ask_faq", "fr", "où"), "language"),
        (("buy_shoes", "en", "shoes please"), "intent"),
        (("ask_faq", "en", "where " * 80), "check_long"),
        (("ask_faq", "en", "where is {place}"), "check_template_like"),
        (("ask_faq", "zh-Hans", "在哪裡停車"), "script"),
        (("ask_faq", "en", "在哪里停车"), "script"),
        (("ask_faq", "en", "thank you"), "two_intents"),
        (("ask_faq", "en", "call me at +49 170 1234567"), "check_personal_data"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_others_are_taken(examples, row, why):
    plan = incoming_examples.plan(examples, [row, ("thank", "en", "cheers")], whole=False)
    assert [(line.kind, line.problem) for line in plan.lines] == [("problem", why), ("added", "")]


def test_personal_data_in_a_file_is_not_shown_again(examples):
    plan = incoming_examples.plan(examples, [("ask_faq", "en", "call me at +49 170 1234567")], whole=False)
    assert "1234567" not in plan.lines[0].after


def test_a_sentence_that_stands_under_two_intents_in_the_file_is_taken_once(examples):
    plan = incoming_examples.plan(examples, [("thank", "en", "see you"), ("ask_faq", "en", "see you")], whole=True)
    assert [(line.kind, line.problem) for line in plan.lines][:2] == [("problem", "two_intents"), ("added", "")]


def test_a_sentence_may_move_from_one_intent_to_another(examples):
    rows = [(one.intent, one.language, one.text) for one in examples if one.text != "how do i pay"]
    plan = incoming_examples.plan(examples, [*rows, ("thank", "en", "how do i pay")], whole=True)
    assert sorted(told(plan)) == [("added", "thank", "en", "", "how do i pay"), ("removed", "ask_faq", "en", "how do i pay", "")]


def test_a_whole_file_brings_no_sentence_that_another_intent_has(examples):
    rows = [("ask_faq", "en", "how do i pay"), ("ask_faq", "en", "thank you")]
    found = [
        (line.problem, dict(line.values)) for line in incoming_examples.plan(examples, rows, whole=True).lines if line.problem
    ]
    assert found == [("two_intents", {"other": "thank"})]


def test_a_table_without_its_columns_is_refused(examples, units):
    for read in (incoming_examples.from_sheet, lambda sheet: incoming_texts.plan_of_sheet(units, sheet)):
        with pytest.raises(ExchangeProblem) as problem:
            read(Sheet(("something", "else"), (("a", "b"),)))
        assert problem.value.key == "exchange_columns"


def row_of(units, **texts: str) -> Sheet:
    hello = next(unit for unit in units if unit.id == HELLO)
    cells = {"id": HELLO, "stamp": hello.stamp, **texts}
    return Sheet(tuple(name.lower() for name in cells), (tuple(cells.values()),))


def test_a_cell_that_is_another_is_a_change_at_its_place_and_an_empty_one_is_not(units):
    plan = incoming_texts.plan_of_sheet(units, row_of(units, de="Willkommen in {hospital}.", en="", ar="  "))
    line = plan.lines[0]
    assert (line.kind, line.language, line.after, line.place) == (
        "changed",
        "de",
        "Willkommen in {hospital}.",
        ("entries", "hello", "de"),
    )
    assert len(plan.lines) == 1


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"de": "Willkommen im {haus}."}, "placeholders"),
        ({"de": "Willkommen im {hospital."}, "placeholders"),
        ({"de": "Willkommen."}, "placeholders"),
        ({"zh-Hans": "您好，這裡是{hospital}。"}, "script"),
        ({"de": "{hospital}" + "a" * 4000}, "long"),
        ({"de": "Nehmen Sie in {hospital} Ibuprofen."}, "check_forbidden"),
        ({"de": "Hier ist {hospital}.\n\nUnd noch etwas."}, "check_blank_line"),
        ({"stamp": "0000000000", "de": "Willkommen in {hospital}."}, "stale"),
        ({"id": "content/phrases/nothing.yml#x", "de": "x"}, "unknown"),
    ],
)
def test_a_text_that_cannot_be_taken_says_why(units, texts, why):
    plan = incoming_texts.plan_of_sheet(units, row_of(units, **texts))
    assert [line.problem for line in plan.lines] == [why] and plan.made == ()


def test_a_translation_of_words_that_have_changed_since_is_not_taken(units):
    fresh = Translation(HELLO, "de", "Hello, this is {hospital}.", "Willkommen in {hospital}.")
    stale = Translation(HELLO, "de", "Hello from {hospital}.", "Willkommen in {hospital}.")
    assert [line.kind for line in incoming_texts.plan_of_translations(units, [fresh]).lines] == ["changed"]
    assert [line.problem for line in incoming_texts.plan_of_translations(units, [stale]).lines] == ["stale"]


@pytest.mark.parametrize("form", [xliff, po])
def test_a_translation_that_somebody_else_changed_since_the_export_is_not_put_back(units, form):
    file = form.write(units, source="en", target="de").decode()
    now = [replace(unit, texts={**unit.texts, "de": "Willkommen in {hospital}."}) if unit.id == HELLO else unit for unit in units]
    untouched = incoming_texts.plan_of_translations(now, form.read(file.encode()))
    assert untouched.lines == () and untouched.same == len(units)
    edited = file.replace("Guten Tag, hier ist {hospital}.", "Hallo, hier ist {hospital}.")
    assert [line.problem for line in incoming_texts.plan_of_translations(now, form.read(edited.encode())).lines] == ["stale"]
    assert [line.kind for line in incoming_texts.plan_of_translations(units, form.read(edited.encode())).lines] == ["changed"]


def test_what_stood_there_before_is_in_nobodys_way(units):
    one = next(unit for unit in units if unit.id == HELLO)
    named = replace(one, texts={**one.texts, "de": "Insulin: {hospital}"})
    plan = incoming_texts.plan_of_translations(
        [named], [Translation(HELLO, "de", one.texts["en"], "Insulin gibt es in {hospital}")]
    )
    assert [line.kind for line in plan.lines] == ["changed"]


def test_replacing_brings_no_drug_into_any_text(units):
    plan = in_texts(units, Replacing("Guten Tag", "Nehmen Sie Aspirin", "de"))
    assert [(line.problem, dict(line.values)) for line in plan.lines] == [("check_forbidden", {"text": "Aspirin"})]


def test_a_response_that_does_not_speak_a_language_has_no_place_for_it(units):
    one = Translation("domain/responses/small_talk.yml#responses/utter_thanks/0", "ar", "You are welcome.", "عفوًا")
    assert [line.problem for line in incoming_texts.plan_of_translations(units, [one]).lines] == ["no_place"]


def test_replacing_in_examples_takes_the_old_and_adds_the_new(examples):
    plan = in_examples(examples, Replacing("park", "leave my car", "en"))
    assert told(plan) == [
        ("added", "ask_faq", "en", "", "where can i leave my car"),
        ("removed", "ask_faq", "en", "where can i park", ""),
    ]


def test_an_example_that_another_one_becomes_is_not_lost_when_itself_becomes_another():
    both = [Example("book", "en", "come tomorrow"), Example("book", "en", "come tomorrow morning")]

    plan = in_examples(both, Replacing("tomorrow", "tomorrow morning"))

    left = {one.text for one in both} - {line.before for line in plan.lines if line.kind == "removed"}
    assert left | {line.after for line in plan.lines if line.kind == "added"} == {
        "come tomorrow morning",
        "come tomorrow morning morning",
    }


def test_an_example_whose_new_form_is_refused_stays(examples):
    plan = in_examples(examples, Replacing("how do i pay", "thank you"))
    assert [(line.kind, line.problem) for line in plan.lines] == [("problem", "two_intents")]


def test_replacing_with_a_number_of_somebody_changes_nothing(examples):
    assert in_examples(examples, Replacing("park", "call +49 170 1234567", "en")).made == ()


def test_replacing_in_texts_keeps_to_the_language_and_to_placeholders(units):
    assert [line.language for line in in_texts(units, Replacing("{hospital}", "us")).lines] == [
        "zh-Hans",
        "zh-Hant",
        "en",
        "de",
        "ar",
    ]
    assert {line.problem for line in in_texts(units, Replacing("{hospital}", "us")).lines} == {"placeholders"}
    plan = in_texts(units, Replacing("Guten Tag", "Hallo", "de"))
    assert [(line.language, line.after) for line in plan.made] == [("de", "Hallo, hier ist {hospital}.")]
    assert in_texts(units, Replacing("Guten Tag", "Hallo", "en")).lines == ()


def test_replacing_nothing_changes_nothing(examples, units):
    assert in_examples(examples, Replacing("", "x")).lines == in_texts(units, Replacing("", "x")).lines == ()
