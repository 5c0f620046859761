"""`python -m benchmarks.release`: a change is built, held to the gate, published and taken back, by a hospital of 2,000 intents.

The real processes serve 100,000 sentences in five languages meanwhile; the first training is theirs and not counted. Exit code 1 when
a typical change (one sentence of an intent, one text) takes three minutes or more from the order to the answer with the new model, or
the way back ten seconds or more. `--intents 0` measures the hospital of this repository.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import yaml

from benchmarks import many_intents
from benchmarks.measure import end, memory_mb, seconds_until
from bot.clock import utc_now
from bot.commands.services import open_database
from bot.database.engine import Database, Work
from bot.release import rows, start
from bot.release.answering import answering
from bot.release.publish import Publisher
from bot.settings import ROOT, Settings, as_environment
from bot.staff.people import Staff
from bot.training import changes
from bot.training.operations import AddExample, SetText
from bot.training.published import StudioChanges

PUBLISHED_WITHIN_S, BACK_WITHIN_S, FIRST_TRAINING_S = 180.0, 10.0, 1800.0
REVIEWER = Staff(1, "bo", "admin")
SENTENCES, SMALL_TALK = ("good day to the whole ward", "a hearty hello to the front desk"), "data/nlu/en/small_talk.yml"
ANSWER_FILE, ANSWER = "content/knowledge/logistics/visiting-us.yml", ("entries", "opening_hours", "answers", "en")


def main() -> int:
    """Start the hospital, publish twice, take back, print. Exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--intents", type=int, default=many_intents.INTENTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        settings = _settings(Path(place), intents=arguments.intents)
        began = time.monotonic()
        with _served(settings) as process:
            print(f"first training and start                     {time.monotonic() - began:6.0f} s")
            published, back = _there_and_back(settings)
            print(f"memory of all processes                      {memory_mb(process.pid):6.0f} MB")
    return 0 if published < PUBLISHED_WITHIN_S and back < BACK_WITHIN_S else 1


def _settings(place: Path, *, intents: int) -> Settings:
    shutil.copytree(ROOT / "content", place / "content")
    return Settings(
        data_dir=place / "var",
        models_dir=place / "models",
        content_dir=place / "content",
        files_dir=many_intents.write(place / "files", intents=intents),
        port=8907,
        assistant_port=5917,
        actions_port=5927,
    )


@contextmanager
def _served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    settings.data_dir.mkdir()
    with (settings.data_dir / "up.log").open("wb") as log:
        environment = {**os.environ, **as_environment(settings)}
        command = [sys.executable, "-m", "bot", "up", "--demo"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        seconds_until(f"{settings.assistant_url}/webhooks/daozhen/ready", within=FIRST_TRAINING_S)
        yield process
    finally:
        end(process)


def _there_and_back(settings: Settings) -> tuple[float, float]:
    database = open_database(settings)
    publisher = Publisher(database, settings, StudioChanges(), partial(answering, settings))
    names: list[str] = []
    longest = 0.0
    for number in (1, 2):
        began = time.monotonic()
        name = _built(database, settings, number)
        built = time.monotonic() - began
        done = publisher.publish(name, by="ada", now=utc_now())
        took, names = time.monotonic() - began, [*names, name]
        print(f"change {number}: built and held to the gate             {built:6.0f} s, published {done.seconds:4.1f} s")
        assert done.answers, "the assistant does not answer with the new model"
        longest = max(longest, took)
    back = publisher.roll_back(names[0], by="ada", now=utc_now())
    assert back.answers, "the assistant does not answer with the old model"
    print(f"taken back                                   {back.seconds:6.1f} s")
    return longest, back.seconds


def _built(database: Database, settings: Settings, number: int) -> str:
    with database.write() as work:
        _approved(work, settings, number)
        name = start.begin(work, settings, by="ada", changes=StudioChanges().approved(work), now=utc_now()).name
    start.start(settings, name).wait()
    with database.read() as work:
        done = rows.need(work, name)
    assert done.state == "ready", done.report
    return name


def _approved(work: Work, settings: Settings, number: int) -> None:
    before = yaml.safe_load((settings.content_dir / ANSWER_FILE.partition("/")[2]).read_text("utf-8"))
    for key in ANSWER:
        before = before[key]
    operations = (
        AddExample("greet", "en", SENTENCES[number - 1], SMALL_TALK),
        SetText(ANSWER_FILE, ANSWER, before, f"{before} Floor {number}."),
    )
    one = changes.create(work, kind="training", title="A typical change", author="ada", now=utc_now(), operations=operations)
    changes.submit(work, one.id, by="ada", now=utc_now())
    changes.approve(work, one.id, who=REVIEWER, now=utc_now())


if __name__ == "__main__":
    sys.exit(main())
