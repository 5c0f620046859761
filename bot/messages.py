"""The frozen messages that cross a border: connector → inbox → assistant → outbox → connector."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.languages import Language
from bot.plain import plain

# Level of urgency, most urgent first (clinical table §1.2). INFO: no symptom was told.
Level = Literal["E1", "E2", "U", "R", "INFO"]
LEVELS: tuple[Level, ...] = ("E1", "E2", "U", "R", "INFO")
EMERGENCY_LEVELS: frozenset[Level] = frozenset({"E1", "E2"})

# "image", "voice" and "other" may carry words: a caption. "forwarded": somebody else's words. "edited": a correction.
# "scan": the code of a poster, or a first contact without a word. "late": we got it long after it was written.
InboundKind = Literal["text", "button", "image", "voice", "other", "forwarded", "edited", "scan", "late"]
ReplyKind = Literal["answer", "question", "result", "emergency", "crisis", "consent", "notice"]


def more_urgent(one: Level, other: Level) -> Level:
    """Return the more urgent of two levels: within an episode the level only rises."""
    return min(one, other, key=LEVELS.index)


@dataclass(frozen=True)
class Inbound:
    """One message from a person, as a connector understood it.

    (`channel`, `external_id`) is the idempotency key. `sender` is the platform's id of the person:
    it is encrypted at rest and never logged. `payload` is the button the person pressed, exactly as
    it was issued, or "" when the person typed.
    """

    channel: str
    external_id: str
    sender: str
    text: str
    sent_at: datetime
    payload: str = ""
    kind: InboundKind = "text"
    language: Language | None = None  # chosen by the person in the client; None: read it from the text
    language_hint: Language | None = None  # of the person's app: for a first message that does not show one
    region: str | None = None  # ISO 3166-1 alpha-2 of where the person is, when the client knows
    group: str | None = None  # the platform's id of the group, or None in a direct conversation
    corrects: str = ""  # of an edited message: how the external id of the earlier one begins
    scene: str = ""  # of a scan: what `bot.scenes.codes.code_in` found; anybody may have made it up
    awaited_until: datetime | None = None  # until then the platform's request waits for the answer: nothing is sent beside it


@dataclass(frozen=True)
class Button:
    """A quick reply. `payload` comes back in `Inbound.payload`; typing `title` must work as well."""

    title: str
    payload: str


@dataclass(frozen=True)
class Place:
    """Where to go: one department of the hospital, in the patient's language."""

    department: str  # id of the departments pack, e.g. "ENT"
    name: str
    where: str  # building and floor
    hours: str
    why: str = ""


@dataclass(frozen=True)
class Card:
    """The result of a guidance, for channels that can show more than text. `Reply.text` says the same."""

    level: Level
    headline: str
    places: tuple[Place, ...]
    because: tuple[str, ...]  # in the patient's own words
    watch_for: tuple[str, ...]  # what would make it more urgent


@dataclass(frozen=True)
class Picture:
    """What a reply shows besides its text. `alt` says it in words; `drawing` is of `bot.pictures`, drawn when it is sent."""

    alt: str
    drawing: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the bot wants to say, before `bot.outbox.compose` adds the disclaimer.

    `text` is complete without `buttons`, `card` and `picture`. Paragraphs are parted by one line break: a blank
    line would be split into two messages by some channels.
    """

    text: str
    kind: ReplyKind = "answer"
    buttons: tuple[Button, ...] = ()
    card: Card | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Effect:
    """Something the assistant asks the gateway to store together with its replies, in one transaction.

    Actions have no database: so a turn that is run again after a crash stores nothing twice.
    """

    name: Literal[
        "assessment",  # data: level, departments, red_flags, trace…: kept for replay (promise 10)
        "episode_closed",  # the next message begins a new episode
        "open_case",  # data: reason, level, crisis
        "faq_shown",  # data: entry
        "faq_feedback",  # data: entry, helpful
        "unanswered",  # the question is kept for the admins
        "profile",  # data: who, age, sex, pregnant
        # an order about reminders in words that only the classifier understood; data: message, when an earlier one is meant
        "set_reminder",
        "show_reminders",
        "change_reminder",
        "show_readings",
    ]
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """What the gateway sends to the assistant: one message of one conversation, with what it knows."""

    conversation_id: str
    message_id: str  # the inbox id; on a repeated attempt the assistant must not run the turn twice
    text: str
    language: Language
    region: str
    channel: str
    payload: str = ""  # only a payload that was issued in this conversation
    level_floor: Level = "INFO"  # the episode's level so far: the assistant may only raise it
    attempt: int = 1
    handed_back: bool = False  # a nurse has talked with the patient since the last turn: an open question is stale
    told_nurse: tuple[str, ...] = ()  # what the patient said to the nurse meanwhile: the assistant has not heard it yet


@dataclass(frozen=True)
class Answer:
    """What the assistant answers to a `Turn`."""

    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


def to_json(message: Reply | Effect | Turn | Answer) -> dict[str, Any]:
    """Return `message` as plain JSON data; `reply_from_json` and its siblings read it back."""
    data: dict[str, Any] = plain(message)
    return data


def reply_from_json(data: dict[str, Any]) -> Reply:
    """Read a `Reply` written by `to_json`."""
    card, picture = data.get("card"), data.get("picture")
    return Reply(
        text=data["text"],
        kind=data.get("kind", "answer"),
        buttons=tuple(Button(**button) for button in data.get("buttons", ())),
        card=_card_from_json(card) if card else None,
        picture=Picture(**picture) if picture else None,
    )


def effect_from_json(data: dict[str, Any]) -> Effect:
    """Read an `Effect` written by `to_json`."""
    return Effect(name=data["name"], data=data.get("data", {}))


def answer_from_json(data: dict[str, Any]) -> Answer:
    """Read an `Answer` written by `to_json`."""
    return Answer(
        replies=tuple(reply_from_json(reply) for reply in data.get("replies", ())),
        effects=tuple(effect_from_json(effect) for effect in data.get("effects", ())),
    )


def turn_from_json(data: dict[str, Any]) -> Turn:
    """Read a `Turn` written by `to_json`."""
    return Turn(**data)


def _card_from_json(data: dict[str, Any]) -> Card:
    return Card(
        level=data["level"],
        headline=data["headline"],
        places=tuple(Place(**place) for place in data.get("places", ())),
        because=tuple(data.get("because", ())),
        watch_for=tuple(data.get("watch_for", ())),
    )
