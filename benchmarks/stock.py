"""The peer: a stock `rasa init` bot in a full environment of its own, made, trained and served here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent / ".stock"
RASA = "rasa==3.6.21"
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
# Each with a number that differs, as ours: neither side may answer from a memory.
SENTENCES = ("hello", "I am feeling great", "I am sad", "yes", "no", "are you a bot?", "bye", "I feel terrible today")


def make() -> None:
    """Make the environment (about 2.9 GB with TensorFlow) and train the bot, unless both are there."""
    if not (HERE / "venv/bin/rasa").exists():
        print("Making the environment of the stock bot (once; downloads about 1 GB) …", flush=True)
        HERE.mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(HERE / "venv")], check=True)
        uv = Path(sys.executable).with_name("uv")
        # setuptools 80 dropped pkg_resources, which Rasa 3.6 imports.
        subprocess.run(
            [
                str(uv),
                "pip",
                "install",
                "--quiet",
                "--compile-bytecode",
                "--python",
                str(HERE / "venv/bin/python"),
                RASA,
                "setuptools<80",
            ],
            check=True,
        )
    if not list((HERE / "bot/models").glob("*.tar.gz")):
        print("Training the stock bot (once; about two minutes) …", flush=True)
        (HERE / "bot").mkdir(exist_ok=True)
        run = subprocess.run(
            [str(HERE / "venv/bin/rasa"), "init", "--no-prompt"],
            cwd=HERE / "bot",
            env=ENVIRONMENT,
            capture_output=True,
            check=False,
        )
        if run.returncode != 0:
            raise RuntimeError(f"The stock bot could not be trained: {run.stderr.decode()[-500:]}")
    (HERE / "bot/credentials.yml").write_text("rest:\n", encoding="utf-8")


def start(port: int) -> subprocess.Popen[bytes]:
    """Start the stock bot on `port`; it answers `GET /` before the model is loaded, `/status` only afterwards."""
    command = [str(HERE / "venv/bin/rasa"), "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port)]
    with (HERE / "run.log").open("wb") as log:
        return subprocess.Popen(command, cwd=HERE / "bot", env=ENVIRONMENT, stdout=log, stderr=log, start_new_session=True)


def ready_url(port: int) -> str:
    """Return the address that answers 200 once a model is loaded."""
    return f"http://127.0.0.1:{port}/status"
