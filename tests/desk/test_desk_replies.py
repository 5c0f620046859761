from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.database.tables import case_note, outbound
from bot.privacy.erase import erase_patient
from tests.desk.desk_kit import on_both


def sent(desk):
    return desk.read(lambda work: work.execute(sa.select(outbound.c.id).where(outbound.c.author == "nurse")).scalars().all())


async def view(nurse, case):
    answer = await nurse.get(f"cases/{case}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_replying_to_a_case_that_nobody_has_claims_it(desk):
    case, ana = desk.case(), desk.nurse("ana")

    answer = await ana.act(case, "reply", text="I am here.", client_id="client-0001")

    assert answer.status_code == 200
    row = answer.json()["row"]
    assert (row["state"], row["claimed_by"]["name"], row["mine"]) == ("waiting_for_patient", "Ana", True)


@on_both
async def test_a_double_click_sends_once_and_is_answered_alike(desk):
    case, ana = desk.case(), desk.nurse("ana")

    first, second = await asyncio.gather(*(ana.act(case, "reply", text="Hello", client_id="client-0001") for _ in range(2)))

    assert first.json()["number"] == second.json()["number"]
    assert len(sent(desk)) == 1


async def test_a_retry_after_a_lost_answer_is_no_colleague_of_mine(desk):
    case, ana = desk.case(), desk.nurse("ana")
    body = {"text": "Hello", "client_id": "client-0001", "seen": 0}

    await ana.act(case, "reply", **body)
    again = await ana.act(case, "reply", **body)

    assert again.status_code == 200


async def test_what_became_of_an_earlier_reply_is_told_however_much_is_sent_to_others(desk):
    case, other, ana = desk.case(), desk.case(), desk.nurse("ana")
    await ana.act(case, "reply", text="First", client_id="client-first")
    for number in range(30):
        await ana.act(other, "reply", text="For somebody else", client_id=f"client-{number:04}")
    await ana.act(case, "reply", text="Second", client_id="client-second")
    after = (await view(ana, case))["thread"]["after"]
    with desk.services.database.write() as work:
        work.execute(sa.update(outbound).where(outbound.c.dedupe_key.startswith(f"nurse:{case}:")).values(state="dead"))

    told = (await ana.get(f"cases/{case}/thread", after=after)).json()["items"]

    assert [(one["text"], one["delivery"]["state"]) for one in told if one["kind"] == "nurse"] == [
        ("First", "dead"),
        ("Second", "dead"),
    ]


async def test_two_replies_with_the_same_words_are_two(desk):
    case, ana = desk.case(), desk.nurse("ana")

    for client_id in ("client-0001", "client-0002"):
        await ana.act(case, "reply", text="Yes", client_id=client_id)

    assert len(sent(desk)) == 2


async def test_when_a_colleague_wrote_meanwhile_one_is_asked_and_may_send_all_the_same(desk, clock):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben", "lead")
    seen = (await view(ben, case))["thread"]["version"]
    await ana.act(case, "reply", text="I am with you.", client_id="client-0001")
    await ana.act(case, "release")

    warned = await ben.act(case, "reply", text="Come in, please.", client_id="client-0002", seen=seen)
    anyway = await ben.act(case, "reply", text="Come in, please.", client_id="client-0002", seen=seen, anyway=True)

    assert (warned.status_code, warned.json()["error"]) == (409, "colleague_wrote")
    assert warned.json()["by"]["name"] == "Ana"
    assert "I am with you." in [item["text"] for item in warned.json()["items"]]
    assert anyway.status_code == 200
    assert len(sent(desk)) == 2


async def test_my_own_earlier_reply_is_no_reason_to_ask(desk):
    case, ana = desk.case(), desk.nurse("ana")
    seen = (await view(ana, case))["thread"]["version"]
    await ana.act(case, "reply", text="One", client_id="client-0001", seen=seen)

    second = await ana.act(case, "reply", text="Two", client_id="client-0002", seen=seen)

    assert second.status_code == 200


async def test_a_reply_to_somebody_elses_case_says_who_has_it_and_sends_nothing(desk, clock):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "claim")
    clock.on(seconds=3)

    answer = await ben.act(case, "reply", text="Hello", client_id="client-0001")

    assert answer.status_code == 409
    assert answer.json()["sentence"] == "Ana took this 3 s ago."
    assert answer.json()["row"]["claimed_by"]["handle"] == "ana"
    assert sent(desk) == []


async def test_the_race_is_told_in_the_language_of_the_nurse(desk, clock):
    case, ana, li = desk.case(), desk.nurse("ana"), desk.nurse("li", language="zh-Hans")
    await ana.act(case, "claim")
    clock.on(seconds=3)

    answer = await li.act(case, "claim")

    assert answer.json()["sentence"] == "Ana 在 3 秒前接了这个病例。"


async def test_a_reply_is_taken_back_within_five_seconds_and_its_words_are_the_draft_again(desk, clock):
    case, ana = desk.case(level="R"), desk.nurse("ana")
    reply = (await ana.act(case, "reply", text="Wrong words", client_id="client-0001")).json()
    clock.on(seconds=4)

    undone = (await ana.act(case, "undo", number=reply["number"])).json()

    assert (undone["undone"], undone["text"]) == (True, "Wrong words")
    assert (await view(ana, case))["draft"]["reply"] == "Wrong words"
    assert sent(desk) == []


async def test_a_reply_is_not_taken_back_after_five_seconds(desk, clock):
    case, ana = desk.case(level="R"), desk.nurse("ana")
    reply = (await ana.act(case, "reply", text="Wrong words", client_id="client-0001")).json()
    clock.on(seconds=6)

    undone = (await ana.act(case, "undo", number=reply["number"])).json()

    assert undone["undone"] is False
    assert len(sent(desk)) == 1


async def test_a_reply_to_an_emergency_is_not_held_back(desk):
    case, ana = desk.case(level="E1"), desk.nurse("ana")

    reply = (await ana.act(case, "reply", text="Call now", client_id="client-0001")).json()

    assert reply["undo_until"] is None


async def test_nobody_takes_back_what_another_wrote(desk):
    case, ana, ben = desk.case(level="R"), desk.nurse("ana"), desk.nurse("ben", "lead")
    reply = (await ana.act(case, "reply", text="Mine", client_id="client-0001")).json()

    undone = await ben.act(case, "undo", number=reply["number"])

    assert undone.json()["undone"] is False
    assert len(sent(desk)) == 1


async def test_a_reply_of_one_case_is_not_taken_back_through_another(desk):
    case, other, ana = desk.case(level="R"), desk.case(level="R"), desk.nurse("ana")
    reply = (await ana.act(case, "reply", text="Mine", client_id="client-0001")).json()

    assert (await ana.act(other, "undo", number=reply["number"])).json()["undone"] is False


async def test_a_note_is_in_the_thread_and_never_in_the_outbox(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")

    noted = await ana.act(case, "note", text="Her daughter comes along.", client_id="client-0001")

    (item,) = [item for item in (await view(ben, case))["thread"]["items"] if item["key"] == noted.json()["key"]]
    assert (item["kind"], item["author"]["name"], item["text"]) == ("note", "Ana", "Her daughter comes along.")
    assert desk.read(lambda work: work.execute(sa.select(outbound.c.id)).all()) == []


async def test_a_note_with_the_same_client_id_is_written_once(desk):
    case, ana = desk.case(), desk.nurse("ana")

    keys = [(await ana.act(case, "note", text="Once", client_id="client-0001")).json()["key"] for _ in range(2)]

    assert keys[0] == keys[1]
    assert len(desk.read(lambda work: work.execute(sa.select(case_note.c.id)).all())) == 1


async def test_the_same_client_id_of_two_nurses_are_two_notes(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")

    keys = {(await nurse.act(case, "note", text="Mine", client_id="client-0001")).json()["key"] for nurse in (ana, ben)}

    assert len(keys) == 2


async def test_a_draft_is_kept_for_each_nurse_and_box_and_gone_when_it_was_sent(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "draft", mode="reply", text="Dear pat")
    await ana.act(case, "draft", mode="note", text="ask Ben")

    assert (await view(ana, case))["draft"] == {"reply": "Dear pat", "note": "ask Ben"}
    assert (await view(ben, case))["draft"] == {"reply": "", "note": ""}
    await ana.act(case, "reply", text="Dear patient", client_id="client-0001")
    assert (await view(ana, case))["draft"] == {"reply": "", "note": "ask Ben"}


async def test_words_that_are_none_are_refused(desk):
    case, ana = desk.case(), desk.nurse("ana")

    for what in ("reply", "note"):
        answer = await ana.act(case, what, text="  \n", client_id="client-0001")
        assert (answer.status_code, answer.json()["error"]) == (400, "empty")
    assert sent(desk) == []


async def test_a_reply_is_scheduled_listed_and_taken_back_but_not_through_another_case(desk, clock):
    case, other, ana = desk.case(), desk.case(), desk.nurse("ana")
    due = (clock() + timedelta(hours=2)).isoformat()

    made = await ana.act(case, "schedule", text="Are you better?", due_at=due, client_id="client-0001")
    (waits,) = made.json()["scheduled"]
    foreign = await ana.act(other, "cancel", id=waits["id"])
    gone = await ana.act(case, "cancel", id=waits["id"])

    assert (waits["text"], waits["state"], waits["who"]["name"]) == ("Are you better?", "waiting", "Ana")
    assert foreign.status_code == 404
    assert gone.json()["scheduled"] == []


async def test_nothing_is_scheduled_into_the_past(desk, clock):
    case, ana = desk.case(), desk.nurse("ana")

    answer = await ana.act(case, "schedule", text="Late", due_at=(clock() - timedelta(1)).isoformat(), client_id="client-0001")

    assert (answer.status_code, answer.json()["error"]) == (400, "past")


async def test_a_reply_in_the_moment_in_which_the_lease_ends_is_sent_when_nobody_else_has_the_case(desk, clock):
    case, ana = desk.case(), desk.nurse("ana")
    await ana.act(case, "claim")
    clock.on(minutes=21)
    desk.stay(ana)

    answer = await ana.act(case, "reply", text="I am still here", client_id="client-0001")

    assert answer.json()["row"]["mine"]
    assert len(sent(desk)) == 1


async def test_a_reply_after_the_lease_ended_and_a_colleague_took_it_is_not_sent(desk, clock):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "claim")
    clock.on(minutes=21)
    for nurse in (ana, ben):
        desk.stay(nurse)
    await ben.act(case, "claim")

    answer = await ana.act(case, "reply", text="I am still here", client_id="client-0001")

    assert (answer.status_code, answer.json()["by"]["name"]) == (409, "Ben")
    assert sent(desk) == []


async def test_when_the_patient_is_erased_while_a_nurse_has_the_case_open_she_is_told_so(desk):
    case, ana = desk.case(), desk.nurse("ana")
    await view(ana, case)
    with desk.services.database.write() as work:
        erase_patient(work, "p1", who="patient", now=desk.clock())

    for answer in (
        await ana.get(f"cases/{case}/thread"),
        await ana.act(case, "reply", text="Hello", client_id="client-0001"),
        await ana.act(case, "note", text="Hello", client_id="client-0001"),
        await ana.act(case, "draft", mode="reply", text="Hello"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (410, "erased")
    assert sent(desk) == []


async def test_a_note_of_any_length_and_kind_of_words_makes_no_message(desk):
    case, ana = desk.case(), desk.nurse("ana")

    for number, text in enumerate(("/send this", "@patient hello", "x" * 7999, "<b>reply</b>", '{"mode": "reply"}')):
        body = {"text": text, "client_id": f"client-000{number}", "mode": "reply", "number": 1, "anyway": True}
        assert (await ana.act(case, "note", **body)).status_code == 200
    assert desk.read(lambda work: work.execute(sa.select(outbound.c.id)).all()) == []


async def test_a_reply_is_never_taken_for_a_note_nor_a_note_for_a_reply(desk):
    case, ana = desk.case(), desk.nurse("ana")
    same = {"text": "Hello", "client_id": "client-0001"}

    await ana.act(case, "note", **same)
    await ana.act(case, "reply", **same)

    items = (await view(ana, case))["thread"]["items"]
    assert sorted(item["kind"] for item in items if item["text"] == "Hello") == ["note", "nurse"]
    assert len(sent(desk)) == 1
