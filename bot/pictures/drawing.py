"""What stands where in a picture: shapes and texts, lowest first, in units of its own width. Pure, and plain as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.languages import Language

Side = Literal["left", "middle", "right"]
Shape = Literal["circle", "square"]
Point = tuple[float, float]
PAPER = "#ffffff"


@dataclass(frozen=True)
class Text:
    """A line of text: `x` is its left end, middle or right end as it is seen, `y` its baseline, `size` the height of an em."""

    x: float
    y: float
    size: float
    text: str
    side: Side = "left"
    bold: bool = False
    colour: str = "#16242b"


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Path:
    """A line through points."""

    points: tuple[Point, ...]
    width: float
    colour: str
    dashed: bool = False


@dataclass(frozen=True)
class Marks:
    """The same mark at several points: a filled circle, or a square with paper inside, which differ without any colour."""

    points: tuple[Point, ...]
    radius: float
    shape: Shape
    colour: str


Item = Text | Box | Path | Marks
_KINDS: dict[str, type[Any]] = {"text": Text, "box": Box, "path": Path, "marks": Marks}


@dataclass(frozen=True)
class Drawing:
    """A picture, and what it shows in words for who does not see it."""

    width: float
    height: float
    language: Language
    alt: str
    items: tuple[Item, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data; `drawing_from` reads it back."""
        items = [{"kind": type(item).__name__.lower(), **asdict(item)} for item in self.items]
        return {"width": self.width, "height": self.height, "language": self.language, "alt": self.alt, "items": items}


def drawing_from(data: Mapping[str, Any]) -> Drawing:
    """Read a `Drawing` written by `to_json`."""
    return Drawing(data["width"], data["height"], data["language"], data["alt"], tuple(map(_item, data["items"])))


def _item(data: Mapping[str, Any]) -> Item:
    values = {name: value for name, value in data.items() if name != "kind"}
    if "points" in values:
        values["points"] = tuple((float(x), float(y)) for x, y in values["points"])
    item: Item = _KINDS[data["kind"]](**values)
    return item
