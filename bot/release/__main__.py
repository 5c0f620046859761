"""`python -m bot.release NAME`: builds a release that waits, in a process that stands back behind what is served."""

from __future__ import annotations

import os
import sys

from bot.clock import utc_now
from bot.database import Database, make_engine
from bot.privacy.encryption import load_cipher
from bot.release import store
from bot.release.build import build
from bot.release.start import BUILDING
from bot.settings import read_settings
from bot.training.published import StudioChanges

BEHIND = 10
PATIENCE_S = 10.0


def main(name: str) -> None:
    """Build it, alone on this machine."""
    os.nice(BEHIND)
    settings = read_settings()
    database = Database(make_engine(settings.database_url), load_cipher(settings))
    # Whoever looks whether a build has died holds the lock for a moment: that is no reason not to begin.
    with store.alone(settings, BUILDING, patience_s=PATIENCE_S):
        release = build(database, settings, name, changes=StudioChanges(), clock=utc_now)
    print(f"Release {release.name} is {release.state}.")


if __name__ == "__main__":
    main(sys.argv[1])
