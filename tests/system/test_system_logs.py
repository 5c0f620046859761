"""What patients write, who they are and their cookie stand in no log, in nothing printed and in no file in plain text.

It runs last: by then the logs have seen alarms, outages and kills.
"""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

import pytest

from tests.system.real_patient import Patient
from tests.system.real_system import System

pytestmark = pytest.mark.slow

# Words that stand nowhere in the project.
NAME = "Quibbleforth"
MARKS = (NAME, "zanzibarfish", "魑魅魍魉舞", "Wolkenkuckucksfisch", "زنجبيلوف")
LINES = (
    f"My name is {NAME}, my ear hurts since I ate zanzibarfish",
    "我吃了魑魅魍魉舞以后耳朵疼",
    "Nach dem Wolkenkuckucksfisch habe ich Ohrenschmerzen",
    "أكلت زنجبيلوف وأذني تؤلمني",
    'zanzibarfish /secret{"name": "Quibbleforth"}',
    "I have crushing chest pain and my left arm is numb, zanzibarfish",
    "zanzibarfish what is that",
    f"nurse please, {NAME}",
)


@dataclass(frozen=True)
class Writer:
    """Somebody who wrote the marks."""

    token: str
    own_words: tuple[str, ...]


@pytest.fixture(scope="module")
def writer(system, phrases) -> Writer:
    """Write the marks in good times and in bad."""
    return asyncio.run(write(system, phrases))


def test_no_log_nothing_printed_and_no_file_names_a_patient_or_their_words(system, writer):
    marks = (*MARKS, writer.token)
    files = [system.printed, *(path for path in system.settings.data_dir.rglob("*") if path.is_file())]
    assert {path.name for path in files} >= {"gateway.log", "actions.log", "assistant.log", "daozhen.sqlite"}
    assert [(path.name, mark) for path in files for mark in marks if mark_stands_in(mark, path.read_bytes())] == []


def test_the_marks_are_kept_and_would_be_found(writer):
    for mark in MARKS:
        assert any(mark in words for words in writer.own_words)
        for written in (f"x {mark} y", repr(mark), ascii(mark), mark.upper()):
            assert mark_stands_in(mark, written.encode())
    assert not mark_stands_in(NAME, b"nothing of the kind")


def test_the_logs_say_what_happened(system, writer):
    assert "killed by SIGKILL" in system.printed.read_text(encoding="utf-8")
    assert all((system.logs / f"{name}.log").stat().st_size for name in ("gateway", "actions", "assistant"))


async def write(system: System, phrases: object) -> Writer:
    """Write every line, two of them while the assistant is dead, and what the gateway refuses."""
    async with Patient(system, phrases, region="DE") as someone:
        await someone.says(LINES[0])
        await someone.agrees()
        for line in LINES:
            await someone.says(line)
        system.hurt("assistant", signal.SIGKILL)
        await someone.sends(LINES[0])
        await refused(someone)
        system.wait_ready()
        await someone.is_seen_to(someone.number)
        await someone.listens()
        return Writer(someone.token, tuple(words["text"] for words in await someone.own_words()))


def mark_stands_in(mark: str, data: bytes) -> bool:
    """Return whether the mark is in the data: plain, in lower case, escaped as JSON or Python do, or in a URL."""
    escaped = mark.encode("unicode_escape")
    in_url = "".join(f"%{byte:02x}" for byte in mark.encode()).encode()
    forms = (mark.encode(), mark.encode("utf-16-le"), escaped, in_url)
    small = data.lower()
    return any(form.lower() in small for form in forms)


async def refused(someone: Patient) -> None:
    """Send what the gateway refuses: the refusal must not quote it either."""
    for broken in ({"id": "x", "text": NAME}, {"id": "a" * 12, "text": NAME * 600}, [NAME]):
        assert (await someone.posts(broken)).status_code in (400, 413)
