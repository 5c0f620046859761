"""Answers to "what is your …?": read in five languages, never with a guessed unit, stored once, and told when they worry."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.content.packs import read_pack
from bot.database.tables import patient
from bot.followup.readings import Given, Told, Unclear, of_patient, parse, take
from bot.followup.thresholds import About, thresholds_from
from bot.settings import ROOT

TABLE = thresholds_from([read_pack(ROOT / "content" / "followup" / "thresholds.yml")]).by_id
MORNING = datetime(2026, 3, 2, 0, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("measure", "text", "language", "values"),
    [
        ("blood_pressure", "128/82", "en", {"systolic": 128, "diastolic": 82}),
        ("blood_pressure", "128 over 82", "en", {"systolic": 128, "diastolic": 82}),
        ("blood_pressure", "高压150，低压90", "zh-Hans", {"systolic": 150, "diastolic": 90}),
        ("blood_pressure", "160 zu 95", "de", {"systolic": 160, "diastolic": 95}),
        ("blood_pressure", "١٦٠ على ٩٥", "ar", {"systolic": 160, "diastolic": 95}),
        ("glucose", "6.2 mmol/L", "en", {"glucose_mmol": 6.2}),
        ("glucose", "112 mg/dL", "en", {"glucose_mmol": 6.2}),
        ("glucose", "6,2", "de", {"glucose_mmol": 6.2}),
        ("glucose", "112", "zh-Hant", {"glucose_mmol": 6.2}),
        ("weight", "70 kg", "en", {"weight_kg": 70}),
        ("weight", "140斤", "zh-Hans", {"weight_kg": 70}),
        ("weight", "70,5 kg", "de", {"weight_kg": 70.5}),
        ("temperature", "38,5", "de", {"temperature_c": 38.5}),
        ("temperature", "38度5", "zh-Hans", {"temperature_c": 38.5}),
        ("temperature", "٣٨٫٥", "ar", {"temperature_c": 38.5}),
        ("spo2", "94", "en", {"spo2": 94}),
        ("spo2", "94%", "zh-Hans", {"spo2": 94}),
        ("pain", "7", "en", {"pain": 7}),
        ("pain", "八分", "zh-Hans", {"pain": 8}),
        ("pain", "sieben", "de", {"pain": 7}),
        ("spo2", "血氧饱和度百分之九十一", "zh-Hans", {"spo2": 91}),
        ("spo2", "血氧百分之91", "zh-Hans", {"spo2": 91}),
        ("pain", "如果满分10分，疼痛有6分", "zh-Hans", {"pain": 6}),
        ("peak_flow", "350", "en", {"peak_flow": 350}),
        ("peak_flow", "it was 350 today", "en", {"peak_flow": 350}),
    ],
)
def test_an_answer_is_read(measure, text, language, values):
    found = parse(TABLE[measure], text, language)
    assert isinstance(found, Given), found
    assert found.values == pytest.approx(values, abs=0.05)


@pytest.mark.parametrize(
    ("measure", "text", "language", "ask"),
    [
        ("glucose", "30", "en", "unit"),
        ("glucose", "25", "zh-Hans", "unit"),
        ("weight", "150", "en", "unit"),
        ("weight", "150", "zh-Hans", "unit"),
        ("blood_pressure", "昨晚血压150/95，今早142/88", "zh-Hans", "again"),
        ("blood_pressure", "12/8", "ar", "unit"),
        ("blood_pressure", "95/160", "en", "order"),
        ("blood_pressure", "160", "en", "both"),
        ("spo2", "98 72", "en", "again"),
        ("temperature", "385", "de", "again"),
        ("pain", "12", "en", "again"),
        ("peak_flow", "35", "en", "again"),
        ("glucose", "good", "en", "number"),
        ("blood_pressure", "später", "de", "number"),
        ("peak_flow", "", "ar", "number"),
    ],
)
def test_what_could_be_two_things_is_asked(measure, text, language, ask):
    found = parse(TABLE[measure], text, language)
    assert isinstance(found, Unclear), found
    assert found.ask == ask


def told(numbers, *, day=0, key, about=None, measure="weight"):
    values = dict(zip(TABLE[measure].values, numbers, strict=True))
    return Told(
        "p",
        TABLE[measure],
        Given(values, "said"),
        MORNING + timedelta(days=day),
        about or About(frozenset()),
        ZoneInfo("Asia/Shanghai"),
        "checkin",
        key,
    )


@pytest.fixture
def someone(database):
    with database.write() as work:
        work.execute(patient.insert().values(id="p", created_at=MORNING))
    return database


def test_a_reading_is_stored_once_and_kept_sealed(someone):
    with someone.write() as work:
        take(work, told((70.0,), key="k"))
        take(work, told((70.0,), key="k"))
        (kept,) = of_patient(work, "p", "weight")
    assert kept.values == {"weight_kg": 70.0} and kept.level == "OK"


def test_the_course_of_readings_is_told_with_the_one_that_completes_it(someone):
    about = About(plans=frozenset({"heart_failure"}))
    with someone.write() as work:
        levels = [
            take(work, told((weight,), day=day, key=f"k{day}", about=about)).level
            for day, weight in enumerate((80, 80.6, 81.3, 82.1))
        ]
    assert levels == ["OK", "OK", "OK", "U"]


def test_a_reading_alone_may_be_more_urgent_than_its_course(someone):
    with someone.write() as work:
        assert take(work, told((92.0,), key="k", measure="spo2")).level == "E1"


def test_other_people_s_readings_do_not_count(someone):
    about = About(plans=frozenset({"heart_failure"}))
    with someone.write() as work:
        work.execute(patient.insert().values(id="q", created_at=MORNING))
        take(work, told((80.0,), key="mine", about=about))
        other = told((84.0,), day=1, key="other", about=about)
        assert take(work, other.__class__(**{**other.__dict__, "patient_id": "q"})).level == "OK"
