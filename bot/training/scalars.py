"""How one value is written in YAML: in the style it had, where that says the same. Pure."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

import yaml

from bot.training.tree import data

# JSON lets these stand; YAML breaks a line at them or does not take them.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
# Readers of YAML differ in what else may stand without quotes.
_BEGINS_PLAINLY = re.compile(r"\w|[“„«‘（(《+./$€£…]")
_OF_FLOW = re.compile(r"[\[\]{},:#]")
_BREAKS = re.compile(r"\n+")


def plain(value: Any) -> Any:
    """Return `value` as JSON knows it: dates as they are written."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def typed(value: Any, like: Any) -> Any:
    """Return `value`, as a date when `like` is one: JSON has none."""
    if isinstance(value, str) and type(like) is date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def scalar(value: Any, style: str = "", *, flow: bool = False, indent: int = 0) -> str:
    """Return `value` as YAML in `style` ("", quotes, "|" or ">"), else in the nearest style that says the same.

    `flow`: within brackets; `indent`: blanks before the lines of a block.
    """
    if not isinstance(value, str):
        return _other(value)
    written = _in_style(value, style, flow, indent)
    if written is not None and _says(written, value, flow):
        return written
    return _quoted(value)


def key(value: Any) -> str:
    """Return `value` as the key of a mapping."""
    if not isinstance(value, str):
        return _other(value)
    return str(value) if _loads(f"{value}: x") == {value: "x"} and _loads(f"{{{value}: x}}") == {value: "x"} else _quoted(value)


def _other(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value.isoformat()) if isinstance(value, date | datetime) else repr(value)


def _in_style(value: str, style: str, flow: bool, indent: int) -> str | None:
    if not style and _BEGINS_PLAINLY.match(value) and not (flow and _OF_FLOW.search(value)):
        return value
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style in ("|", ">") and not flow and value.strip("\n"):
        return _block(value, style, indent)
    return None


def _block(value: str, style: str, indent: int) -> str | None:
    body = value.removesuffix("\n")
    if body.endswith("\n") or body[0] in " \t\n":
        return None
    lines = (body if style == "|" else _BREAKS.sub(lambda found: found.group() + "\n", body)).split("\n")
    chomp = "" if value.endswith("\n") else "-"
    return "\n".join([f"{style}{chomp}", *(f"{' ' * indent}{line}" if line else "" for line in lines)])


def _quoted(value: str) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))


def _says(written: str, value: str, flow: bool) -> bool:
    if flow:
        return bool(_loads(f"[{written}, x]") == [value, "x"] and _loads(f"{{k: {written}, l: x}}") == {"k": value, "l": "x"})
    if "\n" in written:
        # The lines are indented for where they will stand: any indentation says the same.
        return bool(_loads(f"k: {written}\n" if written.split("\n")[1].startswith(" ") else "") == {"k": value})
    return bool(_loads(f"k: {written}\n") == {"k": value} and _loads(f"- {written}\n") == [value])


def _loads(text: str) -> Any:
    try:
        return data(text)
    except yaml.YAMLError:
        return None
