"""`make demo`: everything with simulated platforms. Somebody can chat at their pages at once, also after a restart; it ends whole."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.settings import Settings
from bot.supervisor.platforms import simulated
from connectors.installed import installed
from tests.system.real_system import System, wait_until

HEARD_WITHIN_S = 30.0


class AtPage:
    """Somebody at a simulator's page."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, headers={"X-Simulator": "1"}, timeout=30.0, trust_env=False)
        self._http.get("/")

    def state(self, **query: str) -> Any:
        """Return what the page shows."""
        return self._http.get("/state", params=query).json()

    def does(self, deed: str, **data: Any) -> None:
        """Do what a button of the page does."""
        self._http.post(f"/deed/{deed}", json=data).raise_for_status()


def talk_on_telegram(address: str) -> None:
    page = AtPage(address)
    emma = next(one["id"] for one in page.state()["people"] if one["name"] == "Emma")
    page.does("say", person=emma, text="hello")
    wait_until(lambda: "Sample Hospital" in str(page.state()["chats"]), "Telegram answers", HEARD_WITHIN_S)


def talk_on_wechat(address: str) -> None:
    page = AtPage(address)
    wait_until(lambda: all(page.state()["connected"].values()), "the callbacks are checked", HEARD_WITHIN_S)
    who = page.state()["people"][0]["id"]
    page.does("follow", who=who)
    page.does("say", who=who, text="hello")
    page.does("kf_enter", who=who)
    page.does("kf_say", who=who, text="hello")
    for part in ("me", "kf"):

        def is_answered(part: str = part) -> bool:
            chat = page.state(who=who)[part]["chat"]
            said = next(place for place, bubble in enumerate(chat) if bubble["who"] == "me" and bubble["text"] == "hello")
            return any(bubble["who"] == "account" for bubble in chat[said:])

        wait_until(is_answered, f"{part} is answered", HEARD_WITHIN_S)


@pytest.mark.slow
def test_people_can_chat_at_the_pages_and_again_after_a_restart(tmp_path):
    system = System(tmp_path)
    for _ in range(2):  # the second run meets a store that remembers the first
        try:
            system.start("--platforms")
            port = system.settings.port
            talk_on_telegram(f"http://127.0.0.1:{port + 81}")
            talk_on_wechat(f"http://127.0.0.1:{port + 82}")
        finally:
            left_over = system.end()
            for process in left_over:
                process.kill()
        assert not left_over
    assert f"http://127.0.0.1:{port + 81}/" in system.printed.read_text()


def test_what_a_simulator_tells_switches_its_channels_on(tmp_path):
    beside = simulated(Settings(data_dir=tmp_path))
    settings = Settings(data_dir=tmp_path, **{name[8:].lower(): value for name, value in beside.settings.items()})
    assert {"telegram", "wechat", "wecom"} <= {connector.channel for connector in installed(settings)}
    assert not any(name.startswith("DAOZHEN_") for process in beside.processes for name in process.environment)


def test_a_real_account_is_not_simulated(tmp_path):
    beside = simulated(Settings(data_dir=tmp_path, telegram_token="1:x", wecom_corp_id="ww1"))
    assert not beside.processes and not beside.settings and not beside.pages
