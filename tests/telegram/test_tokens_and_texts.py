"""Buttons and links that nobody can forge, and texts as Telegram shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import utc_now
from bot.database.tables import used_token
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.languages import LANGUAGES
from bot.messages import Button, Inbound, Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from connectors.right_to_left import plain
from connectors.telegram.language import hinted
from connectors.telegram.rendering import LIMIT, parts_of, title_of
from connectors.telegram.tokens import START_LASTS, Pressed, button_token, pressed, start_token, use_start

NOW = utc_now()


@pytest.fixture
def asked(database, phrases):
    """Two conversations, each with a question of two buttons; returns [(conversation, outbound id)]."""

    def ask(work, name):
        made = conversations.create(
            work, Inbound("telegram", name, name, "x", NOW), language="en", defaults=Defaults("en", "CN"), now=NOW
        )
        reply = Reply("?", "question", (Button("Yes", "a:1"), Button("No", "a:2")))
        message = compose(reply, "en", phrases=phrases)
        return made.id, enqueue(work, Place(made.id, "telegram"), message, dedupe_key=name, now=NOW)

    with database.write() as work:
        return [ask(work, name) for name in ("one", "two")]


def test_a_button_means_what_was_asked_to_its_own_conversation_only(database, asked):
    (one, number), (two, _) = asked
    token = button_token(database.cipher, one, number, 1)
    with database.read() as work:
        assert pressed(work, one, token) == Pressed("No", "a:2") and pressed(work, two, token) is None


def test_a_button_has_no_word_in_it_and_fits(database, asked):
    (one, number), _ = asked
    token = button_token(database.cipher, one, number, 0)
    assert len(token.encode()) <= 64 and "a:1" not in token and button_token(database.cipher, one, 2**60, 255)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "A", lambda t: "B" + t[1:], lambda t: t + "=", lambda t: "", lambda t: t[:8]]
)
def test_a_changed_button_means_nothing(database, asked, change):
    (one, number), _ = asked
    token = button_token(database.cipher, one, number, 0)
    with database.read() as work:
        assert change(token) == token or pressed(work, one, change(token)) is None


def test_a_link_works_once_for_a_day_and_says_only_which_group(database):
    token = start_token(database.cipher, 7, now=NOW)
    assert len(token) <= 64 and token.replace("-", "").replace("_", "").isalnum()
    with database.write() as work:
        assert use_start(work, token, now=NOW) == 7 and use_start(work, token, now=NOW) is None


@pytest.mark.parametrize("payload", ["", "g_", "g_AAAA", "d_ENT", "x" * 64, "g_" + "A" * 35])
def test_a_made_up_link_is_an_ordinary_beginning(database, payload):
    with database.write() as work:
        assert use_start(work, payload, now=NOW) is None


def test_an_old_link_does_not_work_and_used_ones_are_forgotten(database):
    old, used = (start_token(database.cipher, 7, now=NOW) for _ in range(2))
    with database.write() as work:
        assert use_start(work, used, now=NOW) == 7
        assert use_start(work, old, now=NOW + START_LASTS + timedelta(minutes=1)) is None
        assert work.execute(used_token.select()).all() == []


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.text(min_size=1, max_size=9000))
def test_any_text_fits_and_ends_with_the_disclaimer_in_italics(phrases, language, text):
    content = compose(Reply(text), language, phrases=phrases).content()
    parts = parts_of(content)
    for part in parts:
        length = len(part.text.encode("utf-16-le", "surrogatepass")) // 2
        assert 0 < length <= LIMIT and all(span.offset >= 0 and span.offset + span.length <= length for span in part.spans)
    last = parts[-1]
    (italic,) = [span for span in last.spans if span.look == "italic"]
    told = last.text.encode("utf-16-le", "surrogatepass")[2 * italic.offset : 2 * (italic.offset + italic.length)]
    assert plain(told.decode("utf-16-le", "surrogatepass")) == plain(content["note"])
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]


def test_offsets_are_counted_as_telegram_counts_them(phrases):
    content = {**compose(Reply("😀😀 call\nnow", "emergency"), "en", phrases=phrases).content()}
    bold = parts_of(content)[0].spans[0]
    assert (bold.look, bold.offset, bold.length) == ("bold", 0, 9)


def test_a_patients_own_brackets_and_stars_are_only_text(phrases):
    (part,) = parts_of(compose(Reply("Because you said: “<b>*x*_[y](z)</b> & `”"), "en", phrases=phrases).content())
    assert "<b>*x*_[y](z)</b> & `" in part.text and [span.look for span in part.spans] == ["italic"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_of_the_content_fits_on_a_button(content, language):
    for key in ("consent.yes", "consent.no", "privacy.erase_yes", "telegram.group_button", "triage.nurse_button"):
        assert plain(title_of(content.phrases.get(key, language), language)) == content.phrases.get(key, language)
    assert len(title_of("x" * 300, language)) <= 70 and title_of("", language)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-hans", "zh-Hans"), ("zh-hant-tw", "zh-Hant"), ("zh_TW", "zh-Hant"), ("zh", "zh-Hans"), ("zh-HK", "zh-Hant"),
     ("en-GB", "en"), ("de", "de"), ("ar-EG", "ar"), ("fr", None), ("", None), ("dee", None)],
)  # fmt: skip
def test_the_apps_language_is_one_of_ours_or_none(tag, language):
    assert hinted(tag) == language
