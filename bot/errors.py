"""The bases of errors that a person can mend. Rooms have their own; these only say how they are shown."""

# Exit code of a process that cannot run and has said why in one sentence, the last line of its log (EX_CONFIG of sysexits).
CANNOT_RUN = 78


class OperatorError(Exception):
    """Something outside the program is wrong. The message says what, and what to do about it."""


class KeyedProblem(OperatorError):
    """Something cannot be done, and a page says why: `key` is of a phrase `problem_<key>` of its pack, `values` fill it in."""

    def __init__(self, key: str, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.key, self.values = key, values
