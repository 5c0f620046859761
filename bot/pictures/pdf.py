"""Lines of text and pictures on a page of a PDF, in millimetres, with those parts of this machine's fonts that they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from fpdf import FPDF

from bot.languages import Language, is_right_to_left
from bot.pictures import drawing as shapes
from bot.pictures.drawing import PAPER, Box, Drawing, Marks, Side, Text
from bot.posters.fonts import font_for

POINTS = 72 / 25.4  # in a millimetre
# Marks of direction have no picture; the order of letters is worked out without them.
_UNSEEN = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F))
_ALIGNED = {"left": "L", "middle": "C", "right": "R"}


def add_font(pdf: FPDF, language: Language, bold: bool, texts: Iterable[str], own: Sequence[Path] = ()) -> None:
    """Take a font that has all letters of `texts`. Raises NoFont."""
    font = font_for(language, bold, texts, own)
    pdf.add_font(_family(language, bold), "", font.path, collection_font_number=font.number)


def write(pdf: FPDF, text: str, where: tuple[float, float], *, size: float, side: Side, language: Language, bold: bool) -> None:
    """Write a line whose `side` and baseline are at `where`; `size` is the height of an em."""
    words, rtl = text.translate(_UNSEEN), is_right_to_left(language)
    pdf.set_font(_family(language, bold), size=size * POINTS)
    pdf.set_text_shaping(True, direction="rtl" if rtl else "ltr", script="arab" if rtl else None)
    width = pdf.get_string_width(words)
    left = where[0] - {"left": 0.0, "middle": width / 2, "right": width}[side]
    # `cell` puts words of both directions in order, `text` does not. It sets the baseline 0.3 + half an em down.
    pdf.set_xy(left, where[1] - 0.8 * size)
    pdf.cell(width, size, words, align=_ALIGNED[side])


def _family(language: Language, bold: bool) -> str:
    return f"{language}-{'bold' if bold else 'regular'}".lower()


def place(pdf: FPDF, drawing: Drawing, *, x: float, y: float, width: float) -> float:
    """Draw a picture on the page and return how high it is. Its fonts must have been added."""
    scale = width / drawing.width
    for item in drawing.items:
        if isinstance(item, Text):
            pdf.set_text_color(item.colour)
            where = (x + item.x * scale, y + item.y * scale)
            write(pdf, item.text, where, size=item.size * scale, side=item.side, language=drawing.language, bold=item.bold)
        elif isinstance(item, Box):
            pdf.set_fill_color(item.colour)
            pdf.rect(x + item.x * scale, y + item.y * scale, item.width * scale, item.height * scale, style="F")
        elif isinstance(item, shapes.Path):
            _line(pdf, item, x, y, scale)
        else:
            _marks(pdf, item, x, y, scale)
    return drawing.height * scale


def _line(pdf: FPDF, line: shapes.Path, x: float, y: float, scale: float) -> None:
    width = line.width * scale
    pdf.set_draw_color(line.colour)
    pdf.set_line_width(width)
    if line.dashed:
        pdf.set_dash_pattern(dash=width * 4, gap=width * 3)
    pdf.polyline([(x + at * scale, y + up * scale) for at, up in line.points])
    pdf.set_dash_pattern()


def _marks(pdf: FPDF, marks: Marks, x: float, y: float, scale: float) -> None:
    r = marks.radius * scale
    for at, up in marks.points:
        left, top = x + at * scale - r, y + up * scale - r
        if marks.shape == "circle":
            pdf.set_fill_color(marks.colour)
            pdf.ellipse(left, top, 2 * r, 2 * r, style="F")
        else:
            edge = r * 0.5
            pdf.set_fill_color(PAPER)
            pdf.set_draw_color(marks.colour)
            pdf.set_line_width(edge)
            pdf.rect(left + edge / 2, top + edge / 2, 2 * r - edge, 2 * r - edge, style="DF")
