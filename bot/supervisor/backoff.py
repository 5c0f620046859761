"""How long to wait before a dead process is started again. Pure arithmetic."""

from __future__ import annotations

FIRST_S = 0.5
LONGEST_S = 30.0
# A process that lived this long was healthy: its next death starts from the first pause again.
HEALTHY_AFTER_S = 60.0


def pause_s(deaths_in_a_row: int) -> float:
    """Return the seconds to wait after `deaths_in_a_row` (at least 1) quick deaths: doubles from 0.5 s to 30 s."""
    return float(min(LONGEST_S, FIRST_S * 2 ** (deaths_in_a_row - 1)))
