"""One person, two chats: a code, a yes, and from then on one patient; parted again, two."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.database.tables import patient
from bot.languages import LANGUAGES
from tests.linking.conftest import CODE, code_of, count, link, owner

LINK = {"zh-Hans": "绑定", "zh-Hant": "連結", "en": "link", "de": "verbinden", "ar": "ربط"}
UNLINK = {"zh-Hans": "解绑", "zh-Hant": "解除綁定", "en": "unlink", "de": "trennen", "ar": "فك الربط"}


def later(bench, **time: float) -> None:
    """Let time pass without the rounds of the worker, which would tidy up."""
    bench._later += timedelta(**time)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_word_code_and_yes_make_one_patient_and_both_chats_are_told(bench, language):
    phone = await bench.patient(language=language, channel="telegram").who_agreed()
    page = await bench.patient(language=language).who_agreed()
    await phone.says(LINK[language])
    code = CODE.search(phone.transcript())[0]
    await page.says(code)
    page.hears_kind("question")
    assert owner(page) != owner(phone)
    await page.presses(page.phrase("linking.yes"))
    assert owner(page) == owner(phone)
    await phone.listens()
    phone.hears(phone.phrase("linking.linked_elsewhere", other=phone.phrase("linking.channel_webchat")))
    await phone.says(UNLINK[language])
    assert owner(page) != owner(phone)
    await page.listens()
    page.hears(page.phrase("linking.unlinked_elsewhere", other=page.phrase("linking.channel_telegram")))
    assert count(bench, patient) == 2


async def test_three_chats_can_be_one_person_and_one_of_them_can_leave(bench, phone, page):
    wechat = await bench.patient(language="en", channel="wechat").who_agreed()
    await link(phone, page)
    await link(page, wechat)
    assert len({owner(one) for one in (phone, page, wechat)}) == 1
    await page.says("unlink")
    assert owner(phone) == owner(wechat) != owner(page)


async def test_the_code_can_be_typed_in_many_ways(bench, phone):
    for number, write in enumerate(
        (
            lambda code: code.replace("-", ""),
            lambda code: code.replace("-", " "),
            lambda code: f"link {code}",
            lambda code: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in code),
            lambda code: "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in code),
            lambda code: f"\u2066{code}\u2069",
        )
    ):
        page = await bench.patient(language="en").who_agreed()
        await page.says(write(await code_of(phone)))
        page.hears_kind("question")
        assert page.conversation().asked_to_link, number


async def test_without_a_yes_nothing_is_linked_and_the_code_is_used_up(phone, page):
    code = await code_of(phone)
    await page.says(code)
    await page.presses("No, do not link")
    page.hears("nothing was linked")
    await page.says(code)
    page.hears("no such code")
    assert owner(page) != owner(phone)


async def test_another_word_after_the_question_links_nothing_and_a_later_yes_is_no_answer(page, phone):
    await page.says(await code_of(phone))
    await page.says("my ear hurts")
    await page.says("yes")
    page.hears("(yes)")
    assert owner(page) != owner(phone)


async def test_a_yes_in_words_counts(page, phone):
    await page.says(await code_of(phone))
    await page.says("yes")
    assert owner(page) == owner(phone)


async def test_a_code_runs_out_after_ten_minutes_before_and_after_it_was_typed(bench, page, phone):
    code = await code_of(phone)
    later(bench, minutes=11)
    await page.says(code)
    page.hears("no such code")
    await page.says(await code_of(phone))
    later(bench, minutes=11)
    await page.presses("Yes, that is me")
    page.hears("has run out")
    assert owner(page) != owner(phone)


async def test_only_the_newest_code_of_a_chat_works(page, phone):
    old, new = await code_of(phone), await code_of(phone)
    await page.says(old)
    page.hears("no such code")
    await page.says(new)
    page.hears_kind("question")


async def test_one_s_own_code_in_the_same_chat_says_where_it_belongs_and_stays_good(page, phone):
    code = await code_of(phone)
    await phone.says(code)
    phone.hears("for your other chat")
    await page.says(code)
    page.hears_kind("question")


async def test_two_chats_of_one_kind_are_not_linked_since_one_could_not_be_written_to(bench, page, phone):
    other_page = await bench.patient(language="en").who_agreed()
    await other_page.says(await code_of(page))
    other_page.hears("only once")
    await link(phone, page)
    await other_page.says(await code_of(phone))
    other_page.hears("only once")
    assert owner(other_page) != owner(page)


async def test_linking_twice_says_so(page, phone):
    await link(phone, page)
    await page.says(await code_of(phone))
    page.hears("linked already")


async def test_unlink_without_a_link_says_so(page):
    await page.says("unlink")
    page.hears("not linked")


@pytest.mark.parametrize("words", ["link", "unlink", "123412341234"])
async def test_it_works_with_the_assistant_down_and_overtakes(bench, page, words):
    bench.assistant.goes_down()
    await page.says("my ear hurts")
    await page.says(words)
    assert page.latest and "One moment" not in page.transcript()


async def test_the_button_of_the_notice_parts_them_at_once(page, phone):
    await link(phone, page)
    await phone.listens()
    await phone.presses("Unlink")
    assert owner(page) != owner(phone)


async def test_two_who_confirm_at_once_make_no_person_with_two_chats_of_a_kind(bench, phone):
    pages = [await bench.patient(language="en").who_agreed() for _ in range(2)]
    wechat = await bench.patient(language="en", channel="wechat").who_agreed()
    await link(phone, wechat)
    first, second = await code_of(phone), await code_of(wechat)
    await pages[0].says(first)
    await pages[1].says(second)
    await asyncio.gather(*(page.says("yes", wait=False) for page in pages))
    await bench.settled()
    assert sum(owner(page) == owner(phone) for page in pages) == 1


async def test_a_transaction_that_fails_half_way_links_once_and_tells_once(bench, page, phone, monkeypatch):
    from bot.database.engine import DatabaseProblem
    from bot.privacy import audit

    real, calls = audit.record, []

    def dies_once(*arguments, **more):
        calls.append(more["what"])
        if len(calls) == 1:
            raise DatabaseProblem("the line is cut")
        real(*arguments, **more)

    await page.says(await code_of(phone))
    monkeypatch.setattr(audit, "record", dies_once)
    await page.says("yes", wait=False)
    await bench.settled()
    await bench.passes(seconds=3)
    for one, words in ((page, "now belong to one person"), (phone, "was just used")):
        await one.listens()
        assert sum(words in item.content["text"] for item in one.heard) == 1
    assert owner(page) == owner(phone) and calls == ["linked two chats"] * 2
