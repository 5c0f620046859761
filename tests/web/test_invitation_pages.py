"""A link lets in once, whoever opened it before; password and code are set by who has it; nobody registers by themselves."""

from __future__ import annotations

import asyncio
import html
import re
import urllib.parse

import httpx
import pyotp
import pytest
import sqlalchemy as sa
import zxingcpp
from starlette.testclient import TestClient

from bot.database.tables import staff
from bot.staff import changing, people
from bot.staff.changing import Person
from connectors.gateway import make_app
from tests.web.conftest import PASSWORD, csrf_in, sign_in


@pytest.fixture
def link(services, clock):
    with services.database.write() as work:
        _, token = changing.add(work, Person("mia", "nurse", "Mia Sand"), by="omar", now=clock())
    return f"/staff/invite/{token}"


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page).group(1))


def secret_in(page):
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")


def filled(page, clock, **changes):
    form = {"csrf": csrf_in(page), "offer": field(page, "offer"), "password": PASSWORD, "again": PASSWORD}
    return {**form, "code": pyotp.TOTP(secret_in(page)).at(clock()), **changes}


def test_who_takes_the_invitation_is_in_with_recovery_codes_and_can_sign_in_again(browser, clock, link):
    page = browser.get(link).text
    assert "Mia Sand" in page
    answer = browser.post(link, data=filled(page, clock))
    assert answer.status_code == 200
    shown = re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code></li>", answer.text)
    assert len(shown) == 10
    assert browser.get("/staff/me").status_code == 200
    browser.cookies.clear()
    clock.passes(minutes=2)
    assert sign_in(browser, clock, "mia", code=shown[0]).headers["location"] == "/staff/me?note=recovery"
    assert "9 are left" in browser.get("/staff/me?note=recovery").text
    browser.cookies.clear()
    assert sign_in(browser, clock, "mia", code=shown[0]).status_code == 401
    assert sign_in(browser, clock, "mia", code=pyotp.TOTP(secret_in(page)).at(clock())).status_code == 303


def test_looking_does_not_use_the_link_up_and_using_it_does(browser, clock, link):
    for _ in range(3):
        page = browser.get(link)
        assert page.status_code == 200
    assert browser.post(link, data=filled(page.text, clock)).status_code == 200
    browser.cookies.clear()
    assert browser.get(link).status_code == 410
    assert browser.post(link, data=filled(page.text, clock)).status_code == 410


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password123", "again": "password123"}, "guessed first"),
        ({"password": "mia sand wins", "again": "mia sand wins"}, "guessed first"),
        ({"again": "another lamp"}, "not the same"),
        ({"code": "000000"}, "The code is not right"),
        ({"code": ""}, "The code is not right"),
        ({"code": "", "without_code": "yes"}, "The code is not right"),
        ({"offer": "made-up"}, "open for too long"),
        ({"csrf": "0" * 64}, "open for too long"),
    ],
)
def test_what_will_not_do_is_said_and_the_link_still_works_with_the_same_picture(browser, clock, link, change, sentence):
    page = browser.get(link).text
    answer = browser.post(link, data=filled(page, clock, **change))
    assert answer.status_code in (403, 422) and sentence in answer.text
    if "offer" not in change:
        assert secret_in(answer.text) == secret_in(page)
    assert browser.post(link, data=filled(answer.text, clock)).status_code == 200


def test_the_picture_is_what_an_authenticator_app_reads(browser, link):
    import io

    import segno
    from PIL import Image

    page = browser.get(link).text
    picture = html.unescape(re.search(r'<img src="(data:image/svg\+xml[^"]+)"', page).group(1))
    assert urllib.parse.unquote(picture).count("<path") >= 1
    address = f"otpauth://totp/Daozhen:mia?secret={secret_in(page)}&issuer=Daozhen"
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="png", scale=4, border=3)
    assert zxingcpp.read_barcode(Image.open(drawn)).text == address
    assert picture == segno.make(address, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff")


def test_an_offer_of_one_link_is_none_for_another(browser, services, clock, link):
    with services.database.write() as work:
        _, token = changing.add(work, Person("bo", "nurse", "Bo"), by="omar", now=clock())
    page = browser.get(link).text
    assert browser.post(f"/staff/invite/{token}", data=filled(page, clock)).status_code == 403


async def test_two_who_use_one_link_at_the_same_moment_get_one_account(services, clock, link):
    transport = httpx.ASGITransport(make_app(services))
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://desk", headers={"accept-language": "en"}) as first,
        httpx.AsyncClient(transport=transport, base_url="http://desk", headers={"accept-language": "en"}) as second,
    ):
        forms = [filled((await one.get(link)).text, clock) for one in (first, second)]
        answers = await asyncio.gather(first.post(link, data=forms[0]), second.post(link, data=forms[1]))
    assert sorted(answer.status_code for answer in answers) == [200, 410]


@pytest.mark.parametrize("path", ["/staff/invite/", "/staff/invite/x", "/staff/invite/" + "a" * 43, "/staff/invite/..%2f..%2fx"])
def test_a_made_up_link_is_none(browser, path):
    assert browser.get(path).status_code in (404, 410)


def test_after_three_days_the_link_has_ended(browser, clock, link):
    clock.passes(hours=72)
    assert browser.get(link).status_code == 410


def test_without_codes_only_where_the_installation_allows_it(make_services, clock):
    services = make_services(desk_codes="optional")
    with services.database.write() as work:
        _, token = changing.add(work, Person("mia", "nurse", "Mia Sand"), by="omar", now=clock())
    with TestClient(make_app(services), base_url="http://desk") as browser:
        page = browser.get(f"/staff/invite/{token}").text
        answer = browser.post(f"/staff/invite/{token}", data=filled(page, clock, code="", without_code="yes"))
        assert answer.status_code == 200 and "<li><code>" not in answer.text
        browser.cookies.clear()
        assert sign_in(browser, clock, "mia", code="").status_code == 303


@pytest.mark.parametrize(
    "path", ["/staff/login", "/staff/people", "/staff/invite/x", "/staff/me/password", "/staff/register", "/register"]
)
def test_on_an_empty_staff_the_first_stranger_becomes_nobody(browser, services, path):
    form = {"handle": "eve", "name": "Eve", "role": "admin", "password": PASSWORD, "again": PASSWORD, "code": "000000"}
    form["csrf"] = csrf_in(browser.get("/staff/login").text)
    for _ in range(2):
        browser.post(path, data=form)
    with services.database.read() as work:
        assert work.execute(sa.select(staff)).first() is None and people.all_staff(work) == ()
    assert browser.get("/staff/me", follow_redirects=False).headers["location"].startswith("/staff/login")
