"""Tencent's own examples, letter for letter: what the simulator signs and seals is what Tencent would."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto

from simulators.wechat.envelope import Address, check_query, open_reply, seal, signature
from simulators.wechat.xml import read, render

TOKEN, KEY, APP = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZU"
    "XQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2"
    "cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


class Fixed(random.Random):
    """Gives the named numbers, one after the other."""

    numbers: Iterator[int]

    def randrange(self, *_: object, **__: object) -> int:
        return next(self.numbers)


def fixed(*numbers: int) -> Fixed:
    made = Fixed()
    made.numbers = iter(numbers)
    return made


def test_1_the_check_of_the_address():
    query, echo = check_query(Address(APP, TOKEN, [KEY]), now=1714036504, chance=fixed(4375120948345356249, 1514711492))
    assert query == {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    assert echo == "4375120948345356249"


def test_2_the_signature_of_a_plain_push():
    fields = {"ToUserName": "gh_97417a04a28d", "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"}
    sealed = seal(Address(APP, TOKEN, [KEY], "plain"), fields, now=1714037059, chance=fixed(486452656))
    assert sealed.query["signature"] == "899cf89e464efb63f54ddac96b0a0a235f53aa78" and read(sealed.body) == fields


def test_3_the_signature_and_the_words_of_a_sealed_push():
    assert signature(TOKEN, "1714112445", "415670741") == "6c5c811b55cc85e0e1b54100749188c20beb3f5d"
    signed = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    assert signature(TOKEN, "1714112445", "415670741", SEALED) == signed
    plain = WeChatCrypto(TOKEN, KEY, APP).decrypt_message({"Encrypt": SEALED}, signed, "1714112445", "415670741")
    assert len(plain.encode()) == 167 and plain.endswith('"debug_str":"hello world"}')


def test_4_a_sealed_answer(monkeypatch):
    monkeypatch.setattr(PrpCrypto, "get_random_string", lambda _: "707722b803182950")
    xml = WeChatCrypto(TOKEN, KEY, APP).encrypt_message('{"demo_resp":"good luck"}', "415670741", "1713424427")
    assert read(xml)["Encrypt"] == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert read(xml)["MsgSignature"] == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_5_wecoms_signature_of_an_echo():
    echo = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
    crypto = WeComCrypto("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a")
    signed = "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"
    assert signature("123456", "1411443780", "437374425", echo) == signed
    assert crypto.check_signature(signed, "1411443780", "437374425", echo).isdigit()


def test_wecoms_check_is_opened_by_wechatpy():
    address = Address("ww1", "token", [KEY], is_wecom=True)
    query, echo = check_query(address, now=1, chance=random.Random(1))
    opened = WeComCrypto("token", KEY, "ww1").check_signature(query["msg_signature"], "1", query["nonce"], query["echostr"])
    assert opened == echo and "signature" not in query


@pytest.mark.parametrize("text", ["]]>", "a]]>b]]>", "😀ابت", "\u0000x\u000b\ud800y", "<a href='weixin://bizmsgmenu'>&amp;</a>"])
def test_no_text_breaks_the_xml(text):
    shown = read(render({"Content": f"{text}."}))["Content"]
    assert shown == "".join(letter for letter in text if letter not in "\u0000\u000b\ud800") + "."


@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_what_is_sealed_can_be_opened_in_every_mode(mode):
    address = Address(APP, TOKEN, [KEY], mode)
    sealed = WeChatCrypto(TOKEN, KEY, APP).encrypt_message(render({"Content": "您好"}), "1", "2")
    assert open_reply(address, render({"Content": "您好"}) if mode == "plain" else sealed, 0) == {"Content": "您好"}
