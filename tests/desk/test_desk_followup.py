"""Plans on the card: begun with a question in chat, changed, ended; a visit; readings in words and pictures. Never another's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import checkin, outbound, patient, plan_enrolment, reading, reminder
from bot.followup import enrolments
from bot.followup.enrolments import OWN, Entry
from bot.followup.sending import plan_all
from tests.desk.desk_kit import on_both

CLIENT = "client-0001"
PLAN = {"plan": "vaccination", "day": "2026-03-20", "zone": "", "limits": {}, "client_id": CLIENT}


def key_of(desk, case):
    return desk.read(lambda work: work.execute(sa.text(f"SELECT patient_id FROM care_case WHERE id = {case}")).scalar())


def enrolled(desk, case, plan="vaccination", *, state="active", anchor=date(2026, 3, 20), details=None):
    """Put the patient of a case into a plan, as after their yes."""
    key = key_of(desk, case)
    with desk.services.database.write() as work:
        entry = Entry(key, key, plan, "1", anchor, "UTC", "ana", f"{plan}:{key}", state != "asked", details or {})
        one, _ = enrolments.enrol(work, entry, now=desk.clock())
        if state != "asked" and plan != OWN:
            plan_all(work, one, desk.services.content.current(), now=desk.clock())
    return one.id


def told(desk, case, kind, values, *, hours=0, level="OK"):
    """Store a reading of the patient of a case, so many hours ago."""
    with desk.services.database.write() as work:
        sealed = work.cipher.seal({"values": values, "unit": "", "said": "SECRET words"})
        row = {"patient_id": key_of(desk, case), "kind": kind, "level": level, "source": "checkin", "sealed": sealed}
        at = desk.clock() - timedelta(hours=hours)
        work.execute(reading.insert().values(**row, at=at, dedupe_key=f"{kind}:{case}:{hours}"))


def asked_at(desk, number, state, *, days=0):
    """Store a check-in of an enrolment that was opened some days ago."""
    at = desk.clock() - timedelta(days=days)
    with desk.services.database.write() as work:
        key = work.execute(sa.select(plan_enrolment.c.patient_id).where(plan_enrolment.c.id == number)).scalar()
        times = {"day": at.date(), "wanted_at": at, "due_at": at, "until": at}
        row = {
            "enrolment_id": number,
            "step": f"s{days}",
            "number": days,
            "attempt": 0,
            "priority": 0,
            "state": "sent",
            "tries": 1,
        }
        first = work.execute(reminder.insert().values(**row, **times)).inserted_primary_key[0]
        own = {"reminder_id": first, "enrolment_id": number, "conversation_id": key, "state": state, "question": 0}
        own |= {"opened_at": at, "expires_at": at + timedelta(hours=20), "closed_at": None if state == "open" else at}
        work.execute(checkin.insert().values(**own, sealed=work.cipher.seal({"questions": [], "answers": {}})))


async def plan(nurse, case, **body):
    return await nurse.post(f"cases/{case}/plan", body)


async def card(nurse, case):
    answer = await nurse.get(f"cases/{case}/followup")
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(desk, *columns):
    query = sa.select(*(plan_enrolment.c[name] for name in columns or ("state",))).order_by(plan_enrolment.c.id)
    return desk.read(lambda work: [tuple(row) for row in work.execute(query)])


@on_both
async def test_a_nurse_enrols_and_the_patient_is_asked_in_chat_once(desk):
    case, ana = desk.case(), desk.nurse()

    first = await ana.act(case, "enrol", **PLAN)
    second = await ana.act(case, "enrol", **PLAN)

    assert (first.status_code, second.status_code) == (200, 200)
    (one,) = first.json()["followup"]["enrolments"]
    assert (one["plan"], one["state"], one["day"], one["by"]["name"]) == ("vaccination", "asked", "2026-03-20", "Ana")
    assert states(desk, "state", "enrolled_by") == [("asked", "ana")]
    sent = desk.read(
        lambda work: [work.cipher.unseal(row)["text"] for row in work.execute(sa.select(outbound.c.sealed)).scalars()]
    )
    assert len(sent) == 1 and "Is that all right with you?" in sent[0]
    assert ("ana", "enrolled", str(one["id"])) in desk.audit()


async def test_a_plan_somebody_is_in_is_not_offered_and_is_refused_with_a_sentence(desk):
    case, ana = desk.case(), desk.nurse()
    enrolled(desk, case)

    answer = await ana.act(case, "enrol", **PLAN)

    assert (answer.status_code, answer.json()["error"]) == (409, "enrol_already")
    assert "in this plan already" in answer.json()["sentence"]
    assert "vaccination" not in {one["id"] for one in (await card(ana, case))["offered"]}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"plan": "nothing"}, "enrol_plan"),
        ({"plan": "did_you_go"}, "enrol_plan"),
        ({"day": "20.03.2026"}, "enrol_day"),
        ({"day": "2036-03-20"}, "enrol_day"),
        ({"zone": "Mars/North"}, "enrol_zone"),
        ({"limits": {"systolic": {"high": "much"}}}, "enrol_limits"),
        ({"limits": [1]}, "wrong"),
        ({"client_id": "x"}, "wrong"),
    ],
)
async def test_what_cannot_be_is_said_and_enrols_nobody(desk, change, error):
    case, ana = desk.case(), desk.nurse()

    answer = await ana.act(case, "enrol", **{**PLAN, **change})

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["sentence"] and states(desk) == []


async def test_limits_are_kept_shown_and_changed(desk):
    case, ana = desk.case(), desk.nurse()
    begun = {**PLAN, "plan": "hypertension", "day": None, "limits": {"systolic": {"low": "", "high": "150"}}}
    number = (await ana.act(case, "enrol", **begun)).json()["followup"]["enrolments"][0]["id"]
    assert (await card(ana, case))["enrolments"][0]["limits"] == {"systolic": {"high": 150.0}}

    changed = await plan(ana, case, id=number, what="limits", limits={"diastolic": {"high": 95}}, client_id=CLIENT)
    wrong = await plan(ana, case, id=number, what="limits", limits={"diastolic": {"high": 900}}, client_id=CLIENT)

    assert changed.json()["followup"]["enrolments"][0]["limits"] == {"diastolic": {"high": 95.0}}
    assert (wrong.status_code, wrong.json()["error"]) == (400, "enrol_limits")


async def test_who_has_not_answered_is_asked_again_and_who_has_is_not(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case, state="asked")

    again = await plan(ana, case, id=number, what="ask", client_id=CLIENT)
    with desk.services.database.write() as work:
        enrolments.agree(work, number, now=desk.clock())
    late = await plan(ana, case, id=number, what="ask", client_id="client-0002")

    assert (again.status_code, late.status_code, late.json()["error"]) == (200, 409, "plan_changed")


async def test_a_pause_ends_by_its_day_or_by_hand(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case)

    paused = await plan(ana, case, id=number, what="pause", until="2026-03-10", client_id=CLIENT)
    past = await plan(ana, case, id=number, what="pause", until="2026-02-10", client_id=CLIENT)
    resumed = await plan(ana, case, id=number, what="resume", client_id=CLIENT)
    twice = await plan(ana, case, id=number, what="resume", client_id=CLIENT)

    shown = paused.json()["followup"]["enrolments"][0]
    assert (shown["state"], shown["paused_until"][:10]) == ("paused", "2026-03-10")
    assert (past.status_code, past.json()["error"]) == (400, "past")
    assert resumed.json()["followup"]["enrolments"][0]["state"] == "active"
    assert twice.status_code == 409


async def test_a_stopped_plan_sends_nothing_more_and_stands_among_the_earlier_ones(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case)

    done = (await plan(ana, case, id=number, what="stop", because="done", client_id=CLIENT)).json()["followup"]

    assert (done["enrolments"], [one["state"] for one in done["ended"]]) == ([], ["ended"])
    assert set(desk.read(lambda work: work.execute(sa.select(reminder.c.state)).scalars().all())) == {"cancelled"}


async def test_after_a_death_everything_ends_and_nobody_enrols_them_again(desk):
    case, ana = desk.case(), desk.nurse()
    first = enrolled(desk, case)
    enrolled(desk, case, "medicine")

    await plan(ana, case, id=first, what="stop", because="died", client_id=CLIENT)
    again = await ana.act(case, "enrol", **{**PLAN, "plan": "asthma"})

    assert states(desk) == [("stopped",), ("stopped",)]
    assert desk.read(lambda work: work.execute(sa.select(patient.c.no_reminders_because)).scalar()) == "died"
    assert (again.status_code, again.json()["error"]) == (409, "enrol_died")


async def test_a_visit_settles_what_was_to_come_before_it(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case)
    assert [one["group"] for one in (await card(ana, case))["enrolments"][0]["next"]] == ["before", "before", "day_after"]

    done = await plan(ana, case, id=number, what="visited", group="before", client_id=CLIENT)
    twice = await plan(ana, case, id=number, what="visited", group="before", client_id=CLIENT)

    assert [one["group"] for one in done.json()["followup"]["enrolments"][0]["next"]] == ["day_after"]
    assert twice.status_code == 409


async def test_how_a_plan_is_kept_to_is_counted_for_the_last_month(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case, "hypertension", anchor=date(2026, 1, 1))
    for days, state in ((40, "answered"), (9, "answered"), (6, "worrying"), (3, "unanswered"), (0, "open")):
        asked_at(desk, number, state, days=days)

    kept = (await card(ana, case))["enrolments"][0]["kept"]

    assert kept == {"asked": 3, "kept": 2, "worrying": 1, "open": 1}


async def test_readings_are_a_picture_with_words_for_it_and_a_table_without_the_patients_words(desk):
    case, ana = desk.case(), desk.nurse()
    for hours, upper in ((72, 128), (48, 141), (24, 165)):
        told(desk, case, "blood_pressure", {"systolic": upper, "diastolic": 82}, hours=hours, level="R" if upper > 160 else "OK")
    told(desk, case, "weight", {"weight_kg": 71.5}, hours=2)

    found = (await card(ana, case))["courses"]

    assert [one["measure"] for one in found] == ["weight", "blood_pressure"]
    pressure = found[1]
    assert [(row["value"], row["level"]) for row in pressure["rows"]] == [("165/82", "R"), ("141/82", "OK"), ("128/82", "OK")]
    assert pressure["svg"].startswith("<svg") and "165/82" in pressure["alt"]
    assert "SECRET" not in ana.heard[-1]


async def test_a_reminder_in_the_patients_own_words_is_theirs_alone(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case, OWN, details={"text": "SECRET pill", "times": ["20:00"]})

    shown = await card(ana, case)
    stopped = await plan(ana, case, id=number, what="stop", because="done", client_id=CLIENT)

    assert shown["enrolments"] == [] and "SECRET" not in ana.heard[-2]
    assert stopped.status_code == 404


async def test_the_plan_of_another_patient_is_not_reached_through_a_case_of_ones_own(desk):
    mine, other, ana = desk.case(), desk.case(), desk.nurse()
    number = enrolled(desk, other)

    answer = await plan(ana, mine, id=number, what="stop", because="done", client_id=CLIENT)

    assert (answer.status_code, states(desk)) == (404, [("active",)])


@pytest.mark.parametrize(
    ("what", "body"), [("nothing", {}), ("stop", {"because": "bored"}), ("visited", {}), ("pause", {"until": "soon"})]
)
async def test_a_change_that_is_none_changes_nothing(desk, what, body):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case)

    assert (await plan(ana, case, id=number, what=what, client_id=CLIENT, **body)).status_code == 400
    assert states(desk) == [("active",)]


@pytest.mark.parametrize("role", ["admin", "auditor"])
async def test_who_does_not_care_for_patients_sees_and_begins_nothing(desk, role):
    case, ina = desk.case(), desk.nurse("ina", role)

    assert (await ina.get(f"cases/{case}/followup")).status_code == 403
    assert (await ina.act(case, "enrol", **PLAN)).status_code == 403
    assert states(desk) == []


async def test_the_case_of_another_team_is_closed_here_too(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    case, ana = desk.case(team=second), desk.nurse(teams=first)

    assert (await ana.get(f"cases/{case}/followup")).status_code == 403
    assert (await ana.act(case, "enrol", **PLAN)).status_code == 403


async def test_that_it_was_read_is_written_down(desk):
    case, ana = desk.case(), desk.nurse()
    await card(ana, case)

    assert ("ana", "read case", str(case)) in desk.audit()
