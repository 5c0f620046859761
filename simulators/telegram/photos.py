"""Pictures that the bot sends: taken as bytes, with Telegram's limits, and given back to the page."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, UnidentifiedImageError

from simulators.telegram.errors import bad_request
from simulators.telegram.markup import check_entity
from simulators.telegram.world import utf16_length

Json = dict[str, Any]

LONGEST_CAPTION, LARGEST, LONGEST_SIDES, MOST_NARROW = 1024, 10 * 1024**2, 10_000, 20


class Photos:
    """What was sent, by its file id."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def take(self, values: Json) -> Json:
        """Return the fields of a message with this picture. Raises ApiError."""
        data = values.get("photo")
        if not isinstance(data, bytes):
            raise bad_request("there is no photo in the request")
        width, height = _size(data)
        caption = str(values.get("caption", ""))
        if utf16_length(caption) > LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        if "parse_mode" in values:
            raise bad_request("can't parse entities: parse modes are refused here, words of patients stand in the texts")
        entities = values.get("caption_entities", [])
        for entity in entities:
            check_entity(entity, utf16_length(caption))
        number = f"AgACAgIAAxk{len(self.data):08d}"
        self.data[number] = data
        size = {"file_id": number, "file_unique_id": f"AQAD{len(self.data):08d}", "width": width, "height": height}
        words = {"caption": caption} if caption else {}
        return {"photo": [{**size, "file_size": len(data)}], **words, **({"caption_entities": entities} if entities else {})}


def _size(data: bytes) -> tuple[int, int]:
    if len(data) > LARGEST:
        raise bad_request("file is too big")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > LONGEST_SIDES or max(width, height) > MOST_NARROW * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
