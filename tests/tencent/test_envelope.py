"""The envelope of callbacks: Tencent's own examples, wechatpy as the other side, and everything that must be refused."""

from __future__ import annotations

import hashlib
import inspect
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from connectors.contract import Malformed, NotTheirs
from connectors.tencent import envelope as module
from connectors.tencent.envelope import Envelope, EnvelopeProblem, Opened, signature_of
from connectors.tencent.xml import document

# Tencent's own examples, from its page on pushed messages.
TOKEN, KEY, APP = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
OTHER_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG"
    "+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3"
    "VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def at(seconds: int):
    return lambda: datetime.fromtimestamp(seconds, timezone.utc)


NOW = 1_780_000_000


def envelope(keys=(KEY,), *, now: int = NOW, token: str = TOKEN, app: str = APP) -> Envelope:
    return Envelope(token, keys, app, at(now))


def posted(plain: str, *, key: str = KEY, app: str = APP, now: int = NOW, token: str = TOKEN) -> tuple[dict[str, str], bytes]:
    """Return query and body as wechatpy makes them: another hand than ours."""
    body = WeChatCrypto(token, key, app).encrypt_message(plain, "nonce", str(now))
    signature = body.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    query = {"timestamp": str(now), "nonce": "nonce", "msg_signature": signature, "encrypt_type": "aes", "signature": "x"}
    return query, body.encode()


def test_golden_1_the_address_of_an_official_account():
    query = {"timestamp": "1714036504", "nonce": "1514711492", "echostr": "4375120948345356249"}
    query["signature"] = "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert envelope(now=1714036504).check_address(query) == "4375120948345356249"


def test_golden_2_a_plain_signature():
    assert signature_of(TOKEN, "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


@pytest.mark.parametrize("keys", [(KEY,), (KEY, OTHER_KEY), (OTHER_KEY, KEY)])
def test_golden_3_a_message_in_the_safe_mode(keys):
    query = {"timestamp": "1714112445", "nonce": "415670741", "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d"}
    query["msg_signature"] = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    body = document({"ToUserName": "gh_97417a04a28d", "Encrypt": SEALED}).encode()
    opened = envelope(keys, now=1714112445).open(query, body)
    assert len(opened.plain) == 167 and opened.plain.endswith(b'"debug_str":"hello world"}')
    assert opened.key == keys.index(KEY)


def test_golden_4_an_answer(monkeypatch):
    monkeypatch.setattr(module.secrets, "token_bytes", lambda size: b"707722b803182950")
    answer = envelope(now=1713424427).seal('{"demo_resp":"good luck"}', "415670741", 0)
    assert "<![CDATA[1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1]]>" in answer
    assert "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==" in answer


def test_golden_5_the_address_of_wecom():
    sealed = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
    query = {"timestamp": "1411443780", "nonce": "437374425", "echostr": sealed}
    query["msg_signature"] = "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"
    ours = envelope((OTHER_KEY,), now=1411443780, token="123456", app="wx49f0ab532d5d035a")
    theirs = WeComCrypto("123456", OTHER_KEY, "wx49f0ab532d5d035a")
    said = theirs.check_signature(query["msg_signature"], "1411443780", "437374425", sealed)
    assert ours.check_address(query) == said and said


def test_what_wechatpy_seals_is_opened():
    assert envelope().open(*posted("<xml>头痛 👩‍⚕️</xml>")) == Opened("<xml>头痛 👩‍⚕️</xml>".encode(), 0)


@given(st.text(max_size=300), st.text(alphabet="0123456789", min_size=1, max_size=12))
def test_what_we_seal_wechatpy_opens(text, nonce):
    answer = envelope().seal(text, nonce, 0)
    signature = answer.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    opened = WeChatCrypto(TOKEN, KEY, APP).decrypt_message(answer, signature, str(NOW), nonce)
    assert opened == text.encode("utf-8", "replace").decode()


def test_a_message_under_the_previous_key_is_opened_and_answered_with_it():
    opened = envelope((OTHER_KEY, KEY)).open(*posted("old"))
    answer = envelope((OTHER_KEY, KEY)).seal("reply", "n", opened.key)
    signature = answer.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
    assert opened == Opened(b"old", 1)
    assert WeChatCrypto(TOKEN, KEY, APP).decrypt_message(answer, signature, str(NOW), "n") == "reply"


def test_no_two_seals_are_alike():
    assert envelope().seal("same", "n", 0) != envelope().seal("same", "n", 0)


@pytest.mark.parametrize("off", [-301, 301, 10**9])
def test_an_old_or_future_request_is_refused(off):
    query, body = posted("hi")
    with pytest.raises(NotTheirs):
        envelope(now=NOW + off).open(query, body)


def test_a_clock_that_is_wrong_is_told_to_the_operator_once_a_minute(caplog):
    door = envelope(now=NOW + 900)
    for _ in range(3):
        with pytest.raises(NotTheirs):
            door.open(*posted("zebramarker"))
    assert caplog.text.count("clock") == 1 and "zebramarker" not in caplog.text


def test_an_old_request_with_a_wrong_signature_is_told_nobody(caplog):
    query, body = posted("hi")
    with pytest.raises(NotTheirs):
        envelope(now=NOW + 900).open({**query, "msg_signature": "0" * 40}, body)
    assert not caplog.text


@pytest.mark.parametrize("off", [-300, 0, 300])
def test_a_fresh_request_is_taken(off):
    assert envelope(now=NOW + off).open(*posted("hi")).plain == b"hi"


@pytest.mark.parametrize("stamp", ["", "x", "１７８", "-1", "1e9", "9" * 400, " 1780000000"])
def test_a_time_stamp_that_is_none_is_refused(stamp):
    query, body = posted("hi")
    with pytest.raises(NotTheirs):
        envelope().open({**query, "timestamp": stamp}, body)


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
def test_a_request_with_something_missing_is_refused(name):
    query, body = posted("hi")
    del query[name]
    with pytest.raises(NotTheirs):
        envelope().open(query, body)


@pytest.mark.parametrize("wrong", ["0" * 40, "", "É" * 40, "\ud800", "x" * 10_000])
def test_a_wrong_signature_is_refused(wrong):
    query, body = posted("hi")
    with pytest.raises(NotTheirs):
        envelope().open({**query, "msg_signature": wrong}, body)
    echo = {**query, "echostr": "1", "signature": wrong, "msg_signature": wrong}
    with pytest.raises(NotTheirs):
        envelope().check_address(echo)


def test_signatures_are_compared_in_constant_time():
    source = inspect.getsource(Envelope._check_signature)
    assert "compare_digest" in source and "!=" not in source and "==" not in source


def test_a_plain_body_is_refused_though_its_plain_signature_is_right():
    plain = hashlib.sha1("".join(sorted([TOKEN, str(NOW), "n"])).encode()).hexdigest()
    query = {"timestamp": str(NOW), "nonce": "n", "signature": plain, "msg_signature": plain}
    with pytest.raises(NotTheirs):
        envelope().open(query, document({"FromUserName": "o1", "MsgType": "text", "Content": "hi"}).encode())


def test_a_message_for_another_account_is_refused():
    with pytest.raises(NotTheirs):
        envelope().open(*posted("hi", app="wx0000000000000000"))


def test_a_message_under_a_key_that_is_not_ours_is_refused_and_told_once_a_minute(caplog):
    door = envelope()
    for _ in range(3):
        with pytest.raises(NotTheirs):
            door.open(*posted("zebramarker", key=OTHER_KEY))
    assert caplog.text.count("EncodingAESKey") == 1 and "zebramarker" not in caplog.text


def test_a_wrong_signature_is_told_nobody(caplog):
    query, body = posted("hi", key=OTHER_KEY)
    with pytest.raises(NotTheirs):
        envelope().open({**query, "msg_signature": "0" * 40}, body)
    assert not caplog.text


@pytest.mark.parametrize(
    ("token", "keys", "app"), [("", (KEY,), APP), (TOKEN, (), APP), (TOKEN, ("short",), APP), (TOKEN, (KEY,), "")]
)
def test_without_a_secret_there_is_no_door(token, keys, app):
    with pytest.raises(EnvelopeProblem) as raised:
        Envelope(token, keys, app, at(NOW))
    assert "short" not in str(raised.value)


def signed(sealed: str) -> tuple[dict[str, str], bytes]:
    query = {"timestamp": str(NOW), "nonce": "n", "msg_signature": signature_of(TOKEN, str(NOW), "n", sealed)}
    return query, document({"Encrypt": sealed}).encode()


@pytest.mark.parametrize("sealed", ["%%%", "é", "QUJD", "=", "A" * 63])
def test_a_signed_envelope_with_no_ciphertext_is_malformed(sealed):
    with pytest.raises(Malformed):
        envelope().open(*signed(sealed))


@given(st.binary(min_size=1, max_size=96))
def test_signed_noise_is_never_another_error(noise):
    import base64

    with pytest.raises((Malformed, NotTheirs)):
        envelope().open(*signed(base64.b64encode(noise).decode()))


@given(st.binary(max_size=400))
def test_no_body_is_ever_another_error(body):
    with pytest.raises((Malformed, NotTheirs)):
        envelope().open({"timestamp": str(NOW), "nonce": "n", "msg_signature": "x"}, body)


def test_json_from_the_platform_tells_the_operator_what_to_choose(caplog):
    sealed = WeChatCrypto(TOKEN, KEY, APP)
    sealed = sealed.encrypt_message("zebramarker", "n", str(NOW)).partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    query, _ = signed(sealed)
    with pytest.raises(Malformed):
        envelope().open(query, json.dumps({"Encrypt": sealed}).encode())
    assert "choose XML" in caplog.text and "zebramarker" not in caplog.text and sealed not in caplog.text


def test_json_from_a_stranger_tells_nobody_anything(caplog):
    with pytest.raises(NotTheirs):
        envelope().open({"timestamp": str(NOW), "nonce": "n", "msg_signature": "x"}, b'{"Encrypt": "AAAA"}')
    assert not caplog.text


def test_a_clock_that_moves_is_asked_each_time():
    now = [datetime.fromtimestamp(NOW, timezone.utc)]
    door = Envelope(TOKEN, [KEY], APP, lambda: now[0])
    query, body = posted("hi")
    assert door.open(query, body).plain == b"hi"
    now[0] += timedelta(seconds=301)
    with pytest.raises(NotTheirs):
        door.open(query, body)
