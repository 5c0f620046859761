"""The failure table of the specification, line by line: what goes wrong at WeCom, and what a patient sees of it."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from bot.database.engine import DatabaseProblem
from bot.database.tables import outbound
from bot.messages import Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from connectors.wecom import accounts
from connectors.wecom.door import PATH
from connectors.wecom.windows import ENDED, STAFF
from simulators.wechat import constants
from simulators.wechat.faults import ALWAYS
from tests.telegram.town import until


@pytest.fixture
async def anna(town):
    return await town.person().who_agreed()


def problems(town) -> list[tuple[str, str]]:
    """Return state and problem of what was not simply sent."""
    with town.database.read() as work:
        rows = work.execute(sa.select(outbound.c.state, outbound.c.problem).where(outbound.c.problem.isnot(None)))
        return [tuple(row) for row in rows]


def times(anna, words: str) -> int:
    return len([text for text in anna.heard() if words in text])


@pytest.mark.parametrize("kind", ["unanswered", "lost", "html", "gateway"])
async def test_an_answer_of_unknown_outcome_is_sent_again_and_shown_once(town, anna, kind):
    town.order(kind)
    await anna.says("my ear hurts")
    assert times(anna, "(my ear hurts)") == 1


async def test_an_answer_after_the_time_out_is_shown_once(town, anna):
    town.order("hang", seconds=60.0)
    await anna.says("my ear hurts")
    await until(lambda: ("sent", "Unknown") in problems(town))
    assert times(anna, "(my ear hurts)") == 1


async def test_a_long_answer_that_breaks_in_the_middle_goes_on_where_it_was(town, anna):
    town.assistant.replies("long", Reply("Eine sehr lange Auskunft mit Wegbeschreibung. " * 100))
    town.order("slow", times=1)  # the first part goes through, slowly by nothing
    town.order("lost", times=1)
    await anna.says("long")
    texts = [text for text in anna.heard() if "Auskunft" in text]
    assert [text.split("(")[-1][:3] for text in texts] == [f"{n}/{len(texts)}" for n in range(1, len(texts) + 1)]


@pytest.mark.parametrize("code", [-1, 45011])
async def test_a_busy_platform_is_tried_again(town, anna, code):
    town.order("error", code=code, times=2)
    await anna.says("my ear hurts")
    assert times(anna, "(my ear hurts)") == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_refused_is_replaced_and_nobody_notices(town, anna, code):
    before = len(town.wechat.called("gettoken"))
    town.order("error", code=code)
    await anna.says("my ear hurts")
    assert times(anna, "(my ear hurts)") == 1 and len(town.wechat.called("gettoken")) == before + 1


async def test_the_quota_of_the_day_holds_the_message_until_tomorrow(town, anna):
    town.order("error", code=45009)
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: ("pending", "Transient") in problems(town))
    town.wechat.clock.skip(24 * 3600)
    await until(lambda: times(anna, "(my ear hurts)") == 1)


@pytest.mark.parametrize("code", [95001, 95002])
async def test_a_window_that_is_closed_for_wecom_makes_the_answer_wait_for_the_next_word(town, anna, code):
    town.order("error", code=code)
    await anna.says("my ear hurts")
    assert times(anna, "(my ear hurts)") == 0 and problems(town) == [("parked", "Parked")]
    await anna.says("hello?")
    text = next(text for text in anna.heard() if "(my ear hurts)" in text)
    assert text.startswith(town.services.content.current().phrases.get("wechat.earlier", "en"))


async def test_the_count_of_the_window_is_kept_before_the_call(town, anna):
    town.assistant.replies("six", *(Reply(f"answer {number}") for number in range(1, 7)))
    await anna.says("six")
    assert not any(code == 95001 for _, code in town.wechat.refused)


@pytest.mark.parametrize("code", [40096, 40058])
async def test_what_wecom_refuses_for_ever_does_not_hold_up_the_next(town, anna, code):
    town.order("error", code=code)
    await anna.says("one")
    await anna.says("two")
    assert problems(town) == [("dead", "Permanent")] and times(anna, "(two)") == 1


async def test_a_wrong_setting_loses_no_message_and_is_told_to_the_operator(town, anna, caplog):
    town.order("error", code=60020, times=ALWAYS)
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: ("pending", "Transient") in problems(town))
    assert "refuses our settings (error 60020)" in caplog.text and town.connector.state() == "error 60020"
    town.wechat.faults.clear()
    town.connector.sender.pace.pause(0)
    town.wechat.clock.skip(61)
    await until(lambda: times(anna, "(my ear hurts)") == 1)


async def test_a_session_that_has_ended_makes_the_answer_wait(town, anna):
    town.assistant.holds()
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: "my ear hurts" in town.stored())
    anna.talk.state = ENDED
    town.assistant.lets_go()
    await town.settled()
    assert problems(town) == [("parked", "Parked")]
    await anna.says("hello?")
    assert times(anna, "(my ear hurts)") == 1


async def test_an_answer_that_comes_while_the_staff_talks_is_not_said(town, anna):
    town.assistant.holds()
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: "my ear hurts" in town.stored())
    anna.talk.state, anna.talk.servicer = STAFF, "lisi"
    town.assistant.lets_go()
    await town.settled()
    assert times(anna, "(my ear hurts)") == 0 and problems(town) == [("dead", "Permanent")]


async def test_trying_again_does_not_use_up_the_window(town, anna):
    town.order("lost", times=4)
    town.assistant.replies("four", *(Reply(f"answer {number}") for number in range(1, 5)))
    await anna.says("four")
    assert [times(anna, f"answer {number}") for number in range(1, 5)] == [1, 1, 1, 1] and "parked" not in town.states(outbound)


async def test_what_is_refused_for_ever_does_not_use_up_the_window(town, anna):
    town.order("error", code=40058, times=3)
    town.assistant.replies("seven", *(Reply(f"answer {number}") for number in range(1, 8)))
    await anna.says("seven")
    assert [times(anna, f"answer {number}") for number in range(1, 8)] == [0, 0, 0, 1, 1, 1, 1]


async def test_a_reminder_of_unknown_outcome_is_not_sent_again(town, anna):
    town.order("unanswered")
    message = compose(Reply("remember"), "en", phrases=town.services.content.current().phrases)
    with town.database.write() as work:
        enqueue(work, Place(anna.conversation().id, "wecom"), message, dedupe_key="r", now=town.now(), at_most_once=True)
    town.services.feed.outgoing.set()
    await town.settled()
    assert times(anna, "remember") == 1 and problems(town) == [("dead", "Unknown")]


@pytest.mark.parametrize(("kind", "code"), [("error", -1), ("error", 45009), ("lost", 0), ("html", 0), ("gateway", 0)])
async def test_a_fetch_that_fails_is_made_again(town, anna, kind, code):
    town.order(kind, "sync_msg", code=code)
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: times(anna, "(my ear hurts)") == 1)


async def test_a_token_of_a_callback_that_is_too_old_is_left_away(town, anna):
    anna.account.tokens.clear()
    town.order("error", "sync_msg", code=95007)
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: times(anna, "(my ear hurts)") == 1)
    assert any("token" not in body for body in town.wechat.called("sync_msg"))


async def test_a_database_that_is_away_while_storing_brings_the_page_again(town, anna, monkeypatch):
    inbox, failures = town.services.inbox, iter([True])
    receive = inbox.receive

    async def sometimes(message):
        if next(failures, False):
            raise DatabaseProblem("away")
        return await receive(message)

    monkeypatch.setattr(inbox, "receive", sometimes)
    town.corp.says(anna.customer, anna.account, "my ear hurts")
    await asyncio.sleep(0.2)
    town.wechat.clock.skip(61)  # the lease ends
    await until(lambda: times(anna, "(my ear hurts)") == 1)


async def test_a_callback_that_cannot_be_stored_is_to_come_again(town, anna, monkeypatch):
    called, failures = accounts.called, iter([True])

    def sometimes(*arguments, **more):
        if next(failures, False):
            raise DatabaseProblem("away")
        called(*arguments, **more)

    monkeypatch.setattr(accounts, "called", sometimes)
    push = town.corp.says(anna.customer, anna.account, "my ear hurts")
    await until(lambda: times(anna, "(my ear hurts)") == 1)
    assert push.tries[0].came == "503" and push.verdict == "silent"


async def test_a_hundred_callbacks_at_once_are_all_noted(town, anna):
    people = [town.person(str(number)) for number in range(100)]
    pushes = [town.corp.says(one.customer, one.account, f"word {number}") for number, one in enumerate(people)]
    await town.settled()
    assert all(push.verdict == "silent" and len(push.tries) == 1 for push in pushes)
    assert sorted(text for text in town.stored() if text.startswith("word")) == sorted(f"word {number}" for number in range(100))


async def test_callbacks_under_the_key_before_are_taken(town, anna):
    town.corp.postman.faults.old_key = 1
    await anna.says("my ear hurts")
    assert times(anna, "(my ear hurts)") == 1


@pytest.mark.parametrize("skew", [-400, 400])
async def test_an_old_callback_is_refused(town, anna, skew):
    town.corp.postman.faults.skew_s = skew
    push = town.corp.says(anna.customer, anna.account, "my ear hurts")
    await push.settled()
    assert all(one.came in ("401", "refused") for one in push.tries), push.tries


async def test_the_address_check_of_the_admin_page_passes(town):
    assert await town.corp.postman.accepts(f"{town.address}{PATH}")


async def test_a_flood_for_one_person_keeps_its_order(town, anna):
    for number in range(12):
        town.corp.says(anna.customer, anna.account, f"word {number}")
    await town.settled()
    assert [text for text in town.stored() if text.startswith("word")] == [f"word {number}" for number in range(12)]


async def test_no_secret_word_or_id_is_in_the_logs(town, anna, caplog):
    caplog.set_level("INFO", "connectors")
    caplog.set_level("INFO", "bot")
    town.order("error", code=40096)
    town.order("error", "sync_msg", code=45009)
    town.corp.says(anna.customer, anna.account, "zebramarker hurts")
    await until(lambda: any("Permanent" in problem for problem in problems(town)))
    for secret in ("zebramarker", constants.KF_SECRET, constants.KF_TOKEN, anna.customer.external_userid, constants.OPEN_KFID):
        assert secret not in caplog.text
