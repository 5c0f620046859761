from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.database.tables import outbound
from bot.inbox import rows
from bot.messages import Inbound
from bot.triage.types import Safety
from tests.desk.desk_kit import NOW, on_both


async def view(nurse, case):
    return (await nurse.get(f"cases/{case}")).json()


async def test_the_queue_shows_who_waits_and_no_words(desk):
    case = desk.case(said=("my chest hurts terribly",))
    ana = desk.nurse()

    page = (await ana.get("queue", tab="unclaimed")).json()

    assert [(row["id"], row["number"], row["level"]) for row in page["rows"]] == [(case, f"A{case}", "E2")]
    assert "chest" not in ana.heard[-1]


async def test_the_queue_is_sorted_by_risk_and_then_by_who_waits_longest(desk, clock):
    calm = desk.case(level="R")
    clock.on(minutes=1)
    first = desk.case(level="E2")
    clock.on(minutes=1)
    second, worst = desk.case(level="E2"), desk.case(level="E1")
    desk.set(first, waiting_since=clock() + timedelta(seconds=5))

    rows = (await desk.nurse().get("queue", tab="all")).json()["rows"]

    assert [row["id"] for row in rows] == [worst, second, first, calm]


async def test_an_empty_queue_says_who_is_on_duty(desk):
    ana = desk.nurse("ana")
    desk.staff("ben", duty="break")
    desk.staff("cleo", duty="off")

    page = (await ana.get("queue")).json()

    assert (page["rows"], [(one["name"], one["duty"]) for one in page["on_duty"]]) == ([], [("Ana", "on"), ("Ben", "break")])


async def test_a_page_of_fifty_rows_takes_as_many_statements_as_one_of_two(desk):
    ana = desk.nurse("ana")
    for _ in range(2):
        desk.case()
    few = await statements(desk, lambda: ana.get("queue", tab="all"))
    for _ in range(48):
        desk.case()

    many = await statements(desk, lambda: ana.get("queue", tab="all"))

    assert many == few
    assert many < 16


async def statements(desk, call):
    """Return how many statements a call needs."""
    seen = []

    def count(*args):
        seen.append(args[2])

    engine = desk.services.database.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert (await call()).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


@pytest.mark.parametrize(
    "query", [{"tab": "everything"}, {"after": "x"}, {"after": "1~2"}, {"after": f"0~1~2026-01-01T00:00:00+00:00~{'9' * 30}"}]
)
async def test_a_page_of_the_queue_that_is_none_is_refused(desk, query):
    assert (await desk.nurse().get("queue", **query)).status_code == 400


@on_both
async def test_of_two_who_claim_at_once_one_gets_it_and_the_other_hears_who(desk, clock):
    case = desk.case()
    ana, ben = desk.nurse("ana"), desk.nurse("ben")

    first, second = await asyncio.gather(ana.act(case, "claim"), ben.act(case, "claim"))

    assert sorted([first.status_code, second.status_code]) == [200, 409]
    lost = second if second.status_code == 409 else first
    assert lost.json()["error"] == "taken"
    assert lost.json()["sentence"] in ("Ana took this 0 s ago.", "Ben took this 0 s ago.")
    assert desk.events(case).count("claimed") == 1


async def test_who_has_it_for_long_is_told_in_minutes(desk, clock):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "claim")
    clock.on(minutes=7)
    desk.stay(ben)

    lost = (await ben.act(case, "claim")).json()

    assert (lost["error"], lost["sentence"]) == ("taken", "Ana has had this for 7 min.")


async def test_a_lead_takes_over_and_the_other_cannot_write_any_more(desk):
    case, ana, lee = desk.case(), desk.nurse("ana"), desk.nurse("lee", "lead")
    await ana.act(case, "claim")

    await lee.act(case, "claim", take_over=True)
    late = await ana.act(case, "reply", text="Hello", client_id="client-0001")

    assert late.json()["by"]["name"] == "Lee"


async def test_a_released_case_is_for_everybody_again(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "claim")

    released = (await ana.act(case, "release")).json()

    assert (released["row"]["claimed_by"], released["can"]["claim"], released["can"]["release"]) == (None, True, False)
    assert (await ben.act(case, "claim")).status_code == 200


async def test_nobody_releases_what_another_holds(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "claim")

    assert (await ben.act(case, "release")).status_code == 409
    assert (await view(ana, case))["row"]["mine"]


async def test_a_case_is_transferred_with_a_note_and_is_gone_for_who_is_not_in_that_team(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    case = desk.case(team=first)
    ana, ben = desk.nurse("ana", teams=first), desk.nurse("ben", teams=second)

    await ana.act(case, "transfer", team=second, note="Speaks German only")

    assert (await ana.get(f"cases/{case}")).status_code == 403
    assert "Speaks German only" in [item["text"] for item in (await view(ben, case))["thread"]["items"]]


async def test_a_team_that_is_none_gets_nothing(desk):
    case, ana = desk.case(), desk.nurse("ana")

    assert (await ana.act(case, "transfer", team="nowhere")).status_code == 400


async def test_a_case_is_assigned_by_a_lead_to_somebody_who_is_there(desk):
    case, lee, ben = desk.case(), desk.nurse("lee", "lead"), desk.nurse("ben")

    done = await lee.act(case, "assign", handle="ben")

    assert done.json()["row"]["assigned_to"]["name"] == "Ben"
    assert [row["id"] for row in (await ben.get("queue", tab="mine")).json()["rows"]] == [case]


@pytest.mark.parametrize("handle", ["nobody", "ina", "", None, 7])
async def test_a_case_is_assigned_to_no_admin_and_to_nobody(desk, handle):
    case, lee = desk.case(), desk.nurse("lee", "lead")
    desk.staff("ina", "admin")

    assert (await lee.act(case, "assign", handle=handle)).status_code == 400


async def test_a_case_sleeps_until_the_patient_writes_and_is_woken_by_hand(desk):
    case, ana = desk.case(level="R"), desk.nurse("ana")

    asleep = (await ana.act(case, "snooze", until="reply", reason="He measures his temperature")).json()["row"]
    item = next(one for one in (await view(ana, case))["thread"]["items"] if one.get("what") == "snoozed")
    awake = (await ana.act(case, "wake")).json()["row"]

    assert (asleep["snoozed_until"], awake["snoozed_until"]) == ("reply", None)
    assert (item["text"], item["data"]["until"], item["author"]["name"]) == ("He measures his temperature", "reply", "Ana")


async def test_a_case_in_which_somebody_waits_in_an_emergency_does_not_sleep(desk):
    case, ana = desk.case(level="E1"), desk.nurse("ana")

    answer = await ana.act(case, "snooze", until="reply", reason="later")

    assert (answer.status_code, answer.json()["error"]) == (409, "urgent_waits")


async def test_nothing_sleeps_into_the_past(desk):
    case, ana = desk.case(level="R"), desk.nurse("ana")

    answer = await ana.act(case, "snooze", until="2020-01-01T00:00:00Z", reason="x")

    assert (answer.status_code, answer.json()["error"]) == (400, "past")


async def test_a_level_is_raised_by_hand_and_never_lowered(desk):
    case, ana = desk.case(level="E1"), desk.nurse("ana")
    other = desk.case(level="R")

    assert (await ana.act(case, "urgent", level="U")).json()["row"]["level"] == "E1"
    assert (await ana.act(other, "urgent")).json()["row"]["level"] == "E2"
    assert (await ana.act(other, "urgent", level="R")).status_code == 400


async def test_a_case_is_closed_with_an_outcome_and_opened_again(desk):
    case, ana = desk.case(department="ENT"), desk.nurse("ana")

    without = await ana.act(case, "close", outcome="", department_right=None)
    closed = (await ana.act(case, "close", outcome="referred", department="CARD", department_right=False)).json()
    late = await ana.act(case, "reply", text="Hello", client_id="client-0001")
    opened = (await ana.act(case, "reopen")).json()

    assert without.status_code == 400
    assert (closed["row"]["state"], closed["row"]["outcome"], closed["can"]["reopen"]) == ("closed", "referred", True)
    assert (late.status_code, late.json()["error"]) == (409, "closed")
    assert (opened["row"]["state"], opened["can"]["claim"]) == ("waiting", True)


@pytest.mark.parametrize("body", [{"department": "NOWHERE"}, {"department_right": "yes"}, {"outcome": "healed"}])
async def test_what_is_closed_wrongly_stays_open(desk, body):
    case, ana = desk.case(), desk.nurse("ana")

    answer = await ana.act(case, "close", **{"outcome": "advised", "department": None, "department_right": None, **body})

    assert answer.status_code == 400
    assert (await view(ana, case))["row"]["state"] == "waiting"


async def test_somebody_is_blocked_by_a_lead_and_unblocked(desk):
    case, lee = desk.case(), desk.nurse("lee", "lead")

    blocked = (await lee.act(case, "block")).json()["row"]["blocked"]
    unblocked = (await lee.act(case, "unblock")).json()["row"]["blocked"]

    assert (blocked, unblocked) == (True, False)


async def test_a_case_is_unread_until_it_was_open_and_again_when_the_patient_writes(desk, clock):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")

    async def unread(nurse):
        return (await nurse.get("queue", tab="all")).json()["rows"][0]["unread"]

    before = await unread(ana)
    await ana.act(case, "presence", state="viewing")
    clock.on(seconds=5)
    await ana.act(case, "presence", state="gone")
    seen = await unread(ana)
    clock.on(seconds=5)
    desk.says(case, "Are you there?")

    assert (before, seen, await unread(ana), await unread(ben)) == (True, False, True, True)


async def test_the_queue_shows_who_has_a_case_open_but_not_oneself(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "presence", state="typing")

    shown = {nurse.handle: (await nurse.get("queue", tab="all")).json()["rows"][0]["presence"] for nurse in (ana, ben)}

    assert shown == {"ana": [], "ben": [{"handle": "ana", "name": "Ana", "state": "typing"}]}


async def test_a_long_thread_is_read_in_parts_without_gap_or_double(desk, clock):
    case, ana = desk.case(said=()), desk.nurse("ana")
    for number in range(230):
        desk.says(case, f"word {number}")
        clock.on(seconds=1)
    desk.stay(ana)

    thread = (await view(ana, case))["thread"]
    texts = [item["text"] for item in thread["items"] if item["kind"] == "patient"]
    while thread["older"]:
        thread = (await ana.get(f"cases/{case}/thread", before=thread["older"])).json()
        texts = [item["text"] for item in thread["items"] if item["kind"] == "patient"] + texts

    assert texts == [f"word {number}" for number in range(230)]


async def test_a_thread_goes_on_from_where_the_page_is(desk, clock):
    case, ana = desk.case(said=("one",)), desk.nurse("ana")
    after = (await view(ana, case))["thread"]["after"]
    desk.says(case, "two")

    part = (await ana.get(f"cases/{case}/thread", after=after)).json()

    assert part["items"][-1]["text"] in ("two", "") and "two" in [item["text"] for item in part["items"]]
    assert part["after"] != after


@pytest.mark.parametrize("place", ["x", "1.2.3", "1.2.3.-4", "1.2.3.4.5", "9" * 90, f"1.2.3.{'9' * 19}"])
async def test_a_place_in_a_thread_that_is_none_is_refused(desk, place):
    case, ana = desk.case(), desk.nurse("ana")

    assert (await ana.get(f"cases/{case}/thread", after=place)).status_code == 400


async def test_what_the_bot_said_is_in_the_thread_without_its_disclaimer(desk):
    case, ana = desk.case(), desk.nurse("ana")
    row = {"conversation_id": "p1", "dedupe_key": "x", "priority": 2, "author": "bot", "kind": "answer", "at_most_once": False}
    row |= {"state": "sent", "tries": 0, "not_before": desk.clock(), "created_at": desk.clock(), "sent_at": desk.clock()}
    content = {"text": "Since when?\nNot a diagnosis.", "note": "Not a diagnosis.", "language": "en", "kind": "question"}
    with desk.services.database.write() as work:
        work.execute(outbound.insert().values(**row, sealed=work.cipher.seal(content)))

    (item,) = [one for one in (await view(ana, case))["thread"]["items"] if one["kind"] == "bot"]

    assert (item["text"], item["form"], item["delivery"]["state"]) == ("Since when?", "question", "sent")


@pytest.mark.parametrize(("ago", "form"), [(timedelta(hours=6), "late"), (timedelta(minutes=1), "text")])
async def test_words_that_reached_us_late_stand_in_the_thread_with_when_they_were_written(desk, ago, form):
    case, ana = desk.case(), desk.nurse("ana")
    wrote, now = desk.clock() - ago, desk.clock()
    message = Inbound("webchat", "late-1", "p1", "my ear hurts", wrote)
    with desk.services.database.write() as work:
        rows.store(work, "p1", message, safety=Safety("INFO"), now=now)

    (item,) = [one for one in (await view(ana, case))["thread"]["items"] if one.get("text") == "my ear hurts"]

    assert item["form"] == form
    assert item.get("written_at") == (wrote.isoformat() if form == "late" else None)


async def test_a_case_comes_with_summary_trace_card_and_reply_window(desk):
    case, ana = desk.case(channel="wechat"), desk.nurse("ana")

    seen = await view(ana, case)

    assert all(seen["summary"][part] for part in ("situation", "background", "assessment", "recommendation"))
    assert seen["trace"]["lines"]
    assert seen["card"]["channel"] == "wechat"
    assert seen["window"]["closes_at"] is not None
    assert "p1" not in str(seen["card"])


async def test_the_summary_is_in_the_language_of_the_nurse(desk):
    case, li, ana = desk.case(), desk.nurse("li", language="zh-Hans"), desk.nurse("ana")

    sentences = {nurse.handle: (await view(nurse, case))["summary"]["recommendation"][-1] for nurse in (li, ana)}

    assert sentences["ana"].isascii()
    assert not sentences["li"].isascii()


async def test_preferences_and_duty_belong_to_the_person(desk):
    ana = desk.nurse("ana", duty="off")

    await ana.post("me/preferences", {"shortcuts": False}, method="PUT")
    until = (desk.clock() + timedelta(hours=8)).isoformat()
    on = (await ana.post("me/duty", {"duty": "on", "until": until})).json()
    me = (await ana.get("me")).json()

    assert (me["preferences"], me["duty"], on["duty_until"] is not None) == ({"shortcuts": False}, "on", True)
    assert ("ana", "duty on", "staff:1") in desk.audit()
    assert me["csrf"] == ana.csrf


async def test_a_shift_that_is_begun_without_an_end_ends_after_twelve_hours_and_can_be_made_longer(desk, clock):
    ana = desk.nurse("ana", duty="off")

    begun = (await ana.post("me/duty", {"duty": "on", "until": None})).json()
    clock.on(minutes=10)
    longer = (await ana.post("me/duty", {"duty": "on", "until": None})).json()

    ends = [datetime.fromisoformat(one["duty_until"]) - NOW for one in (begun, longer)]
    assert ends == [timedelta(hours=12), timedelta(hours=12, minutes=10)]


async def test_a_break_leaves_the_end_of_the_shift_where_it_was_also_when_it_is_over(desk, clock):
    ana = desk.nurse("ana", duty="off")
    begun = (await ana.post("me/duty", {"duty": "on", "until": (NOW + timedelta(hours=8)).isoformat()})).json()
    clock.on(minutes=10)

    paused = (await ana.post("me/duty", {"duty": "break", "until": None})).json()
    back = (await ana.post("me/duty", {"duty": "on", "until": None})).json()
    gone = (await ana.post("me/duty", {"duty": "off", "until": None})).json()

    assert paused["duty_until"] == back["duty_until"] == begun["duty_until"] and gone["duty_until"] is None


async def test_who_forgot_to_go_off_duty_is_counted_no_more_after_the_end_of_the_shift(desk, clock):
    ana = desk.nurse("ana", duty="off")
    await ana.post("me/duty", {"duty": "on", "until": None})
    clock.on(hours=12)

    page = (await desk.nurse("ben", duty="off").get("queue", tab="unclaimed")).json()

    assert page["on_duty"] == []


@pytest.mark.parametrize(
    "body", [{"duty": "maybe"}, {"duty": "on", "until": "2020-01-01T00:00:00Z"}, {"duty": "on", "until": "now"}]
)
async def test_a_duty_that_is_none_is_refused(desk, body):
    ana = desk.nurse("ana", duty="off")

    assert (await ana.post("me/duty", body)).status_code == 400


async def test_answers_are_kept_by_no_cache(desk):
    case, ana = desk.case(), desk.nurse("ana")

    for answer in (
        await ana.get("queue"),
        await ana.get(f"cases/{case}"),
        await ana.act(case, "claim"),
        await ana.get("cases/999"),
    ):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("body", [b"[]", b"7", b"{", b"\xff", b"[" * 50_000, b'"x"'])
async def test_a_body_that_is_none_is_refused_and_nothing_is_done(desk, body):
    case, ana = desk.case(), desk.nurse("ana")

    for act in ("claim", "reply", "note", "close"):
        headers = {"x-daozhen-csrf": ana.csrf, "content-type": "application/json"}
        answer = await ana.client.post(f"/desk/api/cases/{case}/{act}", content=body, headers=headers)
        assert answer.status_code == 400
    assert desk.events(case) == ["opened"]


async def test_values_of_the_wrong_kind_are_refused_and_break_nothing(desk):
    case, ana = desk.case(), desk.nurse("ana")
    wrong = (7.5, [], {}, None, True, "x" * 9000, "", -1, "\ud800")

    for act, fields in {
        "reply": {"text": "Hello", "client_id": "client-0001", "seen": 1},
        "note": {"text": "Hello", "client_id": "client-0001"},
        "snooze": {"until": "reply", "reason": "x"},
        "schedule": {"text": "Hello", "due_at": "2027-01-01T00:00:00Z", "client_id": "client-0001"},
        "undo": {"number": 1},
        "cancel": {"id": 1},
        "presence": {"state": "viewing"},
        "reveal": {"field": "in:1"},
        "glass": {"reason": "a reason"},
        "draft": {"mode": "reply", "text": "x"},
    }.items():
        for name in fields:
            for value in wrong:
                body = str({**fields, name: value})
                answer = await ana.act(case, act, **{**fields, name: value}) if value != "\ud800" else None
                assert answer is None or answer.status_code < 500, (act, body)


async def test_search_finds_in_the_body_and_never_in_an_address(desk):
    desk.case(said=("昨天开始头痛",), language="zh-Hans")
    ana = desk.nurse("ana")

    by_address = await ana.get("search", q="头痛")
    empty = await ana.post("search", {"q": " "})
    found = await ana.post("search", {"q": "头痛"})

    assert (by_address.status_code, empty.status_code, found.status_code) == (405, 400, 200)


async def test_search_shows_the_part_about_the_words_with_its_row(desk):
    case = desk.case(said=("昨天开始头痛，很难受",), language="zh-Hans")
    desk.index()
    ana = desk.nurse("ana")

    (hit,) = (await ana.post("search", {"q": "头痛"})).json()["hits"]

    start, end = hit["marks"][0]
    assert (hit["id"], hit["row"]["id"], hit["text"][start:end]) == (case, case, "头痛")
    assert ("ana", "found case", str(case)) in desk.audit()


async def test_colleagues_are_listed_with_those_of_the_team_on_duty_first(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    case, ana = desk.case(team=second), desk.nurse("ana", "lead", teams=f"{first},{second}")
    desk.staff("ben", teams=first)
    desk.staff("cleo", teams=second, duty="off")
    desk.staff("dora", teams=second)
    desk.staff("ina", "admin")
    desk.staff("olga", "auditor")

    people = (await ana.get("people", case=case)).json()["people"]

    assert [one["handle"] for one in people] == ["ana", "dora", "cleo", "ben"]
    assert "email" not in str(people) and "telegram" not in str(people)


async def test_nothing_of_a_nurse_stays_in_the_database_readable(desk):
    case, ana = desk.case(), desk.nurse("ana")
    await ana.act(case, "draft", mode="note", text="readable words")

    rows = desk.read(lambda work: work.execute(sa.text("SELECT sealed FROM case_draft")).scalars().all())

    assert all(b"readable" not in bytes(row) for row in rows)


async def test_a_handover_names_what_is_open_late_and_promised(desk, clock):
    late, calm = desk.case(due_at=clock() - timedelta(minutes=5)), desk.case(level="R")
    ana = desk.nurse("ana")
    due = (clock() + timedelta(hours=2)).isoformat()
    await ana.act(calm, "schedule", text="Are you better?", due_at=due, client_id="client-0001")

    page = (await ana.get("handover")).json()

    assert (page["open"], page["late_now"]) == ([late, calm], [late])
    assert [(one["case"], one["who"]["name"]) for one in page["promises"]] == [(calm, "Ana")]
    assert {row["id"] for row in page["rows"]} == {late, calm}
    assert "better" not in ana.heard[-1]
    assert "read handover" in [what for _, what, _ in desk.audit()]


async def test_an_admin_reads_no_handover_and_searches_nothing(desk):
    admin = desk.nurse("ina", "admin")

    assert (await admin.get("handover")).status_code == 403
    assert (await admin.post("search", {"q": "pain"})).status_code == 403
