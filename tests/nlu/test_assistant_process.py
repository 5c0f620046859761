"""An assistant without a model ends, so that it is started again; one with a model stays."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot.settings import ROOT
from connectors.rasa.channel import end_without_model


@pytest.mark.parametrize(("agent", "ends"), [(None, True), (False, True), (True, False)])
async def test_only_without_a_model_the_process_ends(agent, ends):
    stopped: list[bool] = []
    given = None if agent is None else SimpleNamespace(is_ready=lambda: agent)
    await end_without_model(SimpleNamespace(ctx=SimpleNamespace(agent=given), stop=lambda: stopped.append(True)))

    assert bool(stopped) is ends


@pytest.mark.slow
def test_content_that_cannot_be_read_at_start_is_no_assistant_that_never_gets_ready(models, tmp_path):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "content/knowledge/broken.yml").write_text("pack: [broken", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    environment = {
        **os.environ,
        "DAOZHEN_CONTENT_DIR": str(tmp_path / "content"),
        "DAOZHEN_DATA_DIR": str(tmp_path / "var"),
        "DAOZHEN_ASSISTANT_TOKEN": "x",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [
        sys.executable,
        "-m",
        "bot.nlu.serve",
        "run",
        "--model",
        str(models),
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
    ]

    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert "no model could be loaded" in ran.stdout + ran.stderr
