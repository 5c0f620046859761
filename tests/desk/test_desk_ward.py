"""The ward and the scheduler: who stands how, what leads where, what nobody reads there who may not; no words of patients."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import care_case, outbound, reminder, scheduled_round
from bot.duty import paging
from bot.followup import ward as ward_rows
from bot.followup.enrolments import OWN
from bot.followup.links import link_of
from tests.desk.desk_kit import on_both
from tests.desk.test_desk_cases import statements
from tests.desk.test_desk_followup import asked_at, enrolled

LONG_AGO = date(2026, 1, 1)


async def ward(nurse, **asked):
    answer = await nurse.get("ward", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def later(desk, number, **span):
    """Let everything of an enrolment be sent after some time."""
    with desk.services.database.write() as work:
        own = sa.and_(reminder.c.enrolment_id == number, reminder.c.state == "waiting")
        work.execute(sa.update(reminder).where(own).values(due_at=desk.clock() + timedelta(**span)))


@on_both
async def test_who_worries_comes_first_then_who_is_silent_then_who_is_due(desk):
    numbers = {}
    for state in ("answered", "open", "unanswered", "worrying"):
        number = enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO)
        asked_at(desk, number, state)
        later(desk, number, days=3)
        numbers[state] = number
    due, quiet = (enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO) for _ in range(2))
    later(desk, due, hours=2)
    later(desk, quiet, days=3)
    waits = enrolled(desk, desk.case(), "hypertension", state="asked")

    page = await ward(desk.nurse())

    found = {line["id"]: line["standing"] for line in page["lines"]}
    assert list(found)[:2] == [numbers["worrying"], numbers["unanswered"]]
    assert found == {
        numbers["worrying"]: "worrying", numbers["unanswered"]: "silent", numbers["open"]: "due", due: "due",
        numbers["answered"]: "answered", waits: "asked", quiet: "quiet",
    }  # fmt: skip
    assert page["counts"] == {"worrying": 1, "silent": 1, "due": 2, "answered": 1, "asked": 1, "quiet": 1}


async def test_silence_is_counted_from_the_last_answer(desk):
    number = enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO)
    for days, state in ((9, "unanswered"), (7, "answered"), (5, "unanswered"), (3, "unanswered"), (1, "unanswered")):
        asked_at(desk, number, state, days=days)

    assert (await ward(desk.nurse()))["lines"][0]["in_a_row"] == 3


async def test_what_a_nurse_has_seen_to_leaves_the_list_until_it_happens_again(desk):
    ana, number = desk.nurse(), enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO)
    asked_at(desk, number, "unanswered", days=2)
    later(desk, number, days=3)

    await ana.post("ward/seen", {"id": number})
    seen = await ward(ana)
    asked_at(desk, number, "unanswered", days=1)
    again = await ward(ana)

    assert [line["standing"] for line in (seen["lines"][0], again["lines"][0])] == ["answered", "silent"]
    assert ("ana", "changed plan", str(number)) in desk.audit()


async def test_the_ward_is_filtered_by_plan_standing_and_team(desk, content_source):
    team = next(iter(content_source.current().teams.by_id))
    mine, other = desk.case(team=team), desk.case()
    first, second = enrolled(desk, mine, "hypertension", anchor=LONG_AGO), enrolled(desk, other, "medicine")
    ana = desk.nurse(teams=team)

    async def shown(**asked):
        return {line["id"] for line in (await ward(ana, **asked))["lines"]}

    assert await shown() == {first, second}
    assert await shown(plan="medicine") == {second}
    assert await shown(team=team) == {first}
    assert await shown(standing="worrying") == set()


async def test_patients_whose_case_is_another_teams_are_not_on_the_ward(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    number = enrolled(desk, desk.case(team=second), "medicine")
    ana, ben = desk.nurse("ana", teams=first), desk.nurse("ben", teams=second)

    assert ((await ward(ana))["lines"], sum((await ward(ana))["counts"].values())) == ([], 0)
    assert [line["id"] for line in (await ward(ben))["lines"]] == [number]
    assert (await ana.post("ward/seen", {"id": number})).status_code == 403
    assert (await ana.post("ward/case", {"id": number})).status_code == 403


async def test_a_reminder_in_own_words_is_on_no_ward(desk):
    number = enrolled(desk, desk.case(), OWN, details={"text": "SECRET pill", "times": ["20:00"]})
    ana = desk.nurse()

    assert (await ward(ana))["lines"] == [] and "SECRET" not in ana.heard[-1]
    assert (await ana.post("ward/case", {"id": number})).status_code == 404


async def test_a_nurse_writes_to_a_patient_without_an_open_case_in_a_new_one(desk):
    case, ana = desk.case(), desk.nurse()
    number = enrolled(desk, case, "medicine")
    desk.set(case, state="closed", closed_at=desk.clock() - timedelta(days=30))

    opened = (await ana.post("ward/case", {"id": number})).json()["case"]
    again = (await ana.post("ward/case", {"id": number})).json()["case"]

    assert opened == again != case
    row = desk.read(lambda work: work.execute(sa.select(care_case).where(care_case.c.id == opened)).one())
    assert (row.reason, row.level, row.state) == ("worrying_checkin", "R", "waiting")
    assert ("ana", "opened from ward", str(opened)) in desk.audit()


async def test_a_case_that_a_nurse_opens_from_the_ward_stays_with_her_and_tells_the_patient_of_no_waiting(desk, content_source):
    content = content_source.current()
    case, ana = desk.case(language="zh-Hans"), desk.nurse(teams="international")
    number = enrolled(desk, case, "medicine")
    desk.set(case, state="closed", closed_at=desk.clock() - timedelta(days=30))
    opened = (await ana.post("ward/case", {"id": number})).json()["case"]
    for hours in range(48):
        with desk.services.database.write() as work:
            now, rounds = desk.clock() + timedelta(hours=hours), paging.Desk(content, frozenset())
            paging.start_clocks(work, rounds, now), paging.page_due(work, rounds, now)

    assert (await ana.get(f"cases/{opened}")).status_code == 200
    row = desk.read(lambda work: work.execute(sa.select(care_case).where(care_case.c.id == opened)).one())
    assert (row.assigned_to, row.waiting_since, row.due_at) == ("ana", None, None)
    assert not desk.read(lambda work: work.execute(sa.select(outbound.c.id)).all())


@pytest.mark.parametrize("asked", [{"plan": "nothing"}, {"standing": "nowhere"}])
async def test_a_filter_that_is_none_is_refused(desk, asked):
    assert (await desk.nurse().get("ward", **asked)).status_code == 400


async def test_that_the_ward_was_read_is_written_down(desk):
    await ward(desk.nurse())

    assert ("ana", "read ward") in [line[:2] for line in desk.audit()]


async def test_of_more_than_are_looked_at_nobody_who_is_silent_is_missing(desk, monkeypatch):
    monkeypatch.setattr(ward_rows, "MOST", 3)
    oldest = enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO)
    asked_at(desk, oldest, "unanswered", days=2)
    for _ in range(4):
        enrolled(desk, desk.case(), "medicine")

    page = await ward(desk.nurse())

    assert (page["lines"][0]["id"], len(page["lines"]), page["all"]) == (oldest, 3, False)


async def test_a_ward_of_forty_takes_as_many_statements_as_one_of_two(desk):
    ana = desk.nurse()

    def fill(count):
        for _ in range(count):
            asked_at(desk, enrolled(desk, desk.case(), "hypertension", anchor=LONG_AGO), "unanswered", days=1)

    fill(2)
    few = await statements(desk, lambda: ana.get("ward"))
    fill(38)
    many = await statements(desk, lambda: ana.get("ward"))

    assert few == many < 20


async def test_an_admin_reads_the_scheduler_and_no_ward_and_a_nurse_the_other_way(desk):
    ana, ina, eva = desk.nurse("ana"), desk.nurse("ina", "admin"), desk.nurse("eva", "auditor")
    found = {
        (one.handle, path): (await one.get(path)).status_code for one in (ana, ina, eva) for path in ("ward", "scheduler")
    }  # fmt: skip

    assert found == {
        ("ana", "ward"): 200, ("ana", "scheduler"): 403, ("ina", "ward"): 403, ("ina", "scheduler"): 200,
        ("eva", "ward"): 403, ("eva", "scheduler"): 403,
    }  # fmt: skip


@on_both
async def test_the_scheduler_says_what_waits_what_comes_next_and_what_was_given_up(desk):
    now, number = desk.clock(), enrolled(desk, desk.case(), "vaccination")
    with desk.services.database.write() as work:
        rows = work.execute(sa.select(reminder.c.id).order_by(reminder.c.due_at)).scalars().all()
        for row, hours, state, why in zip(
            rows, (-2, 3, 50), ("skipped", "waiting", "waiting"), ("late", "held", None), strict=True
        ):
            values = {
                "due_at": now + timedelta(hours=hours),
                "wanted_at": now + timedelta(hours=hours),
                "state": state,
                "why": why,
            }
            work.execute(sa.update(reminder).where(reminder.c.id == row).values(**values))
        ran = {
            "ran_at": now - timedelta(minutes=9),
            "next_at": now - timedelta(minutes=8),
            "did": 3,
            "failed": 1,
            "problem": "KeyError",
        }
        work.execute(scheduled_round.insert().values(name="due", **ran))

    page = (await desk.nurse("lee", "lead").get("scheduler")).json()

    assert page["waiting"] == {"overdue": 0, "hour": 0, "day": 1, "later": 1}
    assert page["lately"] == {"sent": 0, "skipped": 1, "cleared": 0, "cancelled": 0, "failed": 0}
    assert [(one["enrolment_id"], one["plan"], one["why"]) for one in page["next"]] == [
        (number, "Vaccination", "held"),
        (number, "Vaccination", None),
    ]
    assert [(one["state"], one["why"]) for one in page["given_up"]] == [("skipped", "late")]
    assert [(one["name"], one["late"], one["failed"]) for one in page["rounds"]] == [("due", True, 1)]


async def test_a_round_that_has_just_run_is_not_late(desk):
    with desk.services.database.write() as work:
        ran = {"ran_at": desk.clock(), "next_at": desk.clock() + timedelta(seconds=5), "did": 0, "failed": 0}
        work.execute(scheduled_round.insert().values(name="due", **ran))

    assert [one["late"] for one in (await desk.nurse("lee", "lead").get("scheduler")).json()["rounds"]] == [False]


async def code(nurse, **body):
    return await nurse.post("ward/code", {"plan": "hypertension", "origin": "http://ward.example:8000", **body})


async def test_a_code_for_one_person_is_another_each_time_and_one_for_everybody_the_same(desk):
    ana, plans = desk.nurse(), desk.services.content.current().followup.plans
    first, second = [(await code(ana, once=True, day="2026-03-20")).json() for _ in range(2)]
    everybody, same = [(await code(ana)).json() for _ in range(2)]

    links = [link_of(desk.services.database.cipher, one["link"].rsplit("=", 1)[1], plans) for one in (first, everybody)]
    assert [(one.plan, one.day, one.once) for one in links] == [
        ("hypertension", date(2026, 3, 20), True),
        ("hypertension", None, False),
    ]
    assert first["link"] != second["link"] and everybody["link"] == same["link"]
    assert everybody["link"].startswith("http://ward.example:8000/chat?start=e_")
    assert (first["ends"], everybody["ends"]) == ("2026-05-01", None)
    assert first["picture"].startswith("data:image/svg+xml")
    assert ("ana", "made link", "hypertension") in desk.audit()


@pytest.mark.parametrize(
    ("body", "error"),
    [({"plan": "nothing"}, "enrol_plan"), ({"day": "soon"}, "enrol_day"), ({"day": "2099-01-01"}, "enrol_day"), ({"origin": "javascript:x"}, "wrong")],
)  # fmt: skip
async def test_a_code_that_offers_nothing_is_not_made(desk, body, error):
    answer = await code(desk.nurse(), **body)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_only_who_cares_for_patients_makes_codes(desk):
    assert (await code(desk.nurse("ina", "admin"))).status_code == 403
