"""XML of callbacks: whatever comes is fields or Malformed; whatever goes out is well formed."""

from __future__ import annotations

import contextlib
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Malformed
from connectors.tencent.xml import NotXml, allowed, cdata, document, fields, text_of

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><xml><Content>&c;</Content></xml>"""
FROM_A_FILE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><Content>&f;</Content></xml>'
QUADRATIC = b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 20_000 + b'">]><xml><C>' + b"&a;" * 5000 + b"</C></xml>"


def test_a_callback_is_read():
    body = "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[头痛 <b> & ]]></Content><CreateTime>7</CreateTime><Empty/></xml>"
    assert fields(body.encode()) == {"MsgType": "text", "Content": "头痛 <b> &", "CreateTime": "7", "Empty": ""}


def test_what_a_patient_writes_may_look_like_a_declaration():
    assert fields(document({"Content": "<!DOCTYPE & <!-- hi"}).encode())["Content"] == "<!DOCTYPE & <!-- hi"


@pytest.mark.parametrize("bomb", [BILLION_LAUGHS, FROM_A_FILE, QUADRATIC], ids=["laughs", "file", "quadratic"])
def test_entities_are_refused_at_once(bomb):
    began = time.perf_counter()
    with pytest.raises(Malformed):
        fields(bomb)
    assert time.perf_counter() - began < 0.5


def test_a_deep_nest_is_refused():
    with pytest.raises(Malformed):
        fields(b"<xml>" + b"<a>" * 8 + b"x" + b"</a>" * 8 + b"</xml>")
    with pytest.raises(Malformed):
        fields(b"<a>" * 9000 + b"</a>" * 7000)
    with pytest.raises(Malformed):
        fields(b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>")


def test_more_than_64_kilobytes_are_refused_and_a_little_less_is_read():
    frame = len(b"<xml><C></C></xml>")
    with pytest.raises(Malformed):
        fields(b"<xml><C>" + b"x" * (64 * 1024 - frame + 1) + b"</C></xml>")
    assert len(fields(b"<xml><C>" + b"x" * (64 * 1024 - frame) + b"</C></xml>")["C"]) == 64 * 1024 - frame


@pytest.mark.parametrize("body", [b"{}", b"  [1]", b'{"a": 1}'])
def test_json_is_told_apart(body):
    with pytest.raises(NotXml):
        fields(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"<xml>", b"<xml/>", b"<a/>", b"\xff\xfe", b"<xml>\x00</xml>", b"<?xml version='1.0' encoding='no'?><xml><a/></xml>",
     b"<xml>words</xml>", b"\xef\xbb\xbf", b"<xml><a></xml></a>"],
)  # fmt: skip
def test_what_is_no_callback_is_malformed(body):
    with pytest.raises(Malformed):
        fields(body)


@given(st.binary(max_size=300))
def test_no_bytes_are_ever_another_error(body):
    _only_malformed(body)


@given(st.text(max_size=100), st.sampled_from(["Content", "xml", "MsgType"]))
def test_no_text_within_is_ever_another_error(text, name):
    _only_malformed(f"<xml><{name}>{text}</{name}></xml>".encode("utf-8", "surrogatepass"))


def _only_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(fields(body), dict)


def test_a_field_that_comes_twice_or_has_children_is_no_text():
    for body in (b"<xml><A>1</A><A>2</A></xml>", b"<xml><A><B>1</B></A></xml>"):
        with pytest.raises(Malformed):
            text_of(fields(body), "A")
    assert text_of({}, "A") == ""


@settings(max_examples=400)
@given(st.text(max_size=400))
def test_no_text_makes_what_we_write_invalid(text):
    root = ElementTree.fromstring(document({"Content": text, "Inner": {"Text": text}, "Number": 5}).encode())
    # XML itself makes one line break of each kind of them.
    expected = allowed(text).replace("\r\n", "\n").replace("\r", "\n")
    assert [root.findtext(path) or "" for path in ("Content", "Inner/Text")] == [expected, expected]
    assert root.findtext("Number") == "5" and len(root) == 3


@pytest.mark.parametrize("text", ["a[a[0]]>3", "]]>", "]]]]>>", "]]><MsgType>x</MsgType><![CDATA[", "\x00\x0b\ufffe\uffff"])
def test_the_end_of_character_data_cannot_be_written(text):
    assert (ElementTree.fromstring(f"<x>{cdata(text)}</x>").text or "") == allowed(text)


def test_a_name_that_is_not_ours_is_a_mistake():
    with pytest.raises(ValueError, match="name"):
        document({"a><b": "x"})
