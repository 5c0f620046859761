"""Snippets are reviewed, in five languages, without diagnosis or drug; each nurse sees her own, her teams' and the pack's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.briefing import snippets
from bot.briefing.snippet_pack import PLACEHOLDERS, Snippet, SnippetProblem, check, placeholders, snippets_from_packs
from bot.briefing.snippets import count_use, fill, for_staff, in_language, remove, save, values_for
from bot.clock import utc_now
from bot.content.packs import ContentError, read_pack
from bot.database.tables import care_case, conversation, patient, snippet_use, staff
from bot.handoff.case_rows import case_of
from bot.languages import LANGUAGES
from bot.outbox.output_filter import forbidden_in
from bot.settings import ROOT
from bot.staff.people import Staff

NOW = utc_now()
LI = Staff(1, "li", "nurse", teams=frozenset({"cardio"}), name="Li")
BO = Staff(2, "bo", "nurse", teams=frozenset({"skin"}), name="Bo")
LEAD = Staff(3, "su", "lead", teams=frozenset({"cardio"}), name="Su")
ADMIN = Staff(4, "ad", "admin", name="Ad")


@pytest.fixture
def people(database):
    """The database, with the staff in it."""
    with database.write() as work:
        for one in (LI, BO, LEAD, ADMIN):
            row = {"id": one.id, "handle": one.handle, "role": one.role, "state": "active", "teams": "", "languages": ""}
            work.execute(staff.insert().values(**row, language="en", duty="off", created_at=NOW, sealed=b""))
    return database


def shown(database, content, person):
    with database.read() as work:
        return for_staff(work, content, person)


def keep(database, person, shortcut="tea", team=None, **texts):
    with database.write() as work:
        return save(work, person, shortcut=shortcut, texts=texts or {"en": "Drink."}, team=team, now=NOW)


def test_the_pack_has_twenty_to_thirty_in_all_languages_with_the_same_placeholders(content):
    assert 20 <= len(content.snippets) <= 30
    for one in content.snippets:
        named = [placeholders(one.texts[language]) for language in LANGUAGES]
        assert all(names == named[0] and names <= PLACEHOLDERS for names in named)
    used = set().union(*(placeholders(one.texts["en"]) for one in content.snippets))
    assert used == PLACEHOLDERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_snippet_of_the_pack_names_a_diagnosis_a_drug_or_a_dose(content, language):
    assert [one.shortcut for one in content.snippets if forbidden_in(one.texts[language], language)] == []


def test_a_sample_pack_is_approved_by_nobody_and_a_signed_one_by_its_reviewer():
    pack = read_pack(Path(ROOT) / "content/handoff/snippets.yml")

    assert {one.approved_by for one in snippets_from_packs([pack])} == {None}
    signed = replace(pack, status="signed", reviewer="Dr. Wu")
    assert {one.approved_by for one in snippets_from_packs([signed])} == {"Dr. Wu"}


def test_a_pack_with_a_missing_language_or_a_dose_is_refused_with_the_name_of_the_entry():
    pack = read_pack(Path(ROOT) / "content/handoff/snippets.yml")
    good = dict.fromkeys(LANGUAGES, "x")
    for entry in ({"en": "x"}, good | {"en": "Take 400 mg."}, good | {"de": "{patient}"}):
        with pytest.raises(ContentError, match="tea"):
            snippets_from_packs([replace(pack, entries={"tea": entry})])


@pytest.mark.parametrize(
    ("shortcut", "texts", "key"),
    [
        ("Tea", {"en": "x"}, "shortcut"),
        ("a" * 33, {"en": "x"}, "shortcut"),
        ("tea", {}, "empty"),
        ("tea", {"en": " "}, "empty"),
        ("tea", {"fr": "x"}, "language"),
        ("tea", {"en": "x" * 1001}, "long"),
        ("tea", {"en": "{phone}"}, "placeholder"),
        ("tea", {"en": "{name"}, "placeholder"),
        ("tea", {"en": "{}"}, "placeholder"),
        ("tea", {"en": "{name.secret}"}, "placeholder"),
        ("tea", {"de": "Nehmen Sie Ibuprofen."}, "forbidden"),
        ("tea", {"zh-Hans": "吃布洛芬400毫克"}, "forbidden"),
    ],
)
def test_what_cannot_be_kept_says_why(shortcut, texts, key):
    with pytest.raises(SnippetProblem) as caught:
        check(shortcut, texts)

    assert caught.value.key == key


def test_a_nurse_sees_her_own_her_teams_and_the_packs_and_not_those_of_others(people, content):
    keep(people, LI, "mine", en="Mine.")
    keep(people, LEAD, "ours", "cardio", en="Ours.")
    keep(people, ADMIN, "all", "", en="All.")

    def kept(person):
        return {one.shortcut: (one.own, one.approved_by, one.kind) for one in shown(people, content, person) if one.id}

    assert kept(LI) == {"mine": (True, None, "own"), "ours": (False, "su", "team"), "all": (False, "ad", "team")}
    assert kept(BO) == {"all": (False, "ad", "team")}
    assert {one.shortcut for one in content.snippets} <= {one.shortcut for one in shown(people, content, BO)}


@pytest.mark.parametrize(("person", "team"), [(LI, "cardio"), (LI, ""), (LEAD, "skin")])
def test_who_does_not_lead_a_team_keeps_nothing_for_it(people, person, team):
    with pytest.raises(SnippetProblem) as caught:
        keep(people, person, "ours", team)

    assert caught.value.key == "rights"


def test_the_same_shortcut_again_replaces_and_another_nurses_stays(people, content):
    keep(people, LI, "tea", en="Old.")
    keep(people, BO, "tea", en="Bo's.")
    keep(people, LI, "tea", en="New.", de="Neu.")

    assert [one.texts for one in shown(people, content, LI) if one.id] == [{"en": "New.", "de": "Neu."}]
    assert [one.texts for one in shown(people, content, BO) if one.id] == [{"en": "Bo's."}]


def test_only_the_owner_or_the_lead_removes(people, content):
    own, ours = keep(people, LI, "mine"), keep(people, LEAD, "ours", "cardio")
    for person, number, key in ((BO, own, "rights"), (LI, ours, "rights"), (LI, 999, "gone")):
        with pytest.raises(SnippetProblem) as caught, people.write() as work:
            remove(work, person, number, now=NOW)
        assert caught.value.key == key
    with people.write() as work:
        remove(work, LI, own, now=NOW)
        remove(work, LEAD, ours, now=NOW)

    assert [one for one in shown(people, content, LI) if one.id] == []


def test_use_is_counted_and_puts_the_snippet_first_without_saying_who(people, content):
    with people.write() as work:
        for _ in range(3):
            count_use(work, "worse")
        count_use(work, "no such '; DROP")

    first = shown(people, content, BO)[0]
    assert (first.shortcut, first.used) == ("worse", 3)
    with people.read() as work:
        assert [row.shortcut for row in work.execute(sa.select(snippet_use))] == ["worse"]
    assert "staff_id" not in snippet_use.c


def test_a_language_that_is_missing_falls_back_to_the_nearest_and_says_which():
    def kept(**texts):
        return Snippet(1, "tea", {name.replace("_", "-"): text for name, text in texts.items()}, "", own=True, approved_by=None)

    assert in_language(kept(zh_Hans="简", en="E"), "zh-Hant") == ("简", "zh-Hans")
    assert in_language(kept(en="E", de="D"), "ar") == ("E", "en")
    assert in_language(kept(de="D"), "ar") == ("D", "de")
    assert in_language(kept(ar="ع", de="D"), "de") == ("D", "de")


def test_placeholders_are_filled_and_what_is_not_known_stays_visible():
    filled = fill("{name}: {department}, {hours}. {name}", {"name": "Li", "department": ""})

    assert filled.text == "Li: {department}, {hours}. Li" and filled.missing == ("department", "hours")


def test_words_of_a_patient_or_nurse_in_a_value_are_not_read_as_placeholders():
    assert fill("{name}", {"name": "{hours}"}).text == "{hours}"


def test_the_values_are_those_of_the_case_in_the_language_of_the_patient(database, content):
    known = {"channel": "webchat", "language": "de", "region": "DE", "region_known": True, "level_floor": "INFO", "episode": 1}
    known |= {"greeted": True, "told_waiting": False, "asked_to_erase": 0, "created_at": NOW, "last_at": NOW, "lookup": "x"}
    row = {"conversation_id": "c", "patient_id": "p", "reason": "red_flag", "level": "R", "crisis": False, "state": "waiting"}
    with database.write() as work:
        work.execute(patient.insert().values(id="p", created_at=NOW))
        work.execute(conversation.insert().values(id="c", patient_id="p", **known))
        work.execute(care_case.insert().values(**row, department="CARD", opened_at=NOW))
    with database.read() as work:
        case = case_of(work, 1)
        values = values_for(work, case, content, LI, "de")

    assert values == {
        "name": "Li",
        "department": "Kardiologie",
        "hours": content.triage.departments["CARD"].hours["de"],
        "emergency": "112",
    }
    assert snippets.fill(content.snippets[0].texts["de"], values).missing == ()
