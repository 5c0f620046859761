"""From a composed message to what 微信客服 shows: texts of at most 2,048 bytes, choices to be tapped or typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import Language
from connectors.right_to_left import for_reading
from connectors.splitting import length_in, split

LIMIT = 2048
# Room for what may be added to a part: "my earlier answer" above, "reply 1 to read on" below, (1/3).
ROOM = 200
# Of a message with choices: so much above them, so much in each, so many.
LONGEST_HEAD, LONGEST_CHOICE, MOST_CHOICES = 1024, 128, 10

_bytes = length_in("utf8")


@dataclass(frozen=True)
class Part:
    """One message for WeCom. `note`: disclaimer or nurse's label, in every part. `choices`: (id, title), tapped or typed."""

    body: str
    note: str
    choices: tuple[tuple[str, str], ...] = ()

    def with_lines(self, *, above: str = "", below: str = "") -> Part:
        """Return it with a line more, as far as it is short enough: a part leaves room for both."""
        body = "\n".join(line for line in (above, self.body, below) if line)
        return Part(body, self.note, self.choices) if _bytes(f"{body}\n{self.note}") <= LIMIT else self

    def payload(self) -> dict[str, Any]:
        """Return what `kf/send_msg` takes."""
        if not self.choices:
            return {"msgtype": "text", "text": {"content": f"{self.body}\n{self.note}"}}
        listed = [{"type": "click", "click": {"id": number, "content": title}} for number, title in self.choices]
        menu = {"head_content": self.body, "list": listed, "tail_content": self.note}
        return {"msgtype": "msgmenu", "msgmenu": menu}


def parts_of(content: Mapping[str, Any], number: int) -> tuple[Part, ...]:
    """Return the parts that say `content`; `number` is that of the message in the outbox."""
    language: Language = content["language"]
    note = for_reading(content["note"], language)
    body = for_reading(content["text"].removesuffix(content["note"]).strip(), language)
    buttons = content.get("buttons") or ()
    titles = [f"{place}. {for_reading(button['title'], language)}" for place, button in enumerate(buttons, start=1)]
    if _fits_menu(body, note, titles):
        return (Part(body, note, tuple((menu_id(number, place), title) for place, title in enumerate(titles))),)
    texts = _cut("\n".join([body, *titles]), LIMIT - ROOM - _bytes(note) - 1)
    return tuple(Part(text, note) for text in texts)


def menu_id(number: int, place: int) -> str:
    """Return the id of a choice: it means something in the conversation of its message only."""
    return f"{number}.{place}"


def choice_of(menu: str) -> tuple[int, int] | None:
    """Return (message of the outbox, place) of an id that may be ours."""
    number, _, place = menu.partition(".")
    if not (number.isascii() and number.isdecimal() and place.isascii() and place.isdecimal() and len(menu) <= 20):
        return None
    return int(number), int(place)


def _fits_menu(body: str, note: str, titles: Sequence[str]) -> bool:
    if not 0 < len(titles) <= MOST_CHOICES or any(_bytes(title) > LONGEST_CHOICE for title in titles):
        return False
    whole = _bytes("\n".join([body, *titles, note]))
    return _bytes(body) <= LONGEST_HEAD - ROOM and _bytes(note) <= LONGEST_HEAD and whole <= LIMIT - ROOM


def _cut(text: str, room: int) -> tuple[str, ...]:
    if _bytes(text) <= room:
        return (text,)
    texts = split(text, limit=room - len("(00/00)"), unit="utf8")
    return tuple(f"{part}({at}/{len(texts)})" for at, part in enumerate(texts, start=1))
