"""A plan whose review is overdue begins with nobody, by no way, and people are told so honestly and offered a nurse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content.packs import read_pack
from bot.desk import following
from bot.followup import enrolling
from bot.followup.enrolling import EnrolProblem, Wish, is_offered
from bot.followup.plans import plans_from_packs
from bot.languages import LANGUAGES
from bot.messages import Effect, Reply
from bot.settings import ROOT
from tests import contents
from tests.conversations.bench import Bench
from tests.followup.test_links import code, enrolled, opens

WISH = Wish("hypertension", "ana", "desk:1")


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


@pytest.fixture
def plan():
    return contents.the_content().followup.plans.by_id["hypertension"]


@pytest.fixture
def review(monkeypatch):
    """Let all plans be reviewed by a day: one that has passed, or one to come."""
    content = contents.the_content()

    def by(day):
        plans = {key: replace(one, review_date=day) for key, one in content.followup.plans.by_id.items()}
        followup = replace(content.followup, plans=replace(content.followup.plans, by_id=plans))
        monkeypatch.setattr(contents.content_source(), "current", lambda: replace(content, followup=followup))

    return by


def overdue(bench):
    return bench.now().date() - timedelta(days=2)


def test_the_day_of_the_review_is_the_last_and_an_entry_may_have_its_own(plan):
    assert is_offered(plan, plan.review_date)
    assert not is_offered(plan, plan.review_date + timedelta(days=1))

    pack, questions = (read_pack(ROOT / "content" / "followup" / f"{name}.yml") for name in ("plans", "questions"))
    day = plan.review_date + timedelta(days=90)
    entries = {**pack.entries, "hypertension": {**pack.entries["hypertension"], "review_date": day.isoformat()}}
    again = plans_from_packs((questions, replace(pack, entries=entries))).by_id
    assert again["hypertension"].review_date == day and again["diabetes"].review_date == pack.review_date


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_opens_its_link_is_told_and_offered_a_nurse(bench, review, language):
    review(overdue(bench))
    someone = await bench.patient(language=language).who_agreed()
    await opens(someone, code(bench))

    someone.hears(someone.phrase("followup.plan_expired", emergency="|").split("|")[0])
    assert [button["payload"] for button in someone.latest[-1].content["buttons"]] == ["nurse"] and enrolled(bench) == []


async def test_a_yes_that_comes_too_late_begins_nothing_and_once_it_is_reviewed_the_same_button_does(bench, review):
    someone = await bench.patient(language="en").who_agreed()
    await opens(someone, code(bench))
    begun = next(button["payload"] for button in someone.latest[-1].content["buttons"] if button["payload"].endswith(":yes"))
    review(overdue(bench))
    await someone.presses_payload(begun)

    someone.hears("checked again")
    assert [one[1] for one in enrolled(bench)] == ["asked"]
    review(bench.now().date())
    await someone.presses_payload(begun)
    assert [one[1] for one in enrolled(bench)] == ["active"]


async def test_neither_staff_nor_programs_begin_it_and_the_desk_does_not_offer_it(bench, review):
    someone = await bench.patient(language="en").who_agreed()
    await someone.says("hello")
    review(overdue(bench))
    content = bench.services.content.current()

    with bench.database.write() as work, pytest.raises(EnrolProblem, match="expired"):
        enrolling.enrol(work, someone.conversation().id, WISH, content, now=bench.now())
    assert following._free((), content, bench.now()) == []


async def test_before_its_day_the_desk_offers_it(bench):
    assert following._free((), bench.services.content.current(), bench.now())


@pytest.mark.parametrize(("late", "offered"), [(False, True), (True, False)])
async def test_who_was_guided_can_be_asked_later_only_while_that_plan_is_reviewed(bench, review, late, offered):
    if late:
        review(overdue(bench))
    guided = Effect("assessment", {"level": "R", "departments": ["ENT"]})
    bench.assistant.replies("ear", Reply("Ear, nose and throat.", kind="result"), effects=[guided])
    someone = await bench.patient(language="en").who_agreed()
    await someone.says("my ear")

    assert any(button["payload"] == "ask_later" for button in someone.latest[-1].content["buttons"]) is offered
