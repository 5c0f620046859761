"""Other programs of the hospital enrol patients and report visits: with a key, once for each client key, and told what is wrong."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from bot.bootstrap import build
from bot.database import Database, make_engine
from bot.database.tables import outbound, plan_enrolment, reminder
from bot.followup import enrolments
from bot.followup.links import link_of
from bot.followup.sending import plan_all
from bot.privacy.encryption import Cipher, new_key
from bot.programs import keys
from bot.programs import routes as routes_module
from bot.programs.routes import TRIES_PER_MINUTE, routes
from bot.settings import Settings
from connectors.gateway import make_app
from tests import contents
from tests.desk.desk_kit import Desk, FakeClock
from tests.stores import with_tables
from tests.webchat.conftest import Echo

URL = "https://chat.hospital.example"


class Program:
    """Another program with a key."""

    def __init__(self, desk, *, scopes=keys.SCOPES, name="records", beside=None):
        self.desk = desk
        with desk.services.database.write() as work:
            self.key = keys.add(work, name, scopes, who="ina", now=desk.clock())
        self.gateway = beside.gateway if beside else httpx.ASGITransport(app=Starlette(routes=routes(desk.services)))
        self.client = httpx.AsyncClient(
            transport=self.gateway, base_url="http://gateway", headers={"authorization": f"Bearer {self.key}"}
        )

    async def enrols(self, key="visit-0001", **body):
        return await self.client.post("/api/enrolments", json={"client_key": key, "plan": "hypertension", **body})

    async def visits(self, key="visit-0001", **body):
        return await self.client.post("/api/visits", json={"client_key": f"v:{key}", "enrolment_key": key, **body})

    async def asks(self, key="visit-0001"):
        return await self.client.get(f"/api/enrolments/{key}")


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request, tmp_path):
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres").emptied() if postgres else f"sqlite:///{tmp_path}/store.sqlite"
    engine = make_engine(with_tables(url))
    settings = Settings.parse_obj({"data_dir": tmp_path, "public_url": f"{URL}/"})
    database = Database(engine, Cipher([new_key()], "lookup"))
    services = build(settings, assistant=Echo(), clock=FakeClock(), database=database, content=contents.content_source())
    made = Desk(services, services.clock)
    yield made
    await made.close()
    engine.dispose()
    for executor in services.executors:
        executor.shutdown()


def rows(desk, table, *columns):
    return desk.read(lambda work: [tuple(row) for row in work.execute(sa.select(*(table.c[name] for name in columns)))])


async def test_a_patient_of_a_case_is_asked_once_however_often_the_program_calls(desk):
    program, case = Program(desk), desk.case()

    first = await program.enrols(patient={"case": f"A{case}"}, day="2026-03-01", limits={"systolic": {"high": 150}})
    second = await program.enrols(patient={"case": f"A{case}"}, day="2026-03-01", limits={"systolic": {"high": 150}})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["state"] == "asked"
    assert rows(desk, plan_enrolment, "plan", "state", "enrolled_by") == [("hypertension", "asked", "api:records")]
    assert [kind for (kind,) in rows(desk, outbound, "kind")] == ["question"]
    assert ("api:records", "enrolled", str(first.json()["enrolment"])) in desk.audit()


async def test_the_same_client_key_with_another_body_is_refused(desk):
    program, case = Program(desk), desk.case()
    await program.enrols(patient={"case": f"A{case}"})

    other = await program.enrols(patient={"case": f"A{case}"}, day="2026-03-09")

    assert (other.status_code, other.json()["error"]) == (409, "client_key_used")


async def test_two_programs_may_use_the_same_client_key(desk):
    case, other_case = desk.case(), desk.case()
    first = await Program(desk).enrols(patient={"case": str(case)})
    second = await Program(desk, name="wards").enrols(patient={"case": str(other_case)})

    assert (first.status_code, second.status_code) == (201, 201)


async def test_a_call_that_was_refused_may_be_made_again_with_the_same_key(desk):
    program, case = Program(desk), desk.case()
    assert (await program.enrols(plan="nothing", patient={"case": str(case)})).status_code == 422

    assert (await program.enrols(patient={"case": str(case)})).status_code == 201


async def test_a_patient_is_found_by_their_id_on_a_platform(desk):
    from bot.inbox.conversations import conversation_key
    from bot.messages import Inbound

    program, case = Program(desk), desk.case(channel="wechat", address="openid-1")
    with desk.services.database.write() as work:
        lookup = conversation_key(work, Inbound("wechat", "", "openid-1", "", desk.clock()))
        work.execute(sa.text("UPDATE conversation SET lookup = :lookup WHERE id = :id"), {"lookup": lookup, "id": f"p{case}"})

    found = await program.enrols(patient={"channel": "wechat", "id": "openid-1"})
    nobody = await program.enrols("visit-0002", patient={"channel": "wechat", "id": "openid-2"})

    assert (found.status_code, nobody.status_code, nobody.json()["error"]) == (201, 404, "gone")


async def test_without_a_patient_the_answer_is_a_link_for_one_person(desk):
    program = Program(desk)

    first, second = await program.enrols(day="2026-03-01"), await program.enrols(day="2026-03-01")

    assert (first.status_code, second.status_code, first.json()) == (201, 200, second.json())
    code = first.json()["code"]
    assert first.json()["link"] == f"{URL}/chat?start={code}"
    link = link_of(desk.services.database.cipher, code, contents.content_source().current().followup.plans)
    assert (link.plan, str(link.day), link.once) == ("hypertension", "2026-03-01", True)
    assert rows(desk, plan_enrolment, "id") == []


async def test_a_link_holds_no_limits(desk):
    answer = await Program(desk).enrols(limits={"systolic": {"high": 150}})

    assert answer.status_code == 400 and "patient" in answer.json()["sentence"]


async def test_how_an_enrolment_stands_is_told_to_the_program_that_made_it_only(desk):
    program, case = Program(desk), desk.case()
    await program.enrols(patient={"case": str(case)})
    await program.enrols("letter-0001")

    assert (await program.asks()).json()["state"] == "asked"
    assert (await program.asks("letter-0001")).json() == {"state": "link"}
    assert (await program.asks("letter-0002")).status_code == 404
    assert (await Program(desk, name="wards").asks()).status_code == 404


async def test_a_visit_settles_its_group_once(desk):
    program, case = Program(desk), desk.case()
    number = (await program.enrols(plan="vaccination", day="2026-03-20", patient={"case": str(case)})).json()["enrolment"]
    with desk.services.database.write() as work:
        enrolments.agree(work, number, now=desk.clock())
        plan_all(work, enrolments.of_id(work, number), contents.content_source().current(), now=desk.clock())

    first, second = (await program.visits()).json(), (await program.visits()).json()

    assert (first["group"], first["settled"], second["settled"]) == ("before", 2, 0)
    assert sorted(rows(desk, reminder, "step", "state", "why")) == [
        ("day_after", "waiting", None), ("day_before", "cleared", "visited"), ("week_before", "cleared", "visited"),
    ]  # fmt: skip


async def test_a_visit_of_nobody_is_refused(desk):
    assert (await Program(desk).visits("letter-0009")).json()["error"] == "unknown"


@pytest.mark.parametrize("headers", [{}, {"authorization": ""}, {"authorization": "Bearer dzk_no"}, {"authorization": "Basic x"}])
async def test_without_a_key_nothing_is_done(desk, headers):
    program = Program(desk)
    program.client.headers = httpx.Headers(headers)

    answer = await program.enrols(patient={"case": str(desk.case())})

    assert (answer.status_code, answer.json()["error"], answer.headers["www-authenticate"]) == (401, "key", "Bearer")
    assert rows(desk, plan_enrolment, "id") == []


async def test_a_key_is_for_what_it_is_for(desk):
    program = Program(desk, scopes=("visit",))

    assert (await program.enrols()).json()["error"] == "scope"
    assert (await program.asks()).status_code == 403
    assert (await program.visits()).status_code == 404


async def test_a_revoked_key_ends_at_once(desk):
    program = Program(desk)
    assert (await program.enrols()).status_code == 201
    with desk.services.database.write() as work:
        keys.revoke(work, "records", who="ina", now=desk.clock())

    assert (await program.enrols()).status_code == 401


async def test_a_program_in_a_loop_is_told_to_come_again_and_another_one_is_not(desk, monkeypatch):
    monkeypatch.setattr(routes_module, "PER_MINUTE", 5)
    program = Program(desk, scopes=("read",))
    other = Program(desk, name="wards", beside=program)
    answers = [await program.asks() for _ in range(10)]

    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) >= 1
    assert (await other.enrols()).status_code == 201


async def test_who_tries_keys_out_is_told_to_stop(desk):
    program = Program(desk)
    program.client.headers = httpx.Headers({"authorization": "Bearer dzk_no"})

    assert {(await program.asks()).status_code for _ in range(TRIES_PER_MINUTE + 20)} == {401, 429}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"client_key": "short"}, 400, "wrong"),
        ({"client_key": 7}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": 7}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": "hypertension", "dya": "2026-03-01"}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": "hypertension", "day": "01.03.2026"}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": "hypertension", "patient": "A1"}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": "hypertension", "patient": {"name": "Li"}}, 400, "wrong"),
        ({"client_key": "visit-0001", "plan": "hypertension", "patient": {"case": "A999"}}, 404, "gone"),
        ({"client_key": "visit-0001", "plan": "nothing"}, 422, "plan"),
        ({"client_key": "visit-0001", "plan": "hypertension", "day": "2036-03-01"}, 422, "day"),
        ({"client_key": "visit-0001", "plan": "hypertension", "zone": "Mars/North"}, 422, "zone"),
        ({"client_key": "visit-0001", "plan": "hypertension", "limits": {"systolic": {"high": 999}}}, 422, "limits"),
    ],
)
async def test_what_is_wrong_is_said_in_a_sentence(desk, body, status, error):
    answer = await Program(desk).client.post("/api/enrolments", json=body)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["sentence"].endswith(".") and "{" not in answer.json()["sentence"].replace('{"', "")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 5000, b'"x"'])
async def test_what_is_no_json_object_is_refused(desk, body):
    answer = await Program(desk).client.post("/api/enrolments", content=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "wrong")


async def test_no_client_key_stands_in_the_database(desk):
    program, case = Program(desk), desk.case()
    await program.enrols("record-4711-2026", patient={"case": str(case)})
    await program.enrols("record-4712-2026")

    tables = ("plan_enrolment", "used_token", "audit", "outbound")
    stored = desk.read(
        lambda work: str([tuple(row) for name in tables for row in work.execute(sa.text(f"SELECT * FROM {name}"))])
    )
    assert "4711" not in stored and "4712" not in stored


async def test_the_gateway_has_the_calls_and_asks_for_no_cookie(desk):
    program = Program(desk)
    transport = httpx.ASGITransport(app=make_app(desk.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=program.client.headers) as client:
        answer = await client.post("/api/enrolments", json={"client_key": "visit-0001", "plan": "hypertension"})

    assert (answer.status_code, answer.headers["cache-control"], "set-cookie" in answer.headers) == (201, "no-store", False)
