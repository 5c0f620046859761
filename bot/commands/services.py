"""What commands need of the store: the database of the settings, the phrases, the name of who acts."""

from __future__ import annotations

import getpass

from bot.content.load import Content, load_content
from bot.database import Database, make_engine, migrate
from bot.phrases import Phrases
from bot.privacy.encryption import load_cipher
from bot.settings import Settings, read_settings


def open_database(settings: Settings | None = None) -> Database:
    """Return the database of this installation, with its tables up to date."""
    settings = settings or read_settings()
    engine = make_engine(settings.database_url)
    migrate(engine)
    return Database(engine, load_cipher(settings))


def read_content(settings: Settings | None = None) -> Content:
    """Return all content of this installation."""
    settings = settings or read_settings()
    return load_content(settings.content_dir, keep_in=settings.kept_dir)


def phrases() -> Phrases:
    """Return the fixed texts."""
    return read_content().phrases


def acting(name: str) -> str:
    """Return who acts: the given name, else the user of this terminal."""
    return name or getpass.getuser()
