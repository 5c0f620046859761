"""One nurse's browser at the desk. Other origins, policy violations and script errors are remembered."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, expect
from ward import Ward

# What the browser says when the test itself cuts the line or the gateway says no.
EXPECTED = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING")
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class DeskPage:
    """The desk, opened by somebody of the staff."""

    def __init__(self, browser: Browser, ward: Ward, handle: str, path: str = "/desk", **context: Any) -> None:
        self.ward, self.handle = ward, handle
        self.broken_rules: list[str] = []
        self.requests: list[str] = []
        options = {"locale": "en", "viewport": DESKTOP, "reduced_motion": "reduce", **context}
        self.context = browser.new_context(**options)
        self.context.add_cookies([ward.cookie(handle)])  # type: ignore[list-item]
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.broken_rules.append(str(error)))
        self.open(path)

    def open(self, path: str) -> None:
        """Open an address of the gateway and wait until the page can be used."""
        self.page.goto(self.ward.url + path)
        self.wait_ready()

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until the scripts have run."""
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def at(self, selector: str) -> Locator:
        """Return what a selector finds."""
        return self.page.locator(selector)

    def row(self, case: int) -> Locator:
        """Return the row of a case in the queue."""
        return self.page.locator(f'#rows [data-id="{case}"]')

    def enter(self, case: int) -> None:
        """Open a case from the queue and wait until it is shown."""
        self.row(case).click()
        expect(self.at("#case-title")).to_contain_text(f"A{case}")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def command(self, name: str) -> None:
        """Press the button of a command of the open case, wherever it stands."""
        if not self.at(f'#case-head [data-command="{name}"]').is_visible():
            self.page.click("#more-acts > summary")
        self.page.click(f'#case-head [data-command="{name}"]')

    def send(self, text: str) -> None:
        """Write a reply and send it with the keyboard."""
        self.page.click("#tab-reply")
        self.page.fill("#reply-text", text)
        self.page.press("#reply-text", "Control+Enter")

    def value(self, script: str) -> Any:
        """Return what a script finds on the page."""
        return self.page.evaluate(script)

    @property
    def focused(self) -> str:
        """The id, or the class, of what has the focus."""
        return str(self.value("() => document.activeElement.id || document.activeElement.className"))

    def _on_request(self, request: Any) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.ward.url, "data:")):
            self.broken_rules.append(f"asked another origin: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            self.broken_rules.append(message.text)
