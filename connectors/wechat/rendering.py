"""From composed messages to what WeChat shows: at most 2,048 bytes, each with its disclaimer, choices as numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.languages import Language
from bot.outbox.waiting import Waiting
from bot.phrases import Phrases
from connectors.pictures import has_picture
from connectors.right_to_left import for_reading
from connectors.splitting import length_in, split

LIMIT = 2048  # bytes of one text, answered or pushed
# A part leaves room for a heading and for "reply 1 to read on", so that both fit whatever the part is.
ROOM = 160
MOST_BUTTONS = 100

_bytes = length_in("utf8")


@dataclass(frozen=True)
class Look:
    """How choices are shown. `links`: a number can be tapped (weixin://bizmsgmenu) as well as typed."""

    links: bool = True


@dataclass(frozen=True)
class Part:
    """A piece of one message, and the disclaimer or the nurse's label that must stand below it."""

    body: str
    note: str

    @property
    def text(self) -> str:
        """Return it as it is shown alone."""
        return f"{self.body}\n{self.note}"


@dataclass(frozen=True)
class Taken:
    """How much of a message an answer holds."""

    id: int
    arrived: int  # its parts that were shown, with those of this answer
    whole: bool

    @property
    def mark(self) -> str:
        """Return what the outbox remembers: one word for each part."""
        return ",".join(["w"] * self.arrived)


@dataclass(frozen=True)
class Filled:
    """One answer. `more`: something did not fit."""

    text: str
    taken: tuple[Taken, ...]
    more: bool


def parts_of(content: Mapping[str, Any], number: int, *, look: Look, numbers: bool = True) -> tuple[Part, ...]:
    """Return the parts that say `content`; "(1/3)" is counted before they are cut. `number`: of the message in the outbox."""
    language: Language = content["language"]
    note = for_reading(content["note"], language)
    body = for_reading(content["text"].removesuffix(content["note"]).strip(), language)
    room = LIMIT - ROOM - _bytes(note) - 1
    choices = _choices(content["buttons"], number, look=look, numbers=numbers, room=room)
    whole = "\n".join([body, *choices])
    if _bytes(whole) <= room:
        return (Part(whole, note),)
    room -= len("(00/00)")
    texts = list(split(body, limit=room, unit="utf8"))
    if choices and _bytes("\n".join([texts[-1], *choices])) <= room:
        texts[-1] = "\n".join([texts[-1], *choices])
    elif choices:  # a link is never torn: choices stand on their own
        texts += split("\n".join(choices), limit=room, unit="utf8")
    return tuple(Part(f"{text}({at}/{len(texts)})", note) for at, text in enumerate(texts, start=1))


@dataclass(frozen=True)
class Style:
    """How an answer is filled. `hint`: key of the phrase below when something is left, "" when the rest comes by itself.

    `earlier`: the messages that answer something said before. `pictures`: what an answer cannot hold is pushed behind it.
    """

    look: Look
    phrases: Phrases
    hint: str = ""
    earlier: frozenset[int] = frozenset()
    pictures: bool = False


def fill(messages: Sequence[Waiting], style: Style, *, unfinished: bool = False) -> Filled:
    """Return one answer with as many of `messages` as fit, in their order; at least one part of the first.

    `unfinished`: more will be said to the same words.
    """
    parts: list[Part] = []
    taken: list[Taken] = []
    last = max((message.id for message in messages if message.content["buttons"]), default=0)
    for message in messages:
        before = len([word for word in message.arrived.split(",") if word])
        left = _left(message, before, style, numbers=message.id == last)
        fitting = _fitting(parts, left)
        parts += left[:fitting]
        if fitting or not left:
            behind = style.pictures and bool(fitting) and has_picture(message.content)
            taken.append(Taken(message.id, before + fitting, fitting == len(left) and not behind))
        if fitting < len(left):
            break
    more = len(taken) < len(messages) or not all(one.whole for one in taken)
    text = _joined(parts)
    if (more or unfinished) and style.hint and parts:
        hint = _phrase(style.phrases, style.hint, messages[0])
        text = f"{text.removesuffix(parts[-1].note)}{hint}\n{parts[-1].note}"
    return Filled(text, tuple(taken), more)


def _left(message: Waiting, before: int, style: Style, *, numbers: bool) -> list[Part]:
    parts = parts_of(message.content, message.id, look=style.look)
    if len(parts) == 1 and not numbers:
        parts = parts_of(message.content, message.id, look=style.look, numbers=False)
    left = list(parts[before:])
    if left and message.id in style.earlier:
        left[0] = Part(f"{_phrase(style.phrases, 'wechat.earlier', message)}\n{left[0].body}", left[0].note)
    return left


def _fitting(parts: Sequence[Part], left: Sequence[Part]) -> int:
    """Return how many of `left` fit behind `parts`, with room for the hint; the very first always does."""
    most = len(left)
    while most and (parts or most > 1) and _bytes(_joined([*parts, *left[:most]])) > LIMIT - ROOM // 2:
        most -= 1
    return most


def with_line(text: str, line: str) -> str:
    """Return an answer with one more line above its last one, the disclaimer, or without when it does not fit."""
    body, _, note = text.rpartition("\n")
    longer = f"{body}\n{line}\n{note}"
    return longer if _bytes(longer) <= LIMIT else text


def _joined(parts: Sequence[Part]) -> str:
    """Return parts as one text. A note that the next part has as well is said once, below it."""
    lines = []
    for at, part in enumerate(parts):
        lines.append(part.body)
        if at == len(parts) - 1 or parts[at + 1].note != part.note:
            lines.append(part.note)
    return "\n".join(lines)


def _choices(buttons: Sequence[Mapping[str, str]], number: int, *, look: Look, numbers: bool, room: int) -> list[str]:
    if not numbers:  # a number means the latest choice only: these are answered with their words
        return [f"· {button['title']}" for button in buttons]
    typed = [f"{index}. {button['title']}" for index, button in enumerate(buttons, start=1)]
    tapped = [_link(text, index, number) for index, text in enumerate(typed[:MOST_BUTTONS])]
    return tapped if look.links and _bytes("\n".join(tapped)) <= room - len("(00/00)") else typed


def _link(text: str, index: int, number: int) -> str:
    if "<" in text or ">" in text:
        return text
    # Its content is what the tap says in the person's name; the id tells us which message it stood under.
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={index + 1}&msgmenuid={menu_id(number, index)}">{text}</a>'


def menu_id(number: int, index: int) -> int:
    """Return the id of one choice: the message of the outbox, and its place in it."""
    return number * MOST_BUTTONS + index


def choice_of(menu: int) -> tuple[int, int]:
    """Return (message of the outbox, place) of an id."""
    return divmod(menu, MOST_BUTTONS)


def _phrase(phrases: Phrases, key: str, message: Waiting) -> str:
    language: Language = message.content["language"]
    return for_reading(phrases.get(key, language), language)
