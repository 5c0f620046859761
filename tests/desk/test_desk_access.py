"""Who may do what, through the API: each role, each act, in a case of the own team, another, a colleague, behind glass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.routes import acts

OWN, OTHER, HELD, GLASS = "own team", "other team", "held by a colleague", "glass broken"
ACTS = {
    "see": None,
    "thread": None,
    "claim": {},
    "renew": {},
    "reply": {"text": "Hello", "client_id": "client-0001"},
    "note": {"text": "Hello", "client_id": "client-0001"},
    "draft": {"mode": "note", "text": "Hello"},
    "reveal": {"field": "address"},
    "snooze": {"until": "2026-03-02T12:00:00+00:00", "reason": "later"},
    "schedule": {"text": "Hello", "due_at": "2026-03-02T12:00:00+00:00", "client_id": "client-0001"},
    "transfer": {"team": "", "note": ""},
    "urgent": {},
    "enrol": {"plan": "vaccination", "day": "2026-03-20", "zone": "", "limits": {}, "client_id": "client-0009"},
    "close": {"outcome": "advised", "department": None, "department_right": None},
    "presence": {"state": "viewing"},
    "assign": {"handle": "cleo"},
    "take_over": {"take_over": True},
    "block": {},
}
# What stands in no line: 403.
FREE = "see thread claim renew reply note draft reveal snooze schedule transfer urgent close presence enrol"
WITH_COLLEAGUE = "see thread renew note draft reveal schedule urgent presence enrol"
TAKEN = "claim reply snooze transfer close"
ALLOWED = {
    ("nurse", OWN): FREE,
    ("nurse", OTHER): "",
    ("nurse", HELD): WITH_COLLEAGUE,
    ("nurse", GLASS): FREE,
    ("lead", OWN): f"{FREE} assign take_over block",
    ("lead", OTHER): "",
    ("lead", HELD): f"{WITH_COLLEAGUE} assign take_over",
    ("lead", GLASS): f"{FREE} assign take_over block",
    ("admin", OWN): "assign",
    ("admin", OTHER): "assign",
    ("admin", HELD): "assign",
    ("admin", GLASS): "see thread draft reveal presence assign",
    ("auditor", OWN): "",
    ("auditor", OTHER): "",
    ("auditor", HELD): "",
}
# Allowed, and somebody else has it.
CONFLICT = {("nurse", HELD): TAKEN, ("lead", HELD): f"{TAKEN} block"}


async def prepared(desk, content_source, role, where):
    """Return who asks and a case of this kind."""
    first, second = list(content_source.current().teams.by_id)[:2]
    asks = desk.nurse("asks", role, teams=first)
    desk.staff("cleo", teams=f"{first},{second}")
    case = desk.case(team=second if where in (OTHER, GLASS) else first, level="U")
    if where == HELD:
        desk.set(case, state="claimed", claimed_by="cleo", lease_until=desk.clock() + timedelta(minutes=9))
    if where == GLASS:
        answer = await asks.act(case, "glass", reason="She called me on the phone")
        assert answer.status_code == 200, answer.text
    return asks, case, second if where == OWN else first


@pytest.mark.parametrize(("role", "where"), list(ALLOWED))
async def test_who_may_do_what(desk, content_source, role, where):
    found = {}
    for number, (act, body) in enumerate(ACTS.items()):
        if number == 0:
            asks, case, team = await prepared(desk, content_source, role, where)
        found[act] = (await done(asks, case, act, body, team)).status_code
        if found[act] == 200 and act not in ("see", "thread", "draft", "presence", "reveal", "note", "renew", "schedule"):
            back(desk, case, content_source, where)

    allowed, conflict = ALLOWED[(role, where)].split(), CONFLICT.get((role, where), "").split()
    assert found == {act: 200 if act in allowed else 409 if act in conflict else 403 for act in ACTS}


async def done(asks, case, act, body, team):
    if act == "see":
        return await asks.get(f"cases/{case}")
    if act == "thread":
        return await asks.get(f"cases/{case}/thread")
    name = "claim" if act == "take_over" else act
    return await asks.act(case, name, **({**body, "team": team} if act == "transfer" else body))


def back(desk, case, content_source, where):
    """Make the case again what it was."""
    first, second = list(content_source.current().teams.by_id)[:2]
    held = {"state": "claimed", "claimed_by": "cleo", "lease_until": desk.clock() + timedelta(minutes=9)}
    free = {"state": "waiting", "claimed_by": None, "lease_until": None}
    more = {"team": second if where in (OTHER, GLASS) else first, "assigned_to": None, "snoozed_until": None, "closed_at": None}
    desk.set(case, **(held if where == HELD else free), **more, level="U", waiting_since=desk.clock())


async def test_an_auditor_may_not_even_break_the_glass(desk):
    case, auditor = desk.case(), desk.nurse("olga", "auditor")

    assert (await auditor.act(case, "glass", reason="I am curious")).status_code == 403


async def test_a_case_of_others_and_one_that_is_none_are_answered_alike(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    case, ana = desk.case(team=second), desk.nurse("ana", teams=first)

    foreign, missing = await ana.get(f"cases/{case}"), await ana.get(f"cases/{case + 99}")

    assert foreign.status_code == missing.status_code == 403
    assert foreign.json() == missing.json()
    assert foreign.json()["glass"] is True


@pytest.mark.parametrize("number", ["x", "-1", "1e3", "9" * 30, "１", "%00"])
async def test_a_number_that_is_none_is_answered_alike(desk, number):
    ana = desk.nurse("ana")

    assert (await ana.get(f"cases/{number}")).status_code in (403, 404)


async def test_glass_is_broken_with_a_reason_for_an_hour_and_one_case(desk, content_source, clock):
    first, second = list(content_source.current().teams.by_id)[:2]
    case, other, ana = desk.case(team=second), desk.case(team=second), desk.nurse("ana", teams=first)

    without = await ana.act(case, "glass", reason=" ")
    await ana.act(case, "glass", reason="He is my neighbour's doctor")
    within = await ana.get(f"cases/{case}")
    elsewhere = await ana.get(f"cases/{other}")
    clock.on(minutes=61)
    desk.stay(ana)
    later = await ana.get(f"cases/{case}")

    assert (without.status_code, without.json()["error"]) == (400, "reason")
    assert (within.status_code, elsewhere.status_code, later.status_code) == (200, 403, 403)
    assert within.json()["glass_until"] is not None
    assert ("ana", "broke glass", str(case)) in desk.audit()


async def test_the_queue_shows_only_what_is_theirs(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    mine, free = desk.case(team=first), desk.case(team="")
    desk.case(team=second)
    ana = desk.nurse("ana", teams=first)

    rows = (await ana.get("queue", tab="all")).json()["rows"]

    assert {row["id"] for row in rows} == {mine, free}


async def test_whoever_is_not_signed_in_hears_nothing(desk):
    case, ana = desk.case(), desk.nurse("ana")
    ana.client.cookies.clear()

    answers = [await ana.get("queue"), await ana.get(f"cases/{case}"), await ana.get("stream"), await ana.act(case, "claim")]

    assert {answer.status_code for answer in answers} == {401}


async def test_a_locked_page_hears_nothing(desk, clock):
    case, ana = desk.case(), desk.nurse("ana")
    clock.on(minutes=16)

    answers = [await ana.get("queue"), await ana.get(f"cases/{case}"), await ana.get("stream"), await ana.act(case, "claim")]

    assert {answer.status_code for answer in answers} == {423}


async def test_an_act_without_the_token_of_the_page_is_refused_and_does_nothing(desk):
    case, ana = desk.case(), desk.nurse("ana")
    ana.csrf = "another"

    answer = await ana.act(case, "reply", text="Hello", client_id="client-0001")

    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")
    assert desk.events(case) == ["opened"]


async def test_no_act_at_all_goes_without_the_token_of_the_page(desk):
    case, ana = desk.case(), desk.nurse("ana", "lead")
    token, ana.csrf = ana.csrf, "another"
    before = desk.audit()
    paths = [*(f"cases/{case}/{name}" for name in acts(desk.services)), "me/duty", "search", "snippets", "snippets/used"]

    answers = {path: (await ana.post(path, {"duty": "off", "q": "x"})).status_code for path in paths}
    answers["put"] = (await ana.post("me/preferences", {"x": 1}, method="PUT")).status_code
    answers["delete"] = (await ana.post("snippets/1", method="DELETE")).status_code

    assert set(answers.values()) == {403}, answers
    assert (desk.audit(), desk.events(case)) == (before, ["opened"])
    assert token not in "".join(ana.heard)


async def test_reading_revealing_searching_and_breaking_glass_are_written_down(desk):
    case, ana = desk.case(), desk.nurse("ana")

    await ana.get(f"cases/{case}")
    await ana.act(case, "reveal", field="address")
    await ana.post("search", {"q": "chest"})
    await ana.get(f"cases/{case}", **{"from": "search"})

    lines = [(what, subject) for who, what, subject in desk.audit() if who == "ana"]
    assert ("read case", str(case)) in lines
    assert ("revealed address", str(case)) in lines
    assert "searched" in [what for what, _ in lines]
    assert ("opened hit", str(case)) in lines


async def test_a_case_that_was_refused_is_not_written_down_as_read(desk, content_source):
    first, second = list(content_source.current().teams.by_id)[:2]
    case, ana = desk.case(team=second), desk.nurse("ana", teams=first)

    await ana.get(f"cases/{case}")

    assert "read case" not in [what for _, what, _ in desk.audit()]


async def test_a_page_that_goes_on_reading_is_one_line_and_a_later_one_is_another(desk, clock):
    case, ana = desk.case(), desk.nurse("ana")
    view = (await ana.get(f"cases/{case}")).json()

    for minutes in (1, 5, 14):
        clock.on(minutes=minutes)
        desk.stay(ana)
        await ana.get(f"cases/{case}/thread", after=view["thread"]["after"])

    assert [what for _, what, _ in desk.audit()].count("read case") == 2


async def test_a_locked_page_keeps_what_was_typed_and_tells_nothing(desk, clock):
    case, ana = desk.case(), desk.nurse("ana")
    clock.on(minutes=16)

    kept = await ana.act(case, "draft", mode="reply", text="Typed before the lock")

    assert kept.status_code == 200 and set(kept.json()) == {"saved"}
    assert (await ana.get(f"cases/{case}")).status_code == 423
    assert (await desk.nurse("ana2").get(f"cases/{case}")).json()["draft"]["reply"] == ""
