"""The addresses that are given to people of the staff."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.settings import Settings


def invitation_link(settings: Settings, token: str, *, seen_at: str = "") -> str:
    """Return the address of an invitation. `seen_at`: how the browser that asked reached us, where no setting says the address."""
    return f"{base(settings, seen_at=seen_at)}/staff/invite/{token}"


def case_link(settings: Settings, case_id: int) -> str:
    """Return the address that opens a case at the desk, "" where no setting says where the desk is. It names no patient."""
    parts = urlsplit(settings.desk_url)
    if not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or '/desk'}?case={case_id}"


def base(settings: Settings, *, seen_at: str = "") -> str:
    """Return the address of this installation without a path."""
    for address in (settings.desk_url, settings.public_url, seen_at):
        parts = urlsplit(address)
        if parts.scheme and parts.netloc:
            return f"{parts.scheme}://{parts.netloc}"
    return f"http://{'127.0.0.1' if settings.host in ('0.0.0.0', '::') else settings.host}:{settings.port}"
