"""Who may do what in the studio. Pure: one table, asked for every page, every call and every button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from bot.staff.people import Grant, Role, Staff

StudioAct = Literal[
    "see_studio",  # come in: changes, releases and their reports
    "label",  # see de-identified sentences of patients, and say what they mean
    "approve_label",  # of somebody else
    "edit_training",
    "edit_texts",
    "edit_faq",
    "edit_clinical",
    "review",  # a change of somebody else; of clinical content only together with `review_clinical`
    "review_clinical",
    "publish",
    "roll_back",
    "import_export",
    "see_numbers",
    "calibrate",
]
ACTS: tuple[StudioAct, ...] = get_args(StudioAct)

_NONE: frozenset[StudioAct] = frozenset()
_EDITS: frozenset[StudioAct] = frozenset({"edit_training", "edit_texts", "edit_faq", "edit_clinical"})
_EDITOR: frozenset[StudioAct] = frozenset(
    {"see_studio", "label", "approve_label", *_EDITS, "review", "import_export", "see_numbers"}
)
_BY_ROLE: Mapping[Role, frozenset[StudioAct]] = {
    "nurse": _NONE,
    "lead": _NONE,
    # An admin answers for the machine, not for medicine: whether a red flag is right says somebody clinical.
    "admin": frozenset(ACTS) - {"review_clinical"},
    "editor": _EDITOR,
    # Reads what was decided by whom, and no sentence of a patient.
    "auditor": frozenset({"see_studio", "see_numbers"}),
}
_BY_GRANT: Mapping[Grant, frozenset[StudioAct]] = {
    "labeller": frozenset({"see_studio", "label", "approve_label"}),
    "translator": frozenset({"see_studio", "edit_texts", "edit_faq", "import_export"}),
    "clinical": frozenset({"see_studio", "edit_clinical", "review", "review_clinical", "see_numbers"}),
    "publisher": frozenset({"see_studio", "publish", "roll_back", "see_numbers"}),
}


def may(staff: Staff, act: StudioAct) -> bool:
    """Return whether `staff` may do `act`. Who is not active may nothing.

    That nobody decides about their own change or label is no matter of roles: it is asked where it is decided.
    """
    return act in acts(staff)


def acts(staff: Staff) -> frozenset[StudioAct]:
    """Return all that `staff` may do in the studio: by their role, and by what was granted to them."""
    if staff.state != "active":
        return _NONE
    return _BY_ROLE[staff.role].union(*(_BY_GRANT[grant] for grant in staff.studio))
