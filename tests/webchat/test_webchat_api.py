from __future__ import annotations

import asyncio
import json
import logging
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from bot.database.engine import DatabaseProblem
from bot.languages import LANGUAGES
from connectors.gateway import make_app
from connectors.webchat.session import OWN_HEADER

RED_FLAG = "I have crushing chest pain that goes into my left arm and I am sweating"


def message(text: str = "hello", number: int = 1, **more: object) -> dict[str, object]:
    return {"id": f"0000-{number:04}", "text": text, **more}


def send(browser: TestClient, text: str = "hello", number: int = 1, **more: object):
    return browser.post("/chat/api/messages", json=message(text, number, **more))


def wait_for(browser: TestClient, count: int) -> list[dict]:
    for _ in range(200):
        messages = browser.get("/chat/api/messages").json()["messages"]
        if len(messages) >= count:
            return messages
        browser.portal.call(asyncio.sleep, 0.02)
    raise AssertionError(f"{len(messages)} messages instead of {count}")


def test_a_session_is_a_random_cookie_that_scripts_cannot_read(client):
    cookie = client.post("/chat/api/session").headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert len(client.cookies["daozhen_chat"]) == 43


def test_over_https_the_cookie_is_secure_and_bound_to_this_host(make_services):
    with TestClient(make_app(make_services(secure_cookies=True)), headers={OWN_HEADER: "1"}) as browser:
        cookie = browser.post("/chat/api/session").headers["set-cookie"]

    assert cookie.startswith("__Host-daozhen_chat=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_a_session_that_exists_is_kept(patient):
    before = patient.cookies["daozhen_chat"]

    patient.post("/chat/api/session")

    assert patient.cookies["daozhen_chat"] == before


def test_a_forgotten_session_begins_a_new_conversation(patient):
    send(patient)
    patient.delete("/chat/api/session")

    assert "daozhen_chat" not in patient.cookies
    assert patient.get("/chat/api/messages").json()["conversation"] is False


def test_a_malformed_token_is_no_session(client):
    client.cookies["daozhen_chat"] = "../../etc"

    assert send(client).status_code == 401


@pytest.mark.parametrize("headers", [{OWN_HEADER: "0"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
@pytest.mark.parametrize(("method", "path"), [("POST", "session"), ("POST", "messages"), ("DELETE", "session")])
def test_another_site_cannot_act_for_a_patient(patient, headers, method, path):
    answer = patient.request(method, f"/chat/api/{path}", json=message(), headers=headers)

    assert answer.status_code == 403
    assert answer.json()["sentence"]


def test_our_own_page_is_let_through(patient):
    assert patient.post("/chat/api/messages", json=message(), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 202


def test_without_a_session_nothing_is_stored(client, services):
    assert send(client).status_code == 401
    assert services.metrics.received.collect()[0].samples == []


def test_what_is_acknowledged_is_stored(patient):
    answer = send(patient, "my ear hurts")

    assert answer.status_code == 202
    assert [words["text"] for words in patient.get("/chat/api/messages").json()["own"]] == ["my ear hurts"]


def test_what_cannot_be_stored_is_not_acknowledged(patient, services, monkeypatch):
    @contextmanager
    def broken(**_):
        raise DatabaseProblem("down")
        yield

    monkeypatch.setattr(services.database, "write", broken)
    answer = send(patient, "my ear hurts", language="de")

    assert answer.status_code == 503
    assert "120" in answer.json()["sentence"]
    assert "gespeichert" in answer.json()["sentence"]
    assert answer.headers["retry-after"]


def test_the_same_message_twice_is_stored_once(patient):
    first, second = send(patient), send(patient)

    assert (first.json()["duplicate"], second.json()["duplicate"]) == (False, True)
    assert len(patient.get("/chat/api/messages").json()["own"]) == 1


def test_the_same_id_in_another_session_is_another_message(patient):
    send(patient, "mine")
    patient.delete("/chat/api/session")
    patient.post("/chat/api/session")

    assert send(patient, "yours").json()["duplicate"] is False
    assert [words["text"] for words in patient.get("/chat/api/messages").json()["own"]] == ["yours"]


def test_own_words_come_back_under_the_id_the_page_gave(patient):
    send(patient, number=7)

    assert patient.get("/chat/api/messages").json()["own"][0]["id"] == "0000-0007"


BAD = [
    ({"id": "0000-0001", "text": ""}, "error_empty"),
    ({"id": "0000-0001", "text": " \n\t "}, "error_empty"),
    ({"id": "0000-0001", "text": "x" * 4001}, "error_long"),
    ({"id": "0000-0001", "text": 5}, "error_format"),
    ({"id": 5, "text": "hello"}, "error_format"),
    ({"id": "../x", "text": "hello"}, "error_format"),
    ({"text": "hello"}, "error_format"),
    ({"id": "0000-0001", "text": "hello", "payload": "x" * 501}, "error_format"),
    ({"id": "0000-0001", "text": "hello", "payload": ["x"]}, "error_format"),
    (["hello"], "error_format"),
    (None, "error_format"),
]


@pytest.mark.parametrize(("body", "error"), BAD)
def test_bad_input_gets_a_sentence(patient, body, error):
    answer = patient.post("/chat/api/messages", json=body)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["sentence"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000])
def test_what_is_not_json_gets_a_sentence(patient, body):
    answer = patient.post("/chat/api/messages", content=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "error_format")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_is_in_the_language_of_the_person(patient, services, language):
    sentence = patient.post("/chat/api/messages", json=message("", language=language)).json()["sentence"]

    assert sentence == services.content.current().phrases.get("webchat.error_empty", language)


@pytest.mark.parametrize("text", ["😀", "مرحبا", "胸", "a\x00b", "\ud800ear", "x" * 4000])
def test_odd_texts_are_taken(patient, text):
    body = json.dumps(message(text))

    assert patient.post("/chat/api/messages", content=body).status_code == 202


def test_a_red_flag_is_taken_however_long_it_is(patient):
    answer = send(patient, RED_FLAG + " and so on" * 1000)

    assert answer.status_code == 202
    assert any(reply["kind"] == "emergency" for reply in wait_for(patient, 1))


def test_too_many_messages_are_asked_to_wait(make_services):
    with TestClient(make_app(make_services(webchat_per_minute=3)), headers={OWN_HEADER: "1"}) as browser:
        browser.post("/chat/api/session")
        codes = [send(browser, f"hello {number}", number).status_code for number in range(5)]

    assert codes == [202, 202, 202, 429, 429]


def test_a_red_flag_is_taken_above_the_limit(make_services):
    with TestClient(make_app(make_services(webchat_per_minute=1)), headers={OWN_HEADER: "1"}) as browser:
        browser.post("/chat/api/session")
        codes = [send(browser, text, number).status_code for number, text in enumerate(["hello", "hello", RED_FLAG])]

    assert codes == [202, 429, 202]


def test_above_the_hard_limit_nothing_is_taken(make_services):
    with TestClient(make_app(make_services(webchat_per_minute=1)), headers={OWN_HEADER: "1"}) as browser:
        browser.post("/chat/api/session")
        codes = [send(browser, RED_FLAG, number).status_code for number in range(8)]

    assert codes[:5] == [202] * 5
    assert codes[-1] == 429


def test_a_page_catches_up_by_number(patient):
    send(patient, "hello")
    first = wait_for(patient, 1)
    send(patient, "what", 2)
    both = wait_for(patient, 2)

    later = patient.get(f"/chat/api/messages?after={first[0]['number']}").json()

    assert [one["number"] for one in later["messages"]] == [both[1]["number"]]
    assert later["own"] == []


def test_every_message_of_the_bot_comes_with_its_note(patient):
    send(patient, "hello")

    (reply,) = wait_for(patient, 1)

    assert reply["text"].endswith(reply["note"])
    assert reply["author"] == "bot"


def test_nobody_sees_the_conversation_of_another(patient):
    send(patient, "mine")
    wait_for(patient, 1)
    patient.cookies.clear()
    patient.cookies["daozhen_chat"] = "A" * 43

    assert patient.get("/chat/api/messages").json() == {"conversation": False, "messages": [], "own": [], "more": False}


def test_without_a_conversation_there_is_no_stream(patient):
    assert patient.get("/chat/api/stream").status_code == 204


def test_the_language_and_region_chosen_on_the_page_count(patient):
    send(patient, "ok", language="de", region="DE")

    assert wait_for(patient, 1)[0]["language"] == "de"


@pytest.mark.parametrize(
    ("browser", "words", "expected"),
    [("zh-TW", "肚子痛", "zh-Hant"), ("zh-CN", "肚子痛", "zh-Hans"), ("zh-TW", "头疼", "zh-Hans")],
)
def test_the_browsers_language_counts_where_the_words_are_of_two(patient, browser, words, expected):
    patient.post("/chat/api/messages", json=message(words), headers={"accept-language": browser})

    assert wait_for(patient, 1)[0]["language"] == expected


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 30, "１"])
def test_a_broken_number_reads_from_the_beginning(patient, number):
    send(patient, "hello")
    wait_for(patient, 1)

    assert len(patient.get("/chat/api/messages", params={"after": number}).json()["messages"]) == 1


def test_neither_words_nor_token_are_logged(patient, caplog):
    caplog.set_level(logging.DEBUG)
    send(patient, "Purzelbaum hurts")
    patient.post("/chat/api/messages", content=b"{Purzelbaum")
    wait_for(patient, 1)

    ours = [record for record in caplog.records if record.name.startswith(("bot", "connectors", "uvicorn", "sse"))]
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert "Purzelbaum" not in logged
    assert patient.cookies["daozhen_chat"] not in logged


def test_answers_are_never_kept_by_a_cache(patient):
    for answer in (patient.get("/chat/api/messages"), send(patient), patient.get("/chat")):
        assert answer.headers["cache-control"] == "no-store"
