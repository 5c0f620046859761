"""Which packs may serve patients: in production signed and in date, in the demo marked as samples (promise 9)."""

from __future__ import annotations

from datetime import date

from bot.content.load import Content
from bot.content.packs import ContentError, Pack


def check_usable(content: Content, *, environment: str, today: date | None = None) -> None:
    """Raise ContentError when a production system would serve an unsigned or expired pack."""
    if environment != "production":
        return
    problems = [problem for pack in content.packs for problem in unusable_because(pack, today=today or date.today())]
    if problems:
        raise ContentError(
            f"{problems[0]} {len(problems)} packs cannot be used in production. Have them reviewed and signed, "
            "or set DAOZHEN_ENVIRONMENT=demo to try the sample hospital."
        )


def unusable_because(pack: Pack, *, today: date) -> tuple[str, ...]:
    """Return one sentence for each reason why `pack` may not serve patients in production."""
    reasons = []
    if pack.status != "signed":
        reasons.append(f"{pack.path.name} is a {pack.status} pack, not signed by a reviewer.")
    if pack.review_date < today:
        reasons.append(f"{pack.path.name} had to be reviewed by {pack.review_date}.")
    return tuple(reasons)
