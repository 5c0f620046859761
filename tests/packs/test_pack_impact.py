"""What an edit of the clinical tables does to sentences is said before it is kept: emergencies that would be lost by their words."""

from __future__ import annotations

import threading

import pytest

from bot.content.packs import ContentError
from bot.packs.candidate import rules_of
from bot.packs.impact import Rehearsal, edited, outcome
from bot.packs.source import laid
from bot.release.heard import Sentence
from bot.release.listening import Listened
from bot.training.operations import SetEntry, SetText
from bot.triage import episode as episodes
from bot.triage.types import Opinion

FLAGS, ROUTES, DEPARTMENTS = "content/triage/red_flags.yml", "content/triage/routes.yml", "content/hospital/departments.yml"
SENTENCES = [
    Sentence("a", "he is unconscious", "en", "emergency", {}),
    Sentence("b", "I have had a fever since yesterday", "en", "saved", {}),
    Sentence("c", "Mein Ohr tut seit gestern weh", "de", "saved", {}),
    Sentence("d", "I want to kill myself", "en", "crisis", {}),
    Sentence("e", "脚踝扭伤了", "zh-Hans", "patient", {}),
]


@pytest.fixture(scope="module")
def rehearsal():
    return Rehearsal(pause_s=0)


def candidate_of(files, live, *operations):
    return rules_of(laid(files, operations), live)


def without_flag(files, name):
    return SetEntry(FLAGS, ("entries", name), files[FLAGS].entries[name], None)


def ids(found):
    return [one.sentence.id for one in found.effects]


def test_nothing_changes_without_an_edit(files, live, rehearsal):
    found = rehearsal.impact(live, candidate_of(files, live), SENTENCES)
    assert (found.effects, found.asked) == ((), len(SENTENCES))


def test_an_emergency_that_would_be_lost_is_named_by_its_sentence(files, live, rehearsal):
    flags = [name for name, entry in files[FLAGS].entries.items() if "unconscious" in entry["when"]]
    found = rehearsal.impact(live, candidate_of(files, live, *(without_flag(files, name) for name in flags)), SENTENCES)
    (lost,) = [one for one in found.effects if one.is_lost]
    assert lost.sentence.text == "he is unconscious" and lost.before.level == "E1" and found.effects[0] is lost


def test_a_flag_that_no_sentence_needs_loses_none(files, live, rehearsal):
    found = rehearsal.impact(live, candidate_of(files, live, without_flag(files, "RF004")), SENTENCES)
    assert found.effects == ()


def test_a_route_changes_the_department_of_its_sentences_and_of_no_other(files, live, rehearsal):
    before = files[ROUTES].entries["fever"]["to"]
    found = rehearsal.impact(
        live, candidate_of(files, live, SetText(ROUTES, ("entries", "fever", "to"), before, ["DERM"])), SENTENCES
    )
    (one,) = found.effects
    assert (one.sentence.id, one.after.department, one.is_lost) == ("b", "DERM", False)


def test_a_department_that_this_hospital_does_not_have_leads_to_the_one_instead(files, live, rehearsal):
    gone = [
        SetText(DEPARTMENTS, ("entries", "ENT", "exists"), True, False),
        SetText(DEPARTMENTS, ("entries", "ENT", "instead"), files[DEPARTMENTS].entries["ENT"]["instead"], "OPH"),
    ]
    found = rehearsal.impact(live, candidate_of(files, live, *gone), SENTENCES)
    assert "c" in ids(found) and all(one.after.department != "ENT" for one in found.effects)


def test_only_sentences_that_an_edit_can_touch_are_looked_at_and_none_is_overlooked(files, live):
    names = [name for name in list(files[FLAGS].entries)[::40]]
    asked = [
        Sentence(str(place), text, "en", "saved", {})
        for place, text in enumerate(
            ["severe chest pain and sweating", "short of breath since an hour", "fever and stiff neck", "a cough", "my baby is limp",
             "vomiting blood", "rash", "worst headache of my life", "pregnant and bleeding", "sugar 2.1 mmol/l", "SpO2 85"]
        )
    ]  # fmt: skip
    rehearsal = Rehearsal(pause_s=0)
    for name in names:
        candidate = candidate_of(files, live, without_flag(files, name))
        found = {one.sentence.id for one in rehearsal.impact(live, candidate, asked).effects}
        every = set()
        for one in asked:
            heard = episodes.hear(episodes.begin("en", live.home_region), one.text, tables=live)
            every |= {one.id} if outcome(heard, live) != outcome(heard, candidate) else set()
        assert found == every, name


def test_a_department_that_is_not_here_is_followed_without_asking_the_rules_again(files, live, monkeypatch):
    rehearsal = Rehearsal(pause_s=0)
    rehearsal.impact(live, candidate_of(files, live), SENTENCES)
    assert rehearsal.unread(live, SENTENCES) == 0
    monkeypatch.setattr("bot.packs.impact.outcome", None)
    gone = SetText(DEPARTMENTS, ("entries", "ENT", "exists"), True, False)
    assert ids(rehearsal.impact(live, candidate_of(files, live, gone), SENTENCES)) == ["c"]


def test_a_department_and_a_route_together_are_what_the_program_would_say(files, live):
    both = [
        SetText(DEPARTMENTS, ("entries", "DERM", "exists"), True, False),
        SetText(ROUTES, ("entries", "fever", "to"), files[ROUTES].entries["fever"]["to"], ["DERM"]),
    ]
    candidate = candidate_of(files, live, *both)
    (one,) = Rehearsal(pause_s=0).impact(live, candidate, SENTENCES).effects
    heard = episodes.hear(episodes.begin("en", live.home_region), one.sentence.text, tables=live)
    assert one.after == outcome(heard, candidate) and one.after.department == live.departments["DERM"].instead


def test_departments_that_lead_in_a_circle_are_refused(files, live):
    circle = [SetText(DEPARTMENTS, ("entries", name, "exists"), True, False) for name in ("GP", "ED")]
    with pytest.raises(ContentError, match="nobody sees the patients"):
        candidate_of(files, live, *circle)


def test_what_is_the_same_is_no_edit(files, live):
    found = edited(live, candidate_of(files, live))
    assert (found.routes, found.rules, found.elsewhere) == (frozenset(), (), False)


def opinion(verdict="quiet", departments=(("GP", 0.1),), complaint=0.0):
    return Opinion(0.9 if verdict == "emergency" else 0.0, 0.0, verdict, departments, "", "r1", complaint)


def of_all(sentences, also):
    return {one.key: also for one in sentences}


def test_what_only_the_second_reader_hears_changes_what_an_edit_does(files, live):
    rehearsal, asked = Rehearsal(pause_s=0), [Sentence("x", "it feels odd somehow", "en", "emergency", {})]
    flags = [name for name, entry in files[FLAGS].entries.items() if "reads_as_emergency" in entry["when"]]
    candidate = candidate_of(files, live, *(without_flag(files, name) for name in flags))
    by_rules = rehearsal.impact(live, candidate, asked)
    assert (by_rules.effects, by_rules.asked, by_rules.by_both) == ((), 1, 0)
    by_both = rehearsal.impact(live, candidate, asked, listened=of_all(asked, Listened(True, opinion("emergency"))))
    (lost,) = by_both.effects
    assert lost.is_lost and (by_both.asked, by_both.by_both) == (1, 1)
    # Asked of the rules alone again, nothing of the second reader is left.
    assert rehearsal.impact(live, candidate, asked).effects == ()


def test_a_sentence_is_answered_with_both_as_the_program_does(files, live):
    also = Listened(True, opinion(departments=(("OPH", 0.9), ("GP", 0.1)), complaint=0.9))
    before = files[ROUTES].entries["fever"]["to"]
    candidate = candidate_of(files, live, SetText(ROUTES, ("entries", "fever", "to"), before, ["DERM"]))
    found = Rehearsal(pause_s=0).impact(live, candidate, SENTENCES, listened=of_all(SENTENCES[1:], also))
    assert found.by_both == len(SENTENCES) - 1
    for effect in found.effects:
        one = effect.sentence
        begun = episodes.begin(one.language, live.home_region)
        for tables, said in ((live, effect.before), (candidate, effect.after)):
            heard = episodes.hear(begun, one.text, tables=tables, opinion=also.opinion)
            assert said == outcome(heard, tables, also=also, text=one.text)
    assert ids(found) == ["b"]


@pytest.mark.parametrize(("guided", "text", "alarmed"), [
    (True, "it feels odd somehow", True), (False, "it feels odd somehow", False), (False, "he is unconscious", True),
])  # fmt: skip
def test_who_is_led_elsewhere_is_answered_as_an_emergency_by_the_safety_net_alone(live, guided, text, alarmed):
    also = Listened(guided, opinion("emergency"))
    heard = episodes.hear(episodes.begin("en", live.home_region), text, tables=live, opinion=also.opinion)
    said = outcome(heard, live, also=also, text=text)
    assert said.level in ("E1", "E2") and said.alarmed is alarmed


def test_what_was_prepared_with_both_is_not_asked_again(files, live, monkeypatch):
    rehearsal, listened = Rehearsal(pause_s=0), of_all(SENTENCES, Listened(True, opinion()))
    rehearsal.prepare(live, SENTENCES, stop=threading.Event(), listened=listened)
    monkeypatch.setattr("bot.packs.impact.outcome", None)
    assert rehearsal.impact(live, candidate_of(files, live), SENTENCES, listened=dict(listened)).effects == ()
