"""A hospital for tests of clocks: staff, patients who wait, a clock that is moved by hand, and the rounds of a gateway."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.content.load import Content
from bot.database.engine import Database
from bot.database.tables import care_case, case_event, outbound, staff, staff_notice
from bot.duty.paging import Desk
from bot.handoff import claims, replies
from bot.handoff.case_rows import Case, case_of
from bot.handoff.cases import Cause, add_message, open_case
from bot.inbox import conversations
from bot.inbox.conversations import Defaults
from bot.inbox.staff_rounds import JOBS
from bot.languages import LANGUAGES
from bot.messages import Inbound, Level
from bot.staff.people import set_duty


class Hospital:
    """Everything of one test. `now` moves by `on` and `until`; rounds are run each minute on the way."""

    def __init__(
        self, database: Database, content: Content, now: datetime, ways: frozenset[str] = frozenset(("telegram", "email"))
    ):
        self.database, self.content, self.now = database, content, now
        self.desk = Desk(content, ways)
        self._numbers = itertools.count(1)
        self.ids: dict[str, int] = {}

    def staff(self, handle: str, role: str = "nurse", **more: Any) -> int:
        """Add somebody: on duty in the team `triage`, with an address for each way, unless said otherwise."""
        languages = more.pop("languages", LANGUAGES)
        sealed = {"name": handle.title(), "email": f"{handle}@hospital.example", "telegram": str(1000 + next(self._numbers))}
        row = {
            "handle": handle, "role": role, "state": "active", "teams": "triage", "language": "en", "duty": "on",
            "duty_since": None, "duty_until": None, "created_at": self.now,
        }  # fmt: skip
        sealed |= {name: more.pop(name) for name in ("name", "email", "telegram", "preferences") if name in more}
        row |= {**more, "languages": ",".join(languages)}
        with self.database.write() as work:
            statement = staff.insert().values(**row, sealed=work.cipher.seal(sealed))
            self.ids[handle] = int(work.execute(statement).inserted_primary_key[0])
        return self.ids[handle]

    def duty(self, handle: str, duty: Any, until: datetime | None = None) -> None:
        with self.database.write() as work:
            set_duty(work, self.ids[handle], duty, until=until, now=self.now)

    def patient(self, level: Level = "E1", *, crisis: bool = False, language: str = "en", region: str | None = "CN") -> int:
        """Let somebody write and a case be opened; returns its number."""
        number = next(self._numbers)
        message = Inbound("telegram", f"m{number}", f"p{number}", "hi", self.now, region=region)
        with self.database.write() as work:
            chat = conversations.create(work, message, language=language, defaults=Defaults("en", "CN"), now=self.now)
            cause = Cause("red_flag", level, f"cause:{number}", crisis=crisis)
            case, _ = open_case(work, chat.id, cause, now=self.now, teams=self.content.teams)
        return case.id

    def case(self, number: int) -> Case:
        with self.database.read() as work:
            return case_of(work, number)

    def writes(self, number: int) -> None:
        with self.database.write() as work:
            add_message(work, case_of(work, number), next(self._numbers), now=self.now, teams=self.content.teams)

    def claim(self, number: int, handle: str) -> None:
        with self.database.write() as work:
            claims.claim(work, number, who=handle, name=handle.title(), now=self.now, phrases=self.content.phrases)

    def reply(self, number: int, handle: str) -> None:
        key = f"reply{next(self._numbers)}"
        with self.database.write() as work:
            replies.reply(work, number, "hm", who=handle, name=handle, dedupe_key=key, now=self.now, phrases=self.content.phrases)

    def look(self) -> int:
        """Run one round of a gateway, as `StaffRounds` does."""
        done = 0
        for job in JOBS:
            with self.database.read() as work:
                wants = job.asks(work, self.desk, self.now)
            here = wants
            while here:
                with self.database.write() as work:
                    here = job.acts(work, self.desk, self.now)
                    done += here
        return done

    def on(self, **span: float) -> None:
        self.until(self.now + timedelta(**span))

    def until(self, end: datetime, step: timedelta = timedelta(minutes=1)) -> None:
        """Let time go by, with a round each minute."""
        self.look()
        while self.now < end:
            self.now = min(end, self.now + step)
            self.look()

    def pages(self, handle: str = "", via: str = "telegram") -> list[str]:
        """What somebody was paged with, in order; of all without a handle."""
        whom = staff_notice.c.staff_id == self.ids[handle] if handle else staff_notice.c.staff_id.isnot(None)
        query = sa.select(staff_notice.c.what).where(whom, staff_notice.c.via == via).order_by(staff_notice.c.id)
        with self.database.read() as work:
            return list(work.execute(query).scalars())

    def groups(self) -> list[str]:
        query = sa.select(staff_notice.c.what).where(staff_notice.c.via == "group").order_by(staff_notice.c.id)
        with self.database.read() as work:
            return list(work.execute(query).scalars())

    def events(self, number: int, *only: str) -> list[str]:
        query = sa.select(case_event.c.what).where(case_event.c.case_id == number).order_by(case_event.c.id)
        with self.database.read() as work:
            return [what for what in work.execute(query).scalars() if not only or what in only]

    def told(self, number: int) -> list[str]:
        """What the patient of a case was told, oldest first, without the disclaimer."""
        of_case = sa.select(care_case.c.conversation_id).where(care_case.c.id == number).scalar_subquery()
        query = sa.select(outbound.c.sealed).where(outbound.c.conversation_id == of_case).order_by(outbound.c.id)
        with self.database.read() as work:
            return [work.cipher.unseal(sealed)["text"].partition("\n")[0] for (sealed,) in work.execute(query)]

    def phrase(self, key: str, **values: Any) -> str:
        return self.content.phrases.get(key, "en", **values)


Make = Callable[..., Hospital]
