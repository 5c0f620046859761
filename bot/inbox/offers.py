"""Somebody opened the link of a plan, or scanned its code: they are enrolled once they say yes to the question that follows."""

from __future__ import annotations

from bot.followup import asking, enrolling
from bot.followup.enrolling import EnrolProblem, Wish
from bot.followup.enrolments import OPEN, Enrolment
from bot.followup.links import Link, link_of, once_key
from bot.followup.steps import zone_of
from bot.inbox.handle import Handling
from bot.messages import Reply

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
        _tell(handling, "link_already" if problem.key == "already" else "link_not_now")
        return
    if not new:
        _opened_again(handling, enrolment)


def _opened_again(handling: Handling, enrolment: Enrolment) -> None:
    """A letter is for one person: who has opened it before is told how it stands, anybody else that it is used."""
    if enrolment.patient_id != handling.known.conversation.patient_id:
        _tell(handling, "link_used")
    elif enrolment.state == "asked":
        asking.ask(
            handling.work, enrolment, handling.rules.content, now=handling.rules.now, again=f"scan:{handling.known.row.id}"
        )
    else:
        _tell(handling, "link_already" if enrolment.state in OPEN else "link_used")


def _tell(handling: Handling, key: str) -> None:
    handling.say(Reply(handling.phrase(f"followup.{key}", emergency=handling.emergency()), kind="notice"))
