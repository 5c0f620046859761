"""A picture as SVG, with the fonts of whoever looks at it. Attributes only: pages of ours allow no style of their own."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bot.languages import Language, is_right_to_left
from bot.pictures.drawing import PAPER, Box, Drawing, Item, Marks, Path, Point, Text
from bot.posters.svg import FAMILIES

_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}
# A text that runs from right to left starts at its right end.
_ANCHORS_RTL = {"left": "end", "middle": "middle", "right": "start"}


def draw(drawing: Drawing) -> str:
    """Return the picture as an SVG element, which is a file as well."""
    body = "\n".join(_item(item, drawing.language) for item in drawing.items)
    size = f"{drawing.width:g} {drawing.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{drawing.width:g}" height="{drawing.height:g}" '
        f'xml:lang="{drawing.language}" role="img" font-family={quoteattr(FAMILIES[drawing.language])}>\n'
        f"<title>{escape(drawing.alt)}</title>\n"
        f'<rect width="{drawing.width:g}" height="{drawing.height:g}" fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def _item(item: Item, language: Language) -> str:
    if isinstance(item, Text):
        return _text(item, language)
    if isinstance(item, Box):
        return (
            f'<rect x="{item.x:.1f}" y="{item.y:.1f}" width="{item.width:.1f}" height="{item.height:.1f}" fill="{item.colour}"/>'
        )
    return _path(item) if isinstance(item, Path) else _marks(item)


def _text(text: Text, language: Language) -> str:
    rtl = is_right_to_left(language)
    anchor = (_ANCHORS_RTL if rtl else _ANCHORS)[text.side]
    more = (' direction="rtl"' if rtl else "") + (' font-weight="700"' if text.bold else "")
    return (
        f'<text x="{text.x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}" text-anchor="{anchor}" fill="{text.colour}"{more}>'
        f"{escape(text.text)}</text>"
    )


def _path(path: Path) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in path.points)
    dashes = f' stroke-dasharray="{path.width * 4:g} {path.width * 3:g}"' if path.dashed else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{path.colour}" stroke-width="{path.width:g}" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _marks(marks: Marks) -> str:
    return "".join(_mark(point, marks) for point in marks.points)


def _mark(point: Point, marks: Marks) -> str:
    (x, y), r = point, marks.radius
    if marks.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" fill="{marks.colour}"/>'
    edge = r * 0.5
    side = 2 * r - edge
    return (
        f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:g}" height="{side:g}" fill="{PAPER}" '
        f'stroke="{marks.colour}" stroke-width="{edge:g}"/>'
    )
