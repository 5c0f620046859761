"""A chart shows every reading at its place, in the patient's own language, direction and unit, and says the same in words."""

from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.followup.charts import BOTTOM, TOP, WIDTH, chart
from bot.followup.course import wanted
from bot.languages import LANGUAGES
from bot.pictures.drawing import Box, Marks, Path, Text, drawing_from
from bot.posters.svg import estimate
from tests.contents import the_content
from tests.followup.courses import EACH, PRESSURES, SUGARS, WEIGHTS, course, of_values, saying

EASTERN, WESTERN = re.compile("[٠-٩٫٪]"), re.compile("[0-9]")


def drawn(readings, language="en", **more):
    return chart(course(readings, **more), saying(language)).drawing


def of_kind(drawing, kind):
    return [item for item in drawing.items if isinstance(item, kind)]


def dashes(drawing):
    return [path for path in of_kind(drawing, Path) if path.dashed and path.points[0][1] < BOTTOM]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("readings", EACH, ids=lambda readings: readings[0].kind)
def test_every_measure_is_drawn_in_every_language(readings, language):
    found = chart(course(readings), saying(language))

    root = ET.fromstring(found.svg)
    assert root.find("{http://www.w3.org/2000/svg}title").text == found.alt
    assert [len(marks.points) for marks in of_kind(found.drawing, Marks)[: len(course(readings).measure.values)]] == [
        len(readings)
    ] * len(course(readings).measure.values)
    assert len(found.rows) == len(readings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_gets_a_small_png(language):
    data = chart(course(PRESSURES), saying(language)).png()

    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1080
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 8
    assert len(data) < 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_written_with_one_kind_of_digits_as_all_our_texts_are(language):
    found = chart(course(PRESSURES), saying(language))
    texts = " ".join([*(text.text for text in of_kind(found.drawing, Text)), found.alt, *(row.value for row in found.rows)])

    assert WESTERN.search(texts)
    assert not EASTERN.search(texts)


def test_days_run_from_left_to_right_and_in_arabic_from_right_to_left():
    first, *_, last = of_kind(drawn(PRESSURES, "en"), Marks)[0].points
    assert first[0] < last[0]

    first, *_, last = of_kind(drawn(PRESSURES, "ar"), Marks)[0].points
    assert first[0] > last[0]


@pytest.mark.parametrize(("language", "written"), [("en", "82.3"), ("de", "82,3"), ("ar", "82.3"), ("zh-Hant", "82.3")])
def test_a_decimal_has_the_comma_of_the_language(language, written):
    assert chart(course(WEIGHTS), saying(language)).rows[-1].value == written


def test_upper_and_lower_value_differ_in_form_and_not_only_in_colour():
    upper, lower = of_kind(drawn(PRESSURES), Marks)[:2]
    assert upper.shape != lower.shape


def test_a_higher_reading_stands_higher():
    points = of_kind(drawn(SUGARS), Marks)[0].points
    assert sorted(range(4), key=lambda number: points[number][1]) == [3, 1, 0, 2]


def test_where_readings_are_wanted_is_shown_as_lines_and_in_words():
    drawing = drawn(PRESSURES)
    assert len(dashes(drawing)) == 2
    assert any("below 135/85 mmHg" in text.text for text in of_kind(drawing, Text))
    assert "below 135/85" in drawing.alt


def test_nothing_is_drawn_as_wanted_where_nobody_has_said_so():
    drawing = drawn(WEIGHTS)
    assert not dashes(drawing)
    assert not of_kind(drawing, Box)


def test_the_teams_own_lines_replace_the_usual_target():
    drawing = drawn(PRESSURES, details=[{"limits": {"systolic": {"high": 150.0}}}])
    assert "set by your team: upper value below 150 mmHg" in drawing.alt
    assert "135" not in drawing.alt
    assert len(dashes(drawing)) == 1


def test_in_pregnancy_another_target_is_usual():
    measure = the_content().followup.thresholds.by_id["blood_pressure"]
    assert wanted(measure, [], frozenset({"antenatal"})).bounds["systolic"].below == 140
    assert wanted(measure, [], frozenset({"hypertension"})).bounds["systolic"].below == 135


def test_peak_flow_is_compared_with_the_own_best_and_with_nothing_when_that_is_unknown():
    measure = the_content().followup.thresholds.by_id["peak_flow"]
    assert wanted(measure, [{"best_peak_flow": 500}], frozenset()).bounds["peak_flow"].from_ == 400
    assert wanted(measure, [], frozenset()) is None


def test_the_unit_is_the_one_that_the_patient_writes():
    milligrams = chart(course(of_values("glucose", [6.2, 7.1], said="128 mg/dL")), saying("en"))
    assert milligrams.rows[-1].value == "128"
    assert "mg/dL" in milligrams.alt and "mmol" not in milligrams.alt

    millimoles = chart(course(SUGARS), saying("en"))
    assert "mmol/L" in millimoles.alt and "mg" not in millimoles.alt


def test_fahrenheit_and_pounds_are_kept_and_jin_is_not_taken_for_kilograms():
    assert chart(course(of_values("temperature", [38.5], said="101.3 F")), saying("en")).rows[0].value == "101.3"
    assert chart(course(of_values("weight", [70.0], said="154.3 lb")), saying("en")).rows[0].value == "154.3"
    assert chart(course(of_values("weight", [70.0], said="140斤")), saying("zh-Hans")).rows[0].value == "70"


def test_the_words_name_lowest_highest_and_latest():
    alt = chart(course(PRESSURES), saying("en")).alt
    assert "5 readings" in alt
    assert "Lowest 126/79, highest 151/93, latest 126/79 mmHg" in alt


def test_readings_of_one_day_show_times_and_others_days():
    today = of_values("pulse", [70, 75], every=timedelta(hours=5))
    assert {"08:05", "13:05"} <= {text.text for text in of_kind(drawn(today), Text)}
    assert "08:05" not in {text.text for text in of_kind(drawn(WEIGHTS), Text)}


def test_a_drawing_is_the_same_after_it_was_stored():
    drawing = drawn(PRESSURES, "ar")
    assert drawing_from(drawing.to_json()) == drawing


pressures = st.tuples(st.integers(50, 300), st.integers(30, 200))


@given(values=st.lists(pressures, min_size=1, max_size=60), hours=st.integers(1, 200), language=st.sampled_from(LANGUAGES))
def test_whatever_is_measured_stays_in_its_place(values, hours, language):
    readings = of_values("blood_pressure", values, every=timedelta(hours=hours))
    drawing = drawn(readings, language)

    for marks in of_kind(drawing, Marks)[:2]:
        assert all(0 < x < WIDTH and TOP - 0.01 <= y <= BOTTOM + 0.01 for x, y in marks.points)
    for text in of_kind(drawing, Text):
        left, right = span(text, language)
        assert left >= -0.5 and right <= WIDTH + 0.5 and 0 < text.y < drawing.height, text
    rows = {}
    for text in of_kind(drawing, Text):
        rows.setdefault(text.y, []).append(span(text, language))
    for spans in rows.values():
        ordered = sorted(spans)
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(ordered))


def span(text, language):
    width = estimate(text.text, language, text.bold) * text.size
    left = {"left": text.x, "middle": text.x - width / 2, "right": text.x - width}[text.side]
    return left, left + width
