"""Temporary files at Tencent: a picture is uploaded and named in a message."""

from __future__ import annotations

from connectors.pictures import FILE_NAME
from connectors.tencent.api import Api, File, NoAnswer


async def image_message(api: Api, png: bytes) -> dict[str, object]:
    """Upload a picture and return the fields of a message that shows it. Raises as `Api.call`."""
    answer = await api.upload("cgi-bin/media/upload", File(FILE_NAME, png, "image/png"), type="image")
    number = answer.get("media_id")
    if not isinstance(number, str) or not number:
        raise NoAnswer
    return {"msgtype": "image", "image": {"media_id": number}}
