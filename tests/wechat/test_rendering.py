"""What WeChat shows: never too long, never without its disclaimer, never invalid, and a choice can be typed or tapped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import LANGUAGES
from bot.messages import Button, Reply
from bot.outbox.compose import compose, compose_from_nurse
from bot.outbox.waiting import Waiting
from connectors.right_to_left import plain
from connectors.splitting import length_in
from connectors.wechat.door import Door
from connectors.wechat.rendering import LIMIT, Look, Style, choice_of, fill, parts_of, with_line
from tests.conversations.bench import content_source
from tests.wechat.kit import AES_KEY, openid, read_reply, request
from tests.wechat.kit import settings as wechat_settings

AT = datetime(2027, 1, 1, tzinfo=timezone.utc)
PHRASES = content_source().current().phrases
size = length_in("utf8")
NASTY = st.text(max_size=3000) | st.text(alphabet="]>a<&\x00\x0b\ud800\u202e👩‍⚕️痛م \n", max_size=3000)


def message(
    number: int, text: str, language="en", *titles: str, first: bool = False, arrived: str = "", parked: bool = False
) -> Waiting:
    buttons = tuple(Button(title, f"p{at}") for at, title in enumerate(titles))
    content = compose(Reply(text, buttons=buttons), language, phrases=PHRASES, first=first).content()
    return Waiting(number, 2, "bot", parked, AT, content, arrived)


def style(hint: str = "wechat.more", *, links: bool = True, earlier: tuple[int, ...] = ()) -> Style:
    return Style(Look(links), PHRASES, hint=hint, earlier=frozenset(earlier))


@given(text=NASTY, language=st.sampled_from(LANGUAGES), titles=st.lists(st.text(min_size=1, max_size=80), max_size=6))
@settings(max_examples=60)
def test_no_text_makes_a_part_too_long_or_without_its_disclaimer(text, language, titles):
    parts = parts_of(message(5, text, language, *titles).content, 5, look=Look())
    note = plain(PHRASES.get("disclaimer.short", language))

    assert parts and all(size(part.text) <= LIMIT and plain(part.text).endswith(note) for part in parts)


@given(texts=st.lists(NASTY, min_size=1, max_size=5), language=st.sampled_from(LANGUAGES))
@settings(max_examples=40)
def test_whatever_waits_is_shown_in_answers_that_fit_once_and_in_order(texts, language):
    left = [message(at, text, language) for at, text in enumerate(texts, start=1)]
    shown: list[tuple[int, int]] = []
    for _ in range(60):
        filled = fill(left, style())
        assert size(filled.text) <= LIMIT and filled.taken
        assert plain(filled.text).endswith(plain(PHRASES.get("disclaimer.short", language)))
        shown += [(one.id, one.arrived) for one in filled.taken]
        done = {one.id for one in filled.taken if one.whole}
        marks = {one.id: one.mark for one in filled.taken}
        left = [
            message(one.id, texts[one.id - 1], language, arrived=marks.get(one.id, one.arrived))
            for one in left
            if one.id not in done
        ]
        if not left:
            break

    assert not left and shown == sorted(shown)


@given(text=NASTY)
@settings(max_examples=60)
def test_no_text_makes_an_invalid_reply(text, tmp_path_factory):
    door = Door(wechat_settings(tmp_path_factory.getbasetemp()), lambda: datetime.now(timezone.utc))
    asked = request("<xml><a>1</a></xml>")
    heard = door.open(asked)
    filled = fill([message(1, text)], style())
    body = door.answer(heard, filled.text, to=openid(), account="gh_1")

    ET.fromstring(body)
    assert read_reply(body, asked.query, key=AES_KEY)["ToUserName"] == openid()


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_are_numbered_and_each_says_how_many_there_are(language):
    parts = parts_of(message(1, "词语" * 900, language).content, 1, look=Look())

    assert [re.search(r"\((\d+)/(\d+)\)", plain(part.body))[0] for part in parts] == [
        f"({at}/{len(parts)})" for at in range(1, len(parts) + 1)
    ]
    assert len(parts) > 1


def test_a_short_text_has_no_number():
    (part,) = parts_of(message(1, "short").content, 1, look=Look())

    assert "(1/1)" not in part.body


def test_choices_are_numbered_and_a_tap_leads_to_the_same_choice():
    (part,) = parts_of(message(77, "Since when?", "en", "Today", "Longer").content, 77, look=Look())

    assert ">1. Today</a>" in part.body and ">2. Longer</a>" in part.body
    found = [choice_of(int(number)) for number in re.findall(r"msgmenuid=(\d+)", part.body)]
    assert found == [(77, 0), (77, 1)]


def test_without_links_choices_are_numbered_all_the_same():
    (part,) = parts_of(message(77, "Since when?", "en", "Today").content, 77, look=Look(links=False))

    assert part.body.endswith("1. Today") and "<a" not in part.body


def test_a_title_that_could_break_a_link_stands_without_one():
    (part,) = parts_of(message(1, "?", "en", 'a"></a>').content, 1, look=Look())

    assert "<a" not in part.body


def test_no_link_is_torn_by_a_cut():
    titles = [f"Choice number {at} with a rather long title" for at in range(12)]
    parts = parts_of(message(1, "word " * 330, "en", *titles).content, 1, look=Look())

    assert all(part.body.count("<a ") == part.body.count("</a>") for part in parts)


def test_of_two_lists_only_the_latest_has_numbers():
    filled = fill([message(1, "A", "en", "Nurse"), message(2, "B", "en", "Yes", "No")], style())

    assert "· Nurse" in filled.text and "1. Yes" in filled.text and "1. Nurse" not in filled.text


def test_one_disclaimer_stands_for_several_messages_of_the_bot_and_a_nurse_keeps_her_label():
    nurse = compose_from_nurse("Come at nine.", "en", name="Li", phrases=PHRASES).content()
    filled = fill([message(1, "A"), message(2, "B"), Waiting(3, 1, "nurse", False, AT, nurse)], style())

    assert filled.text.count("not a doctor") == 1 and "Nurse Li" in filled.text


def test_the_full_disclaimer_of_a_first_contact_is_not_swallowed_by_a_short_one():
    filled = fill([message(1, "A", first=True), message(2, "B")], style())

    assert PHRASES.get("disclaimer.full", "en") in filled.text


def test_what_does_not_fit_is_announced_only_where_it_does_not_come_by_itself():
    long = [message(1, "word " * 300), message(2, "word " * 300)]

    assert PHRASES.get("wechat.more", "en") in fill(long, style()).text
    assert PHRASES.get("wechat.more", "en") not in fill(long, style(hint="")).text


def test_what_was_held_back_long_ago_is_announced_as_from_before_and_new_words_are_not():
    filled = fill([message(1, "old", parked=True), message(2, "new")], style(earlier=(1,)))

    assert (
        filled.text.startswith(PHRASES.get("wechat.earlier", "en"))
        and filled.text.count(PHRASES.get("wechat.earlier", "en")) == 1
    )


def test_a_line_more_stands_above_the_disclaimer_and_only_if_it_fits():
    text = "body\nnote"

    assert with_line(text, "more") == "body\nmore\nnote" and with_line(text, "x" * 3000) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_keep_the_room_that_is_left_for_them(language):
    assert size(plain(PHRASES.get("wechat.more", language))) <= 60 and size(PHRASES.get("wechat.earlier", language)) <= 60
    assert len(PHRASES.get("wechat.notice", language)) <= 20
    assert all(size(PHRASES.get(f"wechat.menu_{key}", language)) <= 16 for key in ("department", "faq", "nurse"))
