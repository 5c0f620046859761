"""The shared table: what every connector must do with what may come in, and what each failure of a platform means.

A connector brings a `Kit` and passes all cases. To add a connector: write its kit, and add it to `KITS` in
`test_contract.py`; to add a case: write it here, and every connector has to pass it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.outbox.sender import SendError
from bot.settings import Settings
from connectors.contract import Connector, Request


class Kit(Protocol):
    """What the tests of one connector bring along."""

    channel: str

    def settings(self, folder: Any) -> Settings:
        """Return settings under which the connector is on."""

    def connector(self, settings: Settings) -> Connector:
        """Return the connector, which talks to nobody."""

    def text(self, text: str, *, number: int = 1, sender: int = 1) -> Request:
        """Return a genuine request: message `number` of person `sender`."""

    def media(self, *, number: int = 1) -> Request:
        """Return a genuine request with a picture and no words."""

    def unknown_event(self) -> Request:
        """Return a genuine request with an event that the platform may invent tomorrow."""

    def malformed(self) -> Sequence[Request]:
        """Return requests with a right signature and a body of a wrong shape: no JSON or XML, wrong types, half a message."""

    def unsigned(self, request: Request) -> Request:
        """Return `request` without its signature."""

    def forged(self, request: Request) -> Request:
        """Return `request` with a wrong signature."""

    def failures(self) -> Mapping[str, tuple[Any, type[SendError]]]:
        """Return failures by name (throttled, down, timeout, blocked, refused…) and what `Connector.error_of` must say."""


ACCEPTED = range(200, 300)
REFUSED = range(400, 500)
NEVER_5XX = range(200, 500)
NASTY = "a\ud800b\x00c\x1bd\u202ee"


@dataclass(frozen=True)
class Case:
    """Requests in their order, the statuses that are right, and the texts that must be stored in the end."""

    name: str
    requests: Callable[[Kit], Sequence[Request]]
    statuses: range = ACCEPTED
    stored: tuple[str, ...] = ()


def _again(request: Request, times: int) -> list[Request]:
    return [request] * times


CASES = (
    Case("a text is stored", lambda kit: [kit.text("my ear hurts")], stored=("my ear hurts",)),
    Case("no signature: refused, nothing stored", lambda kit: [kit.unsigned(kit.text("my ear hurts"))], REFUSED),
    Case("a wrong signature: refused, nothing stored", lambda kit: [kit.forged(kit.text("my ear hurts"))], REFUSED),
    Case("five times the same: stored once", lambda kit: _again(kit.text("once"), 5), stored=("once",)),
    Case("the same words twice: stored twice", lambda kit: [kit.text("ow", number=n) for n in (1, 2)], stored=("ow", "ow")),
    Case(
        "ten messages keep their order",
        lambda kit: [kit.text(f"word {number}", number=number) for number in range(1, 11)],
        stored=tuple(f"word {number}" for number in range(1, 11)),
    ),
    Case("an empty text: acknowledged, nothing stored", lambda kit: [kit.text("")]),
    Case("only blanks: acknowledged, nothing stored", lambda kit: [kit.text(" \n\t ")]),
    Case("only control characters: acknowledged, nothing stored", lambda kit: [kit.text("\x00\x01\x1b")]),
    Case("a very long text: kept as far as it is read", lambda kit: [kit.text("x" * 9000)], stored=("x" * 4000,)),
    Case("lone surrogates and control characters are cleaned", lambda kit: [kit.text(NASTY)], stored=("a?bcd\u202ee",)),
    Case(
        "emoji, Chinese and Arabic arrive as they are",
        lambda kit: [kit.text("👩‍⚕️🇨🇳 肚子疼 عندي صداع")],
        stored=("👩‍⚕️🇨🇳 肚子疼 عندي صداع",),
    ),
    Case("a picture without words is stored as one", lambda kit: [kit.media()], stored=("",)),
    Case("an unknown event: acknowledged, nothing stored", lambda kit: [kit.unknown_event()]),
    Case("signed nonsense: no 5xx, nothing stored", lambda kit: kit.malformed(), NEVER_5XX),
)
