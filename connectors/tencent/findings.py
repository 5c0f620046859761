"""What `daozhen check` says about an account at Tencent: findings, and failures as sentences for an operator."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from bot.settings import PREFIX
from connectors.tencent.api import ApiError, describe

_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")


@dataclass(frozen=True)
class Finding:
    """One sentence. `wrong`: something has to be mended."""

    text: str
    wrong: bool = False


def explained(failure: BaseException, platform: str, of_code: Callable[[ApiError], str]) -> str:
    """Return what an operator has to do about a failure of `platform`; `of_code` knows its error codes."""
    if isinstance(failure, ApiError):
        return of_code(failure)
    if isinstance(failure, httpx.HTTPError):
        setting = f"{PREFIX}{platform.upper()}_API_URL"
        return f"{platform} cannot be reached ({type(failure).__name__}). Is the network, or {setting}, right?"
    return f"{platform} gave no answer that can be read ({describe(failure)}). Is there a proxy in between?"


def refused_address(error: ApiError) -> str:
    """Return the address of ours that is not on the account's list, as far as the error names it."""
    address = _ADDRESS.search(error.errmsg)
    return address[0] if address else "this address"
