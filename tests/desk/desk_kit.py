"""A desk for tests: nurses with sessions who call its API in one process, patients with cases, a clock that is set by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.database.tables import care_case, case_event, consent, conversation, identity, inbound, patient, staff, staff_session
from bot.desk.routes import routes
from bot.handoff.events import add_event
from bot.privacy.consent import VERSION
from bot.search.index import Indexer
from bot.staff import sessions
from bot.staff.people import Role
from bot.web.cookies import SESSION, cookie_name
from bot.web.guard import CSRF_HEADER

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
# Of a test that may come out otherwise where several write at once.
on_both = pytest.mark.parametrize("desk_database", ["sqlite", "postgresql"], indirect=True)
LEVEL_RISK = {"E1": 0, "E2": 1, "U": 2, "R": 3, "INFO": 4}


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Nurse:
    """Somebody at an open page."""

    handle: str
    client: httpx.AsyncClient
    csrf: str
    heard: list[str] = field(default_factory=list)  # every answer, as text

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return self._kept(await self.client.get(f"/desk/api/{path}", params=params))

    async def post(self, path: str, body: dict[str, Any] | None = None, *, method: str = "POST") -> httpx.Response:
        headers = {CSRF_HEADER: self.csrf}
        return self._kept(await self.client.request(method, f"/desk/api/{path}", json=body or {}, headers=headers))

    async def act(self, case: int, what: str, **body: Any) -> httpx.Response:
        return await self.post(f"cases/{case}/{what}", body)

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        self.heard.append(answer.text)
        return answer


class Desk:
    """The desk over the services of one gateway."""

    def __init__(self, services: Services, clock: FakeClock) -> None:
        self.services, self.clock = services, clock
        self.app = Starlette(routes=routes(services))
        self._clients: list[httpx.AsyncClient] = []
        self._people = 0

    def staff(
        self, handle: str, role: Role = "nurse", *, teams: str = "", duty: str = "on", language: str = "en", state: str = "active"
    ) -> int:
        """Add somebody who is active."""
        with self.services.database.write() as work:
            sealed = work.cipher.seal({"name": handle.title(), "email": "", "telegram": "", "preferences": {}})
            row = {"handle": handle, "role": role, "state": state, "teams": teams, "languages": "en,de", "language": language}
            row |= {"duty": duty, "created_at": self.clock(), "sealed": sealed}
            return int(work.execute(staff.insert().values(**row)).inserted_primary_key[0])

    def session(self, staff_id: int) -> str:
        """Return the cookie of a new session."""
        with self.services.database.write() as work:
            return sessions.start(work, staff_id, now=self.clock())

    def stay(self, nurse: Nurse) -> None:
        """Let somebody be at the page all the time: it is not locked."""
        with self.services.database.write() as work:
            owner = sa.select(staff.c.id).where(staff.c.handle == nurse.handle).scalar_subquery()
            work.execute(sa.update(staff_session).where(staff_session.c.staff_id == owner).values(seen_at=self.clock()))

    def nurse(self, handle: str = "ana", role: Role = "nurse", **more: Any) -> Nurse:
        """Return somebody new who is signed in."""
        token = self.session(self.staff(handle, role, **more))
        transport = httpx.ASGITransport(app=self.app)
        client = httpx.AsyncClient(
            transport=transport, base_url="http://desk", cookies={cookie_name(SESSION, secure=False): token}
        )
        self._clients.append(client)
        with self.services.database.read() as work:
            return Nurse(handle, client, sessions.csrf_of(work, token))

    def case(self, **more: Any) -> int:
        """Return the number of a new case of a new patient; values are columns of it, `said` the patient's words."""
        self._people += 1
        key, said = f"p{self._people}", more.pop("said", ("my chest hurts",))
        channel, language = more.pop("channel", "webchat"), more.get("language", "en")
        level = more.get("level", "E2")
        with self.services.database.write() as work:
            _patient(work, key, channel, language, self.clock(), address=more.pop("address", f"address-of-{key}"))
            row = {"conversation_id": key, "patient_id": key, "reason": "red_flag", "level": level, "crisis": False}
            row |= {"risk": LEVEL_RISK[level], "state": "waiting", "language": language, "opened_at": self.clock()}
            row |= {"waiting_since": self.clock(), "sealed": work.cipher.seal(more.pop("trace", {}))}
            case = int(work.execute(care_case.insert().values(**{**row, **more})).inserted_primary_key[0])
            for text in said:
                _said(work, key, channel, text, self.clock())
            add_event(work, case, "opened", who="bot", dedupe_key=f"opened:{case}", now=self.clock())
        return case

    def says(self, case: int, text: str) -> int:
        """Let the patient of a case write something."""
        with self.services.database.write() as work:
            row = work.execute(sa.select(care_case.c.conversation_id).where(care_case.c.id == case)).one()
            number = _said(work, row.conversation_id, "webchat", text, self.clock())
            add_event(work, case, "message", who="patient", dedupe_key=f"message:{number}", now=self.clock())
        return number

    def index(self) -> None:
        """Let the words of all cases be found."""
        indexer = Indexer(self.services.database)
        for minutes in (1, 2, 3):
            indexer.round(self.clock() + timedelta(minutes=minutes))

    def set(self, case: int, **values: Any) -> None:
        """Change columns of a case."""
        with self.services.database.write() as work:
            work.execute(sa.update(care_case).where(care_case.c.id == case).values(**values))

    def audit(self) -> list[tuple[str, str, str]]:
        """Return who, what and subject of each line, oldest first."""
        with self.services.database.read() as work:
            rows = work.execute(sa.text("SELECT who, what, subject FROM audit ORDER BY id"))
            return [(row.who, row.what, row.subject) for row in rows]

    def events(self, case: int) -> list[str]:
        """Return what happened to a case."""
        with self.services.database.read() as work:
            query = sa.select(case_event.c.what).where(case_event.c.case_id == case).order_by(case_event.c.id)
            return list(work.execute(query).scalars())

    def read(self, act: Callable[[Work], Any]) -> Any:
        with self.services.database.read() as work:
            return act(work)

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


def _patient(work: Work, key: str, channel: str, language: str, now: datetime, *, address: str) -> None:
    work.execute(patient.insert().values(id=key, created_at=now))
    agreed = {"patient_id": key, "version": VERSION, "state": "granted", "channel": channel, "language": language, "at": now}
    work.execute(consent.insert().values(**agreed))
    work.execute(
        identity.insert().values(patient_id=key, channel=channel, lookup=f"i-{key}", sealed=work.cipher.seal(address))
    )  # fmt: skip
    work.execute(
        conversation.insert().values(
            id=key, patient_id=key, channel=channel, lookup=key, language=language, region="CN", region_known=True, level_floor="INFO",
            episode=1, greeted=True, told_waiting=False, asked_to_erase=0, created_at=now, last_at=now,
        )
    )  # fmt: skip


_NUMBERS = iter(range(1, 1_000_000))


def _said(work: Work, key: str, channel: str, text: str, now: datetime) -> int:
    row = {"conversation_id": key, "channel": channel, "external_id": f"m{next(_NUMBERS)}", "kind": "text", "state": "handled"}
    row |= {"attempts": 1, "received_at": now, "sealed": work.cipher.seal({"text": text, "payload": ""})}
    return int(work.execute(inbound.insert().values(**row)).inserted_primary_key[0])


def frames_of(chunks: list[bytes]) -> list[tuple[str, Any]]:
    """Return (event, data) of what a stream sent."""
    found = []
    for chunk in chunks:
        fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
        found.append((fields["event"], json.loads(fields["data"])))
    return found
