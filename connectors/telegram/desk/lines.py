"""What a post in a topic says: what the patient wrote, what was answered elsewhere, and what happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.content.load import Content
from bot.duty.when import day_in_words
from bot.handoff.closing import OUTCOMES
from bot.handoff.events import CaseEvent
from bot.languages import Language
from bot.phrases import Phrases
from connectors.right_to_left import for_reading
from connectors.telegram.desk.reading import Spoken, View
from connectors.telegram.desk.text import LIMIT, Text, pieces, utf16

# The bot's own words are known: a line of them tells which question a short answer answers.
LONGEST_OF_BOT = 240
SIGNS = {"patient": "👤", "bot": "🤖"}
NURSE = "🩺"
# Events that everybody in the group has to know; of the others the card tells, or nothing.
TOLD = frozenset(
    {
        *("raised", "urgent", "reopened", "claimed", "taken_over", "released", "lease_ended", "closed", "merged", "assigned"),
        *("transferred", "snoozed", "woke", "undone", "unreachable", "blocked", "unblocked", "late", "edited", "not_sent"),
    }
)


@dataclass(frozen=True)
class Style:
    """How a group is written to. `words`: patients' words may stand there; `link`: address of the web desk, "" for none."""

    content: Content
    language: Language
    zone: ZoneInfo
    words: bool = True
    link: str = ""

    @property
    def phrases(self) -> Phrases:
        """All fixed texts."""
        return self.content.phrases

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the group's language."""
        return self.phrases.get(f"telegram_desk.{key}", self.language, **values)

    def clock(self, at: datetime, *, now: datetime) -> str:
        """Return a time where the team is, with its day when that is not today."""
        local = at.astimezone(self.zone)
        time = f"{local:%H:%M}"
        return time if local.date() == now.astimezone(self.zone).date() else f"{day_in_words(local, self.language)} {time}"


@dataclass(frozen=True)
class Line:
    """A paragraph, and which event, message of the patient or message of ours it shows, 0: none."""

    at: datetime
    text: str
    language: Language
    event: int = 0
    inbound: int = 0
    outbound: int = 0
    matters: bool = True
    speaks: bool = False  # the patient does: a reply to it is one to the patient


@dataclass(frozen=True)
class Post:
    """One message for a topic. `told`: up to which event and message of each side everything is shown then.

    `speaks`: the patient's words are in it, so that a reply to it goes to the patient; one to a mere line about colleagues does not.
    """

    text: Text
    told: dict[str, Any]
    speaks: bool = False


def posts(view: View, style: Style, *, quiet: frozenset[int]) -> list[Post]:
    """Return what is to be posted, in as few messages as it fits into; nothing new: none."""
    lines = _lines(view, style, quiet)
    if not any(line.matters for line in lines):  # what only the bot said needs no post of its own
        return []
    done = _packed(lines, style)
    whole = {"told_event": view.last_event, "told_inbound": view.last_in, "upto_out": view.last_out}
    return [*done[:-1], Post(done[-1].text, whole, done[-1].speaks)]


def _lines(view: View, style: Style, quiet: frozenset[int]) -> list[Line]:
    loud = [event for event in view.events if event.id not in quiet]
    found = [Line(event.at, text_of(event, view, style), style.language, event.id) for event in loud if event.what in TOLD]
    found += [Line(event.at, _note(event, view, style), style.language, event.id) for event in loud if event.what == "note"]
    if style.words and view.agreed:
        found += [line_of(one, view, style) for one in view.new]
    else:
        wrote = [event for event in view.events if event.what == "message"]
        found += [Line(wrote[-1].at, _wrote(len(wrote), style), style.language, wrote[-1].id, speaks=True)] if wrote else []
    return sorted((line for line in found if line.text), key=lambda line: line.at)


def line_of(one: Spoken, view: View, style: Style, *, longest_of_bot: int = LONGEST_OF_BOT) -> Line:
    """Return one message as a paragraph, with a sign of who wrote it."""
    if one.kind == "in":
        form = "" if one.form in ("text", "button", "edited") else style.say(f"form_{_form(one.form)}")
        changed = style.say("changed") if one.is_change else ""
        text = " ".join(part for part in (SIGNS["patient"], changed, form, for_reading(one.text, one.language)) if part)
        return Line(one.at, text, one.language, inbound=one.id, speaks=True)
    if one.who == "bot":
        text = one.text if len(one.text) <= longest_of_bot else one.text[: longest_of_bot - 1].rstrip() + "…"
        return Line(one.at, f"{SIGNS['bot']} {text}", one.language, outbound=one.id, matters=False)
    name = view.names.get(one.who, "")
    said = f"{NURSE} {name}: {one.text}" if name else f"{NURSE} {one.text}"
    return Line(one.at, said, one.language, outbound=one.id)


def _form(form: str) -> str:
    return form if form in ("image", "voice", "forwarded", "late") else "other"


def text_of(event: CaseEvent, view: View, style: Style) -> str:
    """Return what happened, in one line."""
    who = view.names.get(event.who, event.who)
    values: dict[str, object] = {"who": who, "level": view.case.level}
    if event.what in ("assigned", "transferred"):
        values["to"] = _to(event, view, style)
    elif event.what == "closed":
        values["outcome"] = outcome_of(str(event.content.get("outcome") or "other"), style)
    elif event.what == "snoozed":
        until = str(event.content.get("until", "reply"))
        values["until"] = (
            style.say("until_reply") if until == "reply" else style.clock(datetime.fromisoformat(until), now=event.at)
        )
    return style.say(f"event_{event.what}", **values)


def outcome_of(outcome: str, style: Style) -> str:
    """Return the name of an outcome."""
    return style.say(f"outcome_{outcome if outcome in OUTCOMES else 'other'}")


def _to(event: CaseEvent, view: View, style: Style) -> str:
    to = str(event.content.get("to", ""))
    if event.what == "assigned":
        return view.names.get(to, to)
    team = style.content.teams.by_id.get(to)
    return team.names[style.language] if team else to


def _note(event: CaseEvent, view: View, style: Style) -> str:
    who = view.names.get(event.who, event.who)
    text = view.notes.get(int(event.content.get("note", 0)), "") if style.words else ""
    return f"📝 {who}: {text}" if text else style.say("event_note", who=who)


def _wrote(count: int, style: Style) -> str:
    return style.say("wrote_at_desk", count=count, link=style.link).strip()


def _packed(lines: list[Line], style: Style) -> list[Post]:
    done: list[Post] = []
    told = {"told_event": 0, "told_inbound": 0, "upto_out": 0}
    for line in lines:
        for piece in filter(None, pieces(line.text, line.language, first=LIMIT - 96)):
            if not done or done[-1].text.room() < utf16(for_reading(piece, style.language)) + 8:
                done.append(Post(Text(style.language), {}))
            done[-1].text.add(piece)
            done[-1] = replace(done[-1], speaks=done[-1].speaks or line.speaks)
        told = {name: max(told[name], shown) for name, shown in _shown(line).items()}
        done[-1].told.update({name: number for name, number in told.items() if number})
    return done


def _shown(line: Line) -> dict[str, int]:
    return {"told_event": line.event, "told_inbound": line.inbound, "upto_out": line.outbound}
