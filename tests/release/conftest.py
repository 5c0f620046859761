"""The present model of this repository, trained here when nobody has yet."""

from tests.nlu.conftest import models

__all__ = ["models"]
