"""A gateway, and people in the studio. The gateway is that of tests/desk_pages."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "end_to_end"), str(ROOT / "tests" / "desk_pages")]

from desk_page import DeskPage  # noqa: E402
from ward import Ward  # noqa: E402

_SPEC = importlib.util.spec_from_file_location("desk_conftest", ROOT / "tests" / "desk_pages" / "conftest.py")
assert _SPEC is not None and _SPEC.loader is not None
_desk = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_desk)
content_source, ward = _desk.content_source, _desk.ward

DOCUMENTED = {"studio-start", "studio-inbox", "studio-release", "studio-numbers", "studio-clinical", "studio-arabic"}


@pytest.fixture
def studio_of(browser: Browser, ward: Ward) -> Iterator[Callable[..., DeskPage]]:
    """Return a function that opens the studio as somebody of the staff; afterwards no page may have broken a rule."""
    opened: list[DeskPage] = []

    def open_studio(handle: str = "omar", path: str = "/studio", **context: object) -> DeskPage:
        if handle not in ward.ids:
            ward.hire(handle, "admin")
        page = DeskPage(browser, ward, handle, path, **context)
        opened.append(page)
        return page

    yield open_studio
    for page in opened:
        page.context.close()
        assert not page.broken_rules, page.broken_rules


@pytest.fixture
def picture() -> Callable[[DeskPage, str], None]:
    """Return a function that saves a screenshot: DAOZHEN_PICTURES=1 renews those of the documents, a folder gets all."""
    asked = os.environ.get("DAOZHEN_PICTURES", "")
    folder = _desk.PICTURES if asked == "1" else Path(asked)

    def save(page: DeskPage, name: str) -> None:
        if asked and (asked != "1" or name in DOCUMENTED):
            folder.mkdir(parents=True, exist_ok=True)
            page.page.mouse.move(0, 0)
            page.page.screenshot(path=folder / f"{name}.png")

    return save
