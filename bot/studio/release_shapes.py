"""Releases as the pages get them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.release.rows import UNFINISHED, Release
from bot.studio.visit import Visit
from bot.training.rows import Change

# Of each part of a report so many sentences are shown; the rest is counted.
MOST = 100
PARTS = ("lost", "unmet", "missed", "alarmed", "changed")


def as_listed(release: Release, visit: Visit) -> dict[str, Any]:
    """Return a row of the list, with what this person may do with it."""
    return {
        "name": release.name,
        "state": release.state,
        "step": release.step,
        "progress": release.progress,
        "made_by": release.made_by,
        "made_at": release.made_at.isoformat(),
        "approved_by": release.approved_by,
        "published_by": release.published_by,
        "published_at": release.published_at and release.published_at.isoformat(),
        "changes": len(release.changes),
        "by_hand": bool(release.report.get("by_hand")),
        "blocked": len(release.report.get("blocked_because", ())),
        "can": _can(release, visit),
    }


def as_shown(release: Release, visit: Visit, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return all of one release. `texts`: words of patients that are still kept and that this person may read, by the sentence's id."""
    report = release.report
    parts = {name: [_sentence(one, texts) for one in report.get(name, ())[:MOST]] for name in PARTS}
    return {
        **as_listed(release, visit),
        **parts,
        "more": {name: max(0, len(report.get(name, ())) - MOST) for name in PARTS},
        "counts": report.get("counts", {}),
        "shares": report.get("shares", []),
        "blocked_because": report.get("blocked_because", [])[:MOST],
        "error": report.get("error", ""),
        "told": report.get("changes", []),
        "files": report.get("files", []),
        "seconds": report.get("seconds", 0),
        "content_version": release.content_version,
        "model": release.model,
    }


def as_waiting(change: Change) -> dict[str, Any]:
    """Return a change that waits for a release."""
    plain = {"id": change.id, "kind": change.kind, "title": change.title, "author": change.author}
    return {**plain, "approved_by": change.approved_by, "clinical": change.is_clinical}


def ids_of_patients(release: Release) -> list[str]:
    """Return the ids of the patients' sentences that a report names."""
    return [one["id"] for name in PARTS for one in release.report.get(name, ())[:MOST] if one["kind"] == "patient"]


def _sentence(one: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    before, after = one["before"] or {}, one["after"]
    noticed = [name for name in after if name not in ("confidence", "margin") and before.get(name) != after[name]]
    wanted = {name: value for name, value in one["expected"].items() if after.get(name) != value}
    return {
        "id": one["id"],
        "kind": one["kind"],
        "language": one["language"],
        "text": texts.get(one["id"], "") if one["kind"] == "patient" else one["text"],
        "changed": [{"what": name, "before": _said(before.get(name)), "after": _said(after[name])} for name in noticed],
        "unmet": [{"what": name, "wanted": _said(value), "after": _said(after.get(name))} for name, value in wanted.items()],
    }


def _said(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _can(release: Release, visit: Visit) -> list[str]:
    acts = []
    if release.state == "ready" and visit.may("publish"):
        acts.append("publish")
    if release.state == "kept" and visit.may("roll_back"):
        acts.append("back")
    if release.state not in UNFINISHED and release.model:
        acts.append("try")
    return acts
