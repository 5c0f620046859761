"""XML as Tencent writes it, and a strict reading of what it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import xmltodict

Fields = Mapping[str, Any]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(fields: Fields) -> str:
    """Return `<xml>…</xml>`: numbers bare, texts as CDATA, lists as elements that repeat."""
    return f"<xml>{_inner(fields)}</xml>"


def read(body: str) -> dict[str, Any]:
    """Return the elements of a flat `<xml>`. Raises ValueError: no XML, another root, elements twice or nested."""
    try:
        root = xmltodict.parse(body)
    except Exception as error:  # expat's errors have no common parent with xmltodict's
        raise ValueError(f"no XML: {error}") from None
    fields = root.get("xml")
    if not isinstance(fields, dict):
        raise ValueError("the root is not <xml>, or it is empty")
    return fields


def _inner(fields: Fields) -> str:
    return "".join(_element(name, one) for name, value in fields.items() for one in _all(value))


def _all(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{_inner(value)}</{name}>"
    if isinstance(value, (int, float)):
        return f"<{name}>{value}</{name}>"
    text = _FORBIDDEN.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"
