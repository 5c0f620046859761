"""What reviewers own of follow-up, put together: the plans with their questions, and what readings mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.content.packs import ContentError, Pack
from bot.followup.plans import Plans, plans_from_packs
from bot.followup.thresholds import Thresholds, thresholds_from


@dataclass(frozen=True)
class Followup:
    """The content of follow-up."""

    plans: Plans
    thresholds: Thresholds
    zone: str  # of the hospital: of who has not said where they are


def followup_from_packs(packs: Iterable[Pack], *, hospital: Iterable[Pack]) -> Followup:
    """Return the content of the room `followup`; the time zone is the hospital's. Raises ContentError that names file, entry and fix."""
    packs = tuple(packs)
    plans, thresholds = plans_from_packs(packs), thresholds_from(packs)
    for question in plans.questions.values():
        if question.measure and question.measure not in thresholds.by_id:
            raise ContentError(
                f"The question {question.id} reads {question.measure}, which the pack thresholds does not have. Add it."
            )
    zone = next((_zone(pack) for pack in hospital if pack.pack == "hospital"), "UTC")
    return Followup(plans, thresholds, zone)


def _zone(pack: Pack) -> str:
    name = str(pack.entries["time_zone"])
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ContentError(
            f"{pack.path}: there is no time zone {name}. Use a name such as Asia/Shanghai or Europe/Berlin."
        ) from None
