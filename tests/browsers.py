"""A Chromium for tests that look at pages as people do: started once in a process, for all rooms together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


def path_or_skip() -> str:
    """Return where Chromium is. Skips with the fix when there is none, unless skips are forbidden."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sentence = "No Chromium on this machine, so no page is tested. Install the package chromium."
        if os.environ.get("DAOZHEN_NO_SKIPS") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that runs until the end. A second Playwright beside it in the same process would fail."""
    path = path_or_skip()
    # A machine that does other things as well is slow, not wrong. What has to be quick says so in its test.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
