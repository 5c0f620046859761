"""The rooms of the studio: their addresses, and who finds them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.staff.people import Staff
from bot.studio.access import StudioAct, acts


@dataclass(frozen=True)
class Room:
    """One page of the studio. `key`: of its phrases `room_<key>` and `room_<key>_text`; one of `acts` is enough to find it."""

    key: str
    address: str
    acts: tuple[StudioAct, ...]


ROOMS = (
    Room("start", "/studio", ("see_studio",)),
    Room("inbox", "/studio/inbox", ("label",)),
    Room("training", "/studio/training", ("edit_training",)),
    Room("texts", "/studio/texts", ("edit_texts",)),
    Room("faq", "/studio/faq", ("edit_faq",)),
    Room("clinical", "/studio/clinical", ("edit_clinical",)),
    Room("changes", "/studio/changes", ("see_studio",)),
    Room("releases", "/studio/releases", ("see_studio",)),
    Room("try", "/studio/try", ("see_studio",)),
    Room("numbers", "/studio/numbers", ("see_numbers",)),
    Room("exchange", "/studio/exchange", ("import_export",)),
)


def rooms_of(staff: Staff) -> list[Room]:
    """Return the rooms that this person finds, in the order of the work."""
    allowed = acts(staff)
    return [room for room in ROOMS if allowed.intersection(room.acts)]
