"""Mistakes of ours: logged by class and place only, since their text may quote a patient."""

from __future__ import annotations

import logging


def log_mistake(logger: logging.Logger, event: str, error: BaseException) -> None:
    """Log `event` with the class of `error` and the function and line where it was raised."""
    logger.error(event, extra={"error": type(error).__name__, "at": place_of(error)})


def place_of(error: BaseException) -> str:
    """Return the function and line in which `error` was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
