"""What can be wrong with the settings of e-mail, without asking the server. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.settings import PREFIX, Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def mail_problems(settings: Settings) -> Iterator[str]:
    """Yield a sentence for each setting of e-mail that is missing or cannot work; none when there is no mail server."""
    if not settings.smtp_host:
        return
    if not is_address(settings.smtp_from):
        yield f"{PREFIX}SMTP_FROM is no address. Write the one from which the staff gets e-mail, like desk@hospital.example."
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        yield f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD belong together. Set both, or none when the server asks for none."
    if settings.smtp_security == "none" and settings.smtp_host not in LOOPBACK:
        yield (
            f"{PREFIX}SMTP_SECURITY is none, but {PREFIX}SMTP_HOST is another machine: anybody on the way could read along. "
            "Set it to starttls or tls."
        )


def is_address(text: str) -> bool:
    """Return whether one person could have this address; nothing that could end a line or begin a second address."""
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host) and text.isprintable() and not set(text) & set(' <>,;:"()[]\\')
