from __future__ import annotations

import asyncio

from tests.desk.desk_kit import on_both


async def test_the_queue_shows_who_waits_and_no_words(desk):
    case = desk.case(said=("my chest hurts terribly",))
    ana = desk.nurse()

    page = (await ana.get("queue", tab="unclaimed")).json()

    assert [(row["id"], row["number"], row["level"]) for row in page["rows"]] == [(case, f"A{case}", "E2")]
    assert "chest" not in ana.heard[-1]


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
