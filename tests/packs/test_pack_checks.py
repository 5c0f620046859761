"""What was typed into clinical packs: numbers that can be dialled, languages that are missing, and nobody's personal data."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.packs import ContentError
from bot.followup.content import followup_from_packs
from bot.packs.candidate import packs_in, problem_in, rules_of
from bot.packs.catalogue import BY_ID
from bot.packs.checks import checked
from bot.packs.edits import EditProblem, added, edits, entry_in, fields_of, retired
from bot.packs.expiry import due
from bot.packs.source import laid
from bot.release.folders import Folder
from bot.scenes.scenes import scenes_from_packs
from bot.settings import ROOT
from bot.training.files import applied
from bot.training.operations import SetEntry, SetText

HOSPITAL, WARDS, HOTLINES = (
    "content/hospital/hospital.yml", "content/hospital/wards.yml", "content/triage/hotlines.yml",
)  # fmt: skip
TODAY = date(2026, 11, 26)
FIVE = {"zh-Hans": "和平路1号", "zh-Hant": "和平路1號", "en": "1 Peace Road", "de": "Friedensweg 1", "ar": "طريق السلام 1"}


def found(files, table, file, entry, typed):
    one = BY_ID[table]
    made = edits(one, files[file], entry, typed)
    after = laid(files, made)[file]
    said = checked(one, entry_in(one, files[file], entry), entry_in(one, after, entry), public={"116123"}, today=TODAY)
    return [(each.kind, each.key, each.language) for each in said]


def test_the_hospital_is_one_entry_that_stays(files):
    table, file = BY_ID["hospital"], files[HOSPITAL]
    kinds = {one.path: one.kind for one in fields_of(table, file, "hospital")}
    assert kinds == {
        ("names",): "texts", ("region",): "text", ("child_until",): "number", ("time_zone",): "text", ("where",): "texts", ("hours",): "texts",
    }  # fmt: skip
    for act in (lambda: retired(table, file, "hospital"), lambda: added(table, file, "other", ())):
        with pytest.raises(EditProblem):
            act()
    later = [one for one in due(files, "clinical", today=date(2027, 6, 30)) if one.file == HOSPITAL]
    assert [(one.entry, one.count, one.owner) for one in later] == [("", 1, "hospital management")]


def test_an_edit_of_the_hospital_changes_its_line_and_keeps_what_stands_behind_it(files):
    made = edits(BY_ID["hospital"], files[HOSPITAL], "hospital", {("child_until",): "18", ("where",): FIVE})
    assert made == (SetText(HOSPITAL, ("entries", "child_until"), 14, 18), SetEntry(HOSPITAL, ("entries", "where"), None, FIVE))
    text = applied(Folder(ROOT, ROOT / "content"), made)[HOSPITAL]
    assert "  child_until: 18 # years; the paediatric age limit of this hospital\n" in text and "1 Peace Road" in text


def test_the_address_of_the_house_is_told_with_its_hours_or_not_at_all(files):
    place = ("entries", "where"), ("entries", "hours")
    whole = laid(files, [SetEntry(HOSPITAL, one, None, FIVE) for one in place])
    assert scenes_from_packs(packs_in(whole, "content/hospital/")).hospital.where["de"] == "Friedensweg 1"
    assert scenes_from_packs(packs_in(files, "content/hospital/")).hospital.where["de"] == ""
    half = laid(files, [SetEntry(HOSPITAL, place[0], None, FIVE)])
    with pytest.raises(ContentError, match="has no text in"):
        scenes_from_packs(packs_in(half, "content/hospital/"))


def test_a_hospital_whose_numbers_nobody_could_tell_cannot_go_live(files, live):
    for region, says in (("CN", ""), ("XX", "no ambulance number of the region XX")):
        edited = laid(files, [SetText(HOSPITAL, ("entries", "region"), "CN", region)])
        assert says in problem_in(edited, {HOSPITAL: None}, live) and bool(says) is bool(
            problem_in(edited, {HOSPITAL: None}, live)
        )
    silent = laid(files, [SetText(HOTLINES, ("entries", "CN", "ambulance"), "120", "")])
    with pytest.raises(ContentError, match="no ambulance number"):
        rules_of(silent, live)


def test_a_time_zone_that_nobody_knows_cannot_go_live(files, live):
    for zone, says in (("Europe/Berlin", ""), ("Asia/Nowhere", "no time zone"), ("../etc/passwd", "no time zone")):
        edited = laid(files, [SetText(HOSPITAL, ("entries", "time_zone"), "Asia/Shanghai", zone)])
        assert (says in problem_in(edited, {HOSPITAL: None}, live)) and (
            bool(says) is bool(problem_in(edited, {HOSPITAL: None}, live))
        )
    followup = packs_in(files, "content/followup/")
    assert followup_from_packs(followup, hospital=packs_in(files, "content/hospital/")).zone == "Asia/Shanghai"


def test_two_places_of_one_name_are_said_before_they_are_kept(files, live):
    new = added(BY_ID["wards"], files[WARDS], "CARD", files[WARDS].entries)
    filled = SetEntry(new.file, new.path, None, dict.fromkeys(("names", "where", "hours"), FIVE))
    assert "two places CARD" in problem_in(laid(files, [filled]), {WARDS: None}, live)
    other = SetEntry(new.file, ("entries", "W9"), None, filled.after)
    assert problem_in(laid(files, [other]), {WARDS: None}, live) == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("112", []),
        ("+49 116-117", []),
        ("0800 111 0 111", []),
        ("call us", ["no_number"]),
        ("11", ["no_number"]),
        ("1" * 16, ["no_number"]),
    ],
)
def test_a_number_that_cannot_be_dialled_is_wrong(files, number, said):
    every = found(files, "hotlines", HOTLINES, "DE", {("crisis",): number, ("checked_on",): "2026-11-25"})
    assert [key for kind, key, _ in every if kind == "wrong"] == said


def test_without_an_ambulance_nobody_is_helped(files):
    assert ("wrong", "no_ambulance", "") in found(files, "hotlines", HOTLINES, "DE", {("ambulance",): ""})
    assert not [one for one in found(files, "hotlines", HOTLINES, "DE", {("police",): ""}) if one[0] == "wrong"]


def test_who_changes_a_number_is_asked_when_somebody_called_it(files):
    assert ("mind", "not_called", "") in found(files, "hotlines", HOTLINES, "DE", {("crisis",): "112"})
    assert found(files, "hotlines", HOTLINES, "DE", {("crisis",): "112", ("checked_on",): "2026-11-25"}) == []
    assert found(files, "hotlines", HOTLINES, "DE", {("checked_on",): "2026-12-24"}) == [("wrong", "not_yet", "")]
    assert found(files, "hotlines", HOTLINES, "DE", {("source",): "asked at the desk"}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open 8:00–17:00", []),
        ("ask Mr Anna Berger, anna.berger@example.org", [("wrong", "personal_data", "en")]),
        ("call +49 170 1234567", [("mind", "phone", "en")]),
        ("call 116 123", []),
        ("take ibuprofen 400 mg", [("wrong", "forbidden", "en")]),
        ("探视时间", [("wrong", "script", "en")]),
        ("open {whenever}", [("wrong", "slot_unknown", "en")]),
        ("", [("mind", "empty", "en")]),
    ],
)
def test_texts_of_places_are_read_like_all_texts(files, text, expected):
    said = found(files, "wards", WARDS, "W1", {("hours",): {**files[WARDS].entries["W1"]["hours"], "en": text}})
    assert [one for one in expected if one not in said] == [] and bool(said) is bool(expected)


def test_an_address_is_no_personal_data_where_it_says_where_something_is(files):
    for field, expected in (("where", []), ("hours", [("wrong", "personal_data", "de")])):
        typed = {(field,): {**files[WARDS].entries["W1"][field], "de": "Friedensstraße 12, 10115 Berlin"}}
        assert found(files, "wards", WARDS, "W1", typed) == expected


@pytest.mark.parametrize(("age", "said"), [("18", []), ("0", ["child_until"]), ("99", ["child_until"])])
def test_until_when_somebody_is_a_child(files, age, said):
    assert [key for _, key, _ in found(files, "hospital", HOSPITAL, "hospital", {("child_until",): age})] == said


def test_what_stands_there_already_is_in_nobodys_way(files):
    assert found(files, "hotlines", HOTLINES, "MO", {("source",): "asked at the desk"}) == []
    assert found(files, "plans", "content/followup/plans.yml", "vaccination", {}) == []
