"""A plan is offered, by a link, a code, a nurse or another program: the question, and the patient's yes or no to it."""

from __future__ import annotations

from datetime import datetime

from bot.duty.when import moment_in_words
from bot.followup import asking, enrolling, enrolments, planning, reminders
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.enrolments import OPEN, Enrolment
from bot.followup.links import Link, link_of, once_key
from bot.followup.steps import zone_of
from bot.inbox.handle import Handling, own_words
from bot.messages import Button, Reply
from bot.privacy import consent
from bot.triage.normalise import normalise

LINK = "link"  # who enrolled them


def link_in(handling: Handling) -> Link | None:
    """Return what the code of this message offers, or None: it is of a place, or there is none."""
    return link_of(handling.work.cipher, handling.known.row.scene, handling.rules.content.followup.plans)


def offer_plan(handling: Handling, link: Link) -> None:
    """Ask the person whether they want the plan of a link, or say why it cannot be."""
    content, now = handling.rules.content, handling.rules.now
    if link.has_ended(now.astimezone(zone_of(content.followup.zone)).date()):
        _tell(handling, "link_ended")
        return
    conversation, number = handling.known.conversation, handling.known.row.id
    wish = Wish(link.plan, LINK, once_key(link.nonce) if link.once else f"scan:{number}", day=link.day)
    try:
        enrolment, new = enrolling.enrol(handling.work, conversation.id, wish, content, now=now)
    except EnrolProblem as problem:
        if problem.key == "expired":
            tell_expired(handling)
        else:
            _tell(handling, "link_already" if problem.key == "already" else "link_not_now")
        return
    if not new:
        _opened_again(handling, enrolment)


def _opened_again(handling: Handling, enrolment: Enrolment) -> None:
    """A letter is for one person: who has opened it before is told how it stands, anybody else that it is used."""
    if enrolment.patient_id != handling.known.conversation.patient_id:
        _tell(handling, "link_used")
    elif enrolment.state == "asked" and _is_expired(handling, enrolment):
        tell_expired(handling)
    elif enrolment.state == "asked":
        asking.ask(
            handling.work, enrolment, handling.rules.content, now=handling.rules.now, again=f"scan:{handling.known.row.id}"
        )
    else:
        _tell(handling, "link_already" if enrolment.state in OPEN else "link_used")


def tell_expired(handling: Handling) -> None:
    """Say that a plan is not there just now, and offer a nurse: its review is overdue."""
    nurse = Button(handling.phrase("triage.nurse_button"), "nurse")
    text = handling.phrase("followup.plan_expired", emergency=handling.emergency())
    handling.say(Reply(text, kind="notice", buttons=(nurse,)))


def _is_expired(handling: Handling, enrolment: Enrolment) -> bool:
    content = handling.rules.content
    plan = content.followup.plans.by_id.get(enrolment.plan)
    return plan is not None and plan.is_expired(enrolling.today_of(content, handling.rules.now))


def _tell(handling: Handling, key: str) -> None:
    handling.say(Reply(handling.phrase(f"followup.{key}", emergency=handling.emergency()), kind="notice"))


def answer_offer(handling: Handling) -> bool:
    """Take the message as the answer to whether they want a plan; False when it is none, and nothing was written.

    A button always is one. Typed, only what says yes or no right after the question, and no nurse is there to mean it for.
    """
    pressed = asking.answer_in(handling.known.payload)
    found = pressed or _typed(handling)
    enrolment = None if found is None else enrolments.of_id(handling.work, found[0])
    if found is None or enrolment is None or enrolment.patient_id != handling.known.conversation.patient_id:
        return False
    if enrolment.state != "asked":
        _tell(handling, "link_already" if enrolment.state in OPEN else "offer_over")
    elif found[1] and _is_expired(handling, enrolment):
        tell_expired(handling)  # they stay asked: once it is reviewed the same button begins it
    elif found[1]:
        _begin(handling, enrolment)
    else:
        enrolments.stop(handling.work, enrolment.id, because="declined", who="patient", now=handling.rules.now)
        _tell(handling, "chat_not_set" if enrolment.plan == enrolments.OWN else "offer_declined")
    handling.note_for_case()
    handling.done()
    return True


def _typed(handling: Handling) -> tuple[int, bool] | None:
    known = handling.known
    if known.payload or handling.nurse_is_here or not known.conversation.reminded:
        return None
    agrees = _yes_or_no(handling, own_words(known))
    number = 0 if agrees is None else asking.asked_last(handling.work, known.conversation.id)
    return (number, agrees) if number and agrees is not None else None


def _yes_or_no(handling: Handling, text: str) -> bool | None:
    for key, agrees in (("ask_yes", True), ("ask_no", False), ("chat_ask_yes", True), ("chat_ask_no", False)):
        if text and normalise(text).text.strip() == normalise(handling.phrase(f"followup.{key}")).text.strip():
            return agrees
    return consent.read_answer(text, "", handling.known.conversation.language)


def _begin(handling: Handling, enrolment: Enrolment) -> None:
    """Begin the plan, and say when the patient hears next; a "stop" from before is taken back by this yes."""
    work, rules = handling.work, handling.rules
    enrolments.agree(work, enrolment.id, now=rules.now)
    enrolments.allow_again(work, enrolment.patient_id)
    begun = enrolments.of_id(work, enrolment.id)
    assert begun is not None
    planning.plan_all(work, begun, rules.content, now=rules.now)
    if planning.finish(work, begun.id, now=rules.now):
        _tell(handling, "offer_nothing_left")
        return
    mine = (one.due_at for one in reminders.upcoming(work, patient_id=begun.patient_id) if one.enrolment_id == begun.id)
    when = _when(handling, begun, min(mine))
    key = "chat_set" if begun.plan == enrolments.OWN else "offer_begun"
    handling.say(Reply(handling.phrase(f"followup.{key}", when=when, emergency=handling.emergency()), kind="notice"))


def _when(handling: Handling, enrolment: Enrolment, moment: datetime) -> str:
    zone, language, rules = zone_of(enrolment.zone), handling.known.conversation.language, handling.rules
    return moment_in_words(moment, now=rules.now, language=language, zone=zone, phrases=rules.content.phrases)
