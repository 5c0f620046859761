"""Another time for a reminder: of their own whenever they like, of a plan as far as the plan allows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time

from bot.followup import enrolments, planning, reminders
from bot.followup.enrolments import OWN, Enrolment
from bot.followup.moved import MOVED, moved, spans_of
from bot.followup.offsets import Quiet
from bot.followup.own import clocks_meant, new_times, read_when
from bot.followup.plans import Step
from bot.followup.steps import quiet_of, steps_of
from bot.inbox.handle import Handling
from bot.inbox.orders.saying import line, local, moment, name_of, tell
from bot.messages import Button, Reply

ASKED_TIME = re.compile(r"owntime-(\d{1,15}):\d+:\d+")
_SEPARATORS = {"zh-Hans": "、", "zh-Hant": "、", "ar": "، "}


def can_move(handling: Handling, one: Enrolment) -> bool:
    """Return whether there is a time to change: of a plan of which nothing waits there is none."""
    return one.plan == OWN or bool(_waiting(handling, one))


def ask(handling: Handling, one: Enrolment) -> None:
    """Ask at what time it shall come; of a plan, say which times are possible."""
    if one.plan == OWN:
        text = handling.phrase("followup.chat_when")
    elif can_move(handling, one):
        text = handling.phrase("followup.chat_plan_when", spans=_spans(handling, one))
    else:
        text = handling.phrase("followup.chat_plan_time")
    handling.say(Reply(text, kind="question"), stage=f"owntime-{one.id}")


def answers(handling: Handling, key: str, text: str) -> bool:
    """Take the message as the time that was asked for under this key; False when it is no such question, or tells none."""
    asked = ASKED_TIME.fullmatch(key)
    one = enrolments.of_id(handling.work, int(asked[1])) if asked else None
    if one is None or one.patient_id != handling.known.conversation.patient_id or one.state not in enrolments.OPEN:
        return False
    return change_in(handling, one, text)


def change_in(handling: Handling, one: Enrolment, said: str) -> bool:
    """Give a reminder the time that `said` tells and say so, or which times are possible; False when it tells none."""
    if one.plan == OWN:
        return _change_own(handling, one, said)
    clocks = clocks_meant(said, handling.known.conversation.language)
    if not clocks or not can_move(handling, one):
        return False
    _move_plan(handling, one, clocks)
    return True


def _change_own(handling: Handling, one: Enrolment, said: str) -> bool:
    language, now = handling.known.conversation.language, local(handling)
    times, when = new_times(said, now, language), read_when(said, language, now)
    keeps_day = one.details.get("every") is not None or one.anchor > now.date()
    if times and keeps_day:
        _change(handling, one, {"times": list(times)}, anchor=one.anchor)
    elif when is not None:
        _change(handling, one, when.details, anchor=when.anchor)
    return when is not None or bool(times and keeps_day)


def _change(handling: Handling, one: Enrolment, details: Mapping[str, object], *, anchor: date) -> None:
    work, rules = handling.work, handling.rules
    enrolments.change(work, one.id, who="patient", now=rules.now, **details)
    planning.count_from(work, _again(handling, one), anchor, rules.content, now=rules.now)
    tell(handling, "chat_changed", reminder=line(handling, _again(handling, one)))


def _again(handling: Handling, one: Enrolment) -> Enrolment:
    found = enrolments.of_id(handling.work, one.id)
    if found is None:
        raise LookupError("an enrolment was changed and is not found")
    return found


def _move_plan(handling: Handling, one: Enrolment, clocks: Sequence[Sequence[time]]) -> None:
    """Move what waits of a plan, each step that may come then; nothing when none may."""
    chosen = _chosen(handling, one, clocks)
    if not chosen:
        nurse = Button(handling.phrase("triage.nurse_button"), "nurse")
        text = handling.phrase("followup.chat_plan_outside", spans=_spans(handling, one))
        handling.say(Reply(text, kind="notice", buttons=(nurse,)))
        return
    work, rules = handling.work, handling.rules
    before = one.details.get(MOVED) or {}
    enrolments.change(work, one.id, who="patient", now=rules.now, **{MOVED: {**before, **chosen}})
    planning.plan_all(work, _again(handling, one), rules.content, now=rules.now)
    following = min(due.due_at for due in reminders.of_enrolment(work, one.id) if due.state == "waiting" and due.step in chosen)
    times = sorted({clock for of_step in chosen.values() for clock in of_step})
    names = {"plan": name_of(handling, one), "times": _joined(handling, times), "when": moment(handling, following)}
    tell(handling, "chat_plan_moved", **names)


def _chosen(handling: Handling, one: Enrolment, clocks: Sequence[Sequence[time]]) -> dict[str, list[str]]:
    """Return the new times of the steps that may come then: by the first reading of the words that any step allows."""
    quiet, steps = _quiet(handling, one), _waiting(handling, one)
    for wanted in clocks:
        pairs = ((plan_step.id, moved(plan_step, now, wanted, quiet)) for plan_step, now in steps)
        found = {step: list(times) for step, times in pairs if times is not None}
        if found:
            return found
    return {}


def _waiting(handling: Handling, one: Enrolment) -> list[tuple[Step, Step]]:
    """Return the steps of which something waits: as the plan has them, and as the patient has them."""
    plan = handling.rules.content.followup.plans.by_id.get(one.plan)
    if plan is None:
        return []
    waits = {due.step for due in reminders.of_enrolment(handling.work, one.id) if due.state == "waiting"}
    pairs = zip(plan.steps, steps_of(one, handling.rules.content.followup.plans), strict=True)
    return [(of_plan, now) for of_plan, now in pairs if of_plan.id in waits]


def _spans(handling: Handling, one: Enrolment) -> str:
    spans = spans_of((of_plan for of_plan, _ in _waiting(handling, one)), _quiet(handling, one))
    return _joined(handling, [handling.phrase("followup.chat_span", start=start, end=end) for start, end in spans])


def _quiet(handling: Handling, one: Enrolment) -> Quiet:
    return quiet_of(planning.quiet_of_patient(handling.work, one.patient_id))


def _joined(handling: Handling, parts: Sequence[str]) -> str:
    return _SEPARATORS.get(handling.known.conversation.language, ", ").join(parts)
