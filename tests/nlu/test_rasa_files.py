"""Rasa's own files: plain `rasa` commands need no variable, one door only, nothing told to third parties."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.utils.endpoints import EndpointConfig

from bot.content.packs import read_yaml
from bot.nlu import remote_actions
from bot.settings import ROOT, Settings


@pytest.fixture
def endpoints(monkeypatch) -> AvailableEndpoints:
    for name in [name for name in os.environ if name.startswith(("DAOZHEN_", "RASA_"))]:
        monkeypatch.delenv(name)
    return AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))


def test_the_endpoints_are_read_without_any_variable(endpoints):
    assert endpoints.action.url == f"{Settings().actions_url}/webhook"


def test_the_stores_are_ours(endpoints):
    assert issubclass(class_from_module_path(endpoints.tracker_store.type), TrackerStore)
    assert issubclass(class_from_module_path(endpoints.lock_store.type), LockStore)


async def test_a_served_assistant_calls_the_actions_where_the_settings_say(monkeypatch):
    called: list[str] = []

    async def original(self: RemoteAction, *_: object) -> list[object]:
        called.append(self.action_endpoint.url)
        return []

    monkeypatch.setattr(remote_actions, "_original_run", original)
    monkeypatch.setattr(remote_actions, "settings", lambda: Settings(actions_port=5999))
    await remote_actions._run(RemoteAction("x", EndpointConfig("http://127.0.0.1:5055/webhook")))

    assert called == ["http://127.0.0.1:5999/webhook"]


def test_there_is_one_door_and_it_needs_no_secret_in_a_file():
    credentials = read_yaml(ROOT / "credentials.yml")

    assert credentials == {"connectors.rasa.channel.DaozhenInput": None}


@pytest.mark.parametrize(("given", "enabled"), [(None, False), ("true", True)])
def test_rasa_tells_third_parties_nothing_unless_somebody_wants_it(given, enabled):
    environment = {name: value for name, value in os.environ.items() if name != "RASA_TELEMETRY_ENABLED"}
    if given:
        environment["RASA_TELEMETRY_ENABLED"] = given
    code = "import bot.nlu, rasa.telemetry as t; print(t.is_telemetry_enabled())"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    assert ran.stdout.strip().endswith(str(enabled))
