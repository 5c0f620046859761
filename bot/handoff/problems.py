"""Why something cannot be done to a case. The desk says it in the nurse's language, by `key`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.errors import OperatorError

Problem = Literal["held", "closed", "open", "missing", "erased", "empty", "outcome", "past", "not_yours", "nobody", "urgent"]


class CaseProblem(OperatorError):
    """The case cannot be changed that way. The message says why; `holder` (a handle) and `since`: who has it, and since when."""

    def __init__(self, message: str, *, key: Problem, holder: str | None = None, since: datetime | None = None) -> None:
        super().__init__(message)
        self.key, self.holder, self.since = key, holder, since
