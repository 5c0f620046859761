"""The plans of the sample hospital can be read, ask what is there to be asked, and name no disease on a locked phone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.content.packs import ContentError, read_pack, read_packs
from bot.followup.offsets import Quiet
from bot.followup.plans import plans_from_packs
from bot.followup.schedule import Rhythm, next_due
from bot.followup.thresholds import thresholds_from
from bot.languages import LANGUAGES
from bot.settings import ROOT

PACKS = read_packs(ROOT / "content" / "followup")
PLANS = plans_from_packs(PACKS)
# What a stranger who sees the phone must not learn.
TELLING = {
    "zh-Hans": ("血压", "血糖", "手术", "怀孕", "孕", "心", "药", "哮喘", "疫苗", "急诊"),
    "zh-Hant": ("血壓", "血糖", "手術", "懷孕", "孕", "心", "藥", "氣喘", "疫苗", "急診"),
    "en": ("pressure", "sugar", "operation", "pregnan", "heart", "medicine", "asthma", "vaccin", "emergency"),
    "de": ("blutdruck", "zucker", "operation", "schwanger", "herz", "medikament", "asthma", "impf", "notaufnahme"),
    "ar": ("ضغط", "سكر", "عملية", "حمل", "قلب", "دواء", "ربو", "تطعيم", "طوارئ"),
}


def test_the_plans_that_were_promised_are_there():
    wanted = {"after_operation", "hypertension", "diabetes", "antenatal", "vaccination", "medicine", "asthma", "heart_failure"}
    assert wanted | {"after_emergency", "did_you_go"} == set(PLANS.by_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_words_of_a_reminder_name_no_illness(language):
    for plan in PLANS.by_id.values():
        for step in plan.steps:
            assert not [word for word in TELLING[language] if word in step.texts[language].lower()], (plan.id, step.id)


def test_every_step_comes_up_in_waking_hours():
    rhythm = Rhythm(ZoneInfo("Asia/Shanghai"), Quiet(), "p")
    for plan in PLANS.by_id.values():
        for step in plan.steps:
            due = next_due(step, date(2026, 3, 1), rhythm)
            assert due is not None and due.at.astimezone(rhythm.zone).date() == due.day, (plan.id, step.id)


def test_every_reading_has_thresholds_and_a_worry_says_why():
    measures = thresholds_from(PACKS).by_id
    for question in PLANS.questions.values():
        assert question.answers != "reading" or question.measure in measures
        assert question.answers != "yes_no" or (question.worry_on and question.reason), question.id
        assert question.answers != "choice" or any(option.worry for option in question.options), question.id


def _broken(**changes):
    pack = read_pack(ROOT / "content" / "followup" / "plans.yml")
    entry = {**pack.entries["medicine"], **changes}
    return [
        pack.__class__(**{**pack.__dict__, "entries": {"medicine": entry}}),
        *(one for one in PACKS if one.pack == "questions"),
    ]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"anchor": "birthday"}, "anchor 'birthday'"),
        ({"steps": []}, "needs steps"),
        ({"names": {"en": "Medicine"}}, "no text in zh-Hans"),
    ],
)
def test_a_broken_plan_is_named_with_the_fix(changes, named):
    with pytest.raises(ContentError, match=named):
        plans_from_packs(_broken(**changes))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"questions": ["mood"]}, "asks mood"),
        ({"after": "soon"}, "'soon' is not an offset"),
        ({"every": "-1d"}, "goes forward"),
        ({"at": ["8 o'clock"]}, "Write it as '08:30'"),
        ({"late": "maybe"}, "Use useful or skip"),
    ],
)
def test_a_broken_step_is_named_with_the_fix(change, named):
    step = {**read_pack(ROOT / "content" / "followup" / "plans.yml").entries["medicine"]["steps"][0], **change}
    with pytest.raises(ContentError, match=named):
        plans_from_packs(_broken(steps=[step]))
