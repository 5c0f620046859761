"""Stands in for Keras, in the same way as the light `tensorflow`."""

from __future__ import annotations

from typing import Any

import tensorflow


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(tensorflow.keras, name)
