"""Buttons of the desk: claim, release, close with its outcome, note. Who presses is looked at each time."""

from __future__ import annotations

from dataclasses import dataclass

from bot.bootstrap import Services
from bot.database.engine import Work
from bot.handoff import closing
from connectors.telegram.desk import rows
from connectors.telegram.desk.acting import Actor, Denied, actor_of, done
from connectors.telegram.desk.commands import free_for, hold
from connectors.telegram.desk.signs import Sign, read
from connectors.telegram.desk.updates import Pressed

_RIGHT = {"yes": True, "no": False, "open": None}


@dataclass(frozen=True)
class After:
    """What a press comes to: what the person is told, and what happens to the buttons.

    `keys`: outcome, department, none, card (as they were), "" (nothing); `prompt`: a note is asked for.
    """

    case_id: int
    say: str
    language: str
    keys: str = ""
    outcome: str = ""
    prompt: bool = False
    is_card: bool = True


class Presses:
    """Does what buttons say."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def pressed(self, press: Pressed) -> After:
        """Do what a button says. Raises Denied, DatabaseProblem."""
        return await self._services.write(lambda work: self._pressed(work, press))

    def _pressed(self, work: Work, press: Pressed) -> After:
        wanted = read(work.cipher, press.data)
        topic = None if wanted is None else rows.of_case(work, wanted.case_id)
        if wanted is None or topic is None or topic.chat != press.chat:
            raise Denied("old_button")
        act = {"release": "claim", "outcome": "close", "department": "close", "back": "close"}.get(wanted.act, wanted.act)
        actor = actor_of(work, press.user, wanted.case_id, act, now=self._services.clock())  # type: ignore[arg-type]
        after = self._act(work, actor, wanted)
        is_card = topic.card == press.message_id
        if is_card and after.keys:
            rows.save(work, topic.id, head="")  # other buttons are shown: the next round writes the card anew when it may
        return After(after.case_id, after.say, after.language, after.keys, after.outcome, after.prompt, is_card)

    def _act(self, work: Work, actor: Actor, wanted: Sign) -> After:
        number, language = actor.case.id, actor.person.language
        if wanted.act in ("claim", "release"):
            hold(work, actor, release=wanted.act == "release", services=self._services)
            return After(number, f"toast_{wanted.act}", language)
        if wanted.act == "note":
            return After(number, "toast_note", language, prompt=True)
        if wanted.act == "back":
            return After(number, "", language, keys="card")
        free_for(work, actor)
        if wanted.act == "close":
            return After(number, "", language, keys="outcome")
        if wanted.act == "outcome" and actor.case.department:
            return After(number, "", language, keys="department", outcome=wanted.outcome)
        self._close(work, actor, wanted)
        return After(number, "toast_closed", language, keys="none")

    def _close(self, work: Work, actor: Actor, wanted: Sign) -> None:
        phrases, who = self._services.content.current().phrases, actor.person
        right = _RIGHT[wanted.answer] if wanted.answer else None

        def do() -> None:
            closing.close(
                work,
                actor.case.id,
                who=who.handle,
                name=who.name,
                outcome=wanted.outcome,
                department_right=right,
                now=actor.now,
                phrases=phrases,
            )

        done(work, actor, do, seen=False)
