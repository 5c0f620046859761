"""Pages to the staff in their private chat with the bot: content-free, only while on duty, and another way where this one is shut."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database.tables import staff_notice
from bot.duty.notices import About, add
from tests.handoff.duty_kit import Hospital
from tests.telegram.town import Someone, Town, until

ALARM = "I have crushing chest pain and I cannot breathe"


def joined(town: Town, nurse: Someone, handle: str = "ana", **more: object) -> Hospital:
    """Let somebody of the staff have linked their Telegram account."""
    hospital = Hospital(town.database, town.services.content.current(), town.now())
    hospital.staff(handle, telegram=str(nurse.person.id), **more)
    return hospital


def states(town: Town) -> list[tuple[str, str]]:
    query = (
        sa.select(staff_notice.c.via, staff_notice.c.state).where(staff_notice.c.staff_id.isnot(None)).order_by(staff_notice.c.id)
    )
    with town.database.read() as work:
        return [(row.via, row.state) for row in work.execute(query)]


async def test_the_nurse_on_duty_is_paged_in_her_language_and_reads_nothing_about_the_patient(town):
    nurse = town.person("Ana", "de")
    await nurse.starts()
    joined(town, nurse, language="de", email="")
    anna = await town.person("Zebramarker").who_agreed()
    await anna.says(ALARM)
    await until(lambda: any("dringender Fall" in text for text in nurse.heard()))
    page = next(text for text in nurse.heard() if "dringender Fall" in text)
    for secret in ("chest", "breathe", "Zebramarker", str(anna.person.id), anna.conversation().id):
        assert secret not in page
    await until(lambda: states(town)[:1] == [("telegram", "sent")])


async def test_who_is_off_duty_is_not_written_to(town):
    nurse, lead = town.person("Ana"), town.person("Li")
    await nurse.starts()
    await lead.starts()
    joined(town, nurse, duty="off")
    joined(town, lead, "lead", role="lead", duty="off")
    before = len(nurse.heard())
    anna = await town.person().who_agreed()
    await anna.says(ALARM)
    await until(lambda: any("no nurse on duty takes it" in text for text in lead.heard()))
    assert len(nurse.heard()) == before


async def test_where_telegram_does_not_lead_to_the_person_an_e_mail_goes_instead(town):
    nurse = town.person("Ana")
    await nurse.starts()
    town.telegram.world.blocks(nurse.person)
    hospital = joined(town, nurse)
    town.services.settings = town.services.settings.copy(update={"smtp_host": "localhost"})
    with town.database.write() as work:
        add(work, "k", About(), via="telegram", what="empty", now=town.now(), staff_id=hospital.ids["ana"])
    await until(lambda: states(town) == [("telegram", "dead"), ("email", "pending")])


async def test_a_page_that_was_stored_by_a_gateway_that_died_is_sent_by_the_next(town):
    nurse = town.person("Ana")
    await nurse.starts()
    hospital = joined(town, nurse)
    with town.database.write() as work:
        add(work, "k", About(), via="telegram", what="empty", now=town.now(), staff_id=hospital.ids["ana"])
    await until(lambda: any("nobody on duty" in text for text in nurse.heard()))
    await until(lambda: states(town) == [("telegram", "sent")])
