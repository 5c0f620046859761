"""What cannot be done, as an answer: a status, a key, and a sentence in the nurse's language."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from bot.languages import Language
from bot.phrases import Phrases

NO_STORE = {"Cache-Control": "no-store"}
RETRY_AFTER_S = 2


class Refused(Exception):
    """Something is not done. `key`: of the phrase `desk.error_<key>`; `more`: what else the answer says."""

    def __init__(self, status: int, key: str, *, more: dict[str, Any] | None = None, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.more, self.values = status, key, more or {}, values

    @property
    def error(self) -> str:
        """The key that the page knows it by: how long somebody has had a case makes no other error of it."""
        return "taken" if self.key == "taken_minutes" else self.key


def answer(refused: Refused, language: Language, phrases: Phrases, *, pack: str = "desk") -> Response:
    """Return the answer that says so. `pack`: whose phrases say it."""
    sentence = phrases.get(f"{pack}.error_{refused.key}", language, **refused.values)
    headers = NO_STORE | ({"Retry-After": str(RETRY_AFTER_S)} if refused.status == 503 else {})
    return JSONResponse(
        {**refused.more, "error": refused.error, "sentence": sentence}, status_code=refused.status, headers=headers
    )
