"""`python -m connectors.wecom check`, behind `daozhen check wecom`."""

from __future__ import annotations

from connectors.check_command import run
from connectors.wecom.check import check

if __name__ == "__main__":
    run(check)
