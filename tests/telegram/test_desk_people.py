"""Who may act in a staff group: enrolled by a one-time token, looked at every time, out as soon as they leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database.tables import chat_group, conversation, inbound, staff, staff_notice
from bot.staff import invitations
from bot.staff.people import of_telegram
from tests.telegram.desk_town import EMERGENCY, desk_town


@pytest.fixture
async def town(tmp_path):
    async with desk_town(tmp_path) as running:
        yield running


def linked(town, someone):
    with town.database.read() as work:
        return of_telegram(work, str(someone.person.id))


def rows(town, table):
    with town.database.read() as work:
        return work.execute(table.select()).all()


async def test_a_link_works_once_and_makes_this_account_a_nurses(town):
    ana = await town.nurse("Ana", linked=False)
    token = town.token("ana")
    await ana.starts(invitations.TELEGRAM_START + token)
    ana.hears("Ana, this Telegram account is now linked")
    assert linked(town, ana).handle == "ana"
    zoe = town.person("Zoe")
    await zoe.starts(invitations.TELEGRAM_START + token)
    zoe.hears("wrong, was used before, or is too old")
    assert linked(town, zoe) is None and linked(town, ana).handle == "ana"


async def test_a_link_is_good_for_an_hour(town):
    ana = await town.nurse("Ana", linked=False)
    token = town.token("ana")
    town._later += timedelta(minutes=61)
    await ana.starts(invitations.TELEGRAM_START + token)
    ana.hears("too old")
    assert linked(town, ana) is None


async def test_register_3_takes_over_nobody_and_no_command_makes_anybody_staff(town):
    await town.nurse("Ana", linked=False)
    await town.nurse("Ben", linked=False)
    mallory = town.person("Mallory")
    for text in (
        "/register 3",
        "/register 1",
        "/staff",
        "/staff 1",
        "/staff ana",
        "/start staff_",
        "/start staff_1",
        "/start n_1",
    ):
        await mallory.says(text)
        town.telegram.forum.writes(mallory.person, town.desk, text)
        await town.settled()
    assert linked(town, mallory) is None
    assert [row.telegram_lookup for row in rows(town, staff)] == [None, None]


async def test_a_token_is_never_stored_nor_taken_for_a_patients_words(town):
    ana = await town.nurse("Ana", linked=False)
    await ana.starts(invitations.TELEGRAM_START + town.token("ana"))
    assert rows(town, inbound) == [] and rows(town, conversation) == []


async def test_the_link_of_one_account_cannot_be_used_by_another_nurse(town):
    ana = await town.nurse("Ana")
    await town.nurse("Ben", linked=False)
    await ana.starts(invitations.TELEGRAM_START + town.token("ben"))
    assert linked(town, ana).handle == "ana" and of_handle_lookup(town, "ben") is None


def of_handle_lookup(town, handle):
    return next(row.telegram_lookup for row in rows(town, staff) if row.handle == handle)


async def test_who_leaves_or_is_kicked_loses_the_link_and_the_cases_go_back_to_the_queue(town):
    ana, ben = await town.nurse("Ana"), await town.nurse("Ben")
    _, first = await town.patient("Pia")
    await ana.taps("Claim", first)
    _, second = await town.patient("Paul")
    await ben.taps("Claim", second)
    town.telegram.forum.leaves(ana.person, town.desk)
    town.telegram.forum.is_kicked(ben.person, town.desk, town.lead.person)
    for nurse, case in ((ana, first), (ben, second)):
        # The card is written anew after the post that tells of it.
        await town.until(lambda case=case: case.buttons()[0] == "Claim" and "waits again" in case.posts()[-1])
        assert linked(town, nurse) is None and case.now.state == "waiting" and case.now.claimed_by is None
    town.telegram.forum.joins(ana.person, town.desk)
    await town.calm()
    await ana.replies("I am back.", first)
    assert linked(town, ana) is None and first.now.state == "waiting"


async def test_a_nurse_who_is_ill_is_a_patient_in_her_private_chat(town):
    ana = await town.nurse()
    await ana.starts()
    await ana.presses(0)
    await ana.says(EMERGENCY)
    case = await town.case()
    ana.hears("call 120" if "call 120" in "\n".join(ana.heard()) else "120")
    assert "crushing chest pain" in case.card["text"] and len(rows(town, conversation)) == 1


async def test_a_staff_group_is_never_treated_as_a_group_of_patients(town):
    ana = await town.nurse()
    before = len(town.desk.messages)
    for text in ("/faq where do I pay?", "/language", "/start", f"@{town.telegram.world.bot['username']} chest pain", EMERGENCY):
        town.telegram.forum.writes(ana.person, town.desk, text)
    await town.calm()
    said = [one for one in town.desk.messages[before:] if one["from"]["is_bot"]]
    assert said == [] and rows(town, inbound) == [] and rows(town, chat_group) == []


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_gets_another_id_stays_the_desk_whether_telegram_says_so_or_the_first_call_does(town, told):
    ana = await town.nurse()
    if not told:
        town.telegram.delivery.add, add = (lambda *_: None), town.telegram.delivery.add
    new = town.telegram.world.moves(town.desk)  # as a group does when its topics are switched on
    if not told:
        town.telegram.delivery.add = add
    await town.settled()
    _, case = await town.patient()
    assert case.desk.id == new.id
    await ana.taps("Claim", case)
    assert case.now.claimed_by == "ana" and "Ana has this case" in case.card["text"] and town.connector.state() == "ok"
    town.telegram.forum.leaves(ana.person, new)
    await town.calm()
    assert case.now.claimed_by is None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda chat: setattr(chat, "bot", "member"), "no admin"),
        (lambda chat: setattr(chat, "bot", "kicked"), "not in the staff group"),
        (lambda chat: setattr(chat, "forum", False), "no topics"),
        (lambda chat: chat.rights.discard("can_manage_topics"), "manage topics"),
    ],
)
async def test_a_group_that_cannot_be_used_is_said_by_ready_and_the_nurses_are_told_directly(town, spoil, words):
    await town.nurse()
    spoil(town.desk)
    town.following._groups.look_again()
    anna = await town.person().who_agreed()
    await anna.says(EMERGENCY)
    await town.until(lambda: words in town.connector.state())
    await town.until(lambda: [row for row in rows(town, staff_notice) if row.via == "telegram"])
    assert town.topics() == []
    town.desk.bot, town.desk.forum = "administrator", True
    town.desk.rights.add("can_manage_topics")
    town.telegram.clock.skip(60)
    await town.case()
    assert town.connector.state() == "ok" and len(town.topics()) == 1
