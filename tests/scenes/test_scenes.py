"""The code of a poster opens the chat of its place; a code that is none of ours opens a chat like any other."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.packs import ContentError, read_packs
from bot.inbox.history import own_words
from bot.languages import LANGUAGES
from bot.privacy.encryption import Cipher, new_key
from bot.scenes.codes import code_in, code_of, scene_of
from bot.scenes.scenes import scenes_from_packs
from bot.settings import ROOT
from connectors.gateway import make_app
from tests.conversations.bench import Bench, content_source
from tests.telegram.town import Town

SCENES = content_source().current().scenes
CIPHER = Cipher([new_key()], "lookup")  # the look-up key of the bench
CARDIOLOGY = code_of(CIPHER, SCENES.by_id["CARD"])
MADE_UP = "s_" + "a" * 16


@pytest.fixture
async def bench(tmp_path, database_url):
    async with Bench(tmp_path, database_url=database_url) as running:
        yield running


async def scans(patient, code: str) -> None:
    await patient.says("", kind="scan", scene=code_in(code))


def test_each_place_has_a_code_of_its_own_that_fits_every_platform():
    codes = [code_of(CIPHER, scene) for scene in SCENES.by_id.values()]
    assert len(set(codes)) == len(codes) > 20
    assert all(code_in(code) == code and len(code) <= 32 for code in codes)


def test_a_code_names_nothing():
    assert "card" not in CARDIOLOGY and code_of(Cipher([new_key()], "other"), SCENES.by_id["CARD"]) != CARDIOLOGY


def test_a_code_of_another_installation_is_unknown_here():
    foreign = code_of(Cipher([new_key()], "other"), SCENES.by_id["CARD"])
    assert scene_of(CIPHER, CARDIOLOGY, SCENES).id == "CARD"
    assert scene_of(CIPHER, foreign, SCENES) is None


def test_a_code_stays_the_same_when_the_encryption_keys_are_rotated():
    assert code_of(Cipher([new_key(), new_key()], "lookup"), SCENES.by_id["CARD"]) == CARDIOLOGY


def test_wechat_s_prefix_is_taken_off_and_nothing_else_is_mended():
    assert code_in(f"qrscene_{CARDIOLOGY}") == CARDIOLOGY
    for other in (CARDIOLOGY.upper(), f"x{CARDIOLOGY}", f"{CARDIOLOGY}x", "", None, 7, f"{CARDIOLOGY}\nx", "qrscene_123"):
        assert code_in(other) == ""


@given(st.text())
def test_no_made_up_text_is_taken_for_a_place(text):
    assert scene_of(CIPHER, text, SCENES) is None


def test_two_places_of_one_name_are_refused(tmp_path):
    for name in ("departments", "hospital", "wards"):
        text = (ROOT / "content" / "hospital" / f"{name}.yml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yml").write_text(text.replace("  W1:", "  CARD:"), encoding="utf-8")
    with pytest.raises(ContentError, match="two places CARD"):
        scenes_from_packs(read_packs(tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_new_patient_is_greeted_by_the_name_of_the_place_and_after_consent_told_where_it_is(bench, language):
    patient = bench.patient(language=language)
    await scans(patient, CARDIOLOGY)
    place = SCENES.by_id["CARD"]
    patient.hears_kind("consent")
    patient.hears(place.names[language])
    assert not bench.assistant.turns and patient.conversation().scene == CARDIOLOGY
    await patient.presses(patient.phrase("consent.yes"))
    patient.hears_kind("answer")
    patient.hears(place.names[language], place.where[language], place.hours[language], "120")
    assert not bench.assistant.turns


async def test_who_is_known_already_is_welcomed_to_the_new_place(bench):
    patient = await bench.patient(language="en").who_agreed()
    await scans(patient, CARDIOLOGY)
    patient.hears("This is Cardiology", "in your own words")
    await scans(patient, code_of(CIPHER, SCENES.by_id["W2"]))
    patient.hears("This is Maternity ward")
    assert patient.conversation().scene == code_of(CIPHER, SCENES.by_id["W2"])


async def test_a_made_up_code_is_a_plain_welcome_and_is_not_stored(bench):
    patient = await bench.patient(language="en").who_agreed()
    for code in (MADE_UP, "", "'; drop table conversation"):
        await scans(patient, code)
        patient.hears("in your own words")
        patient.hears_not("This is Cardiology", "drop table")
    assert patient.conversation().scene == ""


async def test_a_code_works_with_the_assistant_down(bench):
    patient = await bench.patient(language="en").who_agreed()
    bench.assistant.goes_down()
    await scans(patient, CARDIOLOGY)
    patient.hears("This is Cardiology")


async def test_while_a_nurse_holds_the_case_a_code_is_met_with_silence(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("nurse")
    await bench.nurse("Li").claims(patient)
    await scans(patient, CARDIOLOGY)
    patient.hears_nothing()


async def test_who_refused_is_not_asked_in_other_words(bench):
    patient = bench.patient(language="en")
    await scans(patient, CARDIOLOGY)
    await patient.presses("No, thanks")
    await scans(patient, CARDIOLOGY)
    patient.hears("I keep nothing")


async def test_the_same_scan_twice_is_answered_once(bench):
    patient = await bench.patient(language="en").who_agreed()
    await patient.says("", kind="scan", scene=CARDIOLOGY, external_id="scan-1")
    await patient.says("", kind="scan", scene=CARDIOLOGY, external_id="scan-1")
    patient.hears_nothing()


async def test_a_scan_shows_no_empty_words_of_the_patient(bench):
    patient = await bench.patient(language="en").who_agreed()
    await scans(patient, CARDIOLOGY)
    with bench.database.read() as work:
        assert all(item.content["text"] for item in own_words(work, patient.conversation().id))


async def test_telegram_s_link_opens_the_chat_of_the_place(tmp_path):
    async with Town(tmp_path) as town:
        anna = town.person("Anna", "de")
        await anna.starts(CARDIOLOGY)
        anna.hears("Sie haben den Code gescannt von: Kardiologie", "Sind Sie einverstanden?")
        await anna.presses("Einverstanden")
        anna.hears("Gebäude A")
        assert anna.conversation().scene == CARDIOLOGY and not town.assistant.turns


@pytest.mark.parametrize("payload", [MADE_UP, "s_short", "n_1234", "x" * 64])
async def test_a_made_up_link_to_telegram_opens_a_chat_like_any_other(tmp_path, payload):
    async with Town(tmp_path) as town:
        anna = town.person("Anna", "en")
        await anna.starts(payload)
        anna.hears("automated assistant", "Is that all right?")
        assert "scanned" not in "".join(anna.heard()) and anna.conversation().scene == ""


def browser(bench) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(make_app(bench.services))
    return httpx.AsyncClient(transport=transport, base_url="http://gateway", headers={"X-Daozhen": "1"})


async def test_the_web_chat_s_link_opens_the_chat_of_the_place(bench):
    async with browser(bench) as page:
        await page.post("/chat/api/session")
        sent = {"id": "scan-0001", "text": "", "scene": CARDIOLOGY}
        for _ in range(2):  # a page that was loaded twice
            answer = await page.post("/chat/api/messages", json=sent, headers={"Accept-Language": "de-DE"})
            assert answer.status_code == 202
        await bench.settled()
        seen = (await page.get("/chat/api/messages")).json()
    assert len(seen["messages"]) == 1 and seen["own"] == []
    assert "Sie haben den Code gescannt von: Kardiologie" in seen["messages"][0]["text"]


@pytest.mark.parametrize("scene", ["", None, 7, "x", ["s_"], MADE_UP.upper()])
async def test_the_web_chat_refuses_a_message_without_words_and_without_a_code(tmp_path, scene):
    async with Bench(tmp_path) as bench, browser(bench) as page:
        await page.post("/chat/api/session")
        answer = await page.post("/chat/api/messages", json={"id": "scan-0001", "text": "", "scene": scene})
    assert answer.status_code == 400 and answer.json()["error"] == "error_empty"
