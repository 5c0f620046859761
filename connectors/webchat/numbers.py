"""Emergency and crisis numbers for the page: which one stands in its bar, and which ones in an answer can be dialled."""

from __future__ import annotations

from collections.abc import Mapping

from bot.triage.tables import Tables


def ambulance_numbers(tables: Tables) -> dict[str, str]:
    """Return the number for an ambulance of each region, in the order of the pack."""
    return {region: hotline.ambulance for region, hotline in _hotlines(tables).items() if hotline.ambulance}


def all_numbers(tables: Tables) -> list[str]:
    """Return all numbers that an answer may name."""
    return sorted({number for hotline in _hotlines(tables).values() for number in hotline.numbers})


def _hotlines(tables: Tables) -> Mapping[str, object]:
    return tables.hotlines
