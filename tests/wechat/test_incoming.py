"""What WeChat sends is read, cleaned and named; what nobody knows is counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Malformed
from connectors.tencent.xml import fields
from connectors.wechat.incoming import Decided, Event, Followed, Ignored, Left, Noticed, Said, Tapped, inbound_of, read
from tests.wechat.kit import event, message, openid, said


def heard(xml: str):
    return read(fields(xml.encode()))


def test_a_text_is_what_was_said_by_whom():
    text = heard(said("my ear hurts", number=3, sender=2))

    assert isinstance(text, Said) and text.text == "my ear hurts" and text.person == openid(2) and text.external_id.endswith("3")


def test_a_slash_in_front_is_typed_and_never_an_order_to_the_assistant():
    assert heard(said("/restart")).text == "restart"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", "image"),
        ("voice", "voice"),
        ("video", "other"),
        ("shortvideo", "other"),
        ("location", "other"),
        ("link", "other"),
    ],
)
def test_what_is_not_text_is_stored_as_what_it_is(kind, expected):
    assert inbound_of(heard(message(kind, MediaId="m", Title="chest pain"))).kind == expected


def test_what_wechat_heard_in_a_voice_is_read_and_an_empty_hearing_is_a_voice_all_the_same():
    assert heard(message("voice", MediaId="m", Recognition="胸口疼")).text == "胸口疼"
    assert heard(message("voice", MediaId="m", Recognition="")).kind == "voice"


def test_a_file_is_answered_as_something_that_cannot_be_read():
    assert inbound_of(heard(message("file", Title="x.pdf"))).kind == "other"


@pytest.mark.parametrize(
    ("key", "code"), [("qrscene_s_abcdefghijklmnop", "s_abcdefghijklmnop"), ("qrscene_x'; --", ""), ("", "")]
)
def test_following_keeps_the_code_of_a_poster_and_nothing_that_was_made_up(key, code):
    followed = heard(event("subscribe", EventKey=key))

    assert isinstance(followed, Followed) and followed.code == code and followed.is_new


def test_scanning_as_a_follower_is_no_first_contact():
    assert heard(event("SCAN", EventKey="s_abcdefghijklmnop")).is_new is False


def test_leaving_and_the_menu():
    assert isinstance(heard(event("unsubscribe", EventKey="")), Left)
    assert heard(event("CLICK", EventKey="nurse")) == heard(event("CLICK", EventKey="nurse")) and isinstance(
        heard(event("CLICK", EventKey="x")), Tapped
    )


def test_two_events_of_one_second_are_two_and_a_repeated_one_is_one():
    at = 1_800_000_000
    first, second, again = (heard(event("CLICK", at=at, EventKey=key)) for key in ("faq", "nurse", "faq"))

    assert first.external_id != second.external_id and first.external_id == again.external_id
    assert openid() not in first.external_id


def test_a_tap_on_a_link_of_ours_is_known_by_its_number_and_opens_the_window_for_a_minute_only():
    tapped = heard(said("1", bizmsgmenuid=700))

    assert tapped.menu == 700 and tapped.external_id.startswith("event.")


@pytest.mark.parametrize("name", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
def test_consents_are_read_as_one_and_as_several(name):
    one = {"List": {"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": 1}}
    decided = heard(event("subscribe_msg_popup_event", **{name: one}))
    assert isinstance(decided, Decided) and [(one.template, one.accepted) for one in decided.consents] == [("t1", True)]

    two = (
        f"<{name}>"
        + "".join(
            f"<List><TemplateId>t{at}</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString></List>"
            for at, status in enumerate(["accept", "reject"])
        )
        + f"</{name}>"
    )
    xml = event("subscribe_msg_change_event").replace("</xml>", f"{two}</xml>")
    assert [one.accepted for one in heard(xml).consents] == [True, False]


@pytest.mark.parametrize(("code", "arrived"), [(0, True), (43101, False)])
def test_what_became_of_a_notice(code, arrived):
    noticed = heard(event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": {"TemplateId": "t", "ErrorCode": code}}))

    assert isinstance(noticed, Noticed) and noticed.arrived is arrived


@pytest.mark.parametrize(
    ("status", "arrived"), [("success", True), ("failed:user block", False), ("failed: system failed", False)]
)
def test_what_became_of_a_template_message(status, arrived):
    noticed = heard(event("TEMPLATESENDJOBFINISH", MsgID=200163836, Status=status))

    assert isinstance(noticed, Noticed) and noticed.arrived is arrived


@pytest.mark.parametrize("name", ["VIEW", "LOCATION", "user_authorization_revoke", "invented_tomorrow"])
def test_events_that_are_none_of_our_business_are_named(name):
    assert heard(event(name, EventKey="")) == Ignored(name.casefold())


def test_a_kind_that_could_be_anything_is_not_a_name_of_its_own():
    assert heard(event("x;y" * 5)) == Ignored("other")


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "FromUserName",
                "ToUserName",
                "CreateTime",
                "MsgType",
                "Content",
                "MsgId",
                "Event",
                "EventKey",
                "List",
                "bizmsgmenuid",
            ]
        ),
        st.sampled_from(
            [
                "text",
                "event",
                "CLICK",
                "1",
                "1800000000",
                "",
                "99999999999999999999",
                "٣",
                ["a"],
                {"List": [1, {"TemplateId": 2}]},
                "\ud800",
            ]
        )
        | st.text(max_size=12),
    )
)
@settings(max_examples=300)
def test_nothing_that_was_signed_makes_another_error_than_malformed(values):
    try:
        found = read(values)
    except Malformed:
        return
    assert isinstance(found, Event | Ignored)
