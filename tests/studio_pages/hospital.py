"""A whole installation on a copy of the files, so that what is published in a test is published nowhere else."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.database.tables import staff
from bot.release.folders import CONFIG, RASA
from bot.settings import ROOT
from bot.staff import sessions
from bot.staff.people import Role
from bot.web.cookies import SESSION, cookie_name
from tests.system.real_system import System


class Hospital(System):
    """`daozhen up` over copies of config, domain, data, content and model; people of the studio with sessions."""

    def __init__(self, folder: Path, **more: Any) -> None:
        files, content, models = folder / "files", folder / "content", folder / "models"
        for part in RASA:
            shutil.copytree(ROOT / part, files / part)
        shutil.copy(ROOT / CONFIG, files)
        shutil.copytree(ROOT / "content", content)
        # With the model that fits nothing has to be trained before the test begins.
        shutil.copytree(ROOT / "models", models)
        super().__init__(folder, files_dir=files, content_dir=content, models_dir=models, **more)
        self.ids: dict[str, int] = {}

    def hire(self, handle: str, role: Role, *, studio: str = "") -> None:
        """Add somebody who is active."""
        row = {"handle": handle, "role": role, "state": "active", "teams": "", "languages": "en", "language": "en", "duty": "off"}
        with self.database.write() as work:
            sealed = work.cipher.seal({"name": handle.title()})
            values = {**row, "studio": studio, "created_at": _now(), "sealed": sealed}
            self.ids[handle] = int(work.execute(staff.insert().values(**values)).inserted_primary_key[0])

    def cookie(self, handle: str) -> dict[str, str]:
        """Return the cookie of somebody who has just signed in."""
        with self.database.write() as work:
            token = sessions.start(work, self.ids[handle], now=_now())
        return {"name": cookie_name(SESSION, secure=False), "value": token, "url": self.url}


def _now() -> datetime:
    return datetime.now(timezone.utc)
