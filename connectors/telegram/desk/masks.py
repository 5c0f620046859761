"""Personal data of patients stays out of the group: what the web desk masks is masked here."""

from __future__ import annotations

from bot.content.load import Content
from bot.database.engine import Work
from bot.desk.masking import Known, Mask, public_numbers

_known = Known()  # of this process: a case that goes on does not read everything again


def mask_of(work: Work, patient_id: str, content: Content) -> Mask:
    """Return the mask of a patient's texts; numbers of hotlines stay readable."""
    return _known.mask_of(work, patient_id, public=public_numbers(content.triage))
