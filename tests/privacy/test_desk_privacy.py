"""What the desk writes about a person is exported, sealed, and gone with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.database.tables import audit, broken_glass, case_draft, case_event, case_note, presence, scheduled_reply
from bot.handoff import drafts, scheduled
from bot.handoff.cases import CaseProblem, case_of
from bot.handoff.events import erased_after
from bot.handoff.notes import add_note
from bot.privacy.erase import erase_old, erase_patient
from bot.privacy.export import export
from tests.handoff.desk_kit import Ward

OF_CASE = (case_event, case_note, case_draft, scheduled_reply, broken_glass, presence)


@pytest.fixture
def written(database, content):
    """A case with a row in every table of the desk that hangs on it."""
    ward = Ward(database, content)
    chat = ward.chat()
    case, ana = ward.case(chat), ward.hires("ana")
    how = {"who": "ana", "name": "Ana", "due_at": ward.now + timedelta(hours=1), "dedupe_key": "s", "now": ward.now}

    def write(work) -> None:
        add_note(work, case.id, "MARKER note", who="ana", dedupe_key="n", now=ward.now)
        drafts.save(work, case.id, ana, "reply", "MARKER draft", ward.now)
        scheduled.schedule(work, case.id, "MARKER later", **how)
        until = ward.now + timedelta(hours=1)
        reason = work.cipher.seal({"reason": "MARKER reason"})
        row = {"case_id": case.id, "staff_id": ana, "until": until}
        work.execute(broken_glass.insert().values(**row, at=ward.now, sealed=reason))
        work.execute(presence.insert().values(**row, state="typing"))

    ward.does(write)
    return ward, chat, case


def left(ward) -> dict[str, int]:
    with ward.database.read() as work:
        counts = {table.name: work.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in OF_CASE}
    return {name: count for name, count in counts.items() if count}


def test_the_export_holds_notes_drafts_scheduled_replies_and_who_broke_the_glass(written):
    ward, chat, _ = written
    with ward.database.read() as work:
        data = export(work, chat.patient_id)

    assert data["case_note"][0]["content"]["text"] == "MARKER note"
    assert data["case_draft"][0]["content"]["text"] == "MARKER draft"
    assert data["scheduled_reply"][0]["content"]["text"] == "MARKER later"
    assert data["broken_glass"][0]["content"]["reason"] == "MARKER reason"


def test_erasing_takes_all_of_it_and_who_has_the_case_open_learns_why(written):
    ward, chat, case = written
    assert len(left(ward)) == len(OF_CASE)
    with ward.database.write() as work:
        before = work.execute(sa.select(sa.func.max(audit.c.id))).scalar() or 0
        erase_patient(work, chat.patient_id, who="patient", now=ward.now)

    assert left(ward) == {}
    with ward.database.read() as work:
        assert [number for _, number in erased_after(work, before)] == [case.id] and not erased_after(work, before + 50)
        with pytest.raises(CaseProblem, match="at the patient's wish") as gone:
            case_of(work, case.id)
        with pytest.raises(CaseProblem, match="There is no case") as never:
            case_of(work, case.id + 1)
    assert (gone.value.key, never.value.key) == ("erased", "missing")


@pytest.mark.parametrize("closed", [True, False])
def test_retention_takes_closed_cases_with_their_notes_and_leaves_open_ones(written, closed):
    ward, _, case = written
    if closed:
        ward.closes(case)
    ward.passes(days=400)

    with ward.database.write() as work:
        erased = erase_old(work, now=ward.now, days=180)

    assert bool(erased) is closed and (left(ward) == {}) is closed
