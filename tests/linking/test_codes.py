"""Codes: read in many ways, guessed in none."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import utc_now
from bot.languages import LANGUAGES
from bot.linking import rows
from bot.linking.codes import code_in, new_code
from bot.privacy.words import read_command
from bot.triage.safety import check
from tests.conversations.bench import content_source
from tests.linking.conftest import CODE, code_of, owner


@pytest.fixture
def database_url():
    """The rules here are the same on each database; what rows do is tried on both in test_linking.py."""
    return ""


def test_a_code_is_twelve_digits_of_chance():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000 and all(len(code_in(code) or "") == 12 for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


@given(st.text(max_size=100))
def test_other_words_are_no_code(text):
    if code_in(text) is not None:
        assert sum(c.isdecimal() for c in text) == 12


@pytest.mark.parametrize(
    "text",
    [
        "12341234123",
        "1234123412341",
        "my code is 1234-1234-1234",
        "1234 1234 1234 and fever",
        "",
        "abcd",
        "120/80 mmHg",
        "1" * 200,
    ],
)
def test_what_is_not_exactly_a_code_is_none(text):
    assert code_in(text) is None


@pytest.mark.parametrize("text", ["/link，1234-1234-1234", "绑定：1234 1234 1234。", "link 123412341234", "ربط، 1234 1234 1234"])
def test_signs_between_the_word_and_the_code_do_not_matter(text):
    assert code_in(text) == "123412341234"


def test_a_code_never_reads_as_an_emergency():
    tables = content_source().current().triage
    assert not any(check(new_code(), language, tables=tables).alarm for language in ("en", "zh-Hans", "ar") for _ in range(100))


@pytest.mark.parametrize(
    "text", ["link", "Link my accounts", "请绑定", "绑定微信", "連結帳號", "Chats verbinden", "ربط الحسابات", "/link"]
)
def test_the_word_is_read_in_every_language(text):
    assert read_command(text).what == "link"


@pytest.mark.parametrize("text", ["unlink", "/unlink", "取消绑定", "解除連結", "Verbindung trennen", "فك الربط", "إلغاء الربط"])
def test_the_word_that_parts_is_read_in_every_language(text):
    assert read_command(text).what == "unlink"


@pytest.mark.parametrize(
    "text",
    [
        "is there a link between flu and asthma",
        "die Wunde verbinden",
        "my wound was verbunden",
        "我的伤口要绑定吗",
        "der Arzt soll mich verbinden mit der Station",
        "أشعر بربط في بطني",
    ],
)
def test_the_word_within_a_sentence_is_none(text):
    command = read_command(text)
    assert command is None or command.what not in ("link", "unlink")


async def test_after_five_wrong_codes_a_person_waits_also_with_the_right_one(bench, page, phone):
    code = await code_of(phone)
    for left in (4, 3, 2, 1, 0):
        await page.says("000000000000" if left else "999999999999")
        page.hears(f"Tries left: {left}")
    await page.says(code)
    page.hears("too many wrong codes")
    await bench.passes(minutes=61)
    await page.says(await code_of(phone))
    page.hears_kind("question")


async def test_wrong_codes_of_one_person_do_not_stop_another(bench, page, phone):
    stranger = await bench.patient(language="en").who_agreed()
    for _ in range(6):
        await stranger.says("000000000000")
    await page.says(await code_of(phone))
    page.hears_kind("question")


async def test_who_opens_chats_to_guess_stops_all_guessing_and_erasing_gives_no_new_tries(bench, page, phone, monkeypatch):
    monkeypatch.setattr(rows, "TRIES_OF_ALL", 6)
    code = await code_of(phone)
    for _ in range(2):
        stranger = await bench.patient(language="en").who_agreed()
        for _ in range(3):
            await stranger.says("000000000000")
        await stranger.says("delete my data")
        await stranger.says("yes")
    await page.says(code)
    page.hears("too many wrong codes")
    await bench.passes(minutes=11)
    await page.says(await code_of(phone))
    page.hears_kind("question")


async def test_a_code_is_taken_by_the_first_who_types_it(bench, page, phone):
    thief = await bench.patient(language="en").who_agreed()
    code = await code_of(phone)
    await page.says(code)
    await thief.says(code)
    thief.hears("no such code")
    await thief.presses_payload("link:yes")
    assert owner(thief) != owner(phone)
    await page.presses("Yes, that is me")
    assert owner(page) == owner(phone)


async def test_a_made_up_yes_links_nothing(page, phone):
    await code_of(phone)
    await page.presses_payload("link:yes")
    assert owner(page) != owner(phone)


async def test_the_same_messages_twice_do_the_same_once(page, phone):
    await phone.says("link", external_id="a-1")
    first = phone.transcript()
    await phone.says("link", external_id="a-1")
    phone.hears_nothing()
    code = CODE.search(first)[0]
    for _ in range(2):
        await page.says(code, external_id="b-1")
    page.hears_nothing()
    for _ in range(2):
        await page.says("yes", external_id="b-2")
    page.hears_nothing()
    assert owner(page) == owner(phone)
    await phone.listens()
    assert sum("was just used" in item.content["text"] for item in phone.heard) == 1


async def test_a_code_replayed_after_linking_and_parting_gives_nothing(page, phone, bench):
    code = await code_of(phone)
    await page.says(code)
    await page.says("yes")
    await phone.says("unlink")
    thief = await bench.patient(language="en").who_agreed()
    for one in (thief, page):
        await one.says(code)
        one.hears("no such code")
    assert len({owner(one) for one in (thief, page, phone)}) == 3


async def test_no_code_is_in_a_log(bench, page, phone, caplog):
    caplog.set_level(logging.DEBUG)
    code = await code_of(phone)
    await page.says(code)
    await page.says("yes")
    await page.says("111122223333")
    plain = code.replace("-", "")
    assert not any(part in caplog.text for part in (code, plain, "111122223333"))


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["anna", "bert", "carl"]), st.sampled_from(["old", "guess", "yes", "yes:button", "unlink", "stranger"])
    ),
    max_size=25,
)


@settings(max_examples=8)
@given(moves=MOVES, numbers=st.lists(st.integers(0, 10**12 - 1), min_size=25, max_size=25))
def test_no_sequence_of_codes_of_others_makes_anybody_the_victim(tmp_path_factory, moves, numbers):
    """The victim links two chats of their own. Whatever three others type, before and after, they stay others."""
    from tests.conversations.bench import Bench

    async def run() -> None:
        async with Bench(tmp_path_factory.mktemp("people")) as bench:
            victim = await bench.patient(language="en", channel="telegram").who_agreed()
            own = await bench.patient(language="en", channel="wechat").who_agreed()
            others = {name: await bench.patient(language="en").who_agreed() for name in ("anna", "bert", "carl")}
            used = await code_of(victim)
            await own.says(used)
            await own.says("yes")
            for (name, move), number in zip(moves, numbers, strict=False):
                who = others[name]
                if move == "stranger":
                    await who.says(await code_of(others["anna"]))
                elif move == "yes:button":
                    await who.presses_payload("link:yes")
                else:
                    await who.says({"old": used, "guess": f"{number:012}", "yes": "yes", "unlink": "unlink"}[move])
            assert owner(victim) == owner(own)
            assert all(owner(one) != owner(victim) for one in others.values())

    asyncio.run(run())


def test_codes_and_tries_that_are_too_old_are_removed(database):
    import sqlalchemy as sa

    from bot.database.tables import link_code, link_try
    from bot.inbox import conversations
    from bot.inbox.conversations import Defaults
    from bot.messages import Inbound

    now = utc_now()
    with database.write() as work:
        made = conversations.create(
            work, Inbound("webchat", "1", "someone", "hi", now), language="en", defaults=Defaults("en", "CN"), now=now
        )
        rows.give(work, made, now=now)
        rows.was_wrong(work, made.patient_id, now=now)
        rows.tidy(work, now=now)
        assert work.execute(sa.select(sa.func.count()).select_from(link_code)).scalar() == 1
        rows.tidy(work, now=now + rows.PAUSE)
        assert work.execute(sa.select(sa.func.count()).select_from(link_code)).scalar() == 0
        assert work.execute(sa.select(sa.func.count()).select_from(link_try)).scalar() == 0


QUOTED = re.compile(r"“([^”]+)”|「([^」]+)」|„([^“]+)“|«([^»]+)»")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", ["linking", "scenes"])
def test_every_word_that_a_text_tells_people_to_write_is_understood(pack, language):
    texts = {key: by[language] for key, by in content_source().current().phrases.texts.items() if key.startswith(f"{pack}.")}
    words = {word for text in texts.values() for found in QUOTED.findall(text) for word in found if word}
    answers = {"zh": {"是", "不"}}.get(language[:2], set())  # of buttons, quoted in the question
    said = {word: read_command(word) for word in words - answers}
    assert said and all(said.values()), said
    if pack == "linking":
        assert {command.what for command in said.values() if command} == {"link", "unlink", "erase"}
