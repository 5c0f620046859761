"""What is wrong with a file that somebody brings."""

from __future__ import annotations

from bot.errors import KeyedProblem


class ExchangeProblem(KeyedProblem):
    """A file cannot be read. `key`: of the phrase `problem_exchange_…`."""

    def __init__(self, key: str, sentence: str, **values: object) -> None:
        super().__init__(f"exchange_{key}", sentence, **values)
