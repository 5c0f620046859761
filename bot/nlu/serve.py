"""`python -m bot.nlu.serve run …` is `rasa run …` without what serving never uses: 55 MB and half a second less.

Rasa imports the clients of every platform, broker and database that it knows, the drawing of its test reports and the questions of
its command line. Here these packages are stand-ins: they can be imported and inherited from, and whoever calls one is told what to do.
`rasa train`, `rasa test`, `rasa shell` and a plain `rasa run` know nothing of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from bot.errors import OperatorError
from bot.interpreter import share_finely

UNUSED = (
    # platforms: ours are in the gateway
    "aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "socketio", "engineio", "twilio", "webexteamssdk",
    # event brokers, and databases of a tracker store: ours is bot.nlu.tracker_store
    "aio_pika", "aiormq", "pamqp", "kafka", "confluent_kafka", "boto3", "botocore", "s3transfer", "pymongo", "bson", "dns",
    # reports of `rasa test`, which sklearn's model selection and its fixes bring along too
    "matplotlib", "scipy.stats",
    # questions in the terminal
    "questionary", "prompt_toolkit",
)  # fmt: skip


class NotServed(OperatorError):
    """A part of Rasa was asked for that our server leaves out. The message names it and the way to have it."""


class _Name(type):
    """A class of a package that is left out. Its attributes are such classes too."""

    def __getattr__(cls, name: str) -> _Name:
        return _name(f"{cls.__qualname__}.{name}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # Rasa's own classes inherit from such names, and nobody makes one of them either.
        raise NotServed(
            f"{cls.__qualname__} is not part of Daozhen's server (bot/nlu/serve.py). Take it out of endpoints.yml and "
            "credentials.yml, or start the assistant with a plain `rasa run`."
        )


def _name(whole: str, name: str) -> _Name:
    if name.startswith("__"):  # Python asks for such names to see what a thing can do: nothing
        raise AttributeError(name)
    # An error that is left out is never raised, but Rasa may stand ready to catch it.
    bases = (Exception,) if name.endswith(("Error", "Exception")) else ()
    return _Name(name, bases, {"__qualname__": whole})


class _StandIns(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        left_out = any(fullname == name or fullname.startswith(name + ".") for name in UNUSED)
        return ModuleSpec(fullname, self, is_package=True) if left_out else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        module.__getattr__ = lambda name: _name(f"{spec.name}.{name}", name)  # type: ignore[method-assign]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """A stand-in has no code."""


def leave_out() -> None:
    """Let the packages of `UNUSED` be stand-ins from now on. Must run before rasa is imported; twice changes nothing."""
    if not any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StandIns())


def main() -> None:
    """Run Rasa's command line with the arguments of this process."""
    leave_out()
    share_finely()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
