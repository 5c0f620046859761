"""Temporary files, kept for three days, and pictures of codes."""

from __future__ import annotations

import io
import itertools
from typing import Any

import segno

from simulators.clock import ScaledClock
from simulators.wechat.calls import Call, File
from simulators.wechat.errors import ApiError

Json = dict[str, Any]

KEPT_S = 3 * 24 * 3600.0
MOST = {"image": 10 * 1024**2, "voice": 2 * 1024**2, "video": 10 * 1024**2, "thumb": 64 * 1024, "file": 20 * 1024**2}


class Media:
    """What was uploaded."""

    def __init__(self, clock: ScaledClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._files: dict[str, tuple[float, File]] = {}

    def upload(self, call: Call) -> Json:
        """Take a file."""
        kind = call.query["type"]
        if kind not in MOST:
            raise ApiError(40004)
        file = call.body["media"]
        if not file.data:
            raise ApiError(44004, "empty media data")
        if len(file.data) > MOST[kind]:
            raise ApiError(45002)
        now, media_id = self._clock.now(), f"sim_media_{next(self._numbers):020d}"
        self._files[media_id] = (now + KEPT_S, file)
        return {"type": kind, "media_id": media_id, "created_at": int(now)}

    def get(self, call: Call) -> File:
        """Give a file back. Raises 40007: unknown, or older than three days."""
        self.must_know(call.query["media_id"])
        return self._files[call.query["media_id"]][1]

    def found(self, media_id: str) -> File | None:
        """Return an uploaded file, however old."""
        known = self._files.get(media_id)
        return None if known is None else known[1]

    def must_know(self, media_id: str) -> None:
        """Raise 40007 for a number that is none."""
        if self._files.get(media_id, (0.0, None))[0] <= self._clock.now():
            raise ApiError(40007)


def png(text: str) -> bytes:
    """Return a QR code as a PNG."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=8)
    return picture.getvalue()
