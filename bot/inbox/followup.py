"""Answers to the questions of follow-up: understood without the assistant, judged, and what worries opens a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.followup import asking, checkins, enrolments, outcomes, readings, reminders
from bot.followup.answers import Compared, Understood, is_symptom, overall, understand
from bot.followup.checkins import Checkin
from bot.followup.either_way import least_worry
from bot.followup.enrolments import Enrolment
from bot.followup.expiry import close_unmeasured, worry
from bot.followup.limits import best_of, limits_of
from bot.followup.planning import finish
from bot.followup.plans import Question
from bot.followup.readings import Told, Unclear
from bot.followup.steps import steps_of, zone_of
from bot.followup.thresholds import About, Judgement, Level, Measure
from bot.inbox import conversations
from bot.inbox.handle import Handling, Known
from bot.inbox.offers import tell_expired
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

# Of a question: the number that was written without its unit.
WITHOUT_UNIT = "without_unit"
# … and what that means at least, whatever the unit is: somebody was told of it.
EITHER_WAY = "either_way"


@dataclass(frozen=True)
class _At:
    """The question that is answered, of whose check-in."""

    one: Checkin
    enrolment: Enrolment
    question: Question
    measure: Measure | None


def may_answer(known: Known) -> bool:
    """Return whether this may answer a question of follow-up: one is open, or they get reminders and may be late."""
    return bool(known.conversation.asked_checkin) or known.conversation.reminded or known.payload.startswith("checkin:")


def answer_checkin(handling: Handling) -> bool:
    """Take the message as the answer to the open question of follow-up; False when it is none, and nothing was written."""
    at = _at(handling) or _late(handling)
    if at is None:
        return _pressed_before(handling)
    text = "" if handling.known.payload else handling.known.row.text
    understood = _understood(handling, at, text)
    if understood is None:
        return _pressed_before(handling)
    if isinstance(understood, Unclear) and _tries(at) < MOST_TRIES:
        _ask_again(handling, at, understood)
    else:
        _take(handling, at, Understood({"unclear": text}) if isinstance(understood, Unclear) else understood)
    handling.done()
    return True


def stop_reminders(handling: Handling) -> None:
    """End all plans and reminders of this person, at once, wherever they were enrolled."""
    conversation = handling.known.conversation
    mine = [one for one in enrolments.of_patient(handling.work, conversation.patient_id) if one.state != "asked"]
    close_unmeasured(handling.work, conversation.patient_id, handling.rules.content, now=handling.rules.now)
    enrolments.stop_all(handling.work, conversation.patient_id, because="asked", who="patient", now=handling.rules.now)
    checkins.close_all(handling.work, conversation.patient_id, now=handling.rules.now)
    phrase = "stopped" if mine else "none_to_stop"
    handling.say(Reply(handling.phrase(f"followup.{phrase}", emergency=handling.emergency()), kind="notice"))
    handling.note_for_case()


def ask_later(handling: Handling) -> None:
    """Take the wish to be asked some days after a guidance whether it was the right department."""
    conversation, rules = handling.known.conversation, handling.rules
    if outcomes.is_overdue(rules.content, rules.now):
        tell_expired(handling)
    else:
        enrolment = outcomes.ask_later(handling.work, conversation, rules.content, now=rules.now)
        phrase = "outcome_nothing" if enrolment is None else "outcome_planned"
        handling.say(Reply(handling.phrase(f"followup.{phrase}", emergency=handling.emergency()), kind="notice"))
    handling.note_for_case()


def _at(handling: Handling) -> _At | None:
    """Return the question that a button belongs to, if it is open; else the one that was asked last."""
    conversation = handling.known.conversation
    pressed = checkins.of_id(handling.work, checkins.number_in(handling.known.payload))
    if pressed is not None and pressed.state == "open":
        return _at_of(handling, pressed)
    one = checkins.of_id(handling.work, conversation.asked_checkin) if conversation.asked_checkin else None
    if one is not None and one.state != "open":  # its plan has ended
        one = checkins.open_of(handling.work, conversation.id)
    at = None if one is None else _at_of(handling, one)
    if at is None and conversation.asked_checkin:
        conversations.change(handling.work, conversation.id, asked_checkin=0)
    return at


def _at_of(handling: Handling, one: Checkin) -> _At | None:
    content = handling.rules.content
    enrolment, question = enrolments.of_id(handling.work, one.enrolment_id), checkins.current(one, content)
    if enrolment is None or question is None:
        return None
    return _At(one, enrolment, question, content.followup.thresholds.by_id.get(question.measure))


def _late(handling: Handling) -> _At | None:
    """Return the question of a check-in that was closed without an answer, when this is the answer, a day late.

    A button says so itself. Typed, only a reading does, and only when nothing was said since the question.
    """
    work, conversation = handling.work, handling.known.conversation
    one = checkins.late_of(work, conversation.id, handling.known.payload, now=handling.rules.now)
    at = None if one is None else _at_of(handling, one)
    if one is None or at is None or at.enrolment.state == "stopped":
        return None
    understood = _understood(handling, at, "" if handling.known.payload else handling.known.row.text)
    is_reading = isinstance(understood, Understood) and understood.given is not None
    if understood is None or not (handling.known.payload or is_reading):
        return None
    checkins.reopen(work, one, now=handling.rules.now)
    return at


def _pressed_before(handling: Handling) -> bool:
    """Tell somebody who presses the button of a question that is over, or was answered, that it is; False when it is no such."""
    if not handling.known.payload.startswith("checkin:"):
        return False
    handling.say(Reply(handling.phrase("followup.over", emergency=handling.emergency()), kind="notice"))
    handling.done()
    return True


def _understood(handling: Handling, at: _At, text: str) -> Understood | Unclear | None:
    payload = handling.known.payload
    option = _option(payload, at.one)
    if payload and not option:
        return None  # a button of something else
    if not payload and not _is_asked_last(handling, at):
        return None  # "no" to what the assistant or a nurse has asked since
    departments = {key: one.names for key, one in handling.rules.content.triage.departments.items()}
    language, compared = handling.known.conversation.language, Compared(at.measure, departments)
    found = understand(at.question, text, option, language, compared)
    number = at.one.answers.get(at.question.id, {}).get(WITHOUT_UNIT)
    if found is None and number and text:  # "mmol/L", to the question which unit that was
        whole = understand(at.question, f"{number} {text}", option, language, compared)
        return whole if isinstance(whole, Understood) else None
    return found


def _is_asked_last(handling: Handling, at: _At) -> bool:
    """Return whether words can mean this question: a number says itself what it is of, yes and no are to what was asked last."""
    if at.question.answers in ("reading", "words"):
        return True
    asked = asking.buttons_asked_last(handling.work, handling.known.conversation.id)
    return any(checkins.number_in(payload) == at.one.id for payload in asked)


def _option(payload: str, one: Checkin) -> str:
    """Return the id on a button of the question that is asked now, "" for any other payload."""
    head, _, option = payload.rpartition(":")
    return option if head == f"checkin:{one.id}:{one.question}" else ""


def _tries(at: _At) -> int:
    return int(at.one.answers.get(at.question.id, {}).get("tries", 0))


def _ask_again(handling: Handling, at: _At, unclear: Unclear) -> None:
    key = {"number": "ask_again", "again": "ask_again"}.get(unclear.ask, f"ask_{unclear.ask}")
    example = EXAMPLES.get(at.question.measure, "1")
    meanwhile = _tell_meanwhile(handling, at, unclear)
    handling.say(Reply(handling.phrase(f"followup.{key}", example=example), kind="question"))
    number = {WITHOUT_UNIT: handling.known.row.text} if unclear.ask == "unit" else {}
    checkins.note(handling.work, at.one, at.question.id, {"tries": _tries(at) + 1, **number, **meanwhile})


def _tell_meanwhile(handling: Handling, at: _At, unclear: Unclear) -> dict[str, Level]:
    """Tell, once, of a value that worries whatever its unit is; returns what is to be remembered of that."""
    if at.measure is None or at.one.answers.get(at.question.id, {}).get(EITHER_WAY):
        return {}
    level = least_worry(at.measure, unclear, _about(handling, at), handling.known.conversation.language)
    return {EITHER_WAY: level} if level is not None and _worries(handling, at, level) else {}


def _take(handling: Handling, at: _At, understood: Understood) -> None:
    """Store an answer, tell what worries, and ask the next question."""
    if handling.known.conversation.asked_checkin != at.one.id:  # the button of one that was asked earlier: it goes on with that
        checkins.is_asked(handling.work, at.one)
    judged, kept = Judgement(understood.level), dict(understood.kept)
    if understood.given is not None and at.measure is not None:
        judged = _judge(handling, at, understood, at.measure)
    before = at.one.answers.get(at.question.id, {})
    if judged.again and not before.get(checkins.AGAIN):
        checkins.note(handling.work, at.one, at.question.id, {checkins.AGAIN: judged.level})
        if is_symptom(judged.level):
            checkins.expect_again(handling.work, at.one, now=handling.rules.now)
        handling.say(Reply(handling.phrase("followup.measure_again", emergency=handling.emergency()), kind="question"))
        return
    answer = {**kept, "level": judged.level, "rule": judged.rule}
    one = checkins.answered(handling.work, at.one, answer, now=handling.rules.now, ends=understood.ends)
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
        at=handling.known.row.written_at,
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
    handling.open_case(worry(at.one, at.question, level, plan=at.enrolment.plan))
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
    thanks = "thanks"
    if at.enrolment.plan == outcomes.PLAN:
        thanks = outcomes.answered(handling.work, at.enrolment, one.answers, now=handling.rules.now)
    if not told:
        handling.say(Reply(handling.phrase(f"followup.{thanks}", emergency=handling.emergency()), kind="notice"))
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
    """The check-in is over: what its answer makes needless is cleared, and the next one's first question may be asked."""
    work, conversation = handling.work, handling.known.conversation
    reminders.clear_attempts(work, one.reminder_id, why="answered")
    _clear_group(handling, at, one)
    finish(work, at.enrolment.id, now=handling.rules.now)
    following = checkins.open_of(work, conversation.id)
    conversations.change(work, conversation.id, asked_checkin=0 if following is None else following.id)
    if following is not None:
        asked = checkins.ask(work, following, handling.rules.content, conversation.language)
        if asked is not None:
            handling.say(Reply(asked.text, kind="question", buttons=asked.buttons))


def _clear_group(handling: Handling, at: _At, one: Checkin) -> None:
    """Settle what other steps of the same group still have to send; what repeats goes its own way."""
    steps = steps_of(at.enrolment, handling.rules.content.followup.plans)
    mine = next((step for step in steps if step.id == reminders.step_of(handling.work, one.reminder_id)), None)
    if mine is not None:
        others = [step.id for step in steps if step.group == mine.group and step.id != mine.id and step.every is None]
        reminders.clear(handling.work, at.enrolment.id, others, why="answered")
