"""Sentences through a model and its content, in a process beside what is served: `connectors.rasa.trial`, by its name.

What was heard is kept by the files that it was heard with, so that what is live is not asked again for each candidate.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.content.load import ROOMS
from bot.errors import OperatorError
from bot.release.heard import Heard, Sentence, heard_from_json, heard_to_json
from bot.settings import PREFIX, ROOT, Settings, as_environment

PROGRAM = "connectors.rasa.trial"
TOGETHER = 64
# Code that decides what is heard beside model and content.
CODE = ("bot/triage", "bot/second_reader", "bot/nlu", "bot/knowledge", "bot/release/heard.py", "connectors/rasa/trial.py")
CODE_ENDINGS = (".py", ".npz", ".json")
# Of those that were heard with, the latest few are kept.
KEEP = 8

Told = Callable[[int, int], None]


class HearingFailed(OperatorError):
    """The process that hears sentences ended. The message quotes what it said last."""


def surroundings(settings: Settings, *, content: Path, models: Path) -> dict[str, str]:
    """Return the environment of a process that works with other content and with a folder of models of its own."""
    return {
        **os.environ,
        **as_environment(settings),
        f"{PREFIX}CONTENT_DIR": str(content),
        f"{PREFIX}MODELS_DIR": str(models),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_ACTIONS_URL": "http://127.0.0.1:1/webhook",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


class Hearing:
    """One process with one model and one folder of content. `models`: where it may keep what it makes of the content."""

    def __init__(self, settings: Settings, *, model: Path, content: Path, models: Path) -> None:
        self._one_at_a_time = threading.Lock()
        models.mkdir(parents=True, exist_ok=True)
        self._said = models / "trial.log"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(model)],
                cwd=ROOT,
                env=surroundings(settings, content=content, models=models),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                encoding="utf-8",
            )

    def __enter__(self) -> Hearing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def wait_until_ready(self) -> None:
        """Wait until the model is loaded: some seconds. Raises HearingFailed when it does not load."""
        self._answer()

    def hear(self, sentences: Sequence[Sentence]) -> list[Heard]:
        """Return what is heard in each sentence. Raises HearingFailed."""
        return [heard_from_json(one) for one in self._ask({"sentences": _as_asked(sentences)})["heard"]]

    def listen(self, sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
        """Return what model and second reader make of each sentence; see `bot.release.listening`. Raises HearingFailed."""
        listened: list[dict[str, Any]] = self._ask({"listen": _as_asked(sentences)})["listened"]
        return listened

    def try_out(self, text: str, language: str, region: str = "") -> dict[str, Any]:
        """Return all that can be seen of one sentence. Raises HearingFailed."""
        return self._ask({"try": {"text": text, "lang": language, "region": region}})

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._said.unlink(missing_ok=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, data: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        with self._one_at_a_time:
            try:
                self._process.stdin.write(json.dumps(data, ensure_ascii=True) + "\n")
                self._process.stdin.flush()
            except (OSError, ValueError) as error:
                raise self._failed() from error
            return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._failed()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _failed(self) -> HearingFailed:
        said = self._said.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        return HearingFailed("The model could not be tried. It said:\n" + "\n".join(said))


def hear_all(
    sentences: Sequence[Sentence],
    settings: Settings,
    *,
    model: Path,
    content: Path,
    models: Path,
    keep_in: Path,
    told: Told | None = None,
) -> dict[str, Heard]:
    """Return what is heard in each sentence by its id: from what was kept, and for new ones from the model. Raises HearingFailed."""
    kept = KeptOutcomes(keep_in / f"{heard_with(model, content)}.json")
    new = [one for one in {one.key: one for one in sentences}.values() if one.key not in kept.outcomes]
    if new:
        with Hearing(settings, model=model, content=content, models=models) as hearing:
            hearing.wait_until_ready()
            for start in range(0, len(new), TOGETHER):
                some = new[start : start + TOGETHER]
                kept.outcomes |= {one.key: heard_to_json(heard) for one, heard in zip(some, hearing.hear(some), strict=True)}
                if told is not None:
                    told(start + len(some), len(new))
        kept.write()
    return {one.id: heard_from_json(kept.outcomes[one.key]) for one in sentences}


class KeptOutcomes:
    """Outcomes in a file, by the keys of the sentences: no words of anybody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.outcomes: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            path.touch()
        except (OSError, ValueError):
            self.outcomes = {}

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(self.outcomes, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(self._path)
        for old in sorted(self._path.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-KEEP]:
            old.unlink(missing_ok=True)


def _as_asked(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    return [{"id": one.id, "text": one.text, "lang": one.language} for one in sentences]


def heard_with(model: Path, content: Path, *, rooms: Sequence[str] = ROOMS) -> str:
    """Return a hash over all that decides what is heard: model, code, and of the content these `rooms`."""
    digest = hashlib.sha256(model.read_bytes())
    for path in sorted(path for room in rooms for path in (content / room).rglob("*.yml")):
        digest.update(path.relative_to(content).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(_code().encode())
    return digest.hexdigest()[:32]


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for name in CODE:
        path = ROOT / name
        for file in sorted([path] if path.is_file() else [one for one in path.rglob("*") if one.suffix in CODE_ENDINGS]):
            digest.update(file.relative_to(ROOT).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
