"""`daozhen say` when the gateway refuses: its sentence, which names the emergency number, and never a traceback."""

from __future__ import annotations

import httpx
import pytest

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
        return httpx.Response(200, json={"messages": [{"number": 1, "text": "Hello!"}] if new else []})

    assert [message["text"] for message in line_to(answer).say("hello")] == ["Hello!"]
