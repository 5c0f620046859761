"""Reads and writes the XML of Tencent's callbacks. What comes in is strange; what goes out is always well formed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from connectors.contract import Malformed

LARGEST = 64 * 1024
# A callback has a root, its fields, and at most two levels in these (articles, lists of results).
DEEPEST = 6
# All but what XML 1.0 allows: control characters, lone surrogates, the two non-characters.
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

Value = str | int | Mapping[str, "Value"]


class NotXml(Malformed):
    """It is JSON: the push format of the account is set to it. An operator has to choose XML."""


def fields(body: bytes) -> dict[str, Any]:
    """Return the fields of a callback: text, or a dict or a list of such. Raises Malformed, never anything else.

    Entities are refused, and so are bodies larger than 64 KB and nests deeper than any callback.
    """
    if len(body) > LARGEST:
        raise Malformed("too large")
    if is_json(body):
        raise NotXml("JSON instead of XML")
    try:
        read = xmltodict.parse(body, disable_entities=True)
    except (ExpatError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Malformed("no XML") from None
    found = read.get("xml") if isinstance(read, dict) else None
    if not isinstance(found, dict):
        raise Malformed("no root")
    return {str(name): _shallow(value, DEEPEST) for name, value in found.items()}


def is_json(body: bytes) -> bool:
    """Return whether `body` looks like JSON rather than XML."""
    return body.lstrip()[:1] in (b"{", b"[")


def text_of(read: Mapping[str, Any], name: str) -> str:
    """Return a field that must be plain text, "" when it is missing. Raises Malformed when it is a list or has children."""
    value = read.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return value


def allowed(text: str) -> str:
    """Return `text` without characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def cdata(text: str) -> str:
    """Return `text` as character data that nothing in it can end."""
    return f"<![CDATA[{allowed(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def document(values: Mapping[str, Value]) -> str:
    """Return `<xml>` with these fields: text as character data, numbers bare, mappings as children. Names are ours."""
    return f"<xml>{_inside(values)}</xml>"


def _inside(values: Mapping[str, Value]) -> str:
    return "".join(f"<{_name(name)}>{_written(value)}</{name}>" for name, value in values.items())


def _written(value: Value) -> str:
    if isinstance(value, Mapping):
        return _inside(value)
    return str(value) if isinstance(value, int) else cdata(value)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return name


def _shallow(value: Any, deepest: int) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if deepest == 0:
        raise Malformed("too deep")
    if isinstance(value, list):
        return [_shallow(one, deepest - 1) for one in value]
    if isinstance(value, dict):
        return {str(name): _shallow(one, deepest - 1) for name, one in value.items()}
    raise Malformed("of no known kind")
