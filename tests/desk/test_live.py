"""The stream: what each open page hears, of what happens in this process and in others."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.engine import DatabaseProblem
from bot.database.tables import broken_glass, case_event, outbound, presence, staff, staff_session
from bot.desk import live as live_module
from bot.desk import serialise
from bot.desk.listener import MOST_FRAMES, Listener
from bot.desk.live import Live, frames
from bot.handoff.events import add_event
from bot.privacy.erase import erase_patient
from bot.staff import sessions
from bot.staff.people import all_staff
from tests.desk.desk_kit import frames_of, on_both

IDLE = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live_module, "EVERY_S", 0.01)
    monkeypatch.setattr(live_module, "EVERYTHING_S", 0.0)


@pytest.fixture
def live(desk):
    return Live(desk.services, idle=IDLE)


class Page:
    """What one open page heard."""

    def __init__(self, heard):
        self._heard, self.frames = heard, []

    async def next(self, event, *, within_s=20.0):
        """Return the data of the next event of this kind; what comes before it is kept in `frames`."""

        async def wait():
            while True:
                (one,) = frames_of([await self._heard.__anext__()])
                self.frames.append(one)
                if one[0] == event:
                    return one[1]

        return await asyncio.wait_for(wait(), within_s)

    async def until_quiet(self):
        """Hear the next beat: what was to come has come."""
        await self.next("beat")
        return [event for event, _ in self.frames]

    async def ended(self):
        return [one async for one in self._heard]


@asynccontextmanager
async def page(desk, live, handle="ana", role="nurse", after=None, **more):
    """Open a page of somebody new; yields it and their session."""
    token = desk.session(desk.staff(handle, role, **more))
    session = desk.read(lambda work: sessions.find(work, token, idle=IDLE, now=desk.clock()))
    heard = frames(live, session, after, beat_s=0.1)
    opened = Page(heard)
    opened.session = session
    await opened.next("duty")
    try:
        yield opened
    finally:
        await heard.aclose()


def change(desk, act):
    with desk.services.database.write() as work:
        return act(work)


@on_both
async def test_a_case_that_another_process_opens_is_on_every_page(desk, live):
    async with page(desk, live, "ana") as ana, page(desk, live, "ben") as ben:
        case = desk.case()

        assert [(await one.next("queue"))["row"]["id"] for one in (ana, ben)] == [case, case]


async def test_a_row_of_a_stream_holds_no_words(desk, live):
    async with page(desk, live) as ana:
        desk.case(said=("my chest hurts terribly",))
        row = await ana.next("queue")

        assert "chest" not in json.dumps(row)


async def test_what_is_not_theirs_is_on_no_page(desk, live):
    async with page(desk, live, "ana", teams="one") as ana, page(desk, live, "ben", teams="two") as ben:
        desk.case(team="two")
        await ben.next("queue")

        assert set(await ana.until_quiet()) == {"duty", "beat"}


async def test_an_admin_hears_of_rows_and_of_no_thread(desk, live):
    async with page(desk, live, "ina", "admin") as admin:
        desk.case()
        await admin.next("queue")

        assert "thread" not in await admin.until_quiet()


async def test_a_case_that_leaves_a_team_leaves_its_pages_and_comes_to_the_others(desk, live):
    case = desk.case(team="one")
    async with page(desk, live, "ana", teams="one") as ana, page(desk, live, "ben", teams="two") as ben:
        desk.set(case, team="two")
        change(desk, lambda work: add_event(work, case, "transferred", who="x", dedupe_key="t", now=desk.clock()))

        assert (await ana.next("gone")) == {"id": case}
        assert (await ben.next("queue"))["row"]["id"] == case


async def test_a_case_that_moved_without_a_word_leaves_the_pages_too(desk, live):
    case = desk.case(team="one")
    async with page(desk, live, "ana", teams="one") as ana, page(desk, live, "ben", teams="two") as ben:
        desk.set(case, team="two")

        assert (await ana.next("gone")) == {"id": case}
        assert (await ben.next("queue"))["row"]["id"] == case


async def test_a_case_that_was_erased_leaves_every_page(desk, live):
    case = desk.case()
    async with page(desk, live) as ana:
        change(desk, lambda work: erase_patient(work, "p1", who="patient", now=desk.clock()))

        assert (await ana.next("gone")) == {"id": case}


async def test_a_message_of_the_patient_is_told_to_open_threads(desk, live):
    case = desk.case()
    async with page(desk, live) as ana:
        before = desk.read(lambda work: work.execute(sa.select(sa.func.max(case_event.c.id))).scalar())
        desk.says(case, "it is worse")

        told = await ana.next("thread")
        assert told["id"] == case
        assert told["version"] > before


async def test_what_becomes_of_a_message_is_told(desk, live):
    case, ana = desk.case(level="R", channel="telegram"), desk.nurse("eva")
    number = (await ana.act(case, "reply", text="Hello", client_id="client-0001")).json()["number"]
    async with page(desk, live) as opened:
        change(desk, lambda work: work.execute(sa.update(outbound).where(outbound.c.id == number).values(state="dead")))

        assert (await opened.next("thread"))["id"] == case


async def test_a_message_to_somebody_without_a_case_is_told_to_nobody(desk, live):
    case = desk.case()
    desk.set(case, state="closed")
    async with page(desk, live) as ana:
        row = {
            "conversation_id": "p1",
            "dedupe_key": "x",
            "priority": 2,
            "author": "bot",
            "kind": "answer",
            "at_most_once": False,
        }
        row |= {"state": "sent", "tries": 0, "not_before": desk.clock(), "created_at": desk.clock()}
        change(desk, lambda work: work.execute(outbound.insert().values(**row, sealed=work.cipher.seal({"text": "hi"}))))

        assert await ana.until_quiet() == ["duty", "beat"]


async def test_who_has_a_case_open_is_told_to_others_and_not_to_themselves(desk, live):
    case, ben = desk.case(), desk.nurse("ben")
    async with page(desk, live, "ana") as ana:
        await ben.act(case, "presence", state="typing")

        assert await ana.next("presence") == {"id": case, "presence": [{"handle": "ben", "name": "Ben", "state": "typing"}]}
        await ben.act(case, "presence", state="gone")
        assert await ana.next("presence") == {"id": case, "presence": []}


async def test_who_says_nothing_any_more_is_not_shown_any_more(desk, live, clock):
    case, ben = desk.case(), desk.nurse("ben")
    async with page(desk, live, "ana") as ana:
        await ben.act(case, "presence", state="viewing")
        await ana.next("presence")
        clock.on(seconds=46)

        assert (await ana.next("presence"))["presence"] == []


async def test_presence_is_a_warning_and_never_a_lock(desk):
    case, ana, ben = desk.case(), desk.nurse("ana"), desk.nurse("ben")
    await ana.act(case, "presence", state="typing")

    answer = await ben.act(case, "reply", text="Hello", client_id="client-0001")

    assert answer.status_code == 200


async def test_presence_is_written_once_in_a_while_and_not_at_every_sign(desk, clock):
    case, ana, written = desk.case(), desk.nurse("ana"), []
    for _ in range(8):
        await ana.act(case, "presence", state="viewing")
        written.append(desk.read(lambda work: work.execute(sa.select(presence.c.until)).scalar()))
        clock.on(seconds=10)

    assert len(set(written)) == 3


async def test_duty_is_told_and_ends_by_itself(desk, live, clock):
    async with page(desk, live, "ana") as ana:
        desk.staff("ben", duty="off")
        until = clock() + timedelta(hours=1)
        change(
            desk, lambda work: work.execute(sa.update(staff).where(staff.c.handle == "ben").values(duty="on", duty_until=until))
        )
        assert [one["name"] for one in (await ana.next("duty"))["on_duty"]] == ["Ana", "Ben"]
        clock.on(minutes=60)
        desk_stays(desk)

        assert [one["name"] for one in (await ana.next("duty"))["on_duty"]] == ["Ana"]


def desk_stays(desk):
    """Let everybody be at their page."""
    change(desk, lambda work: work.execute(sa.update(staff_session).values(seen_at=desk.clock())))


@pytest.mark.parametrize(("level", "heard"), [("E1", True), ("E2", True), ("U", False), ("R", False)])
async def test_only_what_is_urgent_makes_a_sound(desk, live, level, heard):
    async with page(desk, live) as ana:
        case = desk.case(level=level)
        if heard:
            assert (await ana.next("page")) == {
                "id": case,
                "number": f"A{case}",
                "level": level,
                "crisis": False,
                "what": "urgent",
            }
        else:
            assert "page" not in await ana.until_quiet()


@pytest.mark.parametrize("duty", ["off", "break"])
async def test_who_is_not_on_duty_hears_no_sound_but_sees_the_case(desk, live, duty):
    async with page(desk, live, duty=duty) as ana:
        desk.case(level="E1")
        await ana.next("queue")

        assert "page" not in await ana.until_quiet()


async def test_the_case_of_another_team_makes_no_sound_not_even_for_who_broke_its_glass(desk, live):
    case = desk.case(level="E1", team="two")
    async with page(desk, live, teams="one") as ana:
        glass(desk, ana, case, minutes=60)
        await ana.next("queue")
        change(desk, lambda work: add_event(work, case, "raised", who="bot", dedupe_key="r", now=desk.clock()))
        await ana.next("queue")

        assert "page" not in await ana.until_quiet()


async def test_what_somebody_holds_makes_no_sound(desk, live):
    case = desk.case(level="E1", state="claimed", claimed_by="ben", lease_until=desk.clock() + timedelta(minutes=20))
    async with page(desk, live) as ana:
        change(desk, lambda work: add_event(work, case, "raised", who="bot", dedupe_key="r", now=desk.clock()))
        await ana.next("queue")

        assert "page" not in await ana.until_quiet()


@pytest.mark.parametrize(("level", "crisis", "heard"), [("E1", False, True), ("U", True, True), ("U", False, False)])
async def test_who_holds_a_case_hears_that_it_has_become_urgent(desk, live, level, crisis, heard):
    held = {"state": "claimed", "claimed_by": "ana", "lease_until": desk.clock() + timedelta(minutes=20)}
    case = desk.case(level=level, crisis=crisis, **held)
    async with page(desk, live, duty="off") as ana, page(desk, live, "ben") as ben:
        change(desk, lambda work: add_event(work, case, "raised", who="bot", dedupe_key="r", now=desk.clock()))
        if heard:
            assert (await ana.next("page"))["what"] == "raised"
        await ben.next("queue")

        assert (await ana.until_quiet()).count("page") == int(heard)
        assert "page" not in await ben.until_quiet()


@pytest.mark.parametrize(("by", "heard"), [("ben", True), ("ana", False)])
async def test_who_holds_a_case_hears_that_a_colleague_has_made_it_urgent_and_nobody_hears_their_own_hand(desk, live, by, heard):
    held = {"state": "claimed", "claimed_by": "ana", "lease_until": desk.clock() + timedelta(minutes=20)}
    case = desk.case(level="E1", **held)
    async with page(desk, live) as ana:
        change(desk, lambda work: add_event(work, case, "urgent", who=by, dedupe_key="u", now=desk.clock()))
        if heard:
            assert (await ana.next("page"))["what"] == "raised"
        else:
            await ana.next("queue")

        assert (await ana.until_quiet()).count("page") == int(heard)


async def test_a_step_of_the_ladder_is_heard_by_whom_it_wakes_also_off_duty(desk, live):
    case = desk.case(level="E1", team="two")
    content = {"what": "unclaimed", "step": 2, "to": ["lee"]}
    async with (
        page(desk, live, "lee", "lead", teams="two", duty="off") as lee,
        page(desk, live, "ana", teams="two", duty="off") as ana,
    ):
        change(desk, lambda work: add_event(work, case, "paged", who="bot", dedupe_key="p", now=desk.clock(), content=content))

        assert (await lee.next("page"))["what"] == "unclaimed"
        assert "page" not in await ana.until_quiet()


async def test_the_first_step_of_the_ladder_is_not_heard_twice(desk, live):
    async with page(desk, live) as ana:
        case = desk.case(level="E1")
        content = {"what": "urgent", "step": 0, "to": ["ana"]}
        await ana.next("page")
        change(desk, lambda work: add_event(work, case, "paged", who="bot", dedupe_key="p", now=desk.clock(), content=content))

        await ana.until_quiet()
        assert [event for event, _ in ana.frames].count("page") == 1


def glass(desk, opened, case, *, minutes):
    row = {"case_id": case, "staff_id": opened.session.staff.id, "at": desk.clock()}
    row |= {"until": desk.clock() + timedelta(minutes=minutes)}
    change(desk, lambda work: work.execute(broken_glass.insert().values(**row, sealed=work.cipher.seal({"reason": "x"}))))


async def test_broken_glass_shows_a_case_and_its_end_takes_it_away(desk, live, clock):
    case = desk.case(team="two")
    async with page(desk, live, teams="one") as ana:
        glass(desk, ana, case, minutes=10)
        assert (await ana.next("queue"))["row"]["id"] == case
        clock.on(minutes=11)

        assert await ana.next("gone") == {"id": case}


async def test_a_session_that_ends_ends_the_stream(desk, live):
    async with page(desk, live) as ana:
        change(desk, lambda work: sessions.end(work, ana.session.number))

        assert (await ana.next("end"))["why"] == "signed_out"
        assert await ana.ended() == []


async def test_a_session_that_is_locked_ends_the_stream(desk, live):
    async with page(desk, live) as ana:
        change(desk, lambda work: sessions.lock(work, ana.session.number))

        assert (await ana.next("end"))["why"] == "locked"


async def test_a_page_at_which_nobody_is_locks_its_stream(desk, live, clock):
    async with page(desk, live) as ana:
        clock.on(minutes=16)

        assert (await ana.next("end"))["why"] == "locked"


async def test_after_the_end_nothing_is_heard_of_what_happens(desk, live):
    async with page(desk, live) as ana:
        change(desk, lambda work: sessions.lock(work, ana.session.number))
        desk.case(level="E1")

        await ana.next("end")
        assert await ana.ended() == []


async def test_a_change_of_rights_ends_the_stream(desk, live):
    async with page(desk, live, teams="one") as ana:
        change(desk, lambda work: work.execute(sa.update(staff).where(staff.c.handle == "ana").values(teams="two")))

        assert (await ana.next("end"))["why"] == "changed"


async def test_who_was_disabled_hears_nothing_more(desk, live):
    async with page(desk, live) as ana:
        change(desk, lambda work: work.execute(sa.update(staff).where(staff.c.handle == "ana").values(state="disabled")))

        await ana.next("end")
        assert await ana.ended() == []


@on_both
async def test_a_page_that_comes_back_hears_what_it_missed(desk, live):
    async with page(desk, live, "ben"):
        first = desk.case()
        last = desk.read(lambda work: work.execute(sa.select(sa.func.max(case_event.c.id))).scalar())
        second = desk.case()

        async with page(desk, live, "ana", after=last) as ana:
            await ana.until_quiet()
            rows = {data["row"]["id"] for event, data in ana.frames if event == "queue"}
            assert second in rows
            assert rows <= {first, second}


async def test_an_emergency_that_came_while_the_line_was_down_is_heard_once_it_is_back(desk, live):
    async with page(desk, live, "ben"):
        desk.case(level="E1")
        last = desk.read(lambda work: work.execute(sa.select(sa.func.max(case_event.c.id))).scalar())
        missed = desk.case(level="E1")
        taken = desk.case(level="E1", state="claimed", claimed_by="ben", lease_until=desk.clock() + timedelta(minutes=9))
        async with page(desk, live, "ana", after=last) as ana, page(desk, live, "eva", after=last, duty="off") as eva:
            await ana.until_quiet()
            await eva.until_quiet()

            assert [data["id"] for event, data in ana.frames if event == "page"] == [missed]
            assert taken in [data["row"]["id"] for event, data in ana.frames if event == "queue"]
            assert "page" not in [event for event, _ in eva.frames]


async def test_a_look_while_a_page_catches_up_sounds_for_what_it_has_not_heard_and_for_nothing_else(desk):
    page = Listener(desk.staff("ana"), 1)
    page.sound(5, b"heard before", 5)
    page.sound(6, b"new", 6)
    assert page.frames.empty()

    page.caught_up({5}, 6)
    page.sound(7, b"later", 7)
    assert [page.frames.get_nowait(), page.frames.get_nowait()] == [b"new", b"later"] and page.frames.empty()


class Held:
    """A store whose next read waits, as a slow database lets it, until it is let go."""

    def __init__(self, store):
        self._store, self.clock = store, store.clock
        self.waits, self.let_go = asyncio.Event(), asyncio.Event()
        self.hold_next = False

    async def read(self, act):
        if self.hold_next:
            self.hold_next = False
            self.waits.set()
            await self.let_go.wait()
        return await self._store.read(act)


@pytest.mark.parametrize("after", [None, 1])
async def test_a_page_that_comes_while_a_look_is_under_way_hears_what_that_look_finds(desk, after):
    store = Held(desk.services)
    live = Live(store, idle=IDLE)
    desk.case()
    async with page(desk, live, "ana") as ana:
        store.hold_next = True
        await store.waits.wait()
        async with page(desk, live, "ben", after=after) as ben:
            await ben.until_quiet()
            case = desk.case(level="E1")
            store.let_go.set()

            assert (await ben.next("page"))["id"] == case == (await ana.next("page"))["id"]
            assert case in [data["row"]["id"] for event, data in ben.frames if event == "queue"]
            assert "end" not in await ben.until_quiet()


async def test_the_first_event_of_a_new_desk_is_not_missed(desk, live):
    async with page(desk, live, "ben") as ben:
        case = desk.case(level="E1")
        await ben.next("queue")
        async with page(desk, live, "ana", after=0) as ana:
            await ana.until_quiet()

            assert case in [data["id"] for event, data in ana.frames if event == "page"]


async def test_of_very_many_pages_of_one_session_the_oldest_end(desk, live):
    async with page(desk, live) as first:
        others = [frames(live, first.session, None, beat_s=0.1) for _ in range(live_module.MOST_PAGES)]
        for heard in others:
            await heard.__anext__()

        assert (await first.next("end"))["why"] == "replaced"
        assert live.count == live_module.MOST_PAGES + 1
        for heard in others:
            await heard.aclose()


async def test_a_stream_ends_in_peace_when_nothing_can_be_read(desk, live, monkeypatch):
    async with page(desk, live) as ana:

        async def away(act):
            raise DatabaseProblem("away")

        monkeypatch.setattr(desk.services, "read", away)
        assert [one async for one in frames(live, ana.session, 7, beat_s=0.1)] == []


async def test_a_page_that_has_just_read_everything_is_told_nothing_twice(desk, live):
    desk.case()
    async with page(desk, live) as ana:
        assert await ana.until_quiet() == ["duty", "beat"]


async def test_a_page_that_missed_a_lot_reads_anew(desk, live, monkeypatch):
    monkeypatch.setattr(live_module, "CATCH_UP", 2)
    for _ in range(4):
        desk.case()
    async with page(desk, live, after=1) as ana:
        assert "resync" in await ana.until_quiet()


async def test_a_number_from_another_store_reads_anew(desk, live):
    async with page(desk, live, after=10**9) as ana:
        assert "resync" in await ana.until_quiet()


async def test_what_became_visible_late_is_told(desk, live):
    """On PostgreSQL a lower number may be committed after a higher one."""
    case = desk.case()
    async with page(desk, live) as ana:
        row = {"case_id": case, "what": "note", "who": "ben", "at": desk.clock()}
        change(desk, lambda work: work.execute(case_event.insert().values(id=500, dedupe_key="late-1", **row)))
        first = await ana.next("thread")
        change(desk, lambda work: work.execute(case_event.insert().values(id=450, dedupe_key="late-2", **row)))

        assert first["version"] == 500
        assert (await ana.next("thread"))["id"] == case


async def test_a_clock_that_runs_out_is_told_though_nobody_wrote_anything(desk, live, clock):
    case = desk.case(due_at=desk.clock() + timedelta(minutes=5))
    async with page(desk, live) as ana:
        await ana.until_quiet()
        clock.on(minutes=6)
        row = (await ana.next("queue"))["row"]

        assert (row["id"], row["clock"]) == (case, "late")


async def test_a_page_that_does_not_read_holds_up_nobody_and_reads_anew(desk, live):
    desk.staff("deaf")
    deaf = Listener(desk.read(all_staff)[0], 0)
    for number in range(MOST_FRAMES + 5):
        deaf.put(b"event: queue\nid: 1\ndata: {}\n\n", number)

    events = [event for event, _ in frames_of([deaf.frames.get_nowait() for _ in range(deaf.frames.qsize())])]
    assert events == ["resync", *["queue"] * 4]


async def test_the_database_away_for_a_moment_loses_nothing(desk, live, monkeypatch):
    async with page(desk, live) as ana:
        read, failing = desk.services.read, [True]

        async def away(act):
            if failing[0]:
                raise DatabaseProblem("away")
            return await read(act)

        monkeypatch.setattr(desk.services, "read", away)
        case = desk.case()
        await ana.until_quiet()
        failing[0] = False

        assert (await ana.next("queue"))["row"]["id"] == case


async def test_no_page_open_no_look(desk, live):
    async with page(desk, live):
        assert live.count == 1

    assert live.count == 0
    assert live._task is None


async def test_beats_come_on_a_silent_line(desk, live):
    async with page(desk, live) as ana:
        assert (await ana.next("beat"))["now"].startswith("2026-03-02T09:00")


async def test_a_row_is_written_once_for_all_who_see_the_same(desk, live, monkeypatch):
    made = []
    row = serialise.row
    monkeypatch.setattr(serialise, "row", lambda *args: made.append(1) or row(*args))
    async with page(desk, live, "ana") as ana, page(desk, live, "ben") as ben, page(desk, live, "cleo") as cleo:
        desk.case()
        for one in (ana, ben, cleo):
            await one.next("queue")

    assert len(made) == 1
