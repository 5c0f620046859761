"""The gateway's own routes, its headers, its limits, and what a client hears when a message could not be stored."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.database.engine import DatabaseProblem
from bot.messages import Inbound
from connectors.gateway import LARGEST_BODY, make_app
from connectors.guard import SecurityHeaders, SizeLimit
from tests.conversations.bench import Bench


@pytest.fixture
async def bench(tmp_path):
    async with Bench(tmp_path) as running:
        yield running


@pytest.fixture
async def http(bench):
    transport = httpx.ASGITransport(make_app(bench.services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


@pytest.fixture
def database_is_away(bench):
    def refuse(*_):
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    sa.event.listen(bench.database.engine, "begin", refuse)
    yield
    sa.event.remove(bench.database.engine, "begin", refuse)


async def test_it_is_alive(http):
    assert (await http.get("/health")).status_code == 200


async def test_it_is_ready_with_database_and_assistant(http):
    answer = await http.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


async def test_without_the_assistant_it_says_degraded_and_stays_in_service(http, bench):
    bench.assistant.goes_down()
    answer = await http.get("/ready")
    assert (answer.status_code, answer.json()["status"], answer.json()["assistant"]) == (200, "degraded", False)


async def test_without_the_database_it_is_not_ready_but_alive(http, database_is_away):
    answer = await http.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert (await http.get("/health")).status_code == 200


async def test_metrics_count_without_ids_or_words(http, bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("crushing chest pain zebramarker")
    text = (await http.get("/metrics")).text
    assert 'daozhen_messages_received_total{channel="webchat"} 3.0' in text
    assert "daozhen_safety_answers_total 1.0" in text and "daozhen_degraded 0.0" in text
    assert "daozhen_assistant_seconds_bucket" in text and "daozhen_outbox_waiting 0.0" in text
    for secret in ("zebramarker", patient.sender, patient.conversation().id):
        assert secret not in text


async def test_metrics_are_given_without_the_database(http, database_is_away):
    assert (await http.get("/metrics")).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/ready", "/nowhere"])
async def test_every_answer_carries_the_security_headers(http, path):
    headers = (await http.get(path)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


async def echo(request: Request):
    return PlainTextResponse(str(len(await request.body())))


async def refuses(request: Request):
    raise DatabaseProblem("away")


@pytest.fixture
async def limited():
    middleware = [Middleware(SecurityHeaders), Middleware(SizeLimit, limit=LARGEST_BODY)]
    app = Starlette(routes=[Route("/", echo, methods=["POST"])], middleware=middleware)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def parts(number):
    for _ in range(number):
        yield b"x" * 1024


async def test_a_body_as_large_as_allowed_is_read(limited):
    assert (await limited.post("/", content=b"x" * LARGEST_BODY)).text == str(LARGEST_BODY)


async def test_a_larger_body_is_refused_with_headers(limited):
    answer = await limited.post("/", content=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413 and "content-security-policy" in answer.headers


async def test_a_body_that_does_not_say_its_size_is_refused_when_it_grows_too_large(limited):
    assert (await limited.post("/", content=parts(65))).status_code == 413
    assert (await limited.post("/", content=parts(64))).status_code == 200


@pytest.mark.parametrize("length", ["-1", "many"])
async def test_a_length_that_is_none_is_refused(limited, length):
    assert (await limited.post("/", content=parts(1), headers={"content-length": length})).status_code == 413


async def test_a_message_that_could_not_be_stored_is_answered_503_so_that_the_client_tries_again(bench, database_is_away):
    async def hook(request: Request):
        await bench.services.inbox.receive(Inbound("telegram", "1", "somebody", "hello", bench.now()))
        return PlainTextResponse("stored")

    app = make_app(bench.services)
    app.router.routes.insert(0, Route("/hook", hook, methods=["POST"]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        answer = await client.post("/hook")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0


async def test_a_page_that_is_closed_in_the_middle_of_a_call_is_no_mistake(bench):
    async def receive():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    app = make_app(bench.services)
    headers = [(b"host", b"gateway"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/staff/login", "raw_path": b"/staff/login", "root_path": "", "scheme": "http",
             "query_string": b"", "headers": headers, "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("gateway", 80)}  # fmt: skip
    await app(scope, receive, send)  # raises nothing
    assert sent[0]["status"] == 400
