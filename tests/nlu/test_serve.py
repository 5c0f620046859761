"""The server leaves out packages that serving never uses; a plain Rasa does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.settings import ROOT

LEFT_OUT = """
from bot.nlu.serve import leave_out
leave_out()
leave_out()
"""
LOOK = """
import sys
import rasa.core.agent, rasa.core.brokers.pika, rasa.core.channels, rasa.core.tracker_store, rasa.server
from rasa.core.channels.telegram import TelegramOutput
real = [name for name in ("aiogram", "pymongo", "boto3", "matplotlib", "scipy.stats") if getattr(sys.modules.get(name), "__file__", None)]
print(real)
"""
CALL = """
from rasa.core.channels.telegram import TelegramOutput
from bot.nlu.serve import NotServed
try:
    TelegramOutput("token")
except NotServed as error:
    print(error)
"""
CATCH = """
from botocore.exceptions import ClientError
try:
    raise ValueError("another")
except ClientError:
    print("caught")
except ValueError:
    print("passed on")
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_the_server_imports_rasa_without_what_it_never_uses():
    assert run(LEFT_OUT + LOOK) == "[]"


def test_a_plain_rasa_has_everything():
    assert run(LOOK) == "['aiogram', 'pymongo', 'boto3', 'matplotlib', 'scipy.stats']"


def test_who_calls_what_is_left_out_is_told_what_to_do():
    said = run(LEFT_OUT + CALL)
    assert "endpoints.yml" in said and "rasa run" in said


@pytest.mark.parametrize("before", [LEFT_OUT, ""])
def test_an_error_of_another_kind_passes_a_handler_of_a_left_out_one(before):
    assert run(before + CATCH) == "passed on"
