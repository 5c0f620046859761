"""The hospital's own records move departments within the rules, gain on records that were held out, and touch no level."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.calibration import learn
from bot.calibration.calibrate import Calibrated, Score, calibrate
from bot.calibration.proposing import NotProposed, propose
from bot.calibration.records import Record, RecordsProblem, read_records
from bot.content.packs import ContentError, Pack, read_packs
from bot.database.tables import staff
from bot.evaluation.suite import SUITE, read_suite
from bot.release.folders import copy, folder_in, live_folder
from bot.settings import Settings
from bot.training import changes, files
from bot.triage.calibration import LEAST, MOST, Calibration, calibration_from_packs
from bot.triage.guide import guide_lines
from bot.triage.routing import Voice
from bot.triage.tables import tables_from_packs
from tests.contents import the_content

TABLES = the_content().triage
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
# A hospital that sends every tired patient to endocrinology, where the rules say general practice first.
COMPLAINTS = [
    f"I am so tired {when}" for when in ("since June", "all day", "again", "at work", "lately", "after lunch", "for months")
]
BOOKED = [Record(f"{text}, number {number}", "en", frozenset({"ENDO"})) for number in range(8) for text in COMPLAINTS]


@pytest.fixture(scope="module")
def done() -> Calibrated:
    return calibrate(BOOKED, tables=TABLES, reader=None)


def first(text: str, tables) -> str:
    return next(guide_lines([{"id": 1, "text": text, "lang": "en"}], tables=tables))["departments"][0]


def test_what_the_hospital_books_comes_first_and_the_gain_is_measured_on_records_not_learned_from(done):
    assert first(COMPLAINTS[0], TABLES) == "GP"
    assert done.before.first == 0 and done.after.first == done.after.count > 5 and done.gains
    assert done.learned_from + done.after.count == len(BOOKED)
    assert first("I am so tired these days", replace(TABLES, calibration=done.calibration)) == "ENDO"


def test_a_department_in_which_nobody_was_booked_gets_no_factor(done):
    named = set(done.calibration.departments) | {one for factors in done.calibration.concepts.values() for one in factors}

    assert named == {"ENDO"}


def test_few_records_are_no_pattern():
    few = calibrate(BOOKED[: learn.FEWEST - 1], tables=TABLES, reader=None)

    assert few.calibration == Calibration() and not few.gains


def test_the_same_records_give_the_same_factors(done):
    assert calibrate(BOOKED, tables=TABLES, reader=None).calibration == done.calibration


def test_factors_stay_within_their_bounds_however_one_sided_the_records_are():
    voices = (Voice("GP", "fatigue", 100.0, "", ""), Voice("ENDO", "fatigue", 0.001, "", ""))
    factors = learn.learned([learn.Told(voices, frozenset({"ENDO"}))] * 500)

    assert all(LEAST <= factor <= MOST for factor in factors.departments.values())


@pytest.mark.parametrize("factor", [LEAST, MOST])
def test_no_calibration_changes_a_level_or_a_red_flag_of_the_safety_suite(factor):
    everywhere = Calibration(dict.fromkeys(TABLES.departments, factor))
    extreme = Calibration({one: (LEAST if place % 2 else MOST) for place, one in enumerate(TABLES.departments)})
    records = [{"id": case.id, "text": case.text, "lang": case.language} for case in read_suite(SUITE)[::12]]
    plain = list(guide_lines(records, tables=TABLES))

    for calibration in (everywhere, extreme):
        for before, after in zip(plain, guide_lines(records, tables=replace(TABLES, calibration=calibration)), strict=True):
            assert [before[name] for name in ("level", "crisis", "red_flags", "findings")] == [
                after[name] for name in ("level", "crisis", "red_flags", "findings")
            ]


def test_in_an_emergency_the_emergency_department_stays_first():
    against = replace(TABLES, calibration=Calibration({"ED": LEAST, "CARD": MOST}))

    assert first("crushing chest pain and cold sweat", against) == "ED"


def written(path, rows, header=("complaint", "department")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_records_name_departments_by_id_by_name_or_by_what_the_hospital_calls_them(tmp_path):
    rows = [("a", "CARD"), ("b", "心血管内科"), ("c", "Herz-OP"), ("d", "CARD;GI"), ("e", "Wäscherei"), ("", "CARD")]
    name = TABLES.departments["CARD"].names["zh-Hans"]
    rows[1] = ("b", name)
    found = read_records(written(tmp_path / "records.csv", rows), TABLES.departments, names={"Herz-OP": "CARD"})

    assert [one.departments for one in found.records] == [{"CARD"}, {"CARD"}, {"CARD"}, {"CARD", "GI"}]
    assert found.unknown == {"wäscherei": 1}


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        ([("a", "CARD")], ("words", "place"), "columns"),
        ([("a", "nowhere")], ("complaint", "department"), "no line names"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_fix(tmp_path, rows, header, said):
    with pytest.raises(RecordsProblem, match=said):
        read_records(written(tmp_path / "records.csv", rows, header), TABLES.departments)


def test_a_name_for_a_department_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RecordsProblem, match="NOPE"):
        read_records(written(tmp_path / "records.csv", [("a", "x")]), TABLES.departments, names={"x": "NOPE"})


def pack(entries) -> Pack:
    about = dict(version="1", status="sample", owner="o", source="s", author="a", reviewer="r", review_date=NOW.date())
    return Pack(path=folder_in(SUITE).files / "calibration.yml", pack="calibration", entries=entries, **about)


@pytest.mark.parametrize(
    "entries",
    [
        {"departments": {"NOPE": 1.5}},
        {"departments": {"CARD": 40}},
        {"departments": {"CARD": "much"}},
        {"concepts": {"fatigue": {"DENT": 1.5}}},
        {"concepts": {"no_such_concept": {"CARD": 1.5}}},
    ],
)
def test_a_factor_outside_the_rules_is_refused(entries):
    named = {concept: route.named for concept, route in TABLES.routes.items()}
    with pytest.raises(ContentError):
        calibration_from_packs([pack(entries)], named=named, departments=TABLES.departments)


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Settings over a copy of the content."""
    made = copy(live_folder(Settings()), tmp_path / "copy")
    return Settings(files_dir=made.files, content_dir=made.content, data_dir=tmp_path / "var")


def hire(database, handle: str, role: str) -> None:
    row = {"handle": handle, "role": role, "state": "active", "teams": "", "languages": "en", "language": "en", "duty": "off"}
    with database.write() as work:
        sealed = work.cipher.seal({"name": handle})
        work.execute(staff.insert().values(**row, studio="", created_at=NOW, sealed=sealed))


def test_factors_are_proposed_as_a_clinical_change_that_fits_the_file(done, database, settings):
    hire(database, "omar", "admin")
    with database.write() as work:
        number = propose(work, settings, done, source="bookings.csv", by="omar", now=NOW)
        made = changes.need(work, number)

    assert (made.kind, made.state, made.author, made.is_clinical) == ("calibration", "review", "omar", True)
    folder = live_folder(settings)
    files.write(folder, files.applied(folder, made.operations))
    print(files.read(folder, "content/triage/calibration.yml"), made.operations)
    packs = read_packs(folder.content / "hospital") + read_packs(folder.content / "triage")
    assert tables_from_packs(packs).calibration == done.calibration
    text = files.read(folder, "content/triage/calibration.yml")
    assert "bookings.csv" in text and text.startswith("# Factors on the weights of routes") and "tired" not in text


def test_who_may_not_and_what_gains_nothing_is_not_proposed(done, database, settings):
    hire(database, "ana", "nurse")
    hire(database, "omar", "admin")
    nothing = replace(done, after=Score(done.before.count, done.before.first, 0))
    with database.write() as work:
        for by, what in (("ana", done), ("", done), ("omar", nothing)):
            with pytest.raises(NotProposed):
                propose(work, settings, what, source="x.csv", by=by, now=NOW)
        assert changes.draft_of(work, author="omar", kind="calibration") is None
