"""A nurse's reply that could be taken back reaches the open page when its time is over, however much was said meanwhile."""

from __future__ import annotations

from bot.outbox.held import let_go
from connectors.webchat.watch import LOOK_BACK, Watch
from tests.contents import the_content
from tests.handoff.desk_kit import Ward


class Told:
    def __init__(self) -> None:
        self.events: list[str] = []

    def tell(self, conversation_id: str, event: str) -> None:
        self.events.append(conversation_id)


async def test_a_held_reply_is_told_when_it_is_let_go_and_not_before(database):
    ward, told = Ward(database, the_content()), Told()

    async def read(act):
        with database.read() as work:
            return act(work)

    watch = Watch(read, feed=told)
    chat = ward.chat()
    ward.replies(ward.case(chat))
    await watch.look()
    told.events.clear()
    for number in range(LOOK_BACK + 5):  # each is told something, by the bot
        ward.claims(ward.case(ward.chat(sender=f"p{number}")))
    await watch.look()
    assert chat.id not in told.events

    ward.passes(seconds=5)
    ward.does(lambda work: let_go(work, ward.now))
    await watch.look()
    await watch.look()

    assert told.events.count(chat.id) == 1
