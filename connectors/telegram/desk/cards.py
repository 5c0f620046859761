"""The card of a case: what a nurse has to know to take it, and buttons. No name, no number of anybody. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from bot.handoff.closing import OUTCOMES
from bot.messages import Level
from connectors.telegram.desk.lines import Style, line_of
from connectors.telegram.desk.reading import View
from connectors.telegram.desk.signs import ANSWERS, Sign
from connectors.telegram.desk.text import LIMIT, Text, pieces, utf16

# What stands above and below the transcript: fixed, so that a card that is written again is cut at the same place.
ROOM_FOR_HEAD = 1900
LONGEST_LINE = 420
LONGEST_NAME = 128
MOST_REST = 3
COLOURS: dict[Level, str] = {"E1": "🔴", "E2": "🔴", "U": "🟠", "R": "🟡", "INFO": "🔵"}
AGES = (2, 13, 18, 40, 65, 80)

Keys = tuple[tuple[tuple[str, Sign], ...], ...]


@dataclass(frozen=True)
class About:
    """What is known of the patient besides the case: the summary, labels of red flags, age in years, sex, whether pregnant."""

    lines: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    age: float | None = None
    sex: str | None = None
    pregnant: bool | None = None


@dataclass(frozen=True)
class Card:
    """The card, its buttons, and the rest of the transcript, which has messages of its own. `state`: its first lines."""

    text: Text
    keys: Keys
    rest: tuple[str, ...] = field(default_factory=tuple)
    state: str = ""

    @property
    def head(self) -> str:
        """A digest of level, state and buttons: only when these change is it worth a message to show the card anew."""
        shown = (self.state, *(f"{title}{wanted}" for row in self.keys for title, wanted in row))
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:16]


def name_of(view: View, style: Style) -> str:
    """Return the name of a topic: number, colour, language, department. No name, no words."""
    department = style.content.triage.departments.get(view.case.department)
    where = f" · {department.names[style.language]}" if department else ""
    return f"#A{view.case.id} {colour_of(view)} {view.case.language}{where}"[:LONGEST_NAME]


def colour_of(view: View) -> str:
    """Return the colour of a case."""
    return COLOURS["E1"] if view.case.crisis else COLOURS[view.case.level]


def card_of(view: View, about: About, style: Style, *, now: datetime) -> Card:
    """Return the card as it is to be shown now."""
    text = Text(style.language)
    text.add(f"{colour_of(view)} A{view.case.id} · {_level(view, style)}", "bold")
    text.add(_state(view, style, now))
    state = text.text
    text.add(_patient(view, about, style))
    if style.words and not view.agreed and about.flags:
        text.add(style.say("red_flags", list=" · ".join(about.flags)))
    if style.words and view.agreed:
        for line in about.lines:
            text.add(_cut(line, min(LONGEST_LINE, ROOM_FOR_HEAD - 500 - utf16(text.text))))
    rest = _transcript(text, view, style)
    text.add(style.say("card_how") if view.case.state != "closed" else "")
    text.add(style.link)
    return Card(text, keys_of(view, style), rest, state)


def keys_of(view: View, style: Style) -> Keys:
    """Return the buttons of a case in its state."""
    case = view.case
    if case.state == "closed":
        return ()
    first = "claim" if case.state == "waiting" else "release"
    return ((_key(case.id, first, style),), (_key(case.id, "close", style), _key(case.id, "note", style)))


def outcome_keys(case_id: int, style: Style) -> Keys:
    """Return the buttons that ask for the outcome."""
    titles = [(style.say(f"outcome_{outcome}"), Sign(case_id, "outcome", outcome)) for outcome in OUTCOMES]
    pairs = tuple(tuple(titles[place : place + 2]) for place in range(0, len(titles), 2))
    return (*pairs, (_key(case_id, "back", style),))


def department_keys(case_id: int, outcome: str, style: Style) -> Keys:
    """Return the buttons that ask whether the department was right."""
    titles = tuple((style.say(f"department_{answer}"), Sign(case_id, "department", outcome, answer)) for answer in ANSWERS)
    return (titles[:2], titles[2:], (_key(case_id, "back", style),))


def _key(case_id: int, act: str, style: Style) -> tuple[str, Sign]:
    return style.say(f"button_{act}"), Sign(case_id, act)


def _level(view: View, style: Style) -> str:
    return style.say("level_crisis" if view.case.crisis else f"level_{view.case.level}")


def _state(view: View, style: Style, now: datetime) -> str:
    case = view.case
    if case.state == "closed":
        return style.say("state_closed")
    if case.is_held(now) or case.is_elsewhere:
        return style.say("state_claimed", who=view.names.get(case.claimed_by or "", case.claimed_by or ""))
    if case.snoozed_until is not None and case.snoozed_until > now:
        return style.say("state_snoozed")
    since = style.clock(case.waiting_since or case.opened_at, now=now)
    due = style.say("state_due", due=style.clock(case.due_at, now=now)) if case.due_at is not None else ""
    return f"{style.say('state_waiting', since=since)} {due}".strip()


def _patient(view: View, about: About, style: Style) -> str:
    facts = [
        style.say("age", band=band_of(about.age)) if about.age is not None else "",
        style.say(f"sex_{about.sex}") if about.sex in ("f", "m") else "",
        style.say("pregnant") if about.pregnant else "",
        style.say("writes", tongue=style.say(f"language_{view.case.language.replace('-', '_')}")) if view.case.language else "",
        style.say(f"channel_{view.channel}") if view.channel in ("telegram", "wechat", "wecom", "webchat") else "",
    ]
    return " · ".join(filter(None, facts))


def band_of(age: float) -> str:
    """Return the band of an age in years: the card says no more."""
    lower = max((edge for edge in AGES if edge <= age), default=0)
    upper = next((edge for edge in AGES if edge > age), None)
    return f"{lower}+" if upper is None else f"{lower}–{upper - 1}"


def _transcript(text: Text, view: View, style: Style) -> tuple[str, ...]:
    """Add the transcript, folded; returns what has no room. Of a very long one the oldest is left out: the desk has it."""
    if not style.words:
        return ()
    if not view.agreed:
        text.add(style.say("not_agreed"))
        return ()
    words = "\n".join(line_of(one, view, style).text for one in view.early)
    if not words:
        return ()
    parts = pieces(words, style.language, first=LIMIT - ROOM_FOR_HEAD)
    text.add(parts[0], "expandable_blockquote")
    return tuple(parts[1:])[-MOST_REST:]


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else f"{line[: max(0, most - 1)].rstrip()}…"
