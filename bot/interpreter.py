"""Python's interpreter, which one thread has at a time."""

from __future__ import annotations

import sys

SWITCH_S = 0.001


def share_finely() -> None:
    """Let who waits for the interpreter have it after a thousandth of a second of each busy thread, not after five times as long.

    What answers patients has threads beside it that read content and load models for seconds, and asks for the interpreter dozens
    of times for one message.
    """
    sys.setswitchinterval(SWITCH_S)
