"""A nurse comes and goes: the bot is silent while she is there, comes back with a word, and asks nothing that is stale."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import audit
from bot.handoff import blocking, cases, closing, moving, replies
from bot.handoff.cases import CaseProblem, case_of
from bot.linking.merge import merge
from bot.messages import Effect, Reply
from bot.privacy import consent

ASKS = Reply("Since when?", kind="question")


def happened(bench, case) -> list[str]:
    with bench.database.read() as work:
        return [event.what for event in cases.events(work, case.id)]


def look(bench, case):
    with bench.database.read() as work:
        return case_of(work, case.id)


async def asks_for_a_person(bench, language="en", **more):
    patient = await bench.patient(language=language, **more).who_agreed()
    await patient.says({"zh-Hant": "真人", "ar": "ممرضة"}.get(language, "nurse"))
    return patient


async def in_one_hand(bench, one, other) -> None:
    """Make one person of two patients."""
    first, second = one.conversation(), other.conversation()
    await bench.services.write(lambda work: merge(work, first, second, now=bench.now()))


async def test_while_a_nurse_holds_the_case_the_bot_is_silent_and_comes_back_with_a_line(bench):
    patient = await asks_for_a_person(bench)
    await bench.nurse("Ana").claims(patient)
    patient.hears("Nurse Ana is with you now")

    await patient.says("my ear hurts")
    patient.hears_nothing()
    await bench.nurse("Ana").releases(patient)
    patient.hears("I am back")
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")


async def test_the_bot_is_silent_in_all_chats_of_the_person(bench):
    web, telegram = await asks_for_a_person(bench), await bench.patient(language="en", channel="telegram").who_agreed()
    await in_one_hand(bench, web, telegram)
    await bench.nurse("Ana").claims(web)

    await telegram.says("my ear hurts")
    telegram.hears_nothing()
    assert bench.cases()[0].conversation_id == telegram.conversation().id

    await bench.nurse("Ana").replies(telegram, "I read you here too.")
    telegram.hears("I read you here too.")
    await web.listens()
    web.hears_not("I read you here too.")


async def test_a_lease_that_ends_brings_the_bot_back_with_one_line_and_the_next_words_are_answered(bench):
    patient = await asks_for_a_person(bench)
    await bench.nurse("Ana").claims(patient)

    await bench.passes(minutes=21)
    await bench.passes(minutes=1)

    await patient.listens()
    assert sum("I am back" in item.content["text"] for item in patient.latest) == 1
    await patient.says("my ear hurts")
    patient.hears("(my ear hurts)")


async def test_words_that_come_as_the_lease_ends_are_answered_after_the_line(bench):
    patient = await asks_for_a_person(bench)
    await bench.nurse("Ana").claims(patient)
    bench._later += timedelta(minutes=20)

    await patient.says("my ear hurts")
    await bench.passes(seconds=1)
    await patient.listens()

    said = [item.content["text"] for item in patient.heard]
    back = next(number for number, text in enumerate(said) if "I am back" in text)
    answer = next(number for number, text in enumerate(said) if "(my ear hurts)" in text)
    assert back < answer and sum("I am back" in text for text in said) == 1


async def test_a_nurse_who_claimed_and_said_nothing_is_not_said_to_have_talked(bench):
    bench.assistant.replies("ear", ASKS)
    patient = await asks_for_a_person(bench)
    await bench.nurse("Ana").claims(patient)
    await bench.nurse("Ana").releases(patient)

    await patient.says("my ear hurts")

    patient.hears("Since when?")
    patient.hears_not("the nurse is right")


async def test_after_the_nurse_the_assistant_learns_what_it_missed_and_that_its_question_is_stale(bench):
    bench.assistant.replies("ear", ASKS)
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("my ear hurts")
    await patient.says("nurse")
    ana = bench.nurse("Ana")
    await ana.replies(patient, "Since when, and do you have a fever?")
    await patient.says("since three days, 39 degrees")
    await ana.closes(patient)

    await patient.says("my ear hurts more")
    turn = bench.assistant.turns[-1]
    assert turn.handed_back and turn.told_nurse == ("since three days, 39 degrees",)
    patient.hears("the nurse is right", "Since when?")

    await patient.says("my ear hurts still")
    turn = bench.assistant.turns[-1]
    assert not turn.handed_back and turn.told_nurse == ()
    patient.hears_not("the nurse is right")


async def test_without_a_nurse_nothing_is_stale(bench):
    bench.assistant.replies("ear", ASKS)
    patient = await asks_for_a_person(bench)

    await patient.says("my ear hurts")

    assert not bench.assistant.turns[-1].handed_back
    patient.hears_not("the nurse is right")


async def test_what_is_stale_in_one_chat_is_stale_in_the_other_too(bench):
    web, telegram = await asks_for_a_person(bench), await bench.patient(language="en", channel="telegram").who_agreed()
    await in_one_hand(bench, web, telegram)
    await bench.nurse("Ana").claims(web)
    await bench.nurse("Ana").releases(web)

    await telegram.says("my ear hurts")
    await web.says("my ear hurts")

    assert [turn.handed_back for turn in bench.assistant.turns[-2:]] == [True, True]


@pytest.mark.parametrize(("language", "words"), [("zh-Hant", "我胸口很痛，喘不過氣"), ("ar", "صدري مضغوط وذراعي اليسرى تنمل")])
async def test_a_red_flag_is_answered_while_a_nurse_holds_the_case_and_raises_it(bench, language, words):
    patient = await asks_for_a_person(bench, language)
    case = await bench.nurse("Ana").claims(patient)
    before = look(bench, case)

    await patient.says(words)

    patient.hears_kind("emergency")
    after = look(bench, case)
    assert (after.level, after.claimed_by, after.is_held(bench.now())) == ("E1", "ana", True) and after.risk < before.risk
    assert after.waiting_since is not None and after.due_at is not None
    assert "raised" in happened(bench, case) and len(bench.cases()) == 1


async def test_forget_me_while_a_nurse_has_the_case_open(bench):
    patient = await asks_for_a_person(bench)
    ana = bench.nurse("Ana")
    case = await ana.claims(patient)
    await patient.says("forget me")
    await patient.presses_payload("erase:yes")
    patient.hears(patient.phrase("privacy.erased").split(".")[0])

    for act in (ana.claims, ana.releases, ana.closes):
        with pytest.raises(AssertionError, match="no open case"):
            await act(patient)
    with pytest.raises(CaseProblem, match="at the patient's wish") as gone:
        await bench.services.write(
            lambda work: replies.reply(
                work, case.id, "hello?", who="ana", name="Ana", dedupe_key="k", now=bench.now(),
                phrases=bench.services.content.current().phrases,
            )
        )  # fmt: skip
    assert gone.value.key == "erased"
    with bench.database.read() as work:
        said = work.execute(sa.select(audit.c.subject).where(audit.c.what == "erased case")).scalars().all()
    assert said == [str(case.id)]
    await bench.passes(minutes=30)
    await patient.says("hello again")
    patient.hears_kind("consent")


async def test_a_request_for_a_person_within_seven_days_reopens_and_an_ordinary_word_does_not(bench):
    patient = await asks_for_a_person(bench)
    number = bench.cases()[0].id
    await bench.nurse("Ana").closes(patient)

    await patient.says("thank you")
    assert not bench.cases()
    patient.hears("(thank you)")

    await bench.passes(days=6)
    await patient.says("nurse")
    assert [case.id for case in bench.cases()] == [number]


async def test_the_same_message_again_does_not_reopen_it_again(bench):
    patient = await asks_for_a_person(bench)
    await bench.nurse("Ana").closes(patient)
    await patient.says("nurse", external_id="once")
    await bench.nurse("Ana").closes(patient)

    await patient.says("nurse", external_id="once")

    assert not bench.cases()


async def test_who_is_blocked_hears_it_once_bothers_nobody_and_is_saved_all_the_same(bench):
    patient = await asks_for_a_person(bench)
    ana, content = bench.nurse("Ana"), bench.services.content.current()
    case = await ana.claims(patient)
    await bench.services.write(lambda work: blocking.block(work, case.id, who="ana", now=bench.now(), content=content))
    await patient.listens()
    patient.hears("no longer read what you write", "120")

    await patient.says("you idiots")
    patient.hears("(you idiots)")
    quiet = look(bench, case)
    assert (quiet.waiting_since, quiet.due_at, quiet.claimed_by) == (None, None, None) and happened(bench, case)[-1] == "blocked"
    await ana.closes(patient, outcome="not_medical")
    await patient.says("nurse")
    patient.hears("no longer read what you write")
    assert not bench.cases()

    await patient.says("I have crushing chest pain and my left arm is numb")
    patient.hears_kind("emergency", "answer")
    assert [one.id for one in bench.cases()] == [case.id] and look(bench, case).level == "E1"
    await ana.replies(patient, "An ambulance is on its way?")
    await patient.says("yes, they are at the door")
    patient.hears_nothing()
    assert look(bench, case).waiting_since is not None


async def test_who_is_read_again_can_call_a_nurse_again(bench):
    patient = await asks_for_a_person(bench)
    case, content = bench.cases()[0], bench.services.content.current()
    await bench.services.write(lambda work: blocking.block(work, case.id, who="ana", now=bench.now(), content=content))
    await bench.services.write(lambda work: blocking.unblock(work, case.id, who="lea", now=bench.now(), content=content))
    await patient.listens()
    patient.hears("can read your messages again")

    await patient.says("are you there?")
    assert look(bench, case).waiting_since is not None


async def test_a_complaint_that_is_insisted_on_and_a_worrying_result_open_a_case(bench):
    bench.assistant.replies("rude", effects=[Effect("open_case", {"reason": "complaint"})])
    patient = await bench.patient(language="en").who_agreed()

    await patient.says("your staff was rude")

    assert [case.reason for case in bench.cases()] == ["complaint"]


async def test_a_rule_of_the_hospital_opens_a_case_for_a_result_on_its_ward_and_not_elsewhere(bench):
    from bot.scenes.codes import code_of

    ward = bench.services.content.current().scenes.by_id["W2"]
    code = code_of(bench.database.cipher, ward)
    result = Effect("assessment", {"level": "U", "departments": ["OBS"]})
    bench.assistant.replies("belly", Reply("Go there today.", kind="result"), effects=[result])
    elsewhere = await bench.patient(language="en").who_agreed()
    await elsewhere.says("my belly hurts")
    assert not bench.cases()

    patient = bench.patient(language="en")
    await patient.says("hello", scene=code)
    await patient.presses_payload(consent.YES)
    await patient.says("my belly hurts")

    assert [(case.reason, case.level, case.department) for case in bench.cases()] == [("rule", "U", "OBS")]


async def test_a_snoozed_case_lets_the_bot_answer_and_wakes_with_the_next_words(bench):
    patient = await asks_for_a_person(bench)
    case = await bench.nurse("Ana").claims(patient)
    phrases = bench.services.content.current().phrases
    await bench.services.write(lambda work: moving.snooze(work, case.id, who="ana", until=None, now=bench.now(), phrases=phrases))
    await patient.listens()
    patient.hears("will come back to you later")

    await patient.says("the lab called")

    patient.hears("(the lab called)")
    assert look(bench, case).snoozed_until <= bench.now() and look(bench, case).waiting_since is not None


async def test_a_held_reply_is_heard_when_its_time_is_over(bench):
    patient = await asks_for_a_person(bench)
    ana = bench.nurse("Ana")
    await ana.replies(patient, "Come today.", hold=replies.HOLD)
    with bench.database.read() as work:
        from bot.inbox.history import shown_after

        assert not any("Come today." in item.content["text"] for item in shown_after(work, patient.conversation().id, 0))

    await bench.passes(seconds=6)

    with bench.database.read() as work:
        assert any("Come today." in item.content["text"] for item in shown_after(work, patient.conversation().id, 0))


async def test_the_outcome_of_a_closed_case_is_kept(bench):
    patient = await asks_for_a_person(bench)
    case = bench.cases()[0]

    await bench.nurse("Ana").closes(patient, outcome="booked")

    assert look(bench, case).outcome == "booked" and "booked" in closing.OUTCOMES


async def test_while_the_assistant_is_away_the_words_reach_the_nurse(bench):
    patient = await asks_for_a_person(bench)
    case = bench.cases()[0]
    await bench.nurse("Ana").replies(patient, "I will look.")
    await bench.nurse("Ana").releases(patient)
    bench.assistant.goes_down()

    await patient.says("my ear hurts more")
    await bench.settled()

    assert happened(bench, case).count("message") == 2 and look(bench, case).waiting_since is not None
    bench.assistant.comes_back()
    await bench.settled()
    assert happened(bench, case).count("message") == 2
