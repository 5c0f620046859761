"""The one base of errors that an operator can mend. Rooms have their own; this only says how they are shown."""


class OperatorError(Exception):
    """Something outside the program is wrong. The message says what, and what to do about it."""
