"""`daozhen say` when the gateway refuses: its sentence, which names the emergency number, and never a traceback."""

from __future__ import annotations

import json

import httpx
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.talk import Line, NotRunning
from bot.settings import read_settings


@pytest.fixture
def line_to(tmp_path, monkeypatch):
    client = httpx.Client

    def line(answer) -> Line:
        monkeypatch.setattr(httpx, "Client", lambda **more: client(transport=httpx.MockTransport(answer), **more))
        return Line(read_settings({"DAOZHEN_DATA_DIR": str(tmp_path)}), "somebody", language="en", region="")

    return line


def test_a_gateway_that_cannot_store_is_quoted(line_to):
    line = line_to(
        lambda request: httpx.Response(503, json={"error": "error_store", "sentence": "Not stored. In an emergency call 120."})
    )

    with pytest.raises(NotRunning, match=r"Not stored. In an emergency call 120\."):
        list(line.say("my chest hurts"))


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[]", b'{"error": "not stored, send it again"}'])
def test_a_refusal_without_a_sentence_says_where_it_looked(line_to, body):
    line = line_to(lambda request: httpx.Response(502, content=body))

    with pytest.raises(NotRunning, match="does not answer on port 8000"):
        list(line.say("my chest hurts"))


def test_what_is_answered_is_yielded(line_to, monkeypatch):
    monkeypatch.setattr("bot.commands.talk.QUIET_S", 0.0)
    said: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            said.append("hello")
            return httpx.Response(202, json={})
        after = request.url.params["after"]
        new = said and after == "0"
        messages = [{"number": 1, "text": "Hello!"}] if new else []
        return httpx.Response(200, json={"messages": messages, "own": [], "more": False})

    assert [message["text"] for message in line_to(answer).say("hello")] == ["Hello!"]


AGREE = {"title": "Agree", "payload": "consent:yes"}
ASKED = {"number": 2, "text": "May I?", "kind": "consent", "author": "bot", "buttons": [AGREE], "at": "2026-11-26T10:00:02+00:00"}
PAIN = {**ASKED, "number": 3, "text": "How strong is the pain, 0 to 10?", "kind": "question", "buttons": []}
OWN = {"id": "1", "text": "hi", "at": "2026-11-26T10:00:01+00:00"}


@pytest.mark.parametrize(
    ("talk", "own", "said", "sent"),
    [
        ([ASKED], [OWN], "1", ("Agree", "consent:yes")),
        ([ASKED], [OWN], "2", ("2", "")),  # there is no second button
        ([ASKED], [OWN], "yes", ("yes", "")),
        ([ASKED, PAIN], [OWN], "1", ("1", "")),  # asked since: a number is the answer to that
        ([ASKED], [{**OWN, "at": "2026-11-26T10:00:03+00:00"}], "1", ("1", "")),  # something was said since
        ([], [], "1", ("1", "")),
    ],
)
def test_a_typed_number_presses_the_button_that_was_shown_with_it(tmp_path, monkeypatch, talk, own, said, sent):
    monkeypatch.setattr("bot.commands.talk.QUIET_S", 0.0)
    monkeypatch.setattr("bot.commands.talk.LONGEST_WAIT_S", 0.0)
    monkeypatch.setenv("DAOZHEN_DATA_DIR", str(tmp_path))
    client, posted = httpx.Client, []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posted.append(json.loads(request.content))
            return httpx.Response(202, json={})
        return httpx.Response(200, json={"messages": talk, "own": own, "more": False})

    monkeypatch.setattr(httpx, "Client", lambda **more: client(transport=httpx.MockTransport(answer), **more))
    CliRunner().invoke(app, ["say", said, "--conversation", "somebody"], catch_exceptions=False)

    assert [(one["text"], one["payload"]) for one in posted] == [sent]


def test_what_was_said_long_ago_in_a_long_talk_is_not_printed_again(line_to, monkeypatch):
    monkeypatch.setattr("bot.commands.talk.QUIET_S", 0.0)
    old = [{**ASKED, "number": number, "text": f"old {number}"} for number in range(1, 301)]
    posted: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posted.append("hello")
            return httpx.Response(202, json={})
        after = int(request.url.params["after"])
        talk = [*old, {**ASKED, "number": 301, "text": "new"}] if posted else old
        page = [one for one in talk if one["number"] > after][:200]
        return httpx.Response(200, json={"messages": page, "own": [], "more": len(page) == 200})

    assert [message["text"] for message in line_to(answer).say("hello")] == ["new"]
