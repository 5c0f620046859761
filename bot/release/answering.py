"""Which model answers, asked of the assistant on its own machine: whoever publishes wants to know that it does."""

from __future__ import annotations

import httpx

from bot.settings import Settings

PATIENCE_S = 2.0


def answering(settings: Settings) -> tuple[str, str]:
    """Return the file names of the model that answers and of one that did not load; "" for none, and while nobody answers."""
    try:
        state = httpx.get(f"{settings.assistant_url}/webhooks/daozhen/ready", timeout=PATIENCE_S, trust_env=False).json()
        return str(state["model"]), str(state["refused"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return "", ""
