"""What readings mean: by the reviewed table, worse with symptoms, never better; trends are told when they are complete."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.packs import ContentError, read_pack
from bot.followup.limits import Outside
from bot.followup.thresholds import LEVELS, About, Bound, is_plausible, judge, thresholds_from
from bot.followup.trends import Reading, worrying
from bot.settings import ROOT

PACK = read_pack(ROOT / "content" / "followup" / "thresholds.yml")
TABLE = thresholds_from([PACK]).by_id
ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 2, 0, 0, tzinfo=timezone.utc)  # 8 o'clock there


def pressure(upper, lower):
    return {"systolic": upper, "diastolic": lower}


@pytest.mark.parametrize(
    ("measure", "values", "about", "level"),
    [
        ("blood_pressure", pressure(128, 78), About(), "OK"),
        ("blood_pressure", pressure(160, 85), About(), "R"),
        ("blood_pressure", pressure(150, 100), About(), "R"),
        ("blood_pressure", pressure(180, 95), About(), "U"),
        ("blood_pressure", pressure(180, 95), About(symptoms=True), "E1"),
        ("blood_pressure", pressure(90, 60), About(), "R"),
        ("blood_pressure", pressure(90, 60), About(symptoms=True), "E2"),
        ("blood_pressure", pressure(140, 85), About(pregnant=True), "E2"),
        ("blood_pressure", pressure(139, 89), About(pregnant=True), "OK"),
        ("blood_pressure", pressure(165, 85), About(pregnant=True), "E1"),
        ("spo2", {"spo2": 95}, About(), "OK"),
        ("spo2", {"spo2": 94}, About(), "U"),
        ("spo2", {"spo2": 92}, About(), "E1"),
        ("spo2", {"spo2": 90}, About(limits={"spo2": Bound(below=88)}), "OK"),
        ("spo2", {"spo2": 87}, About(limits={"spo2": Bound(below=88)}), "U"),
        ("spo2", {"spo2": 90}, About(limits={"spo2": Bound(below=88)}, symptoms=True), "U"),
        ("temperature", {"temperature_c": 37.9}, About(), "OK"),
        ("temperature", {"temperature_c": 38.0}, About(), "R"),
        ("temperature", {"temperature_c": 38.0}, About(age=0.2), "E2"),
        ("temperature", {"temperature_c": 38.0}, About(plans=frozenset({"chemotherapy"})), "E2"),
        ("temperature", {"temperature_c": 38.0}, About(plans=frozenset({"after_operation"})), "U"),
        ("glucose", {"glucose_mmol": 3.9}, About(), "OK"),
        ("glucose", {"glucose_mmol": 3.8}, About(), "U"),
        ("glucose", {"glucose_mmol": 3.8}, About(symptoms=True), "E2"),
        ("glucose", {"glucose_mmol": 2.9}, About(), "E2"),
        ("glucose", {"glucose_mmol": 16.7}, About(), "U"),
        ("glucose", {"glucose_mmol": 16.7}, About(symptoms=True), "E2"),
        ("pulse", {"pulse": 100}, About(), "OK"),
        ("pulse", {"pulse": 111}, About(), "U"),
        ("pulse", {"pulse": 40}, About(), "E2"),
        ("ketones", {"ketones_mmol": 3.0}, About(), "U"),
        ("ketones", {"ketones_mmol": 3.1}, About(), "E1"),
        ("peak_flow", {"peak_flow": 200}, About(best=450), "U"),
        ("peak_flow", {"peak_flow": 200}, About(best=450, symptoms=True), "E1"),
        ("peak_flow", {"peak_flow": 400}, About(best=450), "OK"),
        ("peak_flow", {"peak_flow": 200}, About(), "OK"),  # nothing to compare with: nothing is said
        ("pain", {"pain": 7}, About(), "U"),
        ("pain", {"pain": 3}, About(), "OK"),
    ],
)
def test_a_reading_means_what_the_table_says(measure, values, about, level):
    assert judge(TABLE[measure], values, about).level == level


@pytest.mark.parametrize(
    ("measure", "values", "about", "level"),
    [
        ("blood_pressure", pressure(170, 95), {"pregnant": True}, "E1"),
        ("blood_pressure", pressure(185, 95), {"symptoms": True}, "E1"),
        ("blood_pressure", pressure(155, 85), {}, "U"),
        ("glucose", {"glucose_mmol": 2.2}, {}, "E2"),
        ("glucose", {"glucose_mmol": 4.2}, {}, "U"),
        ("glucose", {"glucose_mmol": 6.2}, {}, "OK"),
    ],
)
def test_a_stricter_red_line_of_the_team_makes_nothing_less_urgent_than_the_table_has_it(measure, values, about, level):
    limits = {"systolic": Outside(from_=150), "glucose_mmol": Outside(to=4.5)}
    assert judge(TABLE[measure], values, About(limits=limits, **about)).level == level


def test_an_extreme_value_without_symptoms_is_measured_again_and_with_symptoms_it_is_not_waited_for():
    assert judge(TABLE["blood_pressure"], pressure(185, 95), About()).again
    assert not judge(TABLE["blood_pressure"], pressure(185, 95), About(symptoms=True)).again


@given(st.sampled_from(sorted(TABLE)), st.data(), st.booleans(), st.one_of(st.none(), st.floats(0, 100)))
def test_symptoms_never_make_a_reading_less_urgent_and_a_reading_never_reassures_with_them(name, data, pregnant, age):
    measure = TABLE[name]
    values = {value: data.draw(st.floats(*measure.plausible[value])) for value in measure.values}
    plans = frozenset({"chemotherapy", "after_operation", "heart_failure"})
    best = measure.plausible[measure.values[0]][1]
    alone = judge(measure, values, About(age=age, pregnant=pregnant, plans=plans, best=best))
    unwell = judge(measure, values, About(age=age, pregnant=pregnant, plans=plans, best=best, symptoms=True))
    assert LEVELS.index(unwell.level) <= LEVELS.index(alone.level)
    assert unwell.level != "OK"


@pytest.mark.parametrize(
    ("measure", "values", "plausible"),
    [
        ("blood_pressure", pressure(120, 80), True),
        ("blood_pressure", pressure(80, 120), False),
        ("blood_pressure", pressure(12, 8), False),
        ("temperature", {"temperature_c": 385}, False),
        ("spo2", {"spo2": 105}, False),
        ("glucose", {"glucose_mmol": 0.5}, False),
    ],
)
def test_values_that_cannot_be_are_not_plausible(measure, values, plausible):
    assert is_plausible(TABLE[measure], values) is plausible


def course(name, *numbers, every=timedelta(days=1)):
    measure = TABLE[name]
    return [
        Reading(MORNING + every * place, dict(zip(measure.values, number, strict=True))) for place, number in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("name", "readings", "rule"),
    [
        ("blood_pressure", [(165, 90), (170, 95), (162, 88)], "bp-three-mornings"),
        ("blood_pressure", [(165, 90), (150, 85), (162, 88)], None),
        ("blood_pressure", [(165, 90), (170, 95)], None),
        ("weight", [(80.3,), (81.0,), (81.6,), (82.3,)], "weight-three-days"),
        ("weight", [(80.3,), (81.0,), (81.4,), (82.2,)], None),
        ("weight", [(80.0,), (81.4,)], "weight-one-day"),
        ("weight", [(82.3,), (80.3,)], None),
        ("glucose", [(14.0,), (15.0,), (13.9,)], "glucose-high-three-days"),
        ("glucose", [(3.5,), (6.0,), (3.8,)], "glucose-low-twice"),
        ("glucose", [(3.5,), (3.8,), (6.0,)], None),  # told already, with the second one
    ],
)
def test_a_trend_is_told_with_the_reading_that_completes_it(name, readings, rule):
    found = worrying(TABLE[name], course(name, *readings), About(plans=frozenset({"heart_failure"})), zone=ZONE)
    assert (found.rule if found else None) == rule


@pytest.mark.parametrize(
    ("name", "readings", "rule"),
    [
        ("weight", [(0, 80.0), (1, 81.4)], "weight-one-day"),
        ("weight", [(0, 80.0), (3, 82.0)], "weight-three-days"),
        ("weight", [(0, 80.0), (7, 82.3)], "weight-one-week"),
        ("weight", [(0, 80.0), (4, 82.0)], None),
        ("glucose", [(0, 3.5), (7, 3.8)], "glucose-low-twice"),
        ("glucose", [(0, 3.5), (8, 3.8)], None),
    ],
)
@pytest.mark.parametrize("later", [-25, 25])
def test_a_trend_counts_days_and_not_whether_somebody_measures_some_minutes_later_than_last_time(name, readings, rule, later):
    (value,) = TABLE[name].values
    (first, low), (last, high) = readings
    minutes = timedelta(minutes=later)
    ends = (MORNING + timedelta(days=first), low), (MORNING + timedelta(days=last) + minutes, high)
    measured = [Reading(at, {value: number}) for at, number in ends]
    found = worrying(TABLE[name], measured, About(plans=frozenset({"heart_failure"})), zone=ZONE)
    assert (found.rule if found else None) == rule


def test_three_high_mornings_are_not_told_again_with_a_normal_evening():
    high = course("blood_pressure", (165, 90), (170, 95), (168, 92))
    evening = Reading(high[-1].at + timedelta(hours=11), pressure(128, 80))
    assert worrying(TABLE["blood_pressure"], [*high, evening], About(), zone=ZONE) is None


def test_evening_readings_are_no_mornings():
    evenings = course("blood_pressure", (165, 90), (170, 95), (162, 88))
    shifted = [Reading(one.at + timedelta(hours=10), one.values) for one in evenings]
    assert worrying(TABLE["blood_pressure"], shifted, About(), zone=ZONE) is None


def test_who_measures_again_and_finds_it_normal_has_had_no_high_morning():
    readings = course("blood_pressure", (165, 90), (170, 95), (168, 92))
    again = Reading(readings[-1].at + timedelta(minutes=10), pressure(138, 84))
    assert worrying(TABLE["blood_pressure"], [*readings, again], About(), zone=ZONE) is None


def test_weight_is_a_trend_for_the_heart_only_in_its_plan():
    assert worrying(TABLE["weight"], course("weight", (80.0,), (83.0,)), About(), zone=ZONE) is None


def test_a_broken_entry_is_named_with_the_file():
    broken = PACK.__class__(**{**PACK.__dict__, "entries": {"pulse": {"unit": "/min", "values": ["pulse"], "plausible": {}}}})
    with pytest.raises(ContentError, match=r"thresholds.yml: pulse"):
        thresholds_from([broken])
