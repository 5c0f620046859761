"""`daozhen chat` and `daozhen say`: the running assistant in the terminal, over the same calls as the web chat page."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import typer

from bot.commands.output import show_json
from bot.errors import OperatorError
from bot.settings import PREFIX, Settings, read_settings

# The names that the page's calls use: see connectors/webchat/session.py.
COOKIE, OWN_HEADER = "daozhen_chat", "x-daozhen"
# Replies of one turn come within this time of each other.
QUIET_S = 1.0
LONGEST_WAIT_S = 30.0

Language = Annotated[str, typer.Option("--lang", help="zh-Hans, zh-Hant, en, de or ar; empty: read it from the text.")]
Region = Annotated[str, typer.Option("--region", help="Where the patient is, e.g. DE; empty: unknown.")]


class NotRunning(OperatorError):
    """There is no gateway to talk to. The message says how to start it."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("chat", help="Talk with the running assistant in the terminal.")(chat)
    app.command("say", help="One turn against the running assistant; prints the replies.")(say)


def chat(lang: Language = "", region: Region = "") -> None:
    """Talk until Ctrl-D."""
    line = Line(read_settings(), f"chat-{uuid.uuid4().hex}", language=lang, region=region)
    print("You are talking to a machine. Write and press Enter; a number presses a button; Ctrl-D ends.")
    buttons: list[dict[str, str]] = []
    while True:
        try:
            text = input("> ").strip()
        except EOFError:
            return
        if not text:
            continue
        for message in line.say(*_pressed(text, buttons)):
            buttons = message.get("buttons") or []
            _show(message)


def say(
    text: Annotated[str, typer.Argument(help="What the patient writes.")],
    conversation: Annotated[str, typer.Option("--conversation", help="Any name: the same name goes on with the same talk.")],
    lang: Language = "",
    region: Region = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say one thing, or press a button by its number, and print what comes back."""
    line = Line(read_settings(), conversation, language=lang, region=region)
    messages = list(line.say(*_pressed(text, line.offered())))
    if json:
        show_json(messages)
        return
    for message in messages:
        _show(message)


class Line:
    """A conversation over HTTP. The token comes from its name and this installation's secret."""

    def __init__(self, settings: Settings, name: str, *, language: str, region: str) -> None:
        from bot.privacy.encryption import load_cipher

        secret = load_cipher(settings).lookup("terminal", name)
        token = base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")
        base = f"http://127.0.0.1:{settings.port}/chat/api"
        self._http = httpx.Client(
            base_url=base, timeout=10.0, trust_env=False, headers={OWN_HEADER: "1"}, cookies={COOKIE: token}
        )
        self._more = {name: value for name, value in (("language", language), ("region", region)) if value}
        self._where = f"The assistant does not answer on port {settings.port}. Start it with `daozhen up`, or set {PREFIX}PORT."

    def say(self, text: str, payload: str = "") -> Iterator[dict[str, Any]]:
        """Send one message and yield what is answered. Raises NotRunning."""
        talk = self._talk()["messages"]
        seen = int(talk[-1]["number"]) if talk else 0
        self._call("POST", "/messages", json={"id": uuid.uuid4().hex, "text": text, "payload": payload, **self._more})
        yield from self._answers(seen)

    def offered(self) -> list[dict[str, str]]:
        """Return the buttons of what was asked last, as numbered choices are taken elsewhere: only since the patient's last words."""
        talk = self._talk()
        said = max((one["at"] for one in talk["own"]), default="")
        since = [one for one in talk["messages"] if one["at"] >= said]
        asked = (
            one for one in reversed(since) if one.get("buttons") or one["author"] == "nurse" or one.get("kind") == "question"
        )
        return next((one.get("buttons") or [] for one in asked), [])

    def _answers(self, seen: int) -> Iterator[dict[str, Any]]:
        began = latest = time.monotonic()
        heard = False
        while time.monotonic() - began < LONGEST_WAIT_S:
            for message in self._call("GET", f"/messages?after={seen}").json()["messages"]:
                seen, latest, heard = message["number"], time.monotonic(), True
                yield message
            if heard and time.monotonic() - latest > QUIET_S:
                return
            time.sleep(0.1)

    def _talk(self) -> dict[str, list[dict[str, Any]]]:
        """Return all messages of the talk, and the own words."""
        page = first = self._call("GET", "/messages?after=0").json()
        messages = list(first["messages"])
        while page["more"] and page["messages"]:
            page = self._call("GET", f"/messages?after={messages[-1]['number']}").json()
            messages += page["messages"]
        return {"messages": messages, "own": first["own"]}

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise NotRunning(self._where) from error
        if not answer.is_success:
            raise NotRunning(_sentence(answer) or self._where)
        return answer


def _sentence(answer: httpx.Response) -> str:
    """Return what a refusal says, like "your message cannot be stored right now"; "" when it is not our gateway that refuses."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("sentence") or "") if isinstance(told, dict) else ""


def _pressed(text: str, buttons: list[dict[str, str]]) -> tuple[str, str]:
    """Return what is said, and the payload of the button whose number it is, "" when it is none."""
    place = int(text) if text.strip().isdecimal() and len(text) < 4 else 0
    return (buttons[place - 1]["title"], buttons[place - 1]["payload"]) if 0 < place <= len(buttons) else (text, "")


def _show(message: dict[str, Any]) -> None:
    print(f"\n{message['text']}")
    for number, button in enumerate(message.get("buttons") or [], start=1):
        print(f"  [{number}] {button['title']}")
    print()
