"""The health question in progress: what one message does to it, and which question comes next. Pure: no tracker, no Rasa."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from actions.turn import Heard, folded
from bot.content.load import Content
from bot.followup.beside import tells_trouble
from bot.messages import EMERGENCY_LEVELS, more_urgent
from bot.triage import episode as episodes
from bot.triage.answers import yes_or_no
from bot.triage.assess import assess
from bot.triage.helped import has_been_helped
from bot.triage.normalise import normalise
from bot.triage.people import tells_of_known
from bot.triage.questions import question
from bot.triage.types import Assessment, Episode, Opinion, Patient, Question, Reading

# A guidance asks at most this many questions: people who feel ill give up on more.
MOST_QUESTIONS = 6
# After this many answers in a row that could not be read, the question is left open.
MOST_MISSES = 2
# After this many tellings in which no symptom was found, a person takes over.
MOST_EMPTY = 2
# Orders about reminders and readings: the gateway carries them out.
ORDERS = ("set_reminder", "show_reminders", "change_reminder", "show_readings")
# A message surely of these intents is never taken for an answer; another action speaks, then the question is asked again.
INTERRUPTIONS = frozenset(
    [
        "request_nurse",
        "change_mind",
        "ask_why",
        "ask_faq",
        "ask_diagnosis_or_drug",
        "express_worry",
        "ask_privacy",
        "ask_my_data",
        "delete_my_data",
        "complain",
        "insult",
        "challenge_bot",
        *ORDERS,
    ]
)
# These interrupt only when the message cannot be read as an answer: "hello, since three days" is one.
COURTESIES = frozenset(["greet", "say_goodbye", "thank", "smalltalk", "ask_help", "out_of_scope"])
SURE = 0.5
# Between the two, words that can be read as an answer are one; but never instead of a person or of an end.
VERY_SURE = 0.75
WAYS_OUT = frozenset(["request_nurse", "change_mind"])
# What these name is kept, although another action answers: "what can I take for the fever?", "I am afraid it is my heart".
ALSO_TELL = frozenset(["ask_diagnosis_or_drug", "express_worry"])
# People with few words tell a symptom in two messages; longer ones stand for themselves.
LONGEST_HALF = 24
# What was said last to somebody with whom help has been, in place of advice.
HELPED = "helped"
LEFT_OPEN = {"skip_question": "skipped", "say_dont_know": "unknown"}


@dataclass(frozen=True)
class Guidance:
    """An episode with what only the dialogue needs to know of it."""

    episode: Episode
    asked: tuple[str, ...] = ()  # ids of the questions in the order asked; one that was talked past may stand twice
    misses: int = 0  # answers in a row that could not be read
    told: bool = False  # the result was said: what comes now continues it
    empty: int = 0  # times in a row that no symptom was found in what was told
    unheard: tuple[str, ...] = ()  # what the patient told a nurse while the bot was silent
    advised: str = ""  # which advice was said last, see `advice_key`: the same is not said again in full
    noted: bool = False  # the last message told something, but did not answer the question: said when it is asked again


def begin(message: Heard) -> Guidance:
    """Return a guidance in which nothing was said yet."""
    return Guidance(episodes.begin(message.language, message.region))


def to_slot(guidance: Guidance) -> dict[str, Any]:
    """Return the guidance as JSON for the slot."""
    return {
        "episode": episodes.to_json(guidance.episode),
        "asked": list(guidance.asked),
        "misses": guidance.misses,
        "told": guidance.told,
        "empty": guidance.empty,
        "unheard": list(guidance.unheard),
        "advised": guidance.advised,
        "noted": guidance.noted,
    }


def from_slot(data: dict[str, Any] | None) -> Guidance | None:
    """Return the guidance in the slot, or None when there is none."""
    if not data:
        return None
    counts = (data["misses"], data["told"], data["empty"])
    said = (data.get("advised", ""), data.get("noted", False))
    return Guidance(episodes.from_json(data["episode"]), tuple(data["asked"]), *counts, tuple(data.get("unheard", ())), *said)


def hear(guidance: Guidance, text: str, *, content: Content, opinion: Opinion | None = None) -> Guidance:
    """Return the guidance after a message in free words. `opinion`: what the second reader thinks of these words."""
    return replace(guidance, episode=episodes.hear(guidance.episode, text, tables=content.triage, opinion=opinion))


def caught_up(guidance: Guidance, *, content: Content) -> Guidance:
    """Return the guidance after it has heard what the patient told a nurse meanwhile: that is not asked again."""
    for text in guidance.unheard:
        guidance = hear(guidance, text, content=content)
    return replace(guidance, unheard=())


def is_about_someone_else(guidance: Guidance, text: str, message: Heard, *, content: Content) -> bool:
    """Return whether a message after the result tells a symptom of another person: then a new episode begins.

    Never after an emergency: "my wife says it is nothing" must not close it. "He has a rash too" is still of the child.
    """
    known = guidance.episode.patient
    who = episodes.hear(episodes.begin(message.language, message.region), text, tables=content.triage).patient.who
    another = who is not None and who != (known.who or "self")
    another = another and not tells_of_known(normalise(text).text, message.language, known)
    calm = guidance.told and more_urgent(guidance.episode.floor, message.level_floor) not in EMERGENCY_LEVELS
    return calm and another and has_complaint(text, message, content=content)


def is_interruption(message: Heard, guidance: Guidance, *, content: Content) -> bool:
    """Return whether the message is meant for something else than the pending question."""
    if message.payload:
        return not message.payload.startswith("a:")
    if chosen_value(message, pending_question(guidance, content=content)) is not None:
        return False
    if message.intent not in INTERRUPTIONS or message.confidence < SURE:
        return False
    if message.intent in ORDERS and is_trouble(message, content=content):
        return False
    return (
        message.intent in WAYS_OUT or message.confidence >= VERY_SURE or not reads_as_answer(guidance, message, content=content)
    )


def reads_as_answer(guidance: Guidance, message: Heard, *, content: Content) -> bool:
    """Return whether the words answer the pending question, as "medium" does when it is asked how bad it is."""
    answered = episodes.answer(guidance.episode, message.text, tables=content.triage)
    return answered is not None and guidance.episode.pending in answered.answers


def take_answer(guidance: Guidance, message: Heard, *, content: Content) -> Guidance | None:
    """Return the guidance after an answer to the pending question, or None when the message cannot be read as one."""
    guidance = replace(guidance, noted=False)
    if message.payload.startswith("a:"):
        # A question id may hold colons itself: "a:flag:RF014:radiation:yes".
        name, _, chosen = message.payload.removeprefix("a:").rpartition(":")
        return _with_value(guidance, name, chosen, content=content)
    asked = guidance.episode.pending
    if asked is None:
        return hear(guidance, message.text, content=content, opinion=message.opinion)
    value = chosen_value(message, pending_question(guidance, content=content))
    if value is not None:
        return _with_value(guidance, asked, value, content=content)
    answered = episodes.answer(guidance.episode, message.text, tables=content.triage, opinion=message.opinion)
    if answered is None:
        left = LEFT_OPEN.get(message.intent)
        return None if left is None else _left_open(guidance, left)
    if asked in answered.answers:
        return replace(guidance, episode=answered, misses=0)
    # Something new was told instead: heard, and the question is asked again, but not for ever.
    heard_too = replace(guidance, episode=answered)
    return replace(heard_too if message.quick else miss(heard_too), noted=True)


def miss(guidance: Guidance) -> Guidance:
    """Return the guidance after an answer that could not be read; the second time the question is left open."""
    if guidance.misses + 1 < MOST_MISSES or guidance.episode.pending is None:
        return replace(guidance, misses=guidance.misses + 1)
    return _left_open(guidance, "unknown")


def advance(guidance: Guidance, message: Heard, *, content: Content) -> tuple[Guidance, Assessment]:
    """Return the guidance with the next question pending, or none when there is enough, and what follows from it."""
    # People change the language in the middle; what was said before stays as it was read.
    episode = replace(guidance.episode, language=message.language, region=message.region)
    guidance = replace(guidance, episode=episode.with_floor(message.level_floor))
    assessment = assess(guidance.episode, tables=content.triage)
    pending, asks = guidance.episode.pending, assessment.asks
    enough = assessment.level in EMERGENCY_LEVELS or assessment.crisis or asks in guidance.episode.answers
    if enough or (asks != pending and len(guidance.asked) >= MOST_QUESTIONS):
        asks = None
    moved = asks is not None and asks != pending
    offered = assessment.offers if moved else guidance.episode.offered
    episode = replace(guidance.episode.with_floor(assessment.level), pending=asks, offered=offered if asks else ())
    asked = (*guidance.asked, asks) if moved and asks else guidance.asked
    # What was talked past is asked again later: a question about danger is not done because another came between.
    return replace(guidance, episode=episode, asked=asked, misses=0 if moved else guidance.misses), assessment


def conclude(guidance: Guidance, message: Heard, *, content: Content) -> tuple[Guidance, Assessment]:
    """Return the guidance after its result, and the result. When nothing was found in the words it is not over."""
    episode = guidance.episode.with_floor(message.level_floor)
    assessment = assess(episode, tables=content.triage)
    told = guidance.told or assessment.level != "INFO"
    episode = replace(episode.with_floor(assessment.level), pending=None)
    return replace(guidance, episode=episode, told=told, empty=0 if told else guidance.empty + 1), assessment


def can_be_left_open(asked: Question) -> bool:
    """Return whether the choices of the question already offer not to answer it."""
    return any(value in LEFT_OPEN.values() for value, _ in asked.choices)


def assessment_data(assessment: Assessment, *, content: Content) -> dict[str, Any]:
    """Return what the gateway keeps of an assessment, enough to replay and to show the nurse why."""
    return {
        "level": assessment.level,
        "crisis": assessment.crisis,
        "soon": assessment.soon,
        "disagreement": assessment.disagreement,
        "departments": [ranked.department for ranked in assessment.departments],
        "red_flags": [flag.id for flag in assessment.red_flags if flag.missing is None],
        "findings": [asdict(finding) for finding in assessment.findings],
        "reasons": list(assessment.reasons),
        "content_version": content.version,
        "trace": assessment.trace,
    }


def has_complaint(text: str, message: Heard, *, content: Content) -> bool:
    """Return whether `text` names a symptom that is there, or the second reader hears one in it."""
    if text == message.text and message.opinion is not None and message.opinion.verdict != "quiet":
        return True
    read = episodes.hear(episodes.begin(message.language, message.region), text, tables=content.triage)
    return any(finding.state == "present" for reading in read.readings for finding in reading.findings)


def tells_anything(guidance: Guidance | None, message: Heard, *, content: Content) -> bool:
    """Return whether the rules can do something with words that the classifier does not know.

    A part of the body, a number that was measured; and once the result was said, whatever they add to it: how old, since when,
    that help has come.
    """
    heard_alone = episodes.hear(episodes.begin(message.language, message.region), message.text, tables=content.triage)
    if assess(heard_alone, tables=content.triage).level != "INFO":
        return True
    return guidance is not None and guidance.told and (adds(heard_alone.readings[-1]) or has_been_helped(message.text))


def adds(reading: Reading) -> bool:
    """Return whether a message says something of the person or the time, though no symptom."""
    return reading.patient != Patient() or reading.duration_days is not None or reading.worsening or bool(reading.findings)


def after_help(guidance: Guidance, message: Heard, *, content: Content) -> str:
    """Return the phrase for somebody with whom help has been since an emergency was named; "" for everybody else.

    Also for what they write next, until it tells of danger itself.
    """
    if guidance.episode.floor not in EMERGENCY_LEVELS or not guidance.advised:
        return ""
    alone = episodes.hear(episodes.begin(message.language, message.region), message.text, tables=content.triage)
    heard_now = message.opinion is not None and message.opinion.verdict in ("emergency", "crisis")
    if heard_now or alone.readings[-1].worsening or assess(alone, tables=content.triage).level in EMERGENCY_LEVELS:
        return ""
    if has_been_helped(message.text):
        return HELPED
    return "helped_before" if guidance.advised == HELPED else ""


def is_trouble(message: Heard, *, content: Content) -> bool:
    """Return whether an order tells of a symptom, not only of its medicine or measuring, or the second reader hears more in it."""
    doubtful = message.opinion is not None and message.opinion.verdict != "quiet"
    return doubtful or tells_trouble(message.text, message.language, lexicon=content.triage.lexicon)


def told_in_two(before: str, message: Heard, *, content: Content) -> str:
    """Return both messages as one text where only together they name a symptom: "knee", then "hurts". "" otherwise."""
    if max(len(before), len(message.text)) > LONGEST_HALF or message.payload or not before:
        return ""
    blank = "" if message.language in ("zh-Hans", "zh-Hant") else " "
    both = f"{before}{blank}{message.text}"
    alone = any(has_complaint(text, replace(message, opinion=None), content=content) for text in (before, message.text))
    return both if not alone and has_complaint(both, message, content=content) else ""


def pending_question(guidance: Guidance, *, content: Content) -> Question | None:
    """Return the question that is now asked, in the language of the episode."""
    pending = guidance.episode.pending
    if pending is None or pending not in content.triage.questions:  # a question may leave the pack while it is asked
        return None
    return question(pending, guidance.episode.language, tables=content.triage, episode=guidance.episode)


def chosen_value(message: Heard, asked: Question | None) -> str | None:
    """Return the value of the choice whose title was typed, or that a plain yes or no means."""
    if asked is None:
        return None
    by_title = {folded(title): value for value, title in asked.choices}
    values = set(by_title.values())
    typed = by_title.get(folded(message.text))
    if typed is not None:
        return typed
    plain = {"affirm": "yes", "deny": "no" if "no" in values else "none"}.get(message.intent)
    if message.intent == "deny" and yes_or_no(message.text, message.language) == "yes":
        return None  # "no wait, yes": the words are read
    return plain if plain in values and message.confidence >= SURE else None


def _left_open(guidance: Guidance, value: str) -> Guidance:
    pending = guidance.episode.pending
    answers = {**guidance.episode.answers, pending: value} if pending else guidance.episode.answers
    return replace(guidance, misses=0, episode=replace(guidance.episode, answers=answers, pending=None))


def _with_value(guidance: Guidance, asked: str, value: str, *, content: Content) -> Guidance:
    if value in LEFT_OPEN.values() and asked == guidance.episode.pending:
        return _left_open(guidance, value)
    episode = episodes.answer(replace(guidance.episode, pending=asked), value, tables=content.triage)
    return replace(guidance, episode=episode or guidance.episode, misses=0)
