"""What `daozhen check` and the gate say of texts: all that a patient may read, also of rules and plans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.check import text_problems
from bot.settings import ROOT
from tests.contents import the_content

DOMAIN = ROOT / "domain"
DRUG = {"de": "Nehmen Sie bitte Ibuprofen."}


def with_question(**parts):
    content = the_content()
    one = content.triage.questions["chest"]
    made = replace(one, **{name: {**getattr(one, name), **DRUG} for name in parts})
    return replace(content, triage=replace(content.triage, questions={**content.triage.questions, "chest": made}))


def with_plans(plans):
    content = the_content()
    return replace(content, followup=replace(content.followup, plans=plans))


def of_a_question():
    return with_question(texts=1)


def of_its_reason():
    return with_question(why=1)


def of_a_step():
    plans = the_content().followup.plans
    plan = plans.by_id["after_operation"]
    step = replace(plan.steps[0], texts={**plan.steps[0].texts, **DRUG})
    return with_plans(replace(plans, by_id={**plans.by_id, plan.id: replace(plan, steps=(step, *plan.steps[1:]))}))


def of_a_plan_question():
    plans = the_content().followup.plans
    one = replace(plans.questions["pain"], texts={**plans.questions["pain"].texts, **DRUG})
    return with_plans(replace(plans, questions={**plans.questions, "pain": one}))


def test_nothing_is_wrong_with_the_texts_of_the_repository():
    assert list(text_problems(the_content(), DOMAIN)) == []


@pytest.mark.parametrize("content", [of_a_question, of_its_reason, of_a_step, of_a_plan_question])
def test_a_drug_is_found_in_what_is_asked_and_what_is_sent_by_plans(content):
    (problem,) = text_problems(content(), DOMAIN)
    assert "Ibuprofen" in problem and "(de)" in problem
