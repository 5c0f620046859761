"""A plan as what changes are made of: one draft for each kind, since not everybody reviews everything. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.exchange.plan import Line, Plan
from bot.training.operations import AddExample, Operation, RemoveExample, SetText
from bot.training.places import is_clinical

Kind = Literal["training", "texts", "faq", "clinical"]


def drafts_of(plan: Plan) -> Mapping[Kind, tuple[Operation, ...]]:
    """Return the operations of each kind of change; of what is not possible there are none."""
    found: dict[Kind, list[Operation]] = {}
    # What goes makes room first: a sentence may move to another intent.
    for line in sorted(plan.made, key=lambda one: one.kind != "removed"):
        found.setdefault(kind_of(line), []).append(_operation(line))
    return {kind: tuple(operations) for kind, operations in found.items()}


def kind_of(line: Line) -> Kind:
    """Return what a line is about, and so who may change it and who reviews it."""
    if line.is_example:
        return "training"
    if is_clinical(line.file):
        return "clinical"
    return "faq" if line.file.startswith("content/knowledge/") else "texts"


def _operation(line: Line) -> Operation:
    if not line.is_example:
        return SetText(line.file, line.place, line.before, line.after)
    assert line.language is not None
    if line.kind == "added":
        return AddExample(line.name, line.language, line.after, line.file)
    return RemoveExample(line.name, line.language, line.before, line.file)
