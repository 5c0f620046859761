"""A plan as what changes are made of: one draft for each kind, since not everybody reviews everything. Pure."""

from __future__ import annotations

from typing import Literal

from bot.exchange.plan import Line, Plan
from bot.training.operations import AddExample, Operation, RemoveExample, SetText
from bot.training.places import is_clinical

Kind = Literal["training", "texts", "faq", "clinical"]
# Whoever may edit texts may edit these, whoever has to review them.
_TEXTS = ("content/phrases/", "domain/responses/")


def drafts_of(plan: Plan) -> tuple[tuple[Kind, tuple[Operation, ...]], ...]:
    """Return the operations of each change, with its kind; of what is not possible there are none.

    Texts that somebody clinical has to read are a change of their own: the others need not wait for that.
    """
    found: dict[tuple[Kind, bool], list[Operation]] = {}
    # What goes makes room first: a sentence may move to another intent.
    for line in sorted(plan.made, key=lambda one: one.kind != "removed"):
        found.setdefault((kind_of(line), is_clinical(line.file)), []).append(_operation(line))
    return tuple((kind, tuple(operations)) for (kind, _), operations in found.items())


def kind_of(line: Line) -> Kind:
    """Return what a line is about, and so who may change it and who reviews it."""
    if line.is_example:
        return "training"
    if line.file.startswith(_TEXTS):
        return "texts"
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
