"""What is masked is in no answer and no frame: platform ids, numbers and names are planted wherever they could come from."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.live import Live, frames
from bot.desk.masking import Mask, public_numbers
from bot.handoff.events import add_event
from bot.staff import sessions

ADDRESS = "oXq7-Platform_Id-of-the-Patient"
PHONE, OTHER_PHONE = "13812345678", "+49 171 2345678"
NAME, ENGLISH = "王小明", "Hildegard Wunderlich"
PLANTED = (ADDRESS, PHONE, "1381234", "2345678", NAME, ENGLISH, "Wunderlich")


@pytest.fixture
def case(desk):
    """A case whose patient told who they are, in words, trace and everywhere else."""
    said = (
        f"我叫{NAME}，电话{PHONE}，胸口疼",
        f"My name is {ENGLISH}, call me at {OTHER_PHONE}",
        "Wunderlich again, it is worse",
    )
    number = desk.case(
        said=said, channel="wechat", language="zh-Hans", address=ADDRESS, level="U", trace={"said": f"{NAME} {PHONE}"}
    )
    with desk.services.database.write() as work:
        for what, content in (
            ("edited", {"outbound": 1, "before": f"Dear {ENGLISH} {PHONE}"}),
            ("snoozed", {"until": "reply", "reason": f"{ENGLISH} calls from {OTHER_PHONE}"}),
            ("raised", {"level": "U", "reason": "red_flag", "text": f"{NAME} {PHONE}", "words": [NAME, PHONE]}),
        ):
            add_event(work, number, what, who="ben", dedupe_key=f"{what}:planted", now=desk.clock(), content=content)
    return number


def planted_in(texts, *, but=()):
    """Return what was found, with a part of where."""
    return [
        (secret, text[max(0, text.find(secret) - 60) : text.find(secret) + 60])
        for text in texts
        for secret in PLANTED
        if secret not in but and secret in text
    ]


async def everything(desk, case, ana, ben):
    """Call all that there is."""
    later = (desk.clock() + timedelta(hours=2)).isoformat()
    await ben.act(case, "note", text=f"Daughter of {ENGLISH}: {PHONE}, writes as {ADDRESS}", client_id="client-0001")
    await ben.act(case, "schedule", text=f"{ENGLISH}, are you well? {PHONE}", due_at=later, client_id="client-0002")
    await ben.act(case, "reply", text=f"Dear {ENGLISH}, I call you at {PHONE}.", client_id="client-0003")
    await ben.act(case, "draft", mode="reply", text=f"secret {PHONE}")
    for tab in ("unclaimed", "mine", "snoozed", "all", "closed"):
        await ana.get("queue", tab=tab)
    view = (await ana.get(f"cases/{case}")).json()
    await ana.get(f"cases/{case}/thread")
    await ana.get(f"cases/{case}/thread", after="0.0.0.0")
    await ana.get(f"cases/{case}/thread", before="99.99.99.99")
    desk.index()
    found = [
        (await ana.post("search", {"q": words})).json()["hits"] for words in ("daughter", PHONE, "worse", "胸口", f"A{case}")
    ]
    assert all(found)
    for path in ("me", "people", "snippets", "handover", f"snippets?case={case}", f"people?case={case}"):
        await ana.get(path)
    await ana.act(case, "reply", text="Hello", client_id="client-0004", seen=0)
    for act in (
        "claim",
        "presence",
        "wake",
        "urgent",
        "assign",
        "transfer",
        "snooze",
        "close",
        "reopen",
        "undo",
        "cancel",
        "glass",
    ):
        await ana.act(
            case, act, until=later, team="", handle="ben", outcome="advised", reason="because", number=1, id=1, state="idle"
        )
    return view


async def test_a_masked_field_is_in_no_answer(desk, case):
    ana, ben = desk.nurse("ana", "lead"), desk.nurse("ben", "lead")

    view = await everything(desk, case, ana, ben)

    assert planted_in(ana.heard) == []
    assert any(item.get("masked") for item in view["thread"]["items"])
    assert view["reveals"] == ["address"]


async def test_a_masked_field_is_in_no_frame(desk, case, monkeypatch):
    from bot.desk import live as live_module

    monkeypatch.setattr(live_module, "EVERY_S", 0.01)
    token = desk.session(desk.staff("eva", "lead"))
    session = desk.read(lambda work: sessions.find(work, token, idle=timedelta(minutes=15), now=desk.clock()))
    heard = frames(Live(desk.services, idle=timedelta(minutes=15)), session, 1, beat_s=0.5)
    kept = [await heard.__anext__()]
    await everything(desk, case, desk.nurse("ana", "lead"), desk.nurse("ben", "lead"))

    while b"event: beat" not in kept[-1]:
        kept.append(await heard.__anext__())
    await heard.aclose()

    assert any(b"event: queue" in frame for frame in kept)
    assert planted_in([frame.decode() for frame in kept]) == []


async def test_words_stay_readable_where_they_are_nobodys(desk, case):
    ana = desk.nurse("ana")

    items = (await ana.get(f"cases/{case}")).json()["thread"]["items"]

    texts = [item["text"] for item in items if item["kind"] == "patient"]
    assert "胸口疼" in texts[0]
    assert texts[2].endswith("again, it is worse")


async def test_one_field_is_revealed_written_down_and_not_repeated(desk, case):
    ana = desk.nurse("ana")

    revealed = (await ana.act(case, "reveal", field="address")).json()
    ana.heard.clear()
    await ana.get(f"cases/{case}")

    assert revealed == {"field": "address", "value": ADDRESS}
    assert ("ana", "revealed address", str(case)) in desk.audit()
    assert planted_in(ana.heard) == []


async def test_the_words_of_one_message_are_revealed(desk, case):
    ana = desk.nurse("ana")
    item = (await ana.get(f"cases/{case}")).json()["thread"]["items"]
    key = next(one["key"] for one in item if one["kind"] == "patient" and one["masked"])

    revealed = (await ana.act(case, "reveal", field=key)).json()

    assert (NAME in revealed["value"], PHONE in revealed["value"]) == (True, True)
    assert ("ana", "revealed in", str(case)) in desk.audit()


@pytest.mark.parametrize("field", ["in:999", "event:1", "phone", "in:", "in:1 or 1", "out:1", "name", "", "note:1"])
async def test_nothing_else_is_revealed_and_nothing_of_another_case(desk, case, field):
    other, ana = desk.case(), desk.nurse("ana")

    answer = await ana.act(other, "reveal", field=field)

    assert answer.status_code in (400, 404)
    assert not [line for line in desk.audit() if line[1].startswith("revealed")]


async def test_hotlines_stay_readable(content_source):
    mask = Mask(public=public_numbers(content_source.current().triage))

    assert mask.text("拨打 12356 或 120", "zh-Hans") == ("拨打 12356 或 120", False)


async def test_a_name_that_was_introduced_is_masked_in_later_words(desk, case):
    ana = desk.nurse("ana")
    view = (await ana.get(f"cases/{case}")).json()
    desk.says(case, f"{ENGLISH.split()[1]} once more")

    items = (await ana.get(f"cases/{case}/thread", after=view["thread"]["after"])).json()["items"]

    assert [item["text"] for item in items if item["kind"] == "patient"][-1] == "[•••] once more"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.text(alphabet=st.characters(blacklist_categories=("Cs", "Nd")), max_size=20),
    secret=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    after=st.text(alphabet=st.characters(blacklist_categories=("Cs", "Nd")), max_size=20),
)
def test_a_number_to_call_is_masked_whatever_stands_around_it(before, secret, after):
    shown, hidden = Mask().any({"a": [{"b": f"{before} {secret} {after}"}], "c": 7}, "zh-Hans")

    assert hidden
    assert secret not in json.dumps(shown, ensure_ascii=False)


def test_the_name_of_a_colleague_is_no_secret_unless_the_patient_has_it_too():
    line = "Nurse Ana Neri is with you now. My name is Carla Bruno."
    shown, hidden = Mask().beside(["Ana Neri", "Ben Osei"]).text(line, "en")
    assert "Ana Neri" in shown and "Carla" not in shown and hidden
    shown, _ = Mask(secrets=frozenset({"Ana Neri"})).beside(["Ana Neri"]).text(line, "en")
    assert "Ana Neri" not in shown
