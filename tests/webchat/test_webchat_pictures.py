"""The page gets a picture by its own address, which is good for the person whom it was shown to and for nobody else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

from bot.clock import utc_now
from bot.database.tables import outbound
from bot.database.tables import patient as patient_table
from bot.followup.readings import Given, Told, take
from bot.followup.thresholds import About
from bot.messages import Reply
from bot.outbox.compose import compose
from bot.outbox.store import Place, enqueue
from bot.posters.fonts import NoFont
from connectors.webchat import exports
from tests.followup.courses import picture_reply
from tests.webchat.test_webchat_api import send, wait_for


@pytest.fixture
def told(services, patient):
    """Return a function that says something to the patient and returns its number."""
    send(patient, "hello")
    wait_for(patient, 1)

    def say(reply: Reply) -> int:
        message = compose(reply, "en", phrases=services.content.current().phrases)
        with services.database.write() as work:
            one = work.execute(outbound.select()).first()
            place = Place(one.conversation_id, "webchat")
            return enqueue(work, place, message, dedupe_key=reply.text, now=utc_now())

    return say


def test_a_message_names_its_picture_and_does_not_carry_it(patient, told):
    number = told(picture_reply())

    message = next(one for one in wait_for(patient, 2) if one["number"] == number)

    assert message["picture"]["address"] == f"/chat/api/pictures/{number}.svg"
    assert "Chart of Blood pressure" in message["picture"]["alt"]
    assert message["picture"]["width"] == 600
    assert "drawing" not in str(message)


def test_the_picture_is_an_svg_that_no_cache_keeps(patient, told):
    answer = patient.get(f"/chat/api/pictures/{told(picture_reply())}.svg")

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert "Chart of Blood pressure" in ET.fromstring(answer.text).findtext("{http://www.w3.org/2000/svg}title")


def test_somebody_else_does_not_get_it(patient, told):
    number = told(picture_reply())

    patient.cookies.clear()
    assert patient.get(f"/chat/api/pictures/{number}.svg").status_code == 404
    patient.post("/chat/api/session")
    send(patient, "hello", number=2)
    wait_for(patient, 1)
    assert patient.get(f"/chat/api/pictures/{number}.svg").status_code == 404


def test_a_message_without_a_picture_has_none(patient, told):
    number = told(Reply("words alone"))

    assert wait_for(patient, 2)[-1]["picture"] is None
    assert patient.get(f"/chat/api/pictures/{number}.svg").status_code == 404
    assert patient.get("/chat/api/pictures/999999.svg").status_code == 404


def measured(services):
    """The one patient there is has told a weight."""
    with services.database.write() as work:
        measure = services.content.current().followup.thresholds.by_id["weight"]
        who = work.execute(patient_table.select()).first().id
        told = Told(who, measure, Given({"weight_kg": 70.5}, "70.5 kg"), utc_now(), About(), ZoneInfo("UTC"), "checkin", "k")
        take(work, told)


def test_the_own_readings_are_there_as_files_for_the_doctor(services, patient, told):
    measured(services)

    table = patient.get("/chat/api/readings.csv?lang=de")
    assert table.headers["content-disposition"] == 'attachment; filename="readings.csv"'
    assert table.headers["cache-control"] == "no-store"
    assert "Gewicht,70.5,kg" in table.text
    page = patient.get("/chat/api/readings.pdf?lang=ar")
    assert page.content.startswith(b"%PDF") and page.headers["content-type"] == "application/pdf"


def test_somebody_else_gets_no_file_and_who_has_told_nothing_neither(services, patient, told):
    assert patient.get("/chat/api/readings.csv").status_code == 404
    measured(services)

    patient.cookies.clear()
    assert patient.get("/chat/api/readings.csv").status_code == 404
    patient.post("/chat/api/session")
    send(patient, "hello", number=2)
    wait_for(patient, 1)
    assert patient.get("/chat/api/readings.pdf").status_code == 404


def test_without_fonts_the_patient_is_told_to_take_the_table(services, patient, told, monkeypatch):
    def none(_):
        raise NoFont("no font")

    monkeypatch.setattr(exports, "_pdf", none)
    measured(services)
    answer = patient.get("/chat/api/readings.pdf?lang=en")

    assert answer.status_code == 503
    assert "take the table" in answer.json()["sentence"]
