"""Patients in plans of follow-up, for the pages: a month of readings, one who is silent, one whose answer worries. Nobody is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ward import Ward, utc_now

from bot.database.tables import care_case, checkin, reading, reminder, scheduled_round
from bot.followup import enrolments
from bot.followup.enrolments import Entry
from bot.followup.sending import plan_all
from bot.languages import Language


@dataclass(frozen=True)
class Followed:
    """Cases of patients by how their follow-up stands."""

    pressure: int
    silent: int
    worrying: int
    asked: int


def followed(ward: Ward, language: Language = "en") -> Followed:
    """Fill the ward with patients in plans."""
    pressure, silent, worrying, asked = (ward.case(["Hello"], language=language, minutes=20 + 7 * number) for number in range(4))
    one = put_in(ward, pressure, "hypertension", details={"limits": {"systolic": {"high": 150.0}}})
    for day in range(24, -1, -1):
        upper = 152 - (24 - day) * 0.7 + (day % 3) * 5
        add_reading(ward, pressure, "blood_pressure", {"systolic": round(upper), "diastolic": round(upper * 0.6)}, days=day)
        if day % 2:
            add_checkin(ward, one, "unanswered" if day == 13 else "answered", days=day)
    for day in range(9, -1, -1):
        add_reading(ward, pressure, "weight", {"weight_kg": 82.4 - day * 0.1}, days=day)
    quiet = put_in(ward, silent, "after_operation")
    for days in (3, 1):
        add_checkin(ward, quiet, "unanswered", days=days)
    add_checkin(ward, put_in(ward, worrying, "diabetes"), "worrying", days=1)
    put_in(ward, asked, "asthma", state="asked")
    ward.write(_rounds)
    return Followed(pressure, silent, worrying, asked)


def patient_of(work: Any, case: int) -> Any:
    """Return patient and chat of a case."""
    return work.execute(sa.select(care_case.c.patient_id, care_case.c.conversation_id).where(care_case.c.id == case)).one()


def put_in(ward: Ward, case: int, plan: str, *, state: str = "active", details: dict[str, Any] | None = None) -> int:
    """Put the patient of a case into a plan that began a month ago; returns the number of the enrolment."""

    def begin(work: Any) -> int:
        person, began = patient_of(work, case), utc_now() - timedelta(days=26)
        entry = Entry(
            person.patient_id, person.conversation_id, plan, "1", began.date(), "Asia/Shanghai", "ana", f"{plan}:{case}",
            state == "active", details or {},
        )  # fmt: skip
        one, _ = enrolments.enrol(work, entry, now=began)
        if state == "active":
            plan_all(work, one, ward.content, now=utc_now())
            # Nothing leaves while a test looks.
            later = utc_now() + timedelta(hours=6)
            late = sa.and_(reminder.c.enrolment_id == one.id, reminder.c.due_at < later)
            work.execute(sa.update(reminder).where(late).values(due_at=later))
        return one.id

    return int(ward.write(begin))


def add_reading(ward: Ward, case: int, kind: str, values: dict[str, float], *, days: float) -> None:
    """Store a reading of some days ago."""
    at = utc_now() - timedelta(days=days, minutes=30)

    def add(work: Any) -> None:
        level = "R" if values.get("systolic", 0) >= 160 else "OK"
        row = {"patient_id": patient_of(work, case).patient_id, "kind": kind, "level": level, "source": "checkin", "at": at}
        sealed = work.cipher.seal({"values": values, "unit": "", "said": "SECRET words"})
        work.execute(reading.insert().values(**row, dedupe_key=f"{kind}:{case}:{days}", sealed=sealed))

    ward.write(add)


def add_checkin(ward: Ward, enrolment: int, state: str, *, days: int) -> None:
    """Store a check-in of some days ago."""
    at = utc_now() - timedelta(days=days)

    def add(work: Any) -> None:
        one = enrolments.of_id(work, enrolment)
        assert one is not None
        times = {"day": at.date(), "wanted_at": at, "due_at": at, "until": at}
        row = {"enrolment_id": one.id, "step": "past", "number": days, "attempt": 0, "priority": 1, "state": "sent", "tries": 1}
        number = work.execute(reminder.insert().values(**row, **times)).inserted_primary_key[0]
        own = {
            "reminder_id": number,
            "enrolment_id": one.id,
            "conversation_id": one.conversation_id,
            "state": state,
            "question": 1,
        }
        own |= {"opened_at": at, "expires_at": at + timedelta(hours=20), "closed_at": at + timedelta(hours=1)}
        work.execute(checkin.insert().values(**own, sealed=work.cipher.seal({"questions": [], "answers": {}})))

    ward.write(add)


def _rounds(work: Any) -> None:
    """Note a round that has failed, and a reminder that came too late."""
    now = utc_now()
    failed = {
        "ran_at": now - timedelta(minutes=9),
        "next_at": now - timedelta(minutes=8),
        "did": 0,
        "failed": 2,
        "problem": "KeyError",
    }
    work.execute(scheduled_round.insert().values(name="outcomes", **failed))
    first = work.execute(sa.select(reminder.c.id).where(reminder.c.step == "past").limit(1)).scalar()
    work.execute(
        sa.update(reminder).where(reminder.c.id == first).values(state="skipped", why="late", due_at=now - timedelta(hours=30))
    )
