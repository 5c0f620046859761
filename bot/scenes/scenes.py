"""The places of the hospital that a code can stand for: the house itself, its departments, its wards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.content.packs import ContentError, Pack
from bot.languages import LANGUAGES, Language

Kind = Literal["hospital", "department", "ward"]
# The packs of the room `hospital`, and what their entries are.
_KINDS: dict[str, Kind] = {"departments": "department", "wards": "ward"}
HOSPITAL = "hospital"

Texts = Mapping[Language, str]


@dataclass(frozen=True)
class Scene:
    """One place. `id` is unique among all places: departments and wards share no ids."""

    id: str
    kind: Kind
    names: Texts
    where: Texts
    hours: Texts


@dataclass(frozen=True)
class Scenes:
    """All places by id; `hospital` is the house."""

    by_id: Mapping[str, Scene]

    @property
    def hospital(self) -> Scene:
        """The house itself: a poster for the entrance."""
        return self.by_id[HOSPITAL]


def scenes_from_packs(packs: Iterable[Pack]) -> Scenes:
    """Return the places in the packs of the room `hospital`. Raises ContentError that names file and fix."""
    found: dict[str, Scene] = {}
    for pack in packs:
        for scene in _scenes(pack):
            if scene.id in found:
                raise ContentError(f"{pack.path}: there are two places {scene.id}. Rename one: a code must lead to one place.")
            found[scene.id] = scene
    if HOSPITAL not in found:
        raise ContentError("The pack hospital is missing. Restore content/hospital.")
    return Scenes(found)


def _scenes(pack: Pack) -> Iterable[Scene]:
    if pack.pack == "hospital":
        yield Scene(HOSPITAL, "hospital", _texts(pack, HOSPITAL, pack.entries["names"]), *_address(pack))
        return
    kind = _KINDS.get(pack.pack.split("-")[0])
    for key, entry in pack.entries.items() if kind else ():
        if kind and entry.get("exists", True):
            names, where, hours = (_texts(pack, key, entry.get(name)) for name in ("names", "where", "hours"))
            yield Scene(str(key), kind, names, where, hours)


def _address(pack: Pack) -> tuple[Texts, Texts]:
    """Return the address of the house and when it is open: both or neither."""
    said = [pack.entries.get(name) for name in ("where", "hours")]
    if not any(text for texts in said for text in (texts or {}).values()):
        nowhere = dict.fromkeys(LANGUAGES, "")
        return nowhere, nowhere
    where, hours = (_texts(pack, HOSPITAL, texts) for texts in said)
    return where, hours


def _texts(pack: Pack, key: Any, texts: Any) -> Texts:
    missing = [language for language in LANGUAGES if not (texts or {}).get(language)]
    if missing:
        raise ContentError(f"{pack.path}: {key} has no text in {', '.join(missing)}. Write it by hand.")
    return {language: str(texts[language]).strip() for language in LANGUAGES}
