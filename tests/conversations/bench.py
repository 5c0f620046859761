"""A patient says and hears: the whole gateway in this process, on a database of its own.

    async with Bench(tmp_path) as bench:
        bench.assistant.replies("ear", "Since when?")
        patient = await bench.patient(language="en").who_agreed()
        await patient.says("my ear hurts")
        patient.hears("Since when?")

After every step each new message of the bot is looked at: it carries the disclaimer, in the language it was written in.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.bootstrap import Services, build
from bot.clock import utc_now
from bot.database.engine import Database, make_engine
from bot.handoff import cases, claims, closing, replies
from bot.handoff.cases import Case
from bot.inbox import conversations, history, rows
from bot.inbox.assistant import Assistant
from bot.inbox.history import Item
from bot.inbox.receive import Receipt
from bot.languages import Language
from bot.messages import Inbound
from bot.outbox.compose import carries_disclaimer
from bot.privacy import consent
from bot.privacy.encryption import Cipher, new_key
from bot.settings import Settings
from tests.contents import content_source
from tests.conversations.fake_assistant import FakeAssistant
from tests.stores import with_tables

CHANNEL = "webchat"
HELLO: dict[Language, str] = {"zh-Hans": "您好", "zh-Hant": "您好", "en": "Hello", "de": "Guten Tag", "ar": "مرحبا"}
# What our own code says when it failed in a way that nobody planned for.
_MISTAKES = ("a lane failed", "a sweep failed", "a round failed", "the assistant gave no answer", "a text was refused")


class _Mistakes(logging.Handler):
    """Collects mistakes of ours, which must not pass as a patient who hears nothing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is a mistake."""
        if record.getMessage().startswith(_MISTAKES):
            self.seen.append(f"{record.getMessage()}: {getattr(record, 'error', '')} at {getattr(record, 'at', '')}")


class Bench:
    """A gateway with patients and nurses. `assistant` may be a real one over HTTP; else it is a `FakeAssistant`."""

    def __init__(
        self,
        folder: Path,
        *,
        assistant: Assistant | None = None,
        database_url: str = "",
        region: str = "CN",
        build_services: Callable[..., Services] = build,
    ) -> None:
        self.settings = Settings(data_dir=folder, database_url=database_url, region=region, language="zh-Hans")
        self.assistant: Any = assistant or FakeAssistant()
        self._later = timedelta(0)
        self._numbers = itertools.count(1)
        self.mistakes = _Mistakes()
        engine = make_engine(with_tables(self.settings.database_url))
        self.database = Database(engine, Cipher([new_key()], "lookup"))
        self.services = build_services(
            self.settings, assistant=self.assistant, clock=self.now, database=self.database, content=content_source()
        )

    async def __aenter__(self) -> Bench:
        """Start the gateway."""
        logging.getLogger("bot").addHandler(self.mistakes)
        await self.services.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        await self.services.stop()
        logging.getLogger("bot").removeHandler(self.mistakes)

    def now(self) -> datetime:
        """What time it is on the bench."""
        return utc_now() + self._later

    async def passes(self, **time: float) -> None:
        """Let time pass (`minutes=31`), with all that a gateway does by the clock."""
        self._later += timedelta(**time)
        await self.services.worker.clean()
        await self.services.staff_rounds.round()
        await self.settled()

    async def settled(self) -> None:
        """Wait until everything is answered that can be: after an outage that takes a moment, a bad message never is."""
        end = time.monotonic() + 3
        while time.monotonic() < end:
            await self.services.lanes.sweep()
            await self.services.lanes.idle()
            if not await self.assistant.ready() or not await self.services.read(rows.count_waiting):
                return
            await asyncio.sleep(0.02)

    def patient(self, *, language: Language | None = None, region: str | None = None, channel: str = CHANNEL) -> Patient:
        """Return somebody who has never written. `language`: chosen on the page; None: read from what they write."""
        return Patient(self, f"sender-{next(self._numbers)}", language=language, region=region, channel=channel)

    def nurse(self, name: str) -> Nurse:
        """Return a nurse."""
        return Nurse(self, name)

    def next_id(self) -> str:
        """Return an external id that was not used yet."""
        return f"message-{next(self._numbers)}"

    def cases(self) -> tuple[Case, ...]:
        """Return all open cases."""
        with self.database.read() as work:
            return cases.list_open(work)


class Patient:
    """Somebody who writes. `heard` is everything the bot or a nurse ever said to them."""

    def __init__(self, bench: Bench, sender: str, *, language: Language | None, region: str | None, channel: str) -> None:
        self.bench, self.sender, self.language, self.region, self.channel = bench, sender, language, region, channel
        self.heard: list[Item] = []
        self.latest: list[Item] = []  # what came with the latest step
        self.receipt: Receipt | None = None

    async def who_agreed(self) -> Patient:
        """Say hello and agree to the consent question; returns this patient, whose `latest` is the answer to hello."""
        await self.says(HELLO[self.language or "zh-Hans"])
        await self.presses_payload(consent.YES)
        return self

    async def says(self, text: str, **more: Any) -> None:
        """Write, and listen to the answers. `external_id`, `payload`… as in `Inbound`; `wait=False`: do not listen.

        `written_ago`: the platform brings it so late.
        """
        wait = more.pop("wait", True)
        message = Inbound(
            channel=self.channel,
            external_id=more.pop("external_id", None) or self.bench.next_id(),
            sender=self.sender,
            text=text,
            sent_at=self.bench.now() - more.pop("written_ago", timedelta(0)),
            language=self.language,
            region=self.region,
            **more,
        )
        self.receipt = await self.bench.services.inbox.receive(message)
        if wait:
            await self.listens()

    async def presses(self, title: str) -> None:
        """Press the latest button with this title (or one that contains it)."""
        for item in reversed(self.heard):
            for button in item.content["buttons"]:
                if title in button["title"]:
                    await self.says(button["title"], payload=button["payload"], kind="button")
                    return
        raise AssertionError(f"No button {title!r} was shown; shown: {self.buttons()}")

    async def presses_payload(self, payload: str) -> None:
        """Send a payload as a client would, whether or not such a button was shown."""
        await self.says("…", payload=payload, kind="button")

    async def listens(self) -> None:
        """Wait for everything that is said now, and look at each message."""
        await self.bench.services.lanes.idle()
        assert not self.bench.mistakes.seen, self.bench.mistakes.seen
        self.latest = await self._new_messages()
        self.heard += self.latest
        for item in self.latest:
            self._look_at(item)

    def hears(self, *parts: str) -> None:
        """The latest step brought messages that contain all `parts`."""
        for part in parts:
            assert any(part in item.content["text"] for item in self.latest), f"{part!r} is not in:\n{self.transcript()}"

    def hears_not(self, *parts: str) -> None:
        """No message of the latest step contains any of `parts`."""
        for part in parts:
            assert all(part not in item.content["text"] for item in self.latest), f"{part!r} is in:\n{self.transcript()}"

    def hears_nothing(self) -> None:
        """The latest step brought no message."""
        assert not self.latest, f"expected silence, heard:\n{self.transcript()}"

    def hears_kind(self, *kinds: str) -> None:
        """The messages of the latest step are of these kinds, in this order (see `ReplyKind`)."""
        assert [item.content["kind"] for item in self.latest] == list(kinds), self.transcript()

    def buttons(self) -> tuple[str, ...]:
        """Return the titles of the buttons under the latest messages."""
        return tuple(button["title"] for item in self.latest for button in item.content["buttons"])

    def card(self) -> dict[str, Any]:
        """Return the result card of the latest step."""
        cards = [item.content["card"] for item in self.latest if item.content["card"]]
        assert cards, f"no result card in:\n{self.transcript()}"
        return dict(cards[-1])

    def phrase(self, key: str, **values: object) -> str:
        """Return a phrase in the language of this patient's conversation, to compare with."""
        conversation = self.conversation()
        return self.bench.services.content.current().phrases.get(key, conversation.language, **values)

    def conversation(self) -> conversations.Conversation:
        """Return what is stored about the conversation."""
        with self.bench.database.read() as work:
            known = conversations.of_sender(work, self.channel, self.sender)
        assert known is not None, "this patient has not written yet"
        return known

    def transcript(self) -> str:
        """Return the latest step as people read it."""
        return "\n".join(f"{item.author}: {item.content['text']}" for item in self.latest) or "(nothing)"

    async def _new_messages(self) -> list[Item]:
        number = self.heard[-1].number if self.heard else 0
        conversation_id = self.conversation().id
        return list(await self.bench.services.read(lambda work: history.after(work, conversation_id, number)))

    def _look_at(self, item: Item) -> None:
        text, language = item.content["text"], item.content["language"]
        phrases = self.bench.services.content.current().phrases
        assert "\n\n" not in text, f"a blank line parts a message in two on some channels:\n{text}"
        if item.author == "bot":
            assert carries_disclaimer(text, language, phrases=phrases), f"no disclaimer in {language}:\n{text}"
        if self.language is not None and item.author == "bot":
            assert language == self.conversation().language, f"{language} instead of {self.conversation().language}:\n{text}"


class Nurse:
    """A nurse at the desk."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name = bench, name

    async def claims(self, patient: Patient) -> Case:
        """Take over the open case of `patient`."""
        return await self._act(patient, lambda work, case, how: claims.claim(work, case.id, **how))

    async def replies(self, patient: Patient, text: str, *, hold: timedelta = replies.AT_ONCE) -> None:
        """Write to `patient`; without a `hold` it cannot be taken back."""
        once = {"dedupe_key": self.bench.next_id(), "hold": hold}
        await self._act(patient, lambda work, case, how: replies.reply(work, case.id, text, **how, **once))

    async def releases(self, patient: Patient) -> None:
        """Give the conversation back to the bot."""
        await self._act(patient, lambda work, case, how: claims.release(work, case.id, **_nameless(how)))

    async def closes(self, patient: Patient, *, outcome: str = "advised") -> None:
        """End the case."""
        await self._act(patient, lambda work, case, how: closing.close(work, case.id, outcome=outcome, **how))

    async def _act(self, patient: Patient, act: Callable[..., Any]) -> Any:
        bench = self.bench
        conversation_id = patient.conversation().id
        how = {
            "who": self.name.lower(),
            "name": self.name,
            "now": bench.now(),
            "phrases": bench.services.content.current().phrases,
        }

        def run(work: Any) -> Any:
            case = cases.open_case_of(work, conversation_id)
            assert case is not None, "this patient has no open case"
            return act(work, case, how)

        result = await bench.services.write(run)
        await patient.listens()
        return result


def _nameless(how: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in how.items() if name != "name"}
