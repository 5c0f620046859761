"""The desk as the gateway serves it: pages, headers, and the way to the sign-in."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.desk.pages import page_data
from bot.languages import LANGUAGES
from connectors.gateway import make_app


@pytest.fixture
async def browser(desk):
    """A browser at the whole gateway, without a session."""
    transport = httpx.ASGITransport(app=make_app(desk.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.mark.parametrize("path", ["/desk", "/desk/handover"])
async def test_who_has_no_session_goes_to_the_sign_in_and_comes_back(browser, path):
    answer = await browser.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/login?next=%2Fdesk")


async def test_a_call_without_a_session_is_told_so_in_a_sentence(browser):
    answer = await browser.get("/desk/api/queue", headers={"accept-language": "de"})

    assert (answer.status_code, answer.json()["error"]) == (401, "signed_out")
    assert answer.json()["sentence"]


@pytest.mark.parametrize("path", ["/desk", "/desk/handover"])
async def test_pages_hold_no_words_of_patients_in_title_or_anywhere(desk, browser, path):
    case, ana = desk.case(said=("my chest hurts terribly",)), desk.nurse("ana")
    browser.cookies = ana.client.cookies

    page = await browser.get(path)

    assert page.status_code == 200
    assert "chest" not in page.text
    assert f"A{case}" not in (re.search("<title>(.*)</title>", page.text) or [""])[0]
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/desk", "/desk/handover"])
async def test_pages_have_no_script_and_no_style_in_them(desk, browser, path):
    browser.cookies = desk.nurse("ana").client.cookies

    page = await browser.get(path)

    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=|\sstyle=", page.text)


@pytest.mark.parametrize("role", ["auditor"])
async def test_who_may_not_use_the_desk_sees_none(desk, browser, role):
    browser.cookies = desk.nurse("olga", role).client.cookies

    assert (await browser.get("/desk")).status_code == 403
    assert (await browser.get("/desk/api/queue")).status_code == 403
    assert (await browser.get("/desk/api/stream")).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_get_texts_and_names_in_the_language_of_the_nurse(content_source, language):
    content = content_source.current()

    data = page_data(content, language)

    assert data["language"] == language
    assert set(data["departments"]) == set(content.triage.departments)
    assert set(data["teams"]) == set(content.teams.by_id)
    assert all(data["texts"].values())
    assert {"problem_window", "advice_wait_for_patient"} <= set(data["texts"])


async def test_a_body_that_is_larger_than_any_reply_is_refused_before_it_is_read(desk, browser):
    ana = desk.nurse("ana")
    browser.cookies = ana.client.cookies

    answer = await browser.post("/desk/api/cases/1/reply", content=b"x" * 70_000, headers={"x-daozhen-csrf": ana.csrf})

    assert answer.status_code == 413


def test_every_error_of_the_desk_has_a_sentence(content_source):
    from pathlib import Path

    from bot.desk import problems

    folder = Path(problems.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    keys = set(re.findall(r'Refused\(\d+, "([a-z_]+)"', source)) | set(re.findall(r'\(4\d\d, "([a-z_]+)"\)', source))

    assert len(keys) > 10
    assert [key for key in keys if f"desk.error_{key}" not in content_source.current().phrases.texts] == []
