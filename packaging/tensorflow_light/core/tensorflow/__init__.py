"""Stands in for TensorFlow: can be imported, named and subclassed, but not computed with."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

__version__ = "2.12.0"

MISSING = (
    "A component of this configuration needs TensorFlow, which the light environment leaves out. "
    "Run `make full` to install it, or take DIETClassifier, TEDPolicy, UnexpecTEDIntentPolicy and ResponseSelector out of config.yml."
)


class TensorFlowMissing(ImportError):
    """Something wants to compute with TensorFlow."""

    def __init__(self) -> None:
        super().__init__(MISSING)


class _Name(type):
    """A name such as `tf.keras.layers.Layer`: has any attribute, can be subclassed, decorates by doing nothing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _name(f"{cls.__name__}.{name}")
        setattr(cls, name, value)
        return value

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("_stands_in"):
            if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
                return args[0]  # @tf.function
            return cls  # @tf.function(...), tf.TensorSpec(...) while a module is being imported
        raise TensorFlowMissing  # a subclass, such as a model of DIET, is about to be made

    def __getitem__(cls, _: Any) -> Any:
        return cls

    def __iter__(cls) -> Any:
        raise TensorFlowMissing

    def __bool__(cls) -> bool:
        return False


def _name(name: str) -> Any:
    return _Name(name.rsplit(".", 1)[-1], (), {"_stands_in": True, "__module__": "tensorflow"})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _name(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of tensorflow.… and keras.… with modules made on the spot."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return a spec for a submodule of ours, else None."""
        if name.partition(".")[0] in ("tensorflow", "keras") and "." in name:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        """Return an empty module that has every name."""
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
    sys.meta_path.append(_Finder())


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    value = _name(name)
    globals()[name] = value
    return value
