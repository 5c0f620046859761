"""A picture as PNG, for channels that take nothing else, with this machine's fonts."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.languages import Language, is_right_to_left
from bot.pictures.drawing import PAPER, Box, Drawing, Item, Marks, Path, Point, Text
from bot.posters.fonts import Font, font_for

if TYPE_CHECKING:
    from PIL import ImageDraw

# A phone is about 1,080 pixels wide; drawings are 600 units wide.
PIXELS = 1.8
# Shapes are drawn so much larger and made smaller: Pillow draws steps, not slopes.
FINER = 2
_ANCHORS = {"left": "ls", "middle": "ms", "right": "rs"}
COLOURS = 64


def draw(drawing: Drawing) -> bytes:
    """Return the picture as the bytes of a PNG file. Raises NoFont when this machine cannot write the language.

    Takes some tenths of a second: never on an event loop, and in no transaction.
    """
    from PIL import Image, ImageDraw

    size = (round(drawing.width * PIXELS), round(drawing.height * PIXELS))
    large = Image.new("RGB", (size[0] * FINER, size[1] * FINER), PAPER)
    pen = ImageDraw.Draw(large)
    for item in drawing.items:
        if not isinstance(item, Text):
            _shape(pen, item, PIXELS * FINER)
    picture = large.resize(size, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(picture)
    for text in (item for item in drawing.items if isinstance(item, Text)):
        _write(pen, text, drawing)
    file = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _write(pen: ImageDraw.ImageDraw, text: Text, drawing: Drawing) -> None:
    rtl = is_right_to_left(drawing.language)
    # One set of letters for a picture: looking through the fonts takes longer than drawing.
    letters = "".join(sorted({letter for item in drawing.items if isinstance(item, Text) for letter in item.text}))
    font = _sized(_font(drawing.language, text.bold, letters), round(text.size * PIXELS))
    where = (text.x * PIXELS, text.y * PIXELS)
    direction = "rtl" if rtl else "ltr"
    pen.text(where, text.text, fill=text.colour, font=font, anchor=_ANCHORS[text.side], direction=direction)


@lru_cache(maxsize=64)
def _font(language: Language, bold: bool, letters: str) -> Font:
    return font_for(language, bold, [letters])


@lru_cache(maxsize=32)
def _sized(font: Font, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(font.path), size, index=font.number, layout_engine=ImageFont.Layout.RAQM)


def _shape(pen: ImageDraw.ImageDraw, item: Item, k: float) -> None:
    if isinstance(item, Box):
        pen.rectangle((item.x * k, item.y * k, (item.x + item.width) * k, (item.y + item.height) * k), fill=item.colour)
    elif isinstance(item, Path):
        for points in _dashes(item) if item.dashed else [item.points]:
            pen.line([(x * k, y * k) for x, y in points], fill=item.colour, width=round(item.width * k), joint="curve")
    elif isinstance(item, Marks):
        for x, y in item.points:
            _mark(pen, (x * k, y * k), item, k)


def _mark(pen: ImageDraw.ImageDraw, point: Point, marks: Marks, k: float) -> None:
    (x, y), r = point, marks.radius * k
    if marks.shape == "circle":
        pen.ellipse((x - r, y - r, x + r, y + r), fill=marks.colour)
    else:
        pen.rectangle((x - r, y - r, x + r, y + r), fill=PAPER, outline=marks.colour, width=round(r * 0.5))


def _dashes(path: Path) -> list[tuple[Point, Point]]:
    """Return the dashes of straight pieces, as long as those of an SVG."""
    on, off = path.width * 4, path.width * 3
    found: list[tuple[Point, Point]] = []
    for (x1, y1), (x2, y2) in zip(path.points, path.points[1:], strict=False):
        length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-9)
        at = 0.0
        while at < length:
            start, end = at / length, min(at + on, length) / length
            found.append(((x1 + (x2 - x1) * start, y1 + (y2 - y1) * start), (x1 + (x2 - x1) * end, y1 + (y2 - y1) * end)))
            at += on + off
    return found
