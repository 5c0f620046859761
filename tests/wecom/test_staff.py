"""The staff in the WeCom app, and robots in their groups."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import care_case, case_event, kf_account, staff_notice
from bot.handoff.cases import Cause, open_case
from bot.handoff.claims import claim
from connectors.wecom import sessions
from connectors.wecom.door import WeComProblem, check
from connectors.wecom.robot import RobotProblem, keys_of
from connectors.wecom.windows import ENDED, NEW, QUEUE, STAFF
from simulators.wechat import constants
from tests.telegram.town import until
from tests.wecom.kit import settings
from tests.wecom.town import WeComTown

ALARM = "I have crushing chest pain and cannot breathe"


@pytest.fixture
async def queueing(tmp_path):
    async with WeComTown(tmp_path, handover="queue") as running:
        yield running


@pytest.fixture
async def with_robot(tmp_path_factory):
    # A place of its own: its robot would tell what another town's gateway has stored.
    async with WeComTown(tmp_path_factory.mktemp("robots"), robots=True) as running:
        yield running


def events(town) -> list[str]:
    with town.database.read() as work:
        return list(work.execute(sa.select(case_event.c.what)).scalars())


def case_states(town) -> list[str]:
    with town.database.read() as work:
        return list(work.execute(sa.select(care_case.c.state).order_by(care_case.c.id)).scalars())


async def test_at_our_desk_the_bot_carries_the_words_of_the_nurse(town):
    anna = await town.person().who_agreed()
    await anna.says("nurse")
    assert anna.talk.state == NEW
    await anna.says("my ear hurts")
    assert "(my ear hurts)" in "\n".join(anna.heard())


async def test_who_asks_for_a_person_goes_to_the_queue_and_the_bot_is_silent(queueing):
    anna = await queueing.person().who_agreed()
    await anna.says("nurse")
    await until(lambda: anna.talk.state == QUEUE)
    before = len(anna.heard())
    await anna.says("my ear hurts")
    assert len(anna.heard()) == before and "my ear hurts" in queueing.stored()


async def test_who_asks_for_nobody_stays_with_the_bot(queueing):
    anna = await queueing.person().who_agreed()
    await anna.says("my ear hurts")
    await queueing.settled()
    assert anna.talk.state == NEW


async def test_the_staff_takes_over_and_lets_go_and_the_bot_is_back(queueing):
    anna = await queueing.person().who_agreed()
    await anna.says("nurse")
    await until(lambda: anna.talk.state == QUEUE)
    queueing.corp.staff_takes(anna.customer, anna.account, "lisi")
    queueing.corp.staff_says(anna.customer, anna.account, "Li here")
    await anna.says("my ear hurts")
    assert "(my ear hurts)" not in "\n".join(anna.heard())
    queueing.corp.staff_ends(anna.customer, anna.account)
    await queueing.settled()
    await until(lambda: queueing.services.content.current().phrases.get("handoff.closed", "en") in anna.heard()[-1])
    assert case_states(queueing) == ["closed"]
    await anna.says("my knee hurts")
    assert "(my knee hurts)" in anna.heard()[-1]


async def test_the_staff_may_come_by_itself(town):
    anna = await town.person().who_agreed()
    await anna.says("my ear hurts")
    town.corp.staff_takes(anna.customer, anna.account, "lisi")
    await town.settled()
    before = len(anna.heard())
    await anna.says("my knee hurts")
    assert len(anna.heard()) == before and case_states(town) == ["claimed"]


async def test_a_session_that_is_listed_again_takes_no_later_case_away(town):
    anna = await town.person().who_agreed()
    town.corp.staff_takes(anna.customer, anna.account, "lisi")
    town.corp.staff_says(anna.customer, anna.account, "Li here")
    town.corp.staff_ends(anna.customer, anna.account)
    await town.settled()
    await anna.says(ALARM)
    assert [(case.level, case.state) for case in town.cases()] == [("E1", "waiting")]
    before = events(town)
    with town.database.write() as work:
        for row in work.execute(sa.select(kf_account)).all():
            sealed = work.cipher.seal({**work.cipher.unseal(row.sealed), "cursor": ""})
            work.execute(sa.update(kf_account).where(kf_account.c.id == row.id).values(sealed=sealed))
    await anna.says("are you there")
    assert [(case.level, case.state) for case in town.cases()] == [("E1", "waiting")]
    assert not {"claimed", "closed"} & set(events(town)[len(before) :])


async def test_while_the_staff_talks_an_alarm_is_heard_and_raises_the_case(town):
    anna = await town.person().who_agreed()
    town.corp.staff_takes(anna.customer, anna.account, "lisi")
    await anna.says(ALARM)
    assert [case.level for case in town.cases()] == ["E1"]
    assert anna.talk.state == STAFF


@pytest.mark.parametrize(("answered", "state"), [(False, "waiting"), (True, "closed")])
async def test_an_alarm_that_the_staff_did_not_answer_before_the_end_waits_at_our_desk(town, answered, state):
    anna = await town.person().who_agreed()
    town.corp.staff_takes(anna.customer, anna.account, "lisi")
    town.corp.staff_says(anna.customer, anna.account, "Li here")
    await anna.says(ALARM)
    if answered:
        town.corp.staff_says(anna.customer, anna.account, "An ambulance is on its way")
    town.corp.staff_ends(anna.customer, anna.account)
    await town.settled()
    assert case_states(town) == [state]


async def test_an_alarm_in_the_queue_is_answered_at_once(queueing):
    anna = await queueing.person().who_agreed()
    await anna.says("nurse")
    await until(lambda: anna.talk.state == QUEUE)
    await anna.says(ALARM)
    assert "120" in anna.heard()[-1] and anna.talk.state == ENDED
    assert [(case.level, case.state) for case in queueing.cases()] == [("E1", "waiting")]  # a nurse can take it now
    await anna.says("my ear hurts")
    assert "(my ear hurts)" in anna.heard()[-1]


@pytest.mark.parametrize(("level", "handed"), [("E1", 0), ("R", 1)])
async def test_who_asked_for_a_person_and_then_told_of_an_emergency_is_not_put_into_a_queue(town, level, handed):
    anna = await town.person().who_agreed()
    with town.database.write() as work:
        for cause in (Cause("person_requested", "R", "asked"), Cause("red_flag", level, "alarm")):
            open_case(work, anna.conversation().id, cause, now=town.now())
    with town.database.read() as work:
        assert len(sessions._to_hand_over(work)) == handed


async def test_a_queue_in_which_nobody_comes_gives_the_patient_back(queueing):
    anna = await queueing.person().who_agreed()
    await anna.says("nurse")
    await until(lambda: anna.talk.state == QUEUE and "claimed" in events(queueing))  # from now on the ten minutes count
    queueing.wechat.clock.skip(601)
    await until(lambda: anna.talk.state == ENDED)
    await until(lambda: "nobody has come yet" in anna.heard()[-1])
    await until(lambda: case_states(queueing) == ["waiting"] and "released" in events(queueing))
    await anna.says("my ear hurts")
    await until(lambda: "(my ear hurts)" in anna.heard()[-1])
    assert anna.talk.state == NEW  # not into the queue again


async def test_a_queue_that_was_joined_without_our_hearing_of_it_gives_the_patient_back_as_well(queueing):
    queueing.order("unanswered", "service_state/trans")
    anna = await queueing.person().who_agreed()
    await anna.says("nurse")
    await until(lambda: anna.talk.state == QUEUE and "claimed" in events(queueing))
    queueing.wechat.clock.skip(601)
    await until(lambda: anna.talk.state == ENDED)
    await until(lambda: case_states(queueing) == ["waiting"] and "released" in events(queueing))
    await anna.says("my ear hurts")
    await until(lambda: "(my ear hurts)" in anna.heard()[-1])


async def test_an_urgent_case_is_told_to_the_staff_without_a_word_about_the_patient(with_robot):
    anna = await with_robot.person("Zebramarker").who_agreed()
    await anna.says(ALARM)
    await until(lambda: with_robot.wechat.robot.notices)
    (notice,) = with_robot.wechat.robot.notices
    case = with_robot.cases()[0]
    assert str(case.id) in notice.text and "E1" in notice.text
    for secret in ("chest", "breathe", "Zebramarker", anna.customer.external_userid, anna.conversation().id):
        assert secret not in notice.text


async def test_a_case_that_is_not_urgent_is_not_told(with_robot):
    anna = await with_robot.person().who_agreed()
    await anna.says("nurse")
    assert [case.reason for case in with_robot.cases()] == ["person_requested"]
    with with_robot.database.read() as work:
        assert work.execute(sa.select(staff_notice.c.id)).all() == []


async def test_the_same_alarm_twice_is_told_once(with_robot):
    anna = await with_robot.person().who_agreed()
    await anna.says(ALARM)
    await anna.says(ALARM)
    await until(lambda: with_robot.wechat.robot.notices)
    await with_robot.settled()
    assert len(with_robot.wechat.robot.notices) == 1


@pytest.mark.parametrize("kind", ["lost", "gateway", "html", "error"])
async def test_a_notice_that_fails_is_told_again(with_robot, kind):
    with_robot.order(kind, "webhook/send", code=45009)
    anna = await with_robot.person().who_agreed()
    await anna.says(ALARM)
    await until(lambda: not with_robot.wechat.faults.waiting())
    with_robot.wechat.clock.skip(61)
    await until(lambda: with_robot.wechat.robot.notices)


async def test_a_notice_survives_the_end_of_the_process_between_storing_and_telling(town, with_robot, tmp_path):
    anna = await town.person().who_agreed()  # a town without robots: nobody tells
    await anna.says(ALARM)
    with town.database.read() as work:
        of_groups = sa.select(staff_notice.c.state).where(staff_notice.c.via == "group")
        assert [row.state for row in work.execute(of_groups)] == ["pending"]
    robots = with_robot.robots
    assert await robots.tell_due(town.services) == 1
    assert len(with_robot.wechat.robot.notices) == 1
    assert await robots.tell_due(town.services) == 0


async def test_a_group_that_cannot_be_told_now_keeps_no_other_waiting(with_robot):
    other = with_robot.corp.robot("night shift")
    with_robot.robots._keys = (constants.ROBOT_KEY, other.key)
    with_robot.robots._pace.throttled("group:0", 400.0)
    anna = await with_robot.person().who_agreed()
    await anna.says(ALARM)
    await until(lambda: other.notices)
    assert not with_robot.wechat.robot.notices
    with_robot.wechat.clock.skip(401)
    await until(lambda: with_robot.wechat.robot.notices)
    assert other.notices[0].text == with_robot.wechat.robot.notices[0].text


async def test_never_more_than_twenty_notices_in_a_minute(with_robot):
    for number in range(30):
        anna = with_robot.person(str(number))
        with_robot.corp.says(anna.customer, anna.account, ALARM)
    await until(lambda: len(with_robot.wechat.robot.notices) >= 5, seconds=15)
    assert not [code for path, code in with_robot.wechat.refused if path.endswith("webhook/send")]


def test_a_robot_key_that_is_an_address_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(RobotProblem) as raised:
        keys_of(settings(tmp_path, wecom_robot_keys="https://example.org/send?key=zebra-secret"))
    assert "WECOM_ROBOT_KEYS" in str(raised.value) and "zebra" not in str(raised.value)
    assert keys_of(settings(tmp_path, wecom_robot_keys=f"{constants.ROBOT_KEY}, {constants.ROBOT_KEY}"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("corp_id", ""),
        ("kf_secret", ""),
        ("token", ""),
        ("token", "a b"),
        ("aes_keys", ""),
        ("aes_keys", "zebra"),
        ("api_url", "zebra"),
    ],
)
def test_half_set_up_names_the_setting_and_the_fix(tmp_path, name, value):
    with pytest.raises(WeComProblem) as raised:
        check(settings(tmp_path, **{f"wecom_{name}": value}))
    assert f"WECOM_{name.upper()}" in str(raised.value) and "zebra" not in str(raised.value)


def test_a_whole_set_up_is_taken(tmp_path):
    check(settings(tmp_path))


async def test_the_groups_hear_again_of_an_urgent_case_that_nobody_takes_and_not_once_somebody_has(with_robot):
    anna = await with_robot.person().who_agreed()
    await anna.says(ALARM)
    await until(lambda: len(with_robot.wechat.robot.notices) == 1)
    with_robot.wechat.clock.skip(121)
    await until(lambda: len(with_robot.wechat.robot.notices) == 2)
    assert (
        "还没有人接" in with_robot.wechat.robot.notices[1].text or "Nobody has taken" in with_robot.wechat.robot.notices[1].text
    )
    case = with_robot.cases()[0].id
    with with_robot.database.write() as work:
        phrases = with_robot.services.content.current().phrases
        claim(work, case, who="li", name="Li", now=with_robot.services.clock(), phrases=phrases)
    with_robot.wechat.clock.skip(241)
    await with_robot.services.staff_rounds.round()
    assert await with_robot.robots.tell_due(with_robot.services) == 0
    assert len(with_robot.wechat.robot.notices) == 2
