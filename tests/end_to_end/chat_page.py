"""The chat page as a patient uses it, and what the browser noticed meanwhile."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, expect

# What the browser says when the test itself cuts the line or the gateway says no.
EXPECTED = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED")


class ChatPage:
    """One patient's browser on the page. Other origins, policy violations and script errors are remembered."""

    def __init__(self, browser: Browser, url: str, path: str, context: dict[str, Any]) -> None:
        self.url = url
        self.broken_rules: list[str] = []
        self.requests: list[str] = []
        options = {"locale": "en", "viewport": {"width": 1100, "height": 800}, "reduced_motion": "reduce", **context}
        self.page = browser.new_context(**options).new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)
        self.open(path)

    def open(self, path: str) -> None:
        """Open an address of the gateway and wait until the page can be used."""
        self.page.goto(self.url + path)
        if path.startswith("/chat"):
            self.wait_ready()

    def wait_ready(self) -> None:
        """Wait until the scripts have run."""
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def says(self, text: str) -> None:
        """Write and send with Enter."""
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    def agrees(self) -> None:
        """Say hello and consent, so that the assistant is asked from now on."""
        self.says("hello")
        self.page.locator(".choices button").first.click()
        expect(self.theirs).to_have_count(2)

    @property
    def theirs(self) -> Locator:
        """The messages of bot and nurses."""
        return self.page.locator("#log .message:not(.own)")

    def own(self, index: int) -> Locator:
        """Return the patient's own message number `index`."""
        return self.page.locator("#log .own").nth(index)

    @property
    def last(self) -> Locator:
        """The newest message of the other side."""
        return self.theirs.last

    def value(self, script: str) -> Any:
        """Return what a script finds on the page."""
        return self.page.evaluate(script)

    def _on_request(self, request: Any) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.url, "data:")):
            self.broken_rules.append(f"asked another origin: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            self.broken_rules.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.broken_rules.append(str(error))
