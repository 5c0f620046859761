"""Weeks as the hospital's clocks go, and what of a count may be shown."""

from __future__ import annotations

import csv
import io
import itertools
import math
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.as_csv import HEAD, csv_of
from bot.insight.bars import HEIGHT, WIDTH, bars_of, top_of
from bot.insight.groups import Share, Waits, together
from bot.insight.measures import MEASURES
from bot.insight.numbers import Numbers
from bot.insight.report import FEWEST, Cell, cell_of, report_of
from bot.insight.weeks import weeks

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 9, 0, tzinfo=timezone.utc)
WEEKS = weeks(NOW, SHANGHAI, count=4)
NOTHING = {measure.key: {} for measure in MEASURES}


def test_a_week_begins_on_monday_where_the_hospital_is():
    assert [week.name for week in WEEKS] == ["2026-W08", "2026-W09", "2026-W10", "2026-W11"]
    assert WEEKS[3].monday == date(2026, 3, 9) and WEEKS[3].begins == datetime(2026, 3, 8, 16, 0, tzinfo=timezone.utc)
    assert [week.is_over for week in WEEKS] == [True, True, True, False]
    assert all(one.ends == other.begins for one, other in itertools.pairwise(WEEKS))


def test_a_week_in_which_clocks_change_is_an_hour_shorter():
    spring = weeks(datetime(2026, 4, 1, tzinfo=timezone.utc), BERLIN, count=2)[0]
    assert spring.ends - spring.begins == timedelta(days=7) - timedelta(hours=1)


def test_sunday_night_belongs_to_the_week_that_ends():
    late = datetime(2026, 3, 15, 15, 59, tzinfo=timezone.utc)
    assert weeks(late, SHANGHAI, count=1)[0].name == "2026-W11"
    assert weeks(late + timedelta(minutes=1), SHANGHAI, count=1)[0].name == "2026-W12"


def test_few_people_are_hidden_and_ten_are_not():
    assert cell_of(Share(3, FEWEST - 1)) == Cell(hidden=True)
    assert cell_of(Share(3, FEWEST)) == Cell(30, 10)
    assert cell_of(Share()) == Cell()


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_cell_tells_an_exact_number_of_people_or_a_small_group(hits, of):
    cell = cell_of(Share(hits, of))
    assert cell.of % 5 == 0
    assert (cell.value is None) == (of < FEWEST)
    assert cell.value is None or 0 <= cell.value <= 100


def test_half_without_an_answer_is_said_and_is_no_number():
    assert cell_of(Waits((1.0,) * 5 + (math.inf,) * 6)) == Cell(of=10, never=True)
    answered = cell_of(Waits((2.0,) * 9 + (30.0, math.inf)))
    assert (answered.value, answered.tail, answered.never) == (2, 30, False)


def test_all_languages_are_the_sum_and_hide_less():
    counts = {**NOTHING, "unanswered": {(3, "en"): Share(2, 8), (3, "ar"): Share(4, 7), (2, "en"): Share(1, 4)}}
    result = report_of(WEEKS, counts).results[0]
    assert result.line(None).cells[3] == Cell(40, 15)
    assert result.line("en").cells[3].hidden and result.line("ar").cells[3].hidden
    assert result.line("en").whole == Cell(25, 10)
    assert result.line("de").whole == Cell()


def test_waits_of_several_languages_are_put_together_before_the_middle_is_taken():
    assert together([Waits((1.0,)), Waits((2.0, 9.0))]).value == 2.0


def test_the_csv_says_what_the_page_says_and_no_more():
    counts = {**NOTHING, "unanswered": {(3, "en"): Share(2, 8)}, "first_answer": {(0, "de"): Waits((5.0,) * 12)}}
    rows = list(csv.reader(io.StringIO(csv_of(report_of(WEEKS, counts)))))
    assert tuple(rows[0]) == HEAD and len(rows) == 1 + len(MEASURES) * 6 * 4
    assert ["2026-W11", "en", "unanswered", "percent", "", "", "", "fewer than 10"] in rows
    assert ["2026-W08", "de", "first_answer", "minutes", "5", "5", "10", ""] in rows


def test_bars_begin_where_reading_begins():
    line = report_of(WEEKS, {**NOTHING, "unanswered": {(0, "en"): Share(10, 20), (3, "en"): Share(1, 3)}}).results[0].line("en")
    ltr, rtl = bars_of(line, top=50, rtl=False), bars_of(line, top=50, rtl=True)
    assert ltr[0].height == HEIGHT and ltr[0].x < ltr[3].x and rtl[0].x > rtl[3].x
    assert (ltr[3].height, ltr[3].hidden) == (0.0, True)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in (*ltr, *rtl))


@pytest.mark.parametrize(("kind", "values", "top"), [("share", [], 5), ("share", [3, 11], 25), ("share", [100], 100), ("minutes", [70], 120), ("minutes", [20_000], 20_000)])  # fmt: skip
def test_the_scale_is_round_and_holds_everything(kind, values, top):
    assert top_of(values, kind=kind) == top


class Counted:
    """A store that has nothing in it, and counts how often it is read."""

    def __init__(self) -> None:
        self.now, self.reads = NOW, 0

    def clock(self) -> datetime:
        return self.now

    async def read(self, act):
        self.reads += 1
        return {}


async def test_a_report_is_kept_a_while_and_then_counted_anew():
    store = Counted()
    numbers = Numbers(store)
    first = await numbers.report(8, SHANGHAI)
    assert await numbers.report(8, SHANGHAI) is first and store.reads == 8 * len(MEASURES)
    store.now += timedelta(minutes=11)
    assert await numbers.report(8, SHANGHAI) is not first and store.reads == 16 * len(MEASURES)
