"""Calls to Tencent: at most one new token, every failure one of the four errors, and nothing that is secret is told on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from bot.clock import utc_now
from bot.database.engine import DatabaseProblem
from bot.outbox.sender import Closed, Permanent, Transient, Unknown
from connectors.tencent.access import AccessTokens, NoToken
from connectors.tencent.api import Api, ApiError, HttpError, Line, NoAnswer, scrubbed
from connectors.tencent.errors import error_of, is_set_up, until_next_day
from connectors.tencent.granting import of_corporation, of_official_account
from tests.tencent.fake_host import Host, refused

SECRET = "zebra-secret-0123456789"


@pytest.fixture
def database_url():
    """SQLite is enough here: `test_access` looks at both."""
    return ""


@pytest.fixture
async def host():
    async with Host() as running:
        yield running


def granted(number: int):
    return {"access_token": f"TOKEN-{number}-0123456789abcdef", "expires_in": 7200}


@pytest.fixture
async def api(host, tmp_path, database):
    line = Line(host.url, connect_s=0.5, read_s=0.5)
    fetch = of_official_account(line, "wx1", SECRET)
    host.says(granted(1))
    calls = Api(line, AccessTokens(database, utc_now, fetch, "wx1"))
    yield calls
    await calls.close()


async def test_a_call_carries_the_token_and_chinese_as_it_is(host, api):
    answer = await api.call("cgi-bin/message/custom/send", {"content": "头痛"})
    assert answer["errcode"] == 0 and api.problem == ""
    first, second = host.asked
    assert first[0] == "/cgi-bin/stable_token" and first[2]["force_refresh"] is False
    assert second == ("/cgi-bin/message/custom/send", {"access_token": granted(1)["access_token"]}, {"content": "头痛"})


async def test_the_token_of_wecom_is_asked_for_by_get(host):
    line = Line(host.url)
    host.says({"errcode": 0, "errmsg": "ok", **granted(1)})
    assert (await of_corporation(line, "ww1", SECRET)()).seconds == 7200
    assert host.asked == [("/cgi-bin/gettoken", {"corpid": "ww1", "corpsecret": SECRET}, None)]
    await line.close()


@pytest.mark.parametrize("answer", [{}, {"access_token": 5, "expires_in": 1}, {"access_token": "x", "expires_in": "7200"},
                                    {"access_token": "x" * 513, "expires_in": 1}, {"access_token": "x", "expires_in": 0}])  # fmt: skip
async def test_a_token_that_is_none_is_not_taken(host, answer):
    line = Line(host.url)
    host.says(answer)
    with pytest.raises(NoAnswer):
        await of_official_account(line, "wx1", SECRET)()
    await line.close()


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_once_and_the_call_made_again(host, api, code):
    host.says(code, granted(2))
    await api.call("x", {})
    assert [path for path, _, _ in host.asked] == ["/cgi-bin/stable_token", "/x", "/cgi-bin/stable_token", "/x"]
    assert host.asked[-1][1]["access_token"] == granted(2)["access_token"]


async def test_a_host_that_refuses_every_token_is_asked_twice_not_for_ever(host, api):
    host.says(40001, granted(2), 40001)
    with pytest.raises(ApiError) as raised:
        await api.call("x", {})
    assert raised.value.errcode == 40001 and len(host.asked) == 4 and api.problem == "error 40001"


@pytest.mark.parametrize("code", [-1, 45015, 40003])
async def test_another_error_fetches_no_token(host, api, code):
    host.says(code)
    with pytest.raises(ApiError) as raised:
        await api.call("x", {})
    assert raised.value.errcode == code and raised.value.rid == "5f3ded7d-22929d02-4ba1f5f6" and len(host.asked) == 2


@pytest.mark.parametrize(
    ("code", "problem"), [(45015, ""), (40003, ""), (95001, ""), (-1, "error -1"), (40164, "error 40164"), (45009, "error 45009")]
)
async def test_what_is_refused_to_one_person_is_no_problem_of_the_account(host, api, code, problem):
    host.says(code)
    with pytest.raises(ApiError):
        await api.call("x", {})
    assert api.problem == problem


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"", b"[1]", b'"ok"', b'{"errcode": "0"}', b"\xff", b"[" * 100_000])
async def test_200_with_something_else_is_of_unknown_outcome(host, api, body):
    host.says(body)
    with pytest.raises(NoAnswer) as raised:
        await api.call("x", {})
    assert type(error_of(raised.value)) is Unknown


async def test_an_answer_without_end_is_cut_off(host, api, monkeypatch):
    monkeypatch.setattr("connectors.tencent.api.LARGEST_ANSWER", 1000)
    host.says(b'{"a": "' + b"x" * 5000 + b'"}')
    with pytest.raises(NoAnswer):
        await api.call("x", {})


async def test_what_takes_too_long_is_of_unknown_outcome(host, api):
    await api.call("x", {})
    host.says("hang")
    with pytest.raises(httpx.ReadTimeout) as raised:
        await api.call("x", {})
    assert type(error_of(raised.value)) is Unknown


async def test_a_line_that_breaks_is_of_unknown_outcome(host, api):
    await api.call("x", {})
    host.says("hang up")
    with pytest.raises(httpx.HTTPError) as raised:
        await api.call("x", {})
    assert type(error_of(raised.value)) is Unknown


async def test_nobody_listens_is_tried_again(database):
    line = Line("http://127.0.0.1:9", connect_s=0.5)
    with pytest.raises(httpx.ConnectError) as raised:
        await line.call("x", {})
    assert type(error_of(raised.value)) is Transient
    await line.close()


async def test_a_proxy_of_the_environment_is_not_used(host, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    line = Line(host.url)
    assert (await line.call("x", {}))["errcode"] == 0
    await line.close()


TABLE = {
    "a system that is busy is tried again": (ApiError(-1), Transient),
    "too many in a minute is tried again": (ApiError(45011), Transient),
    "500 is tried again": (HttpError(500), Transient),
    "503 is tried again": (HttpError(503), Transient),
    "a proxy's 502 is of unknown outcome": (HttpError(502), Unknown),
    "a proxy's 504 is of unknown outcome": (HttpError(504), Unknown),
    "404 is never tried again": (HttpError(404), Permanent),
    "no line was free: again": (httpx.PoolTimeout(""), Transient),
    "no connection in time: again": (httpx.ConnectTimeout(""), Transient),
    "no connection: again": (httpx.ConnectError(""), Transient),
    "no answer in time: unknown": (httpx.ReadTimeout(""), Unknown),
    "writing took too long: unknown": (httpx.WriteTimeout(""), Unknown),
    "the line broke: unknown": (httpx.RemoteProtocolError(""), Unknown),
    "an answer that is none: unknown": (NoAnswer(), Unknown),
    "a mistake of ours: unknown": (ValueError(), Unknown),
    "nobody has a token yet: again": (NoToken(), Transient),
    "the database is away: again": (DatabaseProblem(""), Transient),
    "a bad token after a new one: again, later": (ApiError(40001), Transient),
    "an invalid token after a new one: again, later": (ApiError(40014), Transient),
    "an expired token after a new one: again, later": (ApiError(42001), Transient),
    "the quota of the day: again tomorrow": (ApiError(45009), Transient),
    "out of the window: closed": (ApiError(45015), Closed),
    "the quota of the window: closed": (ApiError(45047), Closed),
    "no follower: closed": (ApiError(43004), Closed),
    "refuses messages: closed": (ApiError(48002), Closed),
    "no subscription left: closed": (ApiError(43101), Closed),
    "WeCom, too many: closed": (ApiError(95001), Closed),
    "WeCom, too late: closed": (ApiError(95002), Closed),
    "bad person: never": (ApiError(40003), Permanent),
    "bad template: never": (ApiError(40037), Permanent),
    "bad field: never": (ApiError(47003), Permanent),
    "too long: never": (ApiError(45002), Permanent),
    "not allowed: never": (ApiError(48001), Permanent),
    "address not on the list: never": (ApiError(40164), Permanent),
    "wrong secret: never": (ApiError(40125), Permanent),
    "wrong app id: never": (ApiError(40013), Permanent),
    "bad parameter: never": (ApiError(40058), Permanent),
    "a code of tomorrow: never": (ApiError(99_999), Permanent),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_errors(name):
    failure, expected = TABLE[name]
    assert type(error_of(failure)) is expected


def test_the_quota_of_the_day_ends_at_midnight_in_china():
    now = datetime(2026, 11, 1, 15, 30, tzinfo=timezone.utc)
    assert until_next_day(now) == timedelta(minutes=30)
    error = error_of(ApiError(45009), now=now)
    assert isinstance(error, Transient) and error.retry_after == timedelta(minutes=30)


@pytest.mark.parametrize("code", [40164, 40125, 40013, 48001, 40001])
def test_a_wrong_setting_is_told_apart_from_a_wrong_message(code):
    assert is_set_up(ApiError(code))


@pytest.mark.parametrize("code", [45015, 40003, -1])
def test_a_wrong_message_is_no_wrong_setting(code):
    assert not is_set_up(ApiError(code))


@pytest.mark.parametrize(
    ("said", "kept", "lost"),
    [
        ("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 5f3ded7d-22929d02-4ba1f5f6", "1.2.3.4", "5f3ded7d"),
        ("invalid openid oABCDEFGHIJKLMNOPQRSTUVWXYZ12 rid: 5f3ded7d-22929d02-4ba1f5f6", "invalid openid", "oABCDEFGH"),
        ("invalid credential, access_token is invalid, hint: [IVHYVA0391ge31]", "invalid credential", "IVHYVA"),
        (f"appsecret {SECRET} wrong", "wrong", SECRET),
    ],
)
def test_an_error_text_keeps_what_helps_and_loses_what_is_secret(said, kept, lost):
    text, rid = scrubbed(said)
    assert kept in text and lost not in text
    assert (rid == "5f3ded7d-22929d02-4ba1f5f6") == ("rid" in said)


async def test_nothing_secret_is_in_a_log_or_in_an_error(host, api, caplog):
    caplog.set_level(logging.INFO, "connectors")
    host.says(refused(40003, "invalid openid oABCDEFGHIJKLMNOPQRSTUVWXYZ12"), refused(40001, SECRET), granted(2), 40001)
    texts = []
    for _ in range(2):
        with pytest.raises(ApiError) as raised:
            await api.call("x", {"touser": "oABCDEFGHIJKLMNOPQRSTUVWXYZ12", "content": "zebra words"})
        texts.append(str(raised.value) + repr(raised.value) + api.problem)
    for secret in (SECRET, "TOKEN-1", "TOKEN-2", "oABC", "zebra"):
        assert secret not in caplog.text + "".join(texts)
