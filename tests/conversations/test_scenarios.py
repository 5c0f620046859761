"""Twenty conversations against the real assistant: emergencies, look-alikes, a child, a pregnancy, a change of mind…"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.content.packs import read_yaml
from bot.languages import LANGUAGES, Language
from bot.outbox.compose import carries_disclaimer
from bot.outbox.output_filter import forbidden_in
from bot.settings import ROOT, Settings
from bot.supervisor.processes import processes
from connectors.rasa.client import RasaAssistant
from tests.conversations.bench import Bench, Patient
from tests.supervisor.test_watch import free_port

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = [(language, play) for language in LANGUAGES for play in read_yaml(FOLDER / f"{language}.yml")]
LEVELS = ("E1", "E2", "U", "R", "INFO")
heard_in_all: list[tuple[str, Language]] = []


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Iterator[Settings]:
    """Start the real assistant and its actions for all scenarios."""
    folder = tmp_path_factory.mktemp("scenarios")
    made = Settings(data_dir=folder, assistant_port=free_port(), actions_port=free_port(), assistant_token="scenarios")
    (folder / "log").mkdir()
    running = []
    for process in processes(made, token="scenarios")[1:]:
        with process.log.open("wb") as log:
            running.append(
                subprocess.Popen(process.command, cwd=ROOT, env={**os.environ, **process.environment}, stdout=log, stderr=log)
            )
        _wait(process.ready_url, process.log)
    yield made
    for child in running:
        child.terminate()
        child.wait(10)


def _wait(url: str, log: Path) -> None:
    for _ in range(600):
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


def _known(play: dict[str, Any]) -> tuple[pytest.MarkDecorator, ...]:
    """Return the mark of a play that says why it does not hold yet. It is strict: once it holds, the reason has to go."""
    return (pytest.mark.xfail(reason=play["falls_short"], strict=True),) if "falls_short" in play else ()


@pytest.mark.parametrize(
    ("language", "play"),
    [pytest.param(language, play, id=f"{language}-{play['title'][:40]}", marks=_known(play)) for language, play in SCENARIOS],
)
async def test_scenario(language: Language, play: dict[str, Any], settings: Settings, tmp_path: Path):
    assistant = RasaAssistant(settings.assistant_url, token="scenarios", timeout_s=15)
    async with Bench(tmp_path, assistant=assistant) as bench:
        region = next((step["region"] for step in play["steps"] if "region" in step), None)
        patient = bench.patient(language=language, region=region)
        for step in play["steps"]:
            await _act(bench, patient, step)
            _judge(bench, patient, step)
        heard_in_all.extend((item.content["text"], item.content["language"]) for item in patient.heard if item.author == "bot")
    await assistant.close()


async def _act(bench: Bench, patient: Patient, step: dict[str, Any]) -> None:
    if step.get("agrees"):
        await patient.who_agreed()
    elif "patient" in step:
        await patient.says(step["patient"])
    elif "presses" in step:
        await patient.presses(step["presses"])
    elif step.get("skips"):
        for _ in range(6):
            if not any(button["payload"].endswith(":skipped") for item in patient.latest for button in item.content["buttons"]):
                return
            payload = next(
                b["payload"] for item in patient.latest for b in item.content["buttons"] if b["payload"].endswith(":skipped")
            )
            await patient.presses_payload(payload)
    elif step["nurse"] == "replies":
        await bench.nurse("Li").replies(patient, step["text"])
    else:
        await getattr(bench.nurse("Li"), step["nurse"])(patient)


def _judge(bench: Bench, patient: Patient, step: dict[str, Any]) -> None:
    if step.get("hears_nothing"):
        patient.hears_nothing()
        return
    assert patient.latest, f"silence after {step}"
    patient.hears(*step.get("hears", ()))
    patient.hears_not(*step.get("not", ()))
    kinds = [item.content["kind"] for item in patient.latest]
    assert step.get("kinds", kinds) == kinds, patient.transcript()
    assert step.get("first_kind", kinds[0]) == kinds[0] and step.get("last_kind", kinds[-1]) == kinds[-1], patient.transcript()
    for item in patient.latest:
        assert item.author == "nurse" or not forbidden_in(item.content["text"], item.content["language"]), item.content["text"]
    if "card" in step:
        card = patient.card()
        assert (card["level"], card["places"][0]["department"]) == (step["card"]["level"], step["card"]["department"]), card
    if "level" in step:
        assert LEVELS.index(patient.conversation().level_floor) <= LEVELS.index(step["level"])
    if "case" in step:
        assert step["case"] in {case.reason for case in bench.cases()}
    if step.get("no_case"):
        assert not bench.cases()


def test_every_message_of_all_scenarios_carried_the_disclaimer_in_its_language(phrases):
    assert len(heard_in_all) > 60
    assert [text for text, language in heard_in_all if not carries_disclaimer(text, language, phrases=phrases)] == []


def test_there_are_as_many_scenarios_in_each_language():
    assert len({sum(1 for of, _ in SCENARIOS if of == language) for language in LANGUAGES}) == 1 and len(SCENARIOS) >= 25
