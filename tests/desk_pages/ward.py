"""A hospital for the desk's browser tests: a real gateway, staff with sessions, patients who wrote, and the bot that answered."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from running import Gateway

from bot.database.tables import conversation, identity, inbound, outbound, patient, staff
from bot.handoff import cases, claims, notes, replies
from bot.languages import Language
from bot.messages import Level, Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from bot.privacy import consent
from bot.staff import sessions
from bot.web.cookies import SESSION, cookie_name

TEAMS = "triage,nurses,international"


def utc_now() -> datetime:
    """Return the time: these tests run with the real clock."""
    return datetime.now(timezone.utc)


class Ward:
    """Who works and who waits."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.gateway = Gateway(folder, **settings)
        self._numbers = itertools.count(1)
        self.ids: dict[str, int] = {}

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return self.gateway.url

    def write(self, act: Any) -> Any:
        """Do something with the database."""
        assert self.gateway.services is not None
        with self.gateway.services.database.write() as work:
            return act(work)

    def read(self, act: Any) -> Any:
        """Read something."""
        assert self.gateway.services is not None
        with self.gateway.services.database.read() as work:
            return act(work)

    @property
    def content(self) -> Any:
        """The content of the gateway."""
        assert self.gateway.services is not None
        return self.gateway.services.content.current()

    def hire(self, handle: str, role: str = "nurse", *, name: str = "", teams: str = TEAMS, language: str = "en", duty: str = "on",
             preferences: dict[str, Any] | None = None, studio: str = "") -> str:  # fmt: skip
        """Add somebody who is active and on duty. Returns the handle."""

        def add(work: Any) -> int:
            sealed = work.cipher.seal(
                {"name": name or handle.title(), "email": "", "telegram": "", "preferences": preferences or {}}
            )
            row = {"handle": handle, "role": role, "state": "active", "teams": teams, "languages": "en,de", "language": language}
            row |= {"duty": duty, "duty_since": utc_now(), "created_at": utc_now(), "studio": studio}
            row["sealed"] = sealed
            return int(work.execute(staff.insert().values(**row)).inserted_primary_key[0])

        self.ids[handle] = self.write(add)
        return handle

    def cookie(self, handle: str) -> dict[str, str]:
        """Return the cookie of somebody who has just signed in."""
        token = self.write(lambda work: sessions.start(work, self.ids[handle], now=utc_now()))
        return {"name": cookie_name(SESSION, secure=False), "value": token, "url": self.url}

    def lock(self, handle: str) -> None:
        """Let their sessions be locked, as after a while without anybody there."""
        from bot.database.tables import staff_session

        self.write(
            lambda work: work.execute(
                sa.update(staff_session).where(staff_session.c.staff_id == self.ids[handle]).values(locked=True)
            )
        )

    def case(self, said: Sequence[str] = ("My chest hurts",), *, level: Level = "R", language: Language = "en", channel: str = "webchat",
             reason: str = "person_requested", crisis: bool = False, minutes: float = 5, answers: Sequence[tuple[str, str]] = ()) -> int:  # fmt: skip
        """Return the number of a case of somebody new who wrote `said` and began to wait `minutes` ago. `answers`: (text, kind)."""
        key = f"patient{next(self._numbers)}"
        began = utc_now() - timedelta(minutes=minutes)

        def add(work: Any) -> int:
            add_patient(work, key, channel, language, began)
            consent.record(work, key, "granted", channel=channel, language=language, now=began)
            for number, text in enumerate(said):
                add_words(work, key, channel, f"{key}-{number}", text, began + timedelta(seconds=20 * number))
                for answer, kind in answers[number : number + 1]:
                    self._bot_says(work, key, channel, language, answer, kind, began + timedelta(seconds=20 * number + 5))
            cause = cases.Cause(reason, level, f"test:{key}", crisis=crisis)  # type: ignore[arg-type]
            case, _ = cases.open_case(work, key, cause, now=began + timedelta(seconds=20 * len(said)), teams=self.content.teams)
            return int(case.id)

        return int(self.write(add))

    def _bot_says(self, work: Any, key: str, channel: str, language: Language, text: str, kind: str, at: datetime) -> None:
        message = compose(Reply(text, kind=kind), language, phrases=self.content.phrases)  # type: ignore[arg-type]
        enqueue(work, Place(key, channel), message, dedupe_key=f"bot:{key}:{at.timestamp()}", now=at)

    def says(self, case: int, text: str) -> None:
        """Let the patient of a case write."""

        def add(work: Any) -> None:
            found = cases.case_of(work, case)
            channel = work.execute(sa.select(conversation.c.channel).where(conversation.c.id == found.conversation_id)).scalar()
            number = add_words(work, found.conversation_id, channel, f"more-{next(self._numbers)}", text, utc_now())
            cases.add_message(work, found, number, now=utc_now(), teams=self.content.teams)

        self.write(add)

    def becomes_urgent(self, case: int, text: str) -> None:
        """Let the patient of an open case write words of a crisis, as the inbox takes them."""
        self.says(case, text)
        cause = cases.Cause("crisis", "U", f"test:crisis:{case}", crisis=True)
        own = self.state(case).conversation_id
        self.write(lambda work: cases.open_case(work, own, cause, now=utc_now(), teams=self.content.teams))

    def claim(self, case: int, who: str) -> None:
        """Let somebody of the staff claim a case elsewhere."""
        self.write(lambda work: claims.claim(work, case, who=who, name=who.title(), now=utc_now(), phrases=self.content.phrases))

    def reply(self, case: int, text: str, who: str) -> int:
        """Let somebody of the staff reply elsewhere."""
        key = f"{who}:{next(self._numbers)}"
        phrases = self.content.phrases
        return int(
            self.write(
                lambda work: replies.reply(
                    work, case, text, who=who, name=who.title(), dedupe_key=key, now=utc_now(), phrases=phrases
                )
            )
        )

    def note(self, case: int, text: str, who: str) -> None:
        """Let somebody of the staff write a note elsewhere."""
        self.write(lambda work: notes.add_note(work, case, text, who=who, dedupe_key=f"n{next(self._numbers)}", now=utc_now()))

    def sent_to(self, case: int) -> list[str]:
        """Return the texts of nurses that are in the outbox of the patient of a case."""

        def look(work: Any) -> list[str]:
            own = cases.case_of(work, case).conversation_id
            query = (
                sa.select(outbound.c.sealed)
                .where(outbound.c.conversation_id == own, outbound.c.author == "nurse")
                .order_by(outbound.c.id)
            )
            return [work.cipher.unseal(sealed)["text"] for sealed in work.execute(query).scalars()]

        return list(self.read(look))

    def state(self, case: int) -> Any:
        """Return the case as it is stored."""
        return self.read(lambda work: cases.case_of(work, case))


def add_patient(work: Any, key: str, channel: str, language: str, now: datetime) -> None:
    """Store somebody new with a chat."""
    work.execute(patient.insert().values(id=key, created_at=now))
    work.execute(
        identity.insert().values(patient_id=key, channel=channel, lookup=f"i-{key}", sealed=work.cipher.seal(f"address-of-{key}"))
    )
    work.execute(
        conversation.insert().values(
            id=key, patient_id=key, channel=channel, lookup=key, language=language, region="CN", region_known=True, level_floor="INFO",
            episode=1, greeted=True, told_waiting=False, asked_to_erase=0, created_at=now, last_at=now,
        )
    )  # fmt: skip


def add_words(work: Any, key: str, channel: str, external: str, text: str, now: datetime) -> int:
    """Store what a patient wrote."""
    row = {"conversation_id": key, "channel": channel, "external_id": external, "kind": "text", "state": "handled", "attempts": 1}
    row |= {"received_at": now, "sealed": work.cipher.seal({"text": text, "payload": ""})}
    return int(work.execute(inbound.insert().values(**row)).inserted_primary_key[0])
