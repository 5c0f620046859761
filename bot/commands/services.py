"""What commands need of the store: the database of the settings, the phrases, the name of who acts.

Imported where it is needed: every command loads this file, and `daozhen up` stays for as long as the installation runs.
"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.content.load import Content
    from bot.database import Database
    from bot.phrases import Phrases


def open_database(settings: Settings | None = None) -> Database:
    """Return the database of this installation, with its tables up to date."""
    from bot.database import Database, make_engine, migrate
    from bot.privacy.encryption import load_cipher

    settings = settings or read_settings()
    engine = make_engine(settings.database_url)
    migrate(engine)
    return Database(engine, load_cipher(settings))


def read_content(settings: Settings | None = None) -> Content:
    """Return all content of this installation."""
    from bot.content.load import load_content

    settings = settings or read_settings()
    return load_content(settings.content_dir, keep_in=settings.kept_dir)


def phrases() -> Phrases:
    """Return the fixed texts."""
    return read_content().phrases


def acting(name: str) -> str:
    """Return who acts: the given name, else the user of this terminal."""
    return name or getpass.getuser()
