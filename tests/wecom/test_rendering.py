"""Whatever is said fits WeCom and carries its note; whatever WeCom lists is an event or Malformed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import Malformed
from connectors.right_to_left import plain
from connectors.wecom.messages import Entered, Ignored, NotDelivered, Said, StaffCame, StaffLeft, customer_of, read
from connectors.wecom.rendering import LIMIT, LONGEST_CHOICE, LONGEST_HEAD, MOST_CHOICES, choice_of, menu_id, parts_of
from tests.wecom.kit import ACCOUNT, event, item, user

NOTES = {"en": "Not a diagnosis.", "zh-Hans": "以上不是诊断。", "ar": "هذا ليس تشخيصًا."}
texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=3000)


def content(text: str, buttons=(), language="en") -> dict:
    listed = [{"title": title, "payload": f"p:{number}"} for number, title in enumerate(buttons)]
    return {
        "text": f"{text}\n{NOTES[language]}",
        "note": NOTES[language],
        "language": language,
        "buttons": listed,
        "kind": "answer",
    }


def size(payload: dict) -> int:
    if payload["msgtype"] == "text":
        return len(payload["text"]["content"].encode())
    menu = payload["msgmenu"]
    return len(
        "\n".join([menu["head_content"], *(line["click"]["content"] for line in menu["list"]), menu["tail_content"]]).encode()
    )


@given(texts, st.lists(st.text(min_size=1, max_size=60), max_size=12), st.sampled_from(sorted(NOTES)))
def test_every_part_fits_and_carries_its_note(text, titles, language):
    parts = parts_of(content(text, titles, language), 7)
    for part in parts:
        longest = part.with_lines(above="x" * 90, below="y" * 80)
        for one in (part, longest):
            assert size(one.payload()) <= LIMIT and plain(one.note) == NOTES[language]


@given(texts)
def test_nothing_of_a_long_text_is_lost(text):
    parts = parts_of(content(text), 7)
    bodies = [part.body if len(parts) == 1 else re.sub(r"\(\d+/\d+\)$", "", part.body) for part in parts]
    assert "".join("".join(bodies).split()) == "".join(text.split())


def test_choices_are_tapped_where_they_fit_and_typed_where_not():
    (short,) = parts_of(content("Since when?", ["Today", "Longer"]), 7)
    assert [title for _, title in short.choices] == ["1. Today", "2. Longer"]
    for many in (["x" * (LONGEST_CHOICE + 1)], ["x"] * (MOST_CHOICES + 1)):
        (typed,) = parts_of(content("Since when?", many), 7)
        assert not typed.choices and "1. x" in typed.body
    long = parts_of(content("y" * LONGEST_HEAD, ["Today"]), 7)
    assert not long[-1].choices and long[-1].body.count("1. Today") == 1


def test_the_id_of_a_choice_names_its_message_and_place():
    assert choice_of(menu_id(123, 4)) == (123, 4)


@pytest.mark.parametrize("menu", ["", ".", "1", "1.", ".1", "a.b", "1.2.3", "-1.2", "１.２", "9" * 30 + ".1"])
def test_an_id_that_is_not_ours_names_nothing(menu):
    assert choice_of(menu) is None


def test_what_wecom_lists_is_read():
    said = read(item("text", {"content": " 头痛\x00 ", "menu_id": "7.1"}))
    assert isinstance(said, Said) and (said.text, said.menu, said.kind) == ("头痛", "7.1", "text")
    assert customer_of(said.customer.sender) == said.customer and said.customer.account == ACCOUNT
    kinds = {
        kind: read(item(kind, {"media_id": "m"})).kind for kind in ("image", "voice", "video", "file", "location", "of_tomorrow")
    }
    assert kinds == {
        "image": "image",
        "voice": "voice",
        "video": "other",
        "file": "other",
        "location": "other",
        "of_tomorrow": "other",
    }
    entered = read(event("enter_session", welcome_code="c", scene="s", scene_param="p"))
    assert isinstance(entered, Entered) and (entered.code, entered.scene) == ("c", "s")
    failed = read(event("msg_send_fail", fail_msgid="m", fail_type=4))
    assert isinstance(failed, NotDelivered) and failed.msgid == "m" and failed.customer.user == user()
    assert all(isinstance(read(event("session_status_change", change_type=change)), StaffCame) for change in (1, 2, 4))
    assert isinstance(read(event("session_status_change", change_type=3, msg_code="c")), StaffLeft)
    assert isinstance(read(item("text", {"content": "hi"}, origin=5, servicer_userid="lisi")), StaffCame)


@pytest.mark.parametrize(
    "what", ["servicer_status_change", "user_recall_msg", "reject_customer_msg_switch_change", "of_tomorrow"]
)
def test_what_is_none_of_our_business_is_ignored(what):
    assert isinstance(read(event(what)), Ignored)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
names = ["msgid", "open_kfid", "external_userid", "send_time", "origin", "msgtype", "text", "event"]


@given(json, st.dictionaries(st.sampled_from(names), json, max_size=8))
def test_nothing_that_is_listed_is_ever_another_error(anything, wrong):
    for entry in (anything, {**item("text", {"content": "hi"}), **wrong}, {**event("enter_session"), **wrong}):
        try:
            read(entry)
        except Malformed:
            continue
