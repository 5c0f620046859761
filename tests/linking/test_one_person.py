"""What it means that two chats belong to one person: erasing, export, consent, alarms, nurses, retention."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.database.tables import consent, conversation, identity, inbound, link_code, metadata, outbound, tracker_event
from bot.linking.merge import others
from bot.privacy.consent import record
from bot.privacy.erase import erase_old
from bot.privacy.export import export
from tests.linking.conftest import code_of, count, link, owner


async def test_a_consent_that_ended_in_between_links_nothing(bench, page, phone):
    await page.says(await code_of(phone))
    with bench.database.write() as work:
        decision = {"channel": "telegram", "language": "en", "now": bench.now()}
        record(work, owner(phone), "refused", **decision)
    await page.says("yes")
    page.hears("has run out")
    assert owner(page) != owner(phone)


async def test_who_took_consent_back_can_still_unlink(page, phone):
    await link(phone, page)
    await page.says("withdraw my consent")
    await page.says("unlink")
    page.hears("They are parted")
    assert owner(page) != owner(phone)


async def test_the_words_of_one_chat_are_never_shown_in_the_other(page, phone):
    await phone.says("my secret ear hurts")
    await link(phone, page)
    await page.says("what do you know about me")
    page.hears("Telegram")
    assert "secret" not in "".join(item.content["text"] for item in page.heard)


async def test_erasing_in_one_chat_says_so_and_erases_both(bench, page, phone):
    await phone.says("my ear hurts")
    await link(phone, page)
    await page.says("delete my data")
    page.hears("is deleted with it: Telegram")
    await page.presses("Yes, delete everything")
    page.hears("has been deleted")
    left = {table.name: count(bench, table) for table in metadata.tables.values()}
    own = {name: number for name, number in left.items() if number and name not in ("alembic_version", "audit")}
    assert own == {"patient": 1, "identity": 1, "conversation": 1, "outbound": 1}
    await phone.says("hello")
    assert phone.conversation().id not in (page.conversation().id,) and owner(phone) != owner(page)


async def test_what_the_assistant_stores_of_the_other_chat_while_it_is_erased_is_removed(bench, page, phone, until):
    await link(phone, page)
    bench.assistant.holds()
    await phone.says("my ear hurts", wait=False)
    await until(lambda: bench.assistant.turns[-1].text == "my ear hurts")
    erased = phone.conversation().id
    await page.says("delete my data", wait=False)
    await until(lambda: page.conversation().asked_to_erase)
    await page.says("yes", wait=False)
    await until(lambda: not count(bench, conversation, conversation.c.id == erased))
    row = {"conversation_id": erased, "session_started": False, "created_at": bench.now()}
    with bench.database.write() as work:  # as Rasa does at the end of its turn
        work.execute(tracker_event.insert().values(**row, sealed=work.cipher.seal([])))
    bench.assistant.lets_go()
    await bench.settled()
    await until(lambda: not count(bench, tracker_event))


async def test_after_unlinking_erasing_leaves_the_other_chat_alone(bench, page, phone):
    await phone.says("my ear hurts")
    await link(phone, page)
    await phone.says("unlink")
    phone.hears("stays in the chat where you wrote it")
    await page.says("delete my data")
    page.hears_not("deleted with it")
    await page.presses("Yes, delete everything")
    assert count(bench, inbound, inbound.c.conversation_id == phone.conversation().id) > 3


async def test_the_export_of_either_shows_both(bench, page, phone):
    await phone.says("my ear hurts")
    await page.says("my foot hurts")
    await link(phone, page)
    with bench.database.read() as work:
        data = export(work, owner(page))
    assert {"my ear hurts", "my foot hurts"} <= {row["content"]["text"] for row in data["inbound"] if row["content"]}
    assert {row["channel"] for row in data["identity"]} == {"telegram", "webchat"}


async def test_one_person_has_one_open_case_wherever_they_write(bench, page, phone):
    await phone.says("nurse")
    await link(phone, page)
    await page.says("nurse")
    with bench.database.read() as work:
        (other,) = others(work, page.conversation())
    assert other.channel == "telegram"
    # It is where they wrote last: what a nurse replies arrives there.
    assert [case.conversation_id for case in bench.cases()] == [page.conversation().id] and other.case_id is None


async def test_two_open_cases_become_the_earlier_one_when_their_chats_are_linked(bench, page, phone):
    await phone.says("nurse")
    await page.says("nurse")
    first = min(case.id for case in bench.cases())
    await link(phone, page)
    assert [case.id for case in bench.cases()] == [first]


async def test_two_people_have_a_case_each(bench, page, phone):
    await phone.says("nurse")
    await page.says("nurse")
    with bench.database.read() as work:
        assert not others(work, page.conversation())
    assert len(bench.cases()) == 2


async def test_the_nurse_s_command_shows_the_words_of_both_chats_and_the_place(bench, page, phone, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from bot.__main__ import app
    from bot.scenes.codes import code_of as scene_code

    scene = bench.services.content.current().scenes.by_id["CARD"]
    await phone.says("my ear hurts")
    await link(phone, page)
    await page.says("", kind="scan", scene=scene_code(bench.database.cipher, scene))
    await page.says("nurse")
    (case,) = bench.cases()
    monkeypatch.setattr("bot.commands.cases.open_database", lambda: bench.database)
    shown = CliRunner().invoke(app, ["cases", "show", str(case.id), "--as", "Li"])
    assert shown.exit_code == 0, shown.output
    assert "The same person in telegram, case none" in shown.output
    assert "my ear hurts" in shown.output and '"scene": "CARD"' in shown.output


async def test_a_yes_to_storing_counts_only_where_it_was_said(bench, phone):
    code = await code_of(phone)
    page = bench.patient(language="en")
    await page.says(code)  # held until there is a yes to storing
    page.hears_kind("consent")
    assert owner(page) != owner(phone)
    await page.presses("I agree")
    page.hears_kind("question")


async def test_who_has_not_agreed_gets_no_code(bench):
    stranger = bench.patient(language="en", channel="telegram")
    await stranger.says("link")
    stranger.hears_kind("consent")
    assert not count(bench, link_code)


async def test_taking_consent_back_in_one_chat_holds_in_both_and_a_new_yes_only_where_it_is_said(bench, page, phone):
    await phone.says("my ear hurts")
    await link(phone, page)
    await page.says("withdraw my consent")
    page.hears("also holds for", "Telegram")
    assert not count(bench, inbound, inbound.c.sealed.isnot(None))
    await page.says("I agree")
    await page.presses("I agree")
    await page.says("my foot hurts")
    page.hears("(my foot hurts)")
    await phone.says("my ear still hurts")
    phone.hears("I keep nothing")


async def test_a_code_of_somebody_who_took_consent_back_is_dead(bench, page, phone):
    code = await code_of(phone)
    await phone.says("withdraw my consent")
    await page.says(code)
    page.hears("no such code")


async def test_an_alarm_in_one_chat_counts_in_the_other(page, phone):
    await link(phone, page)
    await phone.says("crushing chest pain and cold sweat")
    assert page.conversation().level_floor == phone.conversation().level_floor == "E1"


async def test_an_alarm_before_linking_counts_in_both_after_it(page, phone):
    await phone.says("crushing chest pain and cold sweat")
    await link(phone, page)
    assert page.conversation().level_floor == "E1"


async def test_an_alarm_of_a_stranger_counts_for_nobody_else(page, phone):
    await phone.says("crushing chest pain and cold sweat")
    assert page.conversation().level_floor == "INFO"


@pytest.mark.parametrize(
    "words", ["{code} crushing chest pain and cold sweat", "link, I have crushing chest pain and cold sweat"]
)
async def test_a_red_flag_beside_a_code_or_the_word_alarms_all_the_same(bench, page, phone, words):
    await page.says(words.format(code=await code_of(phone)))
    page.hears_kind("emergency", "answer")
    assert bench.cases()


async def test_what_was_learned_of_the_person_is_forgotten_when_it_cannot_be_said_whose_it_is(bench, page, phone):
    from bot.database.tables import profile

    with bench.database.write() as work:
        row = {"patient_id": owner(phone), "at": bench.now(), "sealed": work.cipher.seal({"age": 40})}
        work.execute(profile.insert().values(**row))
    await link(phone, page)
    assert count(bench, profile, profile.c.patient_id == owner(page)) == 1
    await page.says("unlink")
    assert count(bench, profile) == 0


async def test_the_retention_of_one_chat_takes_its_address_and_consent_along_and_leaves_the_other(bench, page, phone):
    await link(phone, page)
    await bench.passes(days=100)
    await page.says("hello")
    with bench.database.write() as work:
        erase_old(work, now=bench.now(), days=50)
    assert count(bench, conversation) == count(bench, identity) == 1
    assert count(bench, consent, consent.c.channel == "telegram") == 0
    await page.says("my foot hurts")
    page.hears("(my foot hurts)")


async def test_an_answer_after_linking_goes_to_the_chat_where_it_was_asked(bench, page, phone):
    await link(phone, page)
    await phone.listens()
    await phone.says("my ear hurts")
    phone.hears("(my ear hurts)")
    await page.listens()
    page.hears_nothing()


async def test_a_nurse_s_question_is_not_answered_by_linking(bench, page, phone):
    await page.says("nurse")
    await page.says(await code_of(phone))
    await bench.nurse("Li").replies(page, "Do you have a fever?")
    await page.says("yes")
    assert owner(page) != owner(phone)


async def test_neither_code_nor_platform_id_stands_at_rest_in_the_clear(bench, page, phone):
    code = await code_of(phone)
    with bench.database.read() as work:
        rows = [repr(row) for table in metadata.tables.values() for row in work.execute(sa.select(table))]
        said = [work.cipher.unseal(sealed)["text"] for sealed in work.execute(sa.select(outbound.c.sealed)).scalars()]
    assert not any(code in row or code.replace("-", "") in row for row in rows)
    assert any(code in text for text in said)
