"""A morning on which many are due, on the real gateway with a simulated Telegram: who waits for an emergency answer or a nurse?"""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import sqlalchemy as sa

from benchmarks.acknowledge.__main__ import running
from benchmarks.followup.filling import Crowd, fill
from benchmarks.measure import percent
from bot.clock import utc_now
from bot.content.load import load_content
from bot.database import Database, make_engine, migrate
from bot.database.tables import care_case, conversation, identity, reminder, staff
from bot.followup.reminders import HIGH_RISK, ORDINARY
from bot.privacy.encryption import load_cipher
from bot.settings import PREFIX, Settings
from bot.staff import sessions
from bot.web.cookies import SESSION, cookie_name
from bot.web.guard import CSRF_HEADER
from simulators.telegram.chats import Person
from simulators.telegram.server import Simulator

PORT = 8951
ADDRESS = f"http://127.0.0.1:{PORT}"
ALARM = "I have crushing chest pain and cannot breathe"
LATEST_S = 1.0
# Between two messages to one person Telegram wants a second: each nurse's reply is to somebody else.
EVERY_S = 1.5
QUIET_S = 20
GIVEN_UP_S = 20.0


@dataclass(frozen=True)
class Nurse:
    """A nurse who is signed in."""

    http: httpx.AsyncClient
    csrf: str

    async def replies(self, case: int, number: int) -> None:
        """Write to the patient of a case; it leaves at once."""
        body = {"text": f"Nurse's words {number}", "client_id": f"bench-reply-{number:06d}", "urgent": True}
        answer = await self.http.post(f"/desk/api/cases/{case}/reply", json=body, headers={CSRF_HEADER: self.csrf})
        answer.raise_for_status()


class Morning:
    """The gateway's store, the platform, and those who write while the reminders leave."""

    def __init__(self, folder: Path, telegram: Simulator) -> None:
        self.settings = Settings.parse_obj({"data_dir": folder})
        self.telegram = telegram
        engine = make_engine(self.settings.database_url)
        migrate(engine)
        self.database = Database(engine, load_cipher(self.settings))
        self._names = iter(range(1_000_000))

    def fill(self, people: int, due_in: timedelta) -> None:
        """Store `people`, whose reminders are due then."""
        persons = [self.telegram.world.person(f"Due {number}") for number in range(people)]
        for person in persons:  # they have written to the bot, so that it may write to them
            person.started = True
        now = utc_now()
        fill(self.database, Crowd(tuple(person.id for person in persons)), due=now + due_in, now=now)
        with self.database.write() as work:  # nobody's quiet hours make the morning shorter
            work.execute(sa.text("UPDATE patient SET quiet = '00:00-00:00'"))

    def nurse(self) -> Nurse:
        """Return a nurse of all teams, on duty and signed in."""
        teams = ",".join(load_content(self.settings.content_dir).teams.by_id)
        row = {"handle": "ana", "role": "nurse", "state": "active", "teams": teams, "languages": "en", "language": "en"}
        with self.database.write() as work:
            sealed = work.cipher.seal({"name": "Ana", "preferences": {}})
            made = work.execute(staff.insert().values(**row, duty="on", created_at=utc_now(), sealed=sealed))
            token = sessions.start(work, made.inserted_primary_key[0], now=utc_now())
            csrf = sessions.csrf_of(work, token)
        cookies = {cookie_name(SESSION, secure=False): token}
        return Nurse(httpx.AsyncClient(base_url=ADDRESS, cookies=cookies, timeout=30, trust_env=False), csrf)

    def somebody(self) -> Person:
        """Return a new person on the platform, who is not one of those that are reminded."""
        return self.telegram.world.person(f"Writes {next(self._names)}")

    async def emergency(self, person: Person) -> float:
        """Let a person write an alarm; returns the seconds until the answer is on their phone."""
        began = time.perf_counter()
        self.telegram.world.says(person, ALARM)
        return await self._until(person, 1, began)

    async def reply(self, nurse: Nurse, person: Person, number: int) -> float:
        """Let the nurse write to a person who has a case; returns the seconds until it is on their phone."""
        case, before = self._case_of(person), len(self._said(person))
        began = time.perf_counter()
        await nurse.replies(case, number)
        return await self._until(person, before + 1, began)

    def _case_of(self, person: Person) -> int:
        with self.database.read() as work:
            mine = identity.c.lookup == work.cipher.lookup("identity", "telegram", str(person.id))
            query = sa.select(care_case.c.id).join(conversation, conversation.c.id == care_case.c.conversation_id)
            query = query.join(identity, identity.c.patient_id == conversation.c.patient_id).where(mine)
            return int(work.execute(query).scalar_one())

    def _said(self, person: Person) -> list[int]:
        bot = self.telegram.world.bot["id"]
        chat = self.telegram.world.chats[person.id]
        return [message["message_id"] for message in chat.messages if message["from"]["id"] == bot]

    async def _until(self, person: Person, count: int, began: float) -> float:
        while len(self._said(person)) < count and time.perf_counter() - began < GIVEN_UP_S:
            await asyncio.sleep(0.005)
        return time.perf_counter() - began

    def states(self) -> dict[tuple[int, str], int]:
        """Return how many reminders of each priority are in each state."""
        with self.database.read() as work:
            query = sa.select(reminder.c.priority, reminder.c.state, sa.func.count()).where(reminder.c.number == 0)
            return {(row[0], row[1]): row[2] for row in work.execute(query.group_by(reminder.c.priority, reminder.c.state))}

    def is_in_order(self) -> bool:
        """Return whether no ordinary reminder was claimed while one of high risk waited."""
        with self.database.read() as work:
            last = sa.select(sa.func.max(reminder.c.sent_at)).where(reminder.c.priority == HIGH_RISK, reminder.c.number == 0)
            first = sa.select(sa.func.min(reminder.c.sent_at)).where(reminder.c.priority == ORDINARY, reminder.c.number == 0)
            high, ordinary = work.execute(last).scalar(), work.execute(first).scalar()
        return high is None or ordinary is None or high <= ordinary


async def measure(people: int, seconds: int) -> bool:
    """Fill, look at a quiet moment, then at the morning; print both and return whether nobody waited."""
    with tempfile.TemporaryDirectory(prefix="daozhen-morning-") as folder:
        async with Simulator(seed=int(time.time())) as telegram:
            morning = Morning(Path(folder), telegram)
            morning.fill(people, timedelta(minutes=4))
            nurse = morning.nurse()
            values = {
                "PORT": PORT, "DATA_DIR": folder, "LOG_LEVEL": "warning", "LANGUAGE": "en", "TELEGRAM_MODE": "polling",
                "TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url, "ASSISTANT_TIMEOUT_S": 1,
            }  # fmt: skip
            own = {f"{PREFIX}{name}": str(value) for name, value in values.items()}
            with await asyncio.to_thread(_enter, own) as _:
                quiet = await _look(morning, nurse, QUIET_S, first=0)
                with morning.database.write() as work:
                    due = utc_now() - timedelta(seconds=1)
                    waiting = reminder.c.state == "waiting"
                    work.execute(sa.update(reminder).where(waiting).values(due_at=due, wanted_at=due))
                began = time.perf_counter()
                busy = await _look(morning, nurse, seconds, first=1000)
                took = time.perf_counter() - began
                states = morning.states()
            await nurse.http.aclose()
            return _tell(people, took, states, quiet, busy, in_order=morning.is_in_order(), refused=telegram.limits.throttled)


class _Entered:
    """A running gateway that was entered in a thread: starting waits for it to answer, and the simulator has to go on meanwhile."""

    def __init__(self, context: object) -> None:
        self._context = context

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)  # type: ignore[attr-defined]


def _enter(own: dict[str, str]) -> _Entered:
    context = running("connectors", ready=f"{ADDRESS}/health", environment=own)
    context.__enter__()
    return _Entered(context)


async def _look(morning: Morning, nurse: Nurse, seconds: int, *, first: int) -> dict[str, list[float]]:
    """Let somebody write an alarm again and again, and the nurse answer each."""
    times: dict[str, list[float]] = {"emergency answer": [], "nurse's reply": []}
    end, number = time.perf_counter() + seconds, first
    while time.perf_counter() < end:
        person, number = morning.somebody(), number + 1
        times["emergency answer"].append(await morning.emergency(person))
        await asyncio.sleep(EVERY_S)
        times["nurse's reply"].append(await morning.reply(nurse, person, number))
        await asyncio.sleep(EVERY_S / 2)
    return times


def _tell(
    people: int,
    took: float,
    states: dict[tuple[int, str], int],
    quiet: dict[str, list[float]],
    busy: dict[str, list[float]],
    *,
    in_order: bool,
    refused: int,
) -> bool:
    sent = {priority: states.get((priority, "sent"), 0) for priority in (HIGH_RISK, ORDINARY)}
    print(
        f"{people:,} due at once; in {took:.0f} s {sent[HIGH_RISK]:,} of high risk and {sent[ORDINARY]:,} others were put into the outbox"
    )
    good = in_order and refused == 0
    for name, times in busy.items():
        for when, found in (("quiet", quiet[name]), ("morning", times)):
            print(
                f"  {name:<17} {when:<8} p50 {percent(found, 0.5):.3f} p99 {percent(found, 0.99):.3f} max {max(found):.3f} s ({len(found)})"
            )
        good &= max(times) < LATEST_S
    print(f"high risk first: {in_order}; refused by the platform: {refused}; {'ok' if good else 'MISSED'}")
    return good
