from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.languages import LANGUAGES
from bot.triage.safety import check
from connectors.webchat.pages import EXAMPLES, FOLDER
from connectors.webchat.texts import page_texts

PAGES = ("/", "/chat")
STATIC = FOLDER / "static"
# What a phone on a slow line has to load before the first word can be written, in bytes, not compressed.
MOST_BYTES = 60 * 1024


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def keys(services) -> set[str]:
    return set(page_texts(services.content.current(), "en", home="CN", limit=4000)["texts"])


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language_and_direction(client, path, language):
    page = Elements(client.get(f"{path}?lang={language}").text)

    _, attributes = next(element for element in page.found if element[0] == "html")
    assert (attributes["lang"], attributes["dir"]) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_first_sight_it_says_that_it_is_a_machine(client, services, path, language):
    key = {"/": "webchat.landing_what", "/chat": "webchat.welcome_title"}[path]

    assert services.content.current().phrases.get(key, language) in client.get(f"{path}?lang={language}").text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_the_emergency_number_without_a_script(client, path, language):
    page = client.get(f"{path}?lang={language}").text

    assert 'href="tel:120"' in page


def test_without_scripts_the_chat_says_what_to_do(client):
    noscript = re.search(r"<noscript>(.*?)</noscript>", client.get("/chat?lang=en").text, re.DOTALL)

    assert noscript
    assert "120" in noscript.group(1)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_and_no_inline_style(client, path):
    page = client.get(path).text

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere(client, path):
    page = Elements(client.get(path).text)

    addresses = [attributes.get(name) or "" for _, attributes in page.found for name in ("src", "href")]
    assert [address for address in addresses if address and not address.startswith(("/", "#", "tel:"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", EXAMPLES)
def test_an_example_of_the_landing_page_opens_the_chat_with_it_filled_in(client, services, language, number):
    sentence = services.content.current().phrases.get(f"webchat.example_{number}", language)
    landing = client.get(f"/?lang={language}").text
    chat = client.get(f"/chat?try={number}&lang={language}").text

    assert f'href="/chat?try={number}&amp;lang={language}">{sentence}' in landing
    assert f">{sentence}</textarea>" in chat


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_example_shows_the_safety_net_and_the_others_do_not(services, language):
    content = services.content.current()
    alarms = [
        check(content.phrases.get(f"webchat.example_{number}", language), language, tables=content.triage).alarm
        for number in EXAMPLES
    ]

    assert alarms == [True, False, False, False]


@pytest.mark.parametrize("number", ["", "0", "9", "x", "1_", "<script>"])
def test_an_unknown_example_fills_in_nothing(client, number):
    assert "></textarea>" in client.get("/chat", params={"try": number}).text


def test_a_language_that_was_only_guessed_does_not_travel_on(client):
    page = client.get("/", headers={"Accept-Language": "de"}).text

    assert 'lang="de" dir="ltr"' in page
    assert 'href="/chat"' in page
    assert 'href="/chat?try=1"' in page


def test_operators_are_told_where_things_are(client):
    page = client.get("/?lang=en").text

    assert all(word in page for word in ("/ready", "/metrics", "daozhen cases", "daozhen check"))


def test_an_odd_address_does_not_get_into_the_page(client):
    page = client.get("/chat", params={"lang": '"><script>alert(1)</script>', "try": "<b>"}).text

    assert "alert(1)" not in page


def test_the_page_is_light(client):
    files = [path for path in STATIC.iterdir() if path.name != "landing.css"]

    weight = sum(path.stat().st_size for path in files) + len(client.get("/chat?lang=ar").content)

    assert weight < MOST_BYTES, f"{weight} bytes"


def test_every_text_that_the_page_uses_exists(keys):
    sources = [*STATIC.glob("*.js"), *(FOLDER / "templates").glob("chat.html")]
    patterns = (
        r'\bt\("(\w+)"',
        r'said\("\w+", "(\w+)"',
        r'part\("(\w+)"',
        r'data-(?:text|label|placeholder)="(\w+)"',
        r"texts\.(\w+)",
    )
    used = {key for path in sources for pattern in patterns for key in re.findall(pattern, path.read_text("utf-8"))}

    assert used - keys - {"js", "noscript"} == set()


def test_every_text_of_the_page_is_used(keys):
    everything = "".join(path.read_text("utf-8") for path in Path(FOLDER).rglob("*") if path.suffix in (".js", ".html", ".py"))
    computed = ("level_", "region_", "state_")

    assert {key for key in keys if not key.startswith(computed) and key not in everything} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_can_change_its_language_without_loading_anew(client, language):
    data = client.get(f"/chat/api/texts?lang={language}").json()

    assert (data["language"], data["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert data["texts"]["send"]
    assert {region["code"] for region in data["regions"]} >= {"CN", "DE", "TW"}
    assert all(region["name"] != region["code"] and region["number"] for region in data["regions"])
    assert "120" in data["numbers"]


def test_the_texts_in_the_page_are_those_of_the_call(client):
    page = Elements(client.get("/chat?lang=de").text)

    attributes = next(attributes for tag, attributes in page.found if tag == "html")
    assert json.loads(attributes["data-page"] or "") == client.get("/chat/api/texts?lang=de").json()


def test_the_browser_asks_whether_a_file_changed(client):
    first = client.get("/static/webchat/main.js")
    again = client.get("/static/webchat/main.js", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert "javascript" in first.headers["content-type"]
    assert again.status_code == 304


def test_nothing_but_the_static_folder_is_served(client):
    assert client.get("/static/webchat/../pages.py").status_code == 404
    assert client.get("/static/webchat/%2e%2e/pages.py").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_carries_the_strict_policy(client, path):
    policy = client.get(path).headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
