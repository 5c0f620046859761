"""What colleagues write for each other has no way to a patient."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database.tables import case_note, outbound
from bot.handoff import drafts
from bot.handoff.cases import CaseProblem
from bot.handoff.notes import add_note, notes
from bot.outbox.deliver import deliver_due
from bot.outbox.sender import OutboundMessage
from bot.settings import ROOT

# What a file attached to a note would be: the desk takes none, so a name in the text is all that there is.
WITH_ATTACHMENT = "MARKER see wound.jpg attached: data:image/jpeg;base64,MARKERBYTES"


class Channel:
    """A fake connector that keeps whatever is sent."""

    def __init__(self) -> None:
        self.sent: list[OutboundMessage] = []

    async def send(self, message: OutboundMessage) -> str:
        self.sent.append(message)
        return str(message.id)


def note(ward, case, text: str = WITH_ATTACHMENT, key: str = "n1") -> int:
    return ward.does(lambda work: add_note(work, case.id, text, who="ana", dedupe_key=key, now=ward.now))


async def test_a_note_with_an_attachment_never_reaches_a_channel(ward):
    chat = ward.chat("telegram", "t")
    case, channel = ward.case(chat), Channel()
    note(ward, case)
    ward.replies(case, "Please come today.")
    note(ward, case, key="n2")
    ward.passes(minutes=1)

    while await deliver_due(ward.database, senders={"telegram": channel}, clock=lambda: ward.now):
        pass

    said = [message.content["text"] for message in channel.sent]
    assert any("Please come today." in text for text in said) and "MARKER" not in "".join(said)
    with ward.database.read() as work:
        assert work.execute(sa.select(sa.func.count()).select_from(outbound)).scalar_one() == len(said)


def test_nothing_that_notes_need_knows_the_outbox_or_a_connector():
    """What the contract in pyproject.toml says, once more by following the imports."""
    seen: set[str] = set()
    waiting = ["bot.handoff.notes", "bot.handoff.drafts"]
    while waiting:
        module = waiting.pop()
        path = ROOT / Path(*module.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if module in seen or not file.exists():
            continue
        seen.add(module)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            elif isinstance(node, ast.Import):
                waiting += [name.name for name in node.names]
    assert "bot.database.tables" in seen
    assert not [module for module in seen if module.startswith(("bot.outbox", "bot.inbox", "connectors"))]


def test_a_note_is_kept_once_sealed_and_read_in_order(ward):
    case = ward.case(ward.chat())
    first = note(ward, case, "MARKER one")
    assert note(ward, case, "MARKER one") == first
    note(ward, case, "MARKER two", key="n2")

    with ward.database.read() as work:
        assert [one.text for one in notes(work, case.id)] == ["MARKER one", "MARKER two"]
        assert not any(b"MARKER" in sealed for sealed in work.execute(sa.select(case_note.c.sealed)).scalars())
    assert ward.happened(case).count("note") == 2 and not any("MARKER" in text for text in ward.texts())


def test_a_closed_case_takes_notes_and_an_empty_note_is_none(ward):
    case = ward.case(ward.chat())
    ward.closes(case)
    note(ward, case)
    with pytest.raises(CaseProblem) as empty:
        note(ward, case, " ", key="n2")

    assert empty.value.key == "empty"


def test_drafts_are_kept_for_each_nurse_case_and_box(ward):
    case, ana, bo = ward.case(ward.chat()), ward.hires("ana"), ward.hires("bo")
    ward.does(lambda work: drafts.save(work, case.id, ana, "reply", "MARKER half a", ward.now))
    ward.does(lambda work: drafts.save(work, case.id, ana, "reply", "MARKER half a sentence", ward.now))
    ward.does(lambda work: drafts.save(work, case.id, ana, "note", "for us", ward.now))

    with ward.database.read() as work:
        assert drafts.get(work, case.id, ana, "reply") == "MARKER half a sentence"
        assert (drafts.get(work, case.id, ana, "note"), drafts.get(work, case.id, bo, "reply")) == ("for us", "")
    ward.does(lambda work: drafts.save(work, case.id, ana, "reply", "  ", ward.now))
    with ward.database.read() as work:
        assert drafts.get(work, case.id, ana, "reply") == ""
    assert not any("MARKER" in text for text in ward.texts())


def test_a_draft_for_a_case_that_is_gone_is_let_go(ward):
    ana = ward.hires("ana")

    ward.does(lambda work: drafts.save(work, 999, ana, "reply", "too late", ward.now))

    with ward.database.read() as work:
        assert drafts.get(work, 999, ana, "reply") == ""
