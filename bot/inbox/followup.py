"""Answers to the questions of follow-up: understood without the assistant, judged, and what worries opens a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.followup import checkins, enrolments, readings, reminders
from bot.followup.answers import Understood, is_symptom, overall, understand
from bot.followup.checkins import Checkin
from bot.followup.enrolments import Enrolment
from bot.followup.limits import best_of, limits_of
from bot.followup.plans import Question
from bot.followup.readings import Told, Unclear
from bot.followup.steps import zone_of
from bot.followup.thresholds import About, Judgement, Level, Measure
from bot.handoff.cases import Cause
from bot.inbox import conversations
from bot.inbox.handle import Handling
from bot.messages import EMERGENCY_LEVELS, Reply

# How each reading is written, for somebody whose answer was not understood.
EXAMPLES = {
    "blood_pressure": "128/82",
    "glucose": "6.2 mmol/L, 112 mg/dL",
    "weight": "70 kg",
    "temperature": "36.8",
    "spo2": "97",
    "peak_flow": "350",
    "pain": "4",
}
# A number that was not understood twice is left to the nurse: nobody is asked for ever.
MOST_TRIES = 2


@dataclass(frozen=True)
class _At:
    """The question that is answered, of whose check-in."""

    one: Checkin
    enrolment: Enrolment
    question: Question
    measure: Measure | None


def answer_checkin(handling: Handling) -> bool:
    """Take the message as the answer to the open question of follow-up; False when it is none, and nothing was written."""
    known = handling.known
    at = _at(handling)
    if at is None:
        return False
    text = "" if known.payload else known.row.text
    option = _option(known.payload, at.one)
    if known.payload and not option:
        return False  # a button of something else
    understood = understand(at.question, text, option, known.conversation.language, measure=at.measure)
    if understood is None:
        return False
    if isinstance(understood, Unclear) and _tries(at) < MOST_TRIES:
        _ask_again(handling, at, understood)
    else:
        _take(handling, at, Understood({"unclear": text}) if isinstance(understood, Unclear) else understood)
    handling.done()
    return True


def stop_reminders(handling: Handling) -> None:
    """End all plans and reminders of this person, at once, wherever they were enrolled."""
    conversation = handling.known.conversation
    mine = enrolments.of_patient(handling.work, conversation.patient_id)
    enrolments.stop_all(handling.work, conversation.patient_id, because="asked", who="patient", now=handling.rules.now)
    checkins.close_all(handling.work, conversation.patient_id, now=handling.rules.now)
    phrase = "stopped" if mine else "none_to_stop"
    handling.say(Reply(handling.phrase(f"followup.{phrase}", emergency=handling.emergency()), kind="notice"))
    handling.note_for_case()


def _at(handling: Handling) -> _At | None:
    work, content = handling.work, handling.rules.content
    one = checkins.of_id(work, handling.known.conversation.asked_checkin)
    enrolment = None if one is None else enrolments.of_id(work, one.enrolment_id)
    question = None if one is None else checkins.current(one, content)
    if one is None or enrolment is None or question is None or one.state != "open":
        conversations.change(work, handling.known.conversation.id, asked_checkin=0)
        return None
    return _At(one, enrolment, question, content.followup.thresholds.by_id.get(question.measure))


def _option(payload: str, one: Checkin) -> str:
    """Return the id on a button of the question that is asked now, "" for any other payload."""
    head, _, option = payload.rpartition(":")
    return option if head == f"checkin:{one.id}:{one.question}" else ""


def _tries(at: _At) -> int:
    return int(at.one.answers.get(at.question.id, {}).get("tries", 0))


def _ask_again(handling: Handling, at: _At, unclear: Unclear) -> None:
    key = {"number": "ask_again", "again": "ask_again"}.get(unclear.ask, f"ask_{unclear.ask}")
    example = EXAMPLES.get(at.question.measure, "1")
    handling.say(Reply(handling.phrase(f"followup.{key}", example=example), kind="question"))
    checkins.note(handling.work, at.one, at.question.id, {"tries": _tries(at) + 1})


def _take(handling: Handling, at: _At, understood: Understood) -> None:
    """Store an answer, tell what worries, and ask the next question."""
    judged, kept = Judgement(understood.level), dict(understood.kept)
    if understood.given is not None and at.measure is not None:
        judged = _judge(handling, at, understood, at.measure)
    before = at.one.answers.get(at.question.id, {})
    if judged.again and not before.get("again"):
        checkins.note(handling.work, at.one, at.question.id, {"again": True})
        handling.say(Reply(handling.phrase("followup.measure_again", emergency=handling.emergency()), kind="question"))
        return
    one = checkins.answered(handling.work, at.one, {**kept, "level": judged.level, "rule": judged.rule}, now=handling.rules.now)
    told = _worries(handling, at, judged.level)
    if judged.level in EMERGENCY_LEVELS:
        checkins.settle(handling.work, one, "worrying", now=handling.rules.now)
        _leave(handling, at, one)
        return
    _go_on(handling, at, one, told=told)


def _judge(handling: Handling, at: _At, understood: Understood, measure: Measure) -> Judgement:
    assert understood.given is not None
    told = Told(
        patient_id=at.enrolment.patient_id,
        measure=measure,
        given=understood.given,
        at=handling.rules.now,
        about=_about(handling, at),
        zone=zone_of(at.enrolment.zone),
        source="checkin",
        dedupe_key=f"in:{handling.known.row.id}",
        enrolment_id=at.enrolment.id,
    )
    return readings.take(handling.work, told)


def _about(handling: Handling, at: _At) -> About:
    profile = conversations.profile_of(handling.work, at.enrolment.patient_id)
    if profile.get("who") not in (None, "self"):  # a guidance about their child says nothing of themselves
        profile = {}
    mine = enrolments.of_patient(handling.work, at.enrolment.patient_id)
    unwell = any(is_symptom(answer.get("level", "OK")) and "values" not in answer for answer in at.one.answers.values())
    return About(
        age=profile.get("age"),
        pregnant=profile.get("pregnant") or any(one.plan == "antenatal" for one in mine) or None,
        plans=frozenset(one.plan for one in mine),
        symptoms=unwell,
        limits=limits_of(one.details for one in mine),
        best=best_of(one.details for one in mine),
    )


def _worries(handling: Handling, at: _At, level: Level) -> bool:
    """Open a case for an answer that worries, and tell the patient; returns whether something was told."""
    if level not in ("E1", "E2", "U"):
        return False
    if handling.known.row.level not in EMERGENCY_LEVELS:  # else the safety net has answered these words already
        _tell_worry(handling, level)
    reason = at.question.reason or at.question.texts
    trace = {"checkin": at.one.id, "plan": at.enrolment.plan, "question": at.question.id, "why": dict(reason)}
    key = f"checkin:{at.one.id}:{at.one.question}:{level}"
    handling.open_case(Cause("worrying_checkin", level, key, trace=trace))  # type: ignore[arg-type]
    return True


def _tell_worry(handling: Handling, level: Level) -> None:
    phrase = "emergency" if level in EMERGENCY_LEVELS else "worrying"
    kind: Any = "emergency" if level in EMERGENCY_LEVELS else "notice"
    handling.say(Reply(handling.phrase(f"followup.{phrase}", emergency=handling.emergency()), kind=kind))


def _go_on(handling: Handling, at: _At, one: Checkin, *, told: bool) -> None:
    """Ask the next question; after the last one, judge the readings again with what was said beside them, and say thanks."""
    if one.state == "open":
        asked = checkins.ask(handling.work, one, handling.rules.content, handling.known.conversation.language)
        if asked is not None:
            handling.say(Reply(asked.text, kind="question", buttons=asked.buttons))
            return
    worst = _judged_together(handling, at, one)
    if worst in ("E1", "E2", "U"):
        checkins.settle(handling.work, one, "worrying", now=handling.rules.now)
        told = ((worst != "U" or not told) and _worries(handling, at, worst)) or told
    if not told:
        handling.say(Reply(handling.phrase("followup.thanks"), kind="notice"))
    _leave(handling, at, one)


def _judged_together(handling: Handling, at: _At, one: Checkin) -> Level:
    """Return the most urgent of all answers; a reading counts with the symptoms that were told after it."""
    content = handling.rules.content
    unwell = any(is_symptom(answer.get("level", "OK")) and "values" not in answer for answer in one.answers.values())
    levels: list[Level] = [answer.get("level", "OK") for answer in one.answers.values()]
    about = _about(handling, _At(one, at.enrolment, at.question, at.measure))
    for name, answer in one.answers.items():
        question = content.followup.plans.questions.get(name)
        measure = content.followup.thresholds.by_id.get(question.measure) if question else None
        if unwell and measure is not None and "values" in answer:
            levels.append(readings.judge_again(measure, answer["values"], about))
    return overall(levels)


def _leave(handling: Handling, at: _At, one: Checkin) -> None:
    """The check-in is over: the second try is not needed, and the next one's first question may be asked."""
    work, conversation = handling.work, handling.known.conversation
    reminders.clear_attempts(work, one.reminder_id, why="answered")
    following = checkins.open_of(work, conversation.id)
    conversations.change(work, conversation.id, asked_checkin=0 if following is None else following.id)
    if following is not None:
        asked = checkins.ask(work, following, handling.rules.content, conversation.language)
        if asked is not None:
            handling.say(Reply(asked.text, kind="question", buttons=asked.buttons))
