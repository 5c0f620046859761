"""`python -m connectors.telegram check`, behind `daozhen check telegram`."""

from __future__ import annotations

from connectors.check_command import run
from connectors.telegram.check import check

if __name__ == "__main__":
    run(check)
