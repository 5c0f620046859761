"""Pages by e-mail through a real talk with a mail server on loopback: sealed, signed in, bounded, content-free, never in the clear."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bot.bootstrap import Services, build
from bot.database.tables import staff_notice
from bot.duty.letters import Letter
from bot.duty.mail_settings import is_address, mail_problems
from bot.outbox.sender import Permanent, Transient
from bot.settings import Settings, read_settings
from bot.staff.people import Staff
from connectors.installed import installed
from connectors.mail.connector import Mail
from connectors.mail.line import MailLine, MailProblem
from tests import contents
from tests.handoff.duty_kit import Hospital
from tests.mail.smtp_sink import Manners, Sink, certificate

NOW = datetime(2026, 11, 25, 3, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def sinks(pem) -> Iterator[list[Sink]]:
    made: list[Sink] = []
    yield made
    for sink in made:
        sink.end()


@pytest.fixture
def sink(sinks, pem):
    def make(**manners: object) -> Sink:
        sinks.append(Sink(Manners(**manners), pem))  # type: ignore[arg-type]
        return sinks[-1]

    return make


@pytest.fixture
def trusts(pem) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(pem))


def settings_of(sink: Sink, **more: object) -> Settings:
    values = {"smtp_host": "localhost", "smtp_port": str(sink.port), "smtp_from": "desk@hospital.example", **more}
    return read_settings({f"DAOZHEN_{name.upper()}": str(value) for name, value in values.items()})


def letter(email: str = "ana@hospital.example", text: str = "【导诊】有新的紧急个案：编号 7。") -> Letter:
    return Letter(Staff(1, "ana", "nurse", email=email), "【导诊】紧急", text, "zh-Hans")


def test_a_page_arrives_sealed_with_its_subject_and_text_in_any_script(sink, trusts):
    server = sink()
    MailLine(settings_of(server), context=trusts).send(letter())
    (received,) = server.received
    assert received.sealed and received.to == ["ana@hospital.example"] and received.sender == "desk@hospital.example"
    assert received.mail["Subject"] == "【导诊】紧急" and received.mail["Auto-Submitted"] == "auto-generated"
    assert received.mail.get_content().strip() == "【导诊】有新的紧急个案：编号 7。"
    assert received.mail["Message-ID"].endswith("@hospital.example>")  # not the name of this machine


def test_implicit_tls_and_a_password_work_too(sink, trusts):
    server = sink(tls=True, user="desk", password="secret word")
    settings = settings_of(server, smtp_security="tls", smtp_user="desk", smtp_password="secret word")
    MailLine(settings, context=trusts).send(letter())
    assert server.received[0].sealed


def test_a_server_without_starttls_gets_nothing_in_the_clear(sink, trusts):
    server = sink(starttls=False, user="desk", password="pw")
    line = MailLine(settings_of(server, smtp_user="desk", smtp_password="pw"), context=trusts)
    with pytest.raises(Transient):
        line.send(letter())
    assert server.received == [] and not any(said.startswith(("AUTH", "MAIL", "RCPT")) for said in server.said)
    assert line.problem == "refused"


def test_a_certificate_that_nobody_vouches_for_is_refused(sink):
    server = sink()
    line = MailLine(settings_of(server))
    with pytest.raises(Transient):
        line.send(letter())
    assert server.received == [] and line.problem == "certificate refused"


def test_a_server_on_this_machine_may_be_spoken_to_without_a_seal(sink):
    server = sink(starttls=False)
    MailLine(settings_of(server, smtp_security="none")).send(letter())
    assert not server.received[0].sealed


def test_a_wrong_password_is_named_without_the_password(sink, trusts):
    server = sink(user="desk", password="right")
    line = MailLine(settings_of(server, smtp_user="desk", smtp_password="wrong-one"), context=trusts)
    with pytest.raises(Transient):
        line.send(letter())
    assert line.problem == "password refused"
    with pytest.raises(MailProblem) as refused:
        line.greet()
    assert "SMTP_PASSWORD" in str(refused.value) and "wrong-one" not in str(refused.value)


def test_the_check_signs_in_and_sends_nothing(sink, trusts):
    server = sink()
    MailLine(settings_of(server), context=trusts).greet()
    assert server.received == [] and not any(said.startswith("MAIL") for said in server.said)


@pytest.mark.parametrize(
    ("answer", "error"), [("550 no such user", Permanent), ("451 come back later", Transient), ("452 full", Transient)]
)
def test_a_refused_person_is_final_and_a_busy_server_is_not(sink, trusts, answer, error):
    server = sink(refuse={"RCPT": answer})
    with pytest.raises(error):
        MailLine(settings_of(server), context=trusts).send(letter())


def test_a_server_that_says_nothing_is_left_after_the_time_is_up(sink):
    server = sink(silent=True)
    line = MailLine(settings_of(server, smtp_security="none"), timeout_s=0.2)
    with pytest.raises(Transient):
        line.send(letter())
    assert line.problem == "not reached"


def test_no_server_is_told_as_not_reached(sink, sinks):
    server = sink()
    settings = settings_of(server, smtp_security="none")
    server.end()
    sinks.clear()
    line = MailLine(settings, timeout_s=1)
    with pytest.raises(Transient):
        line.send(letter())
    assert line.problem == "not reached"


@pytest.mark.parametrize(
    "address",
    ["", "ana", "ana@", "@hospital.example", "ana@localhost", "a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example"],
)
def test_what_is_no_address_of_one_person_reaches_no_server(sink, trusts, address):
    server = sink()
    assert not is_address(address)
    with pytest.raises(Permanent):
        MailLine(settings_of(server), context=trusts).send(letter(address))
    assert server.talks == 0


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"smtp_from": ""}, "SMTP_FROM"),
        ({"smtp_from": "the desk"}, "SMTP_FROM"),
        ({"smtp_user": "desk"}, "SMTP_PASSWORD"),
        ({"smtp_security": "none"}, "SMTP_SECURITY"),
    ],
)
def test_settings_that_cannot_work_are_named_and_refused_at_the_start(values, names):
    given = {"smtp_host": "mail.hospital.example", "smtp_from": "desk@hospital.example", **values}
    settings = read_settings({f"DAOZHEN_{name.upper()}": value for name, value in given.items()})
    (problem,) = mail_problems(settings)
    assert names in problem
    with pytest.raises(MailProblem):
        installed(settings)


def test_without_a_mail_server_there_is_nothing_to_check_and_nothing_installed():
    settings = read_settings({})
    assert list(mail_problems(settings)) == []
    assert not any(isinstance(connector, Mail) for connector in installed(settings))


class _NoAssistant:
    async def ready(self) -> bool:
        return False


async def paged(database, content_source, sink: Sink, trusts, *, act) -> tuple[Hospital, Services, Mail]:
    """Run `act` in a hospital whose only way is e-mail, then the pages that are due."""
    settings = settings_of(sink, desk_url="https://desk.example/desk")
    hospital = Hospital(database, content_source.current(), NOW, frozenset({"email"}))
    services = build(settings, assistant=_NoAssistant(), clock=lambda: hospital.now, database=database, content=content_source)  # type: ignore[arg-type]
    act(hospital)
    hospital.look()
    mail = Mail(settings, context=trusts)
    await mail.pager.page_due(services)
    return hospital, services, mail


@pytest.fixture(scope="module")
def content_source():

    return contents.content_source()


def states(hospital: Hospital) -> list[str]:
    query = sa.select(staff_notice.c.state).where(staff_notice.c.via == "email").order_by(staff_notice.c.id)
    with hospital.database.read() as work:
        return list(work.execute(query).scalars())


async def test_an_urgent_case_reaches_the_nurse_in_her_language_with_nothing_about_the_patient(
    database, content_source, sink, trusts
):
    server = sink()

    def act(hospital: Hospital) -> None:
        hospital.staff("ana", language="de", telegram="")
        hospital.patient("E1")

    hospital, services, mail = await paged(database, content_source, server, trusts, act=act)
    (received,) = server.received
    text = received.mail.get_content()
    assert "Neuer dringender Fall" in text and "https://desk.example/desk" in text and mail.state() == "ok"
    assert received.mail["Subject"] == content_source.current().phrases.get("paging.subject_urgent", "de")
    assert states(hospital) == ["sent"]
    assert await mail.pager.page_due(services) == 0


async def test_who_went_off_duty_before_the_mail_left_is_left_in_peace_and_a_lead_is_not(database, content_source, sink, trusts):
    server = sink()

    def act(hospital: Hospital) -> None:
        hospital.staff("ana")
        hospital.staff("lead", "lead", duty="off")
        hospital.patient("E1")
        hospital.on(minutes=4)
        hospital.duty("ana", "off")

    await paged(database, content_source, server, trusts, act=act)
    assert [received.to for received in server.received] == [["lead@hospital.example"]]


async def test_a_busy_server_gets_it_again_later_and_one_that_knows_nobody_does_not(database, content_source, sink, trusts):
    server = sink(refuse={"RCPT": "451 later"})

    def act(hospital: Hospital) -> None:
        hospital.staff("ana", telegram="")
        hospital.patient("E1")

    hospital, services, mail = await paged(database, content_source, server, trusts, act=act)
    assert states(hospital) == ["pending"] and await mail.pager.page_due(services) == 0
    server.manners.refuse = {"RCPT": "550 nobody"}
    hospital.now += timedelta(seconds=3)
    assert await mail.pager.page_due(services) == 1
    assert states(hospital) == ["dead"]


async def test_the_digest_counts_and_names_nothing(database, content_source, sink, trusts):
    server = sink()

    def act(hospital: Hospital) -> None:
        hospital.staff("ana", duty="off", teams="triage,nurses", telegram="")
        for level in ("E1", "R", "R"):
            hospital.patient(level, language="zh-Hans")  # type: ignore[arg-type]
        hospital.on(minutes=1)
        hospital.duty("ana", "on")

    await paged(database, content_source, server, trusts, act=act)
    texts = [received.mail.get_content() for received in server.received]
    assert any("Cases waiting: 3, urgent: 1" in text for text in texts)


async def test_it_begins_and_ends_with_the_gateway(database, content_source, sink, trusts):
    server = sink()
    settings = settings_of(server)
    hospital = Hospital(database, content_source.current(), NOW, frozenset({"email"}))
    hospital.staff("ana")
    hospital.patient("E1")
    services = build(settings, assistant=_NoAssistant(), clock=lambda: hospital.now, database=database, content=content_source)  # type: ignore[arg-type]
    mail = Mail(settings, context=trusts, look_s=0.02)
    await services.start()
    await mail.start(services)
    await asyncio.wait_for(_some(server.received), 10)
    await mail.stop()
    await services.stop()
    assert len(server.received) == 1


async def _some(found: list[object]) -> None:
    while not found:
        await asyncio.sleep(0.02)
