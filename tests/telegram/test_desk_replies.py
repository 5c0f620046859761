"""What is written in a topic: internal, unless a nurse sends it on purpose; and what she is shown of its fate."""

from __future__ import annotations

import pytest

from bot.database.tables import care_case, case_note, inbound, outbound
from bot.handoff import claims
from bot.staff.changing import disable
from bot.staff.people import of_handle
from simulators.telegram.errors import bad_request
from simulators.telegram.faults import Fault
from tests.telegram.desk_town import desk_town

CHATTER = "zebra marker"


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        yield running


def stored(town):
    """Return all words that are stored anywhere: of patients, to patients, in notes."""
    with town.database.read() as work:
        found = []
        for table in (inbound, outbound, case_note):
            found += [str(work.cipher.unseal(row.sealed)) for row in work.execute(table.select()) if row.sealed is not None]
    return "\n".join(found)


async def test_nurse_chatter_never_reaches_the_patient_and_is_not_stored(town):
    ana, ben = await town.nurse("Ana"), await town.nurse("Ben")
    anna, case = await town.patient()
    await ana.replies("I am here.", case)
    mine = await ana.writes(f"{CHATTER} to all", case)
    created = case.thread
    await ben.writes(f"{CHATTER} to a colleague", case, reply_to=mine["message_id"])
    await ben.writes(f"{CHATTER} to what began the topic", case, reply_to=created)
    await ben.writes(f"/unknown {CHATTER}", case)
    await ben.writes("/who", case)
    for line in [
        one for one in town.desk.messages if one["from"]["is_bot"] and one["message_id"] not in (case.topic.card, created)
    ]:
        await ben.writes(f"{CHATTER} to a line about colleagues", case, reply_to=line["message_id"])
    await ben.writes(f"// {CHATTER}", case)
    await ben.writes(f"@ana {CHATTER} @{town.telegram.world.bot['username']}", case)
    await ben.writes("", case, photo=[{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}], caption=CHATTER)
    town.telegram.forum.writes(ben.person, town.desk, f"{CHATTER} in General")
    town.telegram.world.edits(ana.person, town.desk, mine["message_id"], f"{CHATTER} changed")
    await town.calm()
    assert CHATTER not in "\n".join(anna.heard()) and CHATTER not in stored(town)


@pytest.mark.parametrize("way", ["reply", "/r ", "/r：", "/r，"])
async def test_a_reply_and_what_stands_behind_r_go_to_the_patient_with_the_nurses_label(town, way):
    ana = await town.nurse()
    anna, case = await town.patient()
    await (ana.replies("Sit down, please.", case) if way == "reply" else ana.writes(f"{way}Sit down, please.", case))
    answer = next(text for text in anna.heard() if "Sit down, please." in text and "Ana" in text)
    assert "/r" not in answer and case.now.claimed_by == "ana"


@pytest.mark.parametrize("way", ["reply", "/r "])
async def test_a_reply_that_telegram_brings_hours_late_is_not_sent_and_its_writer_hears_so(town, way):
    ana = await town.nurse()
    anna, case = await town.patient()
    more = {"date": int(town.now().timestamp()) - 6 * 3600}
    answered = {"reply_to": case.topic.card} if way == "reply" else {}

    await ana.writes(f"{'' if way == 'reply' else way}Come at ten.", case, **answered, **more)
    assert not any("Come at ten." in text for text in anna.heard())
    assert any("6 hours ago" in one.get("text", "") for one in town.desk.messages if one["from"]["is_bot"])

    await ana.writes("/n he is asleep", case, **more)  # what only colleagues read is kept
    assert "he is asleep" in stored(town)


async def test_a_reply_is_taken_at_once_and_delivered_later_and_both_are_shown(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    town.telegram.faults.order(Fault("slow", "sendMessage", times=1, chat=anna.person.id, seconds=12))
    message = town.telegram.forum.writes(ana.person, town.desk, "/r Hello", thread=case.thread)
    await town.until(lambda: town.desk.reactions.get(message["message_id"]) == "👀")
    await town.until(lambda: town.desk.reactions[message["message_id"]] == "👍")
    anna.hears("Hello")


async def test_who_has_blocked_the_bot_is_not_reached_and_the_nurse_is_told_why_and_what_to_do(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    await ana.replies("I am here.", case)
    anna.person.blocked = True  # nobody was told yet
    message = await ana.replies("Are you still there?", case)
    said = next(
        one for one in reversed(town.desk.messages) if one.get("reply_to_message", {}).get("message_id") == message["message_id"]
    )
    assert "has blocked the bot" in said["text"] and "another way" in said["text"]
    assert town.desk.reactions.get(message["message_id"]) == "👀"
    assert any("cannot be reached" in post for post in case.posts())


async def test_the_same_update_twice_sends_once(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    town.telegram.faults.repeat_updates = 3
    await ana.replies("Only once.", case)
    assert sum("Only once." in text for text in anna.heard()) == 1


async def test_only_who_holds_the_case_answers(town):
    ana, ben = await town.nurse("Ana"), await town.nurse("Ben")
    anna, case = await town.patient()
    await ana.taps("Claim", case)
    await ben.replies("Not mine to say.", case)
    assert "Not mine" not in "\n".join(anna.heard()) and "Ana has this case" in case.posts()[-1]
    assert "Ana has this case" in await ben.taps("Release", case)
    assert case.now.claimed_by == "ana"


async def test_an_anonymous_admin_is_refused_with_an_explanation_once(town):
    await town.nurse()
    anna, case = await town.patient()
    for text in ("/r from nobody", "/n from nobody", "/claim", "/close"):
        town.telegram.forum.writes_as_group(town.lead.person, town.desk, text, thread=case.thread)
    town.telegram.forum.writes_as_group(town.lead.person, town.desk, "from nobody", thread=case.thread, reply_to=case.topic.card)
    await town.calm()
    assert [post for post in case.posts() if "remain anonymous" in post] == case.posts()[:1] and len(case.posts()) == 1
    assert "from nobody" not in "\n".join(anna.heard()) and "from nobody" not in stored(town) and case.now.state == "waiting"


async def test_who_has_no_account_or_lost_it_can_do_nothing(town):
    ana = await town.nurse()
    stranger = await town.nurse("Zoe", linked=False)
    anna, case = await town.patient()
    for text in ("/r from a stranger", "/claim", "/n from a stranger"):
        await stranger.writes(text, case)
    assert "not linked" in await stranger.taps("Claim", case)
    assert len(case.posts()) == 1 and "not linked" in case.posts()[0]
    with town.database.write() as work:
        person = of_handle(work, "ana")
        disable(work, person.id, by="admin", now=town.now())
    await ana.replies("I was a nurse.", case)
    heard = "\n".join(anna.heard())
    assert "stranger" not in heard and "I was a nurse" not in heard and case.now.state == "waiting"


async def test_a_nurse_of_another_team_may_not(town):
    ben = await town.nurse("Ben", teams=("mother_child",))
    anna, case = await town.patient()
    with town.database.write() as work:
        work.execute(care_case.update().values(team="triage"))
    await ben.replies("Not of my team.", case)
    assert "may not do this" in case.posts()[-1] and "Not of my team" not in "\n".join(anna.heard())


async def test_pictures_do_not_go_out_and_the_nurse_is_told(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    photo = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
    await ana.writes("", case, reply_to=case.topic.card, photo=photo, caption="see this")
    assert "Only text" in case.posts()[-1] and "see this" not in "\n".join(anna.heard())


async def test_a_reply_to_something_that_is_not_remembered_goes_nowhere(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    forgotten = town.telegram.world.bot_says(town.desk, {"text": "who wrote this?"}, thread=case.thread)
    await ana.writes("answer to it", case, reply_to=forgotten["message_id"])
    assert "use /r" in case.posts()[-1] and "answer to it" not in "\n".join(anna.heard())


async def test_a_note_is_written_with_n_or_the_button_and_stays_inside(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    first = await ana.writes("/n allergic to everything", case)
    await ana.taps("Note", case)
    prompt = town.desk.messages[-1]
    assert "Patients never see notes" in prompt["text"]
    second = await ana.writes("lives alone", case, reply_to=prompt["message_id"])
    with town.database.read() as work:
        kept = [work.cipher.unseal(row.sealed)["text"] for row in work.execute(case_note.select())]
    assert kept == ["allergic to everything", "lives alone"]
    assert not any(word in "\n".join(anna.heard()) for word in ("allergic", "alone"))
    assert {town.desk.reactions[one["message_id"]] for one in (first, second)} == {"✍"}
    assert case.now.state == "waiting" and not any("📝" in post for post in case.posts())


async def test_a_nurse_who_corrects_herself_corrects_what_the_patient_reads(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    message = await ana.replies("Take the stairs.", case)
    await ana.edits(town.desk, message, "Do not take the stairs.")
    assert any("Do not take the stairs." in text for text in anna.heard()) and "Take the stairs." not in "\n".join(anna.heard())
    assert "edited" in case.events()
    with town.database.read() as work:
        shown = [work.cipher.unseal(row.sealed)["text"] for row in work.execute(outbound.select()) if row.author == "nurse"]
    assert "Do not take the stairs." in shown[-1]


async def test_what_is_changed_into_a_reply_is_not_sent_and_the_nurse_is_told(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    message = await ana.writes("r The bed is ready", case)
    await ana.edits(town.desk, message, "/r The bed is ready")
    assert "The bed is ready" not in "\n".join(anna.heard())
    assert "not sent" in town.desk.messages[-1]["text"]


async def test_a_correction_after_two_days_is_refused_with_what_to_do(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    message = await ana.replies("Take the stairs.", case)
    town.telegram.clock.skip(49 * 3600)
    await ana.edits(town.desk, message, "Do not.")
    assert "More than 48 hours" in case.posts()[-1] and "Take the stairs." in "\n".join(anna.heard())


async def test_what_the_patient_corrects_is_shown_in_both_versions(town):
    ana = await town.nurse()
    anna, case = await town.patient()
    await ana.replies("I am here.", case)
    message = await anna.says("it hurts on the left")
    await town.passes_there(seconds=10)
    town.telegram.world.edits(anna.person, anna.chat, message["message_id"], "it hurts on the right")
    await town.calm()
    shown = "\n".join(case.posts())
    assert "👤 it hurts on the left" in shown and "changed to: it hurts on the right" in shown


async def test_claim_release_snooze_and_close_by_command(town):
    ana = await town.nurse()
    _, case = await town.patient("Ben", "nurse")
    await ana.writes("/claim", case)
    assert case.now.claimed_by == "ana"
    await ana.writes("/release", case)
    assert case.now.state == "waiting"
    await ana.writes("/snooze 14:30", case)
    assert case.now.snoozed_until is None and "I cannot read this time" in case.posts()[-1]
    await ana.writes("/snooze 2h waits for the ward", case)
    assert case.now.snoozed_until is not None and "snoozed it until" in case.posts()[-1]
    await ana.writes("/close", case)
    question = next(one for one in reversed(town.desk.messages) if "reply_markup" in one and "what came of it" in one["text"])
    await ana.taps("Not medical", case, question)
    if case.now.state != "closed":
        await ana.taps("Cannot say", case, question)
    assert case.now.outcome == "not_medical" and "reply_markup" not in town.desk.message(question["message_id"])


async def test_two_nurses_who_claim_at_once_one_has_it_and_the_other_is_told_who(town):
    ana, ben = await town.nurse("Ana"), await town.nurse("Ben")
    _, case = await town.patient()
    keys = case.card["reply_markup"]["inline_keyboard"]
    data = keys[0][0]["callback_data"]
    queries = [town.telegram.world.presses(one.person, town.desk, case.topic.card, data) for one in (ana, ben)]
    await town.until(lambda: all(town.telegram.world.queries[query].answered for query in queries))
    await town.calm()
    texts = [town.telegram.world.queries[query].text for query in queries]
    assert sum("It is yours" in text for text in texts) == 1 and sum("has this case" in text for text in texts) == 1


async def test_a_forged_or_foreign_button_does_nothing(town):
    ana = await town.nurse()
    _, case = await town.patient()
    good = case.card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for data in ("desk.AAAA", good[:-1] + ("A" if good[-1] != "A" else "B"), "desk.", "faq:x"):
        query = town.telegram.world.presses(ana.person, town.desk, case.topic.card, data)
        await town.until(lambda query=query: town.telegram.world.queries[query].answered)
        assert "too old" in town.telegram.world.queries[query].text
    assert case.now.state == "waiting"


async def test_a_colleague_who_replies_as_the_lease_ends_takes_it_over_rightly(town):
    ana, ben = await town.nurse("Ana"), await town.nurse("Ben")
    anna, case = await town.patient()
    await ana.taps("Claim", case)
    town.telegram.clock.skip(claims.LEASE.total_seconds() + 60)
    await ben.replies("Now it is me.", case)
    assert case.now.claimed_by == "ben" and any("Now it is me." in text for text in anna.heard())


async def test_a_refused_call_is_told_nobody_with_words_and_does_not_stop_the_others(town):
    await town.nurse()
    town.telegram.faults.order(Fault("error", "createForumTopic", times=1, error=bad_request("TOPIC_ICON_INVALID")))
    anna = await town.person().who_agreed()
    await anna.says("crushing chest pain")
    await town.until(lambda: ("createForumTopic", 400) in town.telegram.refused)
    town.telegram.clock.skip(290)  # what was refused is tried again after five minutes
    _, second = await town.patient("Ben")
    assert second.card and second.number == 2
    town.mistakes.seen.clear()
