"""What may be pushed is counted before it is pushed; what may not waits, and the person or a nurse is told."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import case_event, outbound, wechat_grant
from bot.handoff import cases
from bot.handoff.cases import Cause
from bot.handoff.replies import AT_ONCE, reply
from simulators.wechat import constants
from simulators.wechat.faults import Fault
from tests.wechat.town import Town

NOTICE = next(iter(constants.NOTICES))
FIELDS = ";".join(f"{name}={'{text}' if name.startswith('thing') else '{time}'}" for name in constants.NOTICES[NOTICE])
TEMPLATE = next(iter(constants.TEMPLATES))


@pytest.fixture
async def noticing_town(tmp_path):
    own = {"wechat_subscription_template": NOTICE, "wechat_subscription_fields": FIELDS}
    async with Town(tmp_path, settings=own) as running:
        yield running


@pytest.fixture
async def templating_town(tmp_path):
    own = {"wechat_template": TEMPLATE, "wechat_template_fields": "first={text};keyword1={time}"}
    async with Town(tmp_path, settings=own) as running:
        yield running


class Desk:
    """A nurse with a case of somebody's."""

    def __init__(self, town: Town, someone) -> None:
        self.town, self.id = town, someone.conversation().id

    async def writes(self, text: str) -> None:
        """Write to the patient; the case is opened by the first word."""
        town = self.town

        def run(work):
            case, _ = cases.open_case(work, self.id, Cause("person_requested", "R", f"test:{text}"), now=town.now())
            how = {"now": town.now(), "phrases": town.services.content.current().phrases}
            return reply(work, case.id, text, who="li", name="Li", dedupe_key=text, hold=AT_ONCE, **how)

        await town.services.write(run)
        town.services.feed.outgoing.set()
        await town.settled()

    def heard_that_they_cannot_be_reached(self) -> bool:
        """Return whether the case says so."""
        with self.town.database.read() as work:
            return "unreachable" in work.execute(sa.select(case_event.c.what)).scalars().all()


def codes(town: Town) -> list[int]:
    """Return the errors that WeChat has answered, but for the one that tells that the account may push."""
    return [code for _, code in town.wechat.refused if code != 40003]


async def test_a_nurse_is_pushed_inside_the_window_with_her_own_label(town):
    anna = await town.person().who_agreed()
    await Desk(town, anna).writes("Please come at nine.")

    anna.hears("Please come at nine.", "Nurse Li")
    assert "kf" in anna.ways()


async def test_after_48_hours_nothing_is_pushed_and_the_nurse_hears_that_nobody_is_reached(town):
    anna = await town.person().who_agreed()
    desk = Desk(town, anna)
    town.later(hours=49)
    await desk.writes("Please come at nine.")

    assert codes(town) == [] and anna.ways() == ["passive"] and desk.heard_that_they_cannot_be_reached()


async def test_what_could_not_be_pushed_is_shown_when_the_person_writes_again(town):
    anna = await town.person().who_agreed()
    town.later(hours=49)
    await Desk(town, anna).writes("Please come at nine.")
    town.later(minutes=11)
    await anna.says("Hello again")

    anna.hears("A message for you from before", "Please come at nine.")


async def test_the_bot_stops_one_short_of_five_so_that_a_nurse_can_still_write(town):
    anna = await town.person().who_agreed()
    town.assistant.replies("long", *[f"{number} " + "word " * 380 for number in range(7)])
    town.assistant.holds()
    await town.official.says(anna.follower, "long").settled()
    town.assistant.lets_go()
    await town.settled()
    assert anna.ways() == ["kf"] * 4

    await Desk(town, anna).writes("Please come at nine.")
    anna.hears("Please come at nine.")
    assert codes(town) == []


async def test_what_was_more_than_the_window_allows_comes_with_the_next_answer(town):
    anna = await town.person().who_agreed()
    town.assistant.replies("long", *[f"<{number}> " + "word " * 380 for number in range(6)])
    await anna.says("long")
    await anna.says("1")
    await anna.says("and then?")
    await anna.says("1")

    said = "\n".join(anna.heard())
    assert all(said.count(f"<{number}>") == 1 for number in range(6))


async def test_when_wechat_says_the_window_is_over_it_is_believed_and_nothing_more_is_tried(town):
    anna = await town.person().who_agreed()
    town.wechat.faults.order(Fault("error", "custom/send", code=45015))
    await Desk(town, anna).writes("Please come at nine.")
    before = len(town.wechat.called("custom/send"))
    await Desk(town, anna).writes("Or at ten.")

    assert len(town.wechat.called("custom/send")) == before
    assert "parked" in town.states(outbound) and "dead" not in town.states(outbound)


async def told_by_notice(town):
    """Return somebody who allowed a notice two days ago, and the desk that has just written to them."""
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("Your heart test is back.")
    return anna, desk


async def test_outside_the_window_a_granted_notice_says_that_something_waits_and_not_what(noticing_town):
    town = noticing_town
    anna, desk = await told_by_notice(town)

    assert anna.ways()[-1] == "notice" and not desk.heard_that_they_cannot_be_reached()
    anna.hears("reply 1")
    anna.hears_not("heart")
    await anna.says("1")
    anna.hears("Your heart test is back.")


async def test_a_grant_is_used_once_and_which_message_used_it_is_recorded(noticing_town):
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("One.")
    with town.database.read() as work:
        (grant,) = work.execute(wechat_grant.select()).all()
    assert grant.used_for is not None and grant.outcome == "arrived"

    await anna.says("Thanks")
    town.later(hours=49)
    await desk.writes("Two.")
    assert "notice" not in anna.ways() and desk.heard_that_they_cannot_be_reached()


async def test_two_messages_that_wait_need_one_notice(noticing_town):
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    await anna.does(town.official.consents, NOTICE)
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("One.")
    await desk.writes("Two.")

    assert anna.ways().count("notice") == 1 and not desk.heard_that_they_cannot_be_reached()


async def test_who_took_a_consent_back_gets_no_notice(noticing_town):
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    await anna.does(town.official.revokes, NOTICE)
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("One.")

    assert "notice" not in anna.ways() and desk.heard_that_they_cannot_be_reached()


async def test_a_consent_that_was_used_up_without_our_knowing_is_forgotten(noticing_town):
    town = noticing_town
    anna = await town.person().who_agreed()
    await anna.does(town.official.consents, NOTICE)
    anna.follower.consents.clear()
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("One.")

    with town.database.read() as work:
        assert [row.outcome for row in work.execute(wechat_grant.select())] == ["withdrawn"]
    assert desk.heard_that_they_cannot_be_reached()


async def test_without_a_grant_a_template_message_is_the_next_step(templating_town):
    town = templating_town
    anna = await town.person().who_agreed()
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("Your heart test is back.")

    assert anna.ways()[-1] == "template" and not desk.heard_that_they_cannot_be_reached()
    anna.hears_not("heart")


async def test_a_template_message_that_does_not_arrive_is_no_notice_and_the_nurse_hears_of_it(templating_town):
    town = templating_town
    anna = await town.person().who_agreed()
    anna.follower.refuses_templates = True
    town.later(hours=49)
    desk = Desk(town, anna)
    await desk.writes("Your heart test is back.")

    assert "template" not in anna.ways() and desk.heard_that_they_cannot_be_reached()


@pytest.mark.parametrize(("error", "reached"), [(0, True), (43101, False)])
async def test_a_notice_that_does_not_arrive_is_told_to_the_nurse_and_one_that_does_is_not(noticing_town, error, reached):
    town = noticing_town
    anna, desk = await told_by_notice(town)
    await anna.does(town.official.notice_sent, NOTICE, 7, error=error)

    assert desk.heard_that_they_cannot_be_reached() is not reached


async def test_a_notice_that_fails_after_they_wrote_again_worries_nobody(noticing_town):
    town = noticing_town
    anna, desk = await told_by_notice(town)
    await anna.says("1")
    await anna.does(town.official.notice_sent, NOTICE, 7, error=43101)

    assert not desk.heard_that_they_cannot_be_reached()


async def test_an_account_that_may_only_answer_lets_the_nurse_know(quiet_town):
    anna = await quiet_town.person().who_agreed()
    desk = Desk(quiet_town, anna)
    await desk.writes("Please come at nine.")

    assert desk.heard_that_they_cannot_be_reached() and "kf" not in [way for way, _, _ in quiet_town.official.sent]
    await anna.says("Hello again")
    anna.hears("Please come at nine.")
