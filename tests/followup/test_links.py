"""The link or the code of a plan: opened, the person is asked; of a letter only one person; nobody else makes or reads a code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import conversation, plan_enrolment
from bot.followup.links import VALID, Link, code_of, link_of, nonce_of
from bot.privacy import consent
from bot.privacy.encryption import Cipher, new_key
from bot.scenes.codes import code_in
from bot.scenes.codes import code_of as place_code
from tests import contents
from tests.conversations.bench import Bench
from tests.telegram.town import Town

CIPHER = Cipher([new_key()], "lookup")
DAY = date(2026, 3, 4)


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def plans():
    return contents.content_source().current().followup.plans


def code(bench, plan="hypertension", *, day=None, letter="", issued=None):
    cipher = bench.database.cipher
    nonce = nonce_of(cipher, "test", letter) if letter else ""
    return code_of(cipher, Link(plan, issued or bench.now().date(), day, nonce))


async def opens(someone, code):
    await someone.says("", kind="scan", scene=code_in(code))


def enrolled(bench):
    with bench.database.read() as work:
        columns = (plan_enrolment.c.plan, plan_enrolment.c.state, plan_enrolment.c.anchor, plan_enrolment.c.enrolled_by)
        return [tuple(row) for row in work.execute(sa.select(*columns).order_by(plan_enrolment.c.id))]


@pytest.mark.parametrize("plan", ["hypertension", "vaccination"])
@pytest.mark.parametrize("day", [None, DAY])
@pytest.mark.parametrize("nonce", ["", "00000001", "ffffffff"])
def test_a_code_says_what_it_was_made_of_and_fits_every_platform(plans, plan, day, nonce):
    link = Link(plan, DAY, day, nonce)
    made = code_of(CIPHER, link)

    assert link_of(CIPHER, made, plans) == link
    assert code_in(made) == made and len(made) <= 32


def test_a_code_of_another_installation_or_with_one_letter_changed_says_nothing(plans):
    made = code_of(CIPHER, Link("hypertension", DAY))

    assert link_of(Cipher([new_key()], "another"), made, plans) is None
    for place in range(2, len(made) - 1):  # of the last letter one bit means nothing
        changed = made[:place] + ("a" if made[place] != "a" else "b") + made[place + 1 :]
        assert link_of(CIPHER, changed, plans) is None


def test_nobody_reads_from_codes_that_they_are_of_the_same_plan_and_day(plans):
    one, other = (code_of(CIPHER, Link("hypertension", DAY, DAY, nonce)) for nonce in ("00000001", "00000002"))

    assert sum(a == b for a, b in zip(one[2:], other[2:], strict=True)) < 10


def test_the_letter_of_somebody_is_the_same_when_it_is_made_again():
    assert nonce_of(CIPHER, "records", "patient-1") == nonce_of(CIPHER, "records", "patient-1")
    assert nonce_of(CIPHER, "records", "patient-1") != nonce_of(CIPHER, "records", "patient-2")


@pytest.mark.parametrize("text", ["", "s_aaaaaaaaaaaaaaaa", "e_", "e_" + "1" * 29, "e_" + "a" * 29, "e_" + "a" * 30])
def test_what_is_no_code_says_nothing(plans, text):
    assert link_of(CIPHER, text, plans) is None


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "de", "ar"])
async def test_who_is_new_agrees_to_be_written_to_first_and_is_then_asked_about_the_plan(bench, language):
    someone = bench.patient(language=language)
    await opens(someone, code(bench, day=DAY))
    someone.hears(someone.phrase("followup.link_first"))
    assert enrolled(bench) == []

    await someone.presses_payload(consent.YES)
    someone.hears(bench.services.content.current().followup.plans.by_id["hypertension"].consent[language])
    assert [row[:2] for row in enrolled(bench)] == [("hypertension", "asked")]


async def test_a_poster_is_for_everybody_and_counts_from_the_day_of_the_scan(bench):
    made = code(bench)
    for _ in range(2):
        await opens(await bench.patient(language="en").who_agreed(), made)

    day = bench.now().astimezone().date()
    assert [(plan, state, by) for plan, state, _, by in enrolled(bench)] == [("hypertension", "asked", "link")] * 2
    assert all(abs(anchor - day) <= timedelta(days=1) for _, _, anchor, _ in enrolled(bench))


async def test_a_letter_is_for_one_person(bench):
    made, first = code(bench, day=bench.now().date(), letter="one"), await bench.patient(language="en").who_agreed()
    await opens(first, made)
    second = await bench.patient(language="en").who_agreed()
    await opens(second, made)

    second.hears("This link was used before")
    assert len(enrolled(bench)) == 1


async def test_who_opens_their_letter_again_is_asked_again_and_after_their_yes_told_that_they_have_it(bench):
    made, someone = code(bench, day=bench.now().date(), letter="one"), await bench.patient(language="en").who_agreed()
    await opens(someone, made)
    await opens(someone, made)
    someone.hears("Is that all right with you?")
    with bench.database.write() as work:
        work.execute(sa.update(plan_enrolment).values(state="active"))
    await opens(someone, made)

    someone.hears("You have this already")
    assert len(enrolled(bench)) == 1


async def test_a_letter_ends_and_a_poster_does_not(bench):
    long_ago = bench.now().date() - VALID - timedelta(days=2)
    someone = await bench.patient(language="en").who_agreed()
    await opens(someone, code(bench, day=long_ago, letter="one", issued=long_ago))
    someone.hears("This link is too old")
    await opens(someone, code(bench, issued=long_ago))
    someone.hears("Is that all right with you?")


async def test_a_code_that_somebody_made_up_is_a_plain_welcome(bench):
    someone = await bench.patient(language="en").who_agreed()
    await opens(someone, "e_" + "a" * 29)

    someone.hears("Hello!")
    assert enrolled(bench) == []


async def test_the_place_whose_poster_led_here_is_still_known_after_a_plans_link(bench):
    someone = await bench.patient(language="en").who_agreed()
    place = place_code(bench.database.cipher, bench.services.content.current().scenes.by_id["CARD"])
    await opens(someone, place)
    await opens(someone, code(bench))

    with bench.database.read() as work:
        assert work.execute(sa.select(conversation.c.scene)).scalar() == place


async def test_telegram_s_link_offers_the_plan_and_the_yes_begins_it(tmp_path, plans):
    async with Town(tmp_path) as town:
        anna = town.person("Anna", "de")
        await anna.starts(code_of(CIPHER, Link("hypertension", date.today(), nonce="00000001")))
        anna.hears("einen Link des Krankenhauses geöffnet", "Sind Sie einverstanden?")
        await anna.presses("Einverstanden")
        anna.hears(plans.by_id["hypertension"].consent["de"])
        await anna.presses("Ja, gern")
        anna.hears("Ich melde mich das nächste Mal")
        assert not town.assistant.turns
