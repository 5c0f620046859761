"""A poster as SVG: one file, with the fonts of whoever looks at it."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from bot.languages import Language, is_right_to_left
from bot.phrases import Phrases
from bot.posters.page import HEIGHT, PAPER, WIDTH, Box, Item, Poster, Squares, Text, lay_out
from bot.posters.sizes import Size, millimetres

# Fonts of Linux, macOS and Windows; the last is whatever there is.
FAMILIES: dict[Language, str] = {
    "zh-Hans": "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif",
    "zh-Hant": "'Noto Sans CJK TC','Source Han Sans TC','PingFang TC','Microsoft JhengHei',sans-serif",
    "en": "'Noto Sans','Segoe UI','Helvetica Neue',Arial,sans-serif",
    "de": "'Noto Sans','Segoe UI','Helvetica Neue',Arial,sans-serif",
    "ar": "'Noto Sans Arabic','Noto Naskh Arabic','Geeza Pro','Segoe UI',Tahoma,sans-serif",
}


def draw(poster: Poster, size: Size, *, phrases: Phrases) -> str:
    """Return the poster as the text of an SVG file."""
    width, height = millimetres(size)
    title = " – ".join(dict.fromkeys((poster.hospital.names[poster.languages[0]], poster.scene.names[poster.languages[0]])))
    drawn = "\n".join(_item(item) for item in lay_out(poster, phrases=phrases, measure=estimate))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'xml:lang="{poster.languages[0]}" role="img">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{PAPER}"/>\n{drawn}\n</svg>\n'
    )


def estimate(text: str, language: Language, bold: bool) -> float:
    """Return how wide a text is at most, in ems, in any of the usual fonts: who looks at an SVG has fonts of their own."""
    widths = (
        1.0 if "\u2e80" <= c <= "\uffef" else 0.36 if c in " .,:;!'|iIl·" else 0.0 if "\u064b" <= c <= "\u0652" else 0.6
        for c in text
    )
    return sum(widths) * (1.06 if bold else 1.0)


def _item(item: Item) -> str:
    if isinstance(item, Text):
        return _text(item)
    if isinstance(item, Box):
        return f'<rect x="{item.x:g}" y="{item.y:.2f}" width="{item.width:g}" height="{item.height:.2f}" fill="{item.colour}"/>'
    return _squares(item)


def _text(text: Text) -> str:
    direction = ' direction="rtl"' if is_right_to_left(text.language) else ""
    weight = ' font-weight="700"' if text.bold else ""
    return (
        f'<text x="{text.x:.2f}" y="{text.y:.2f}" font-size="{text.size:.2f}" text-anchor="middle" fill="{text.colour}"{weight}'
        f'{direction} xml:lang="{text.language}" font-family={quoteattr(FAMILIES[text.language])}>{escape(text.text)}</text>'
    )


def _squares(code: Squares) -> str:
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in code.runs)
    return (
        f'<g role="img"><title>{escape(code.title)}</title>'
        f'<rect x="{code.x:.3f}" y="{code.y:.3f}" width="{code.side:.3f}" height="{code.side:.3f}" fill="#ffffff"/>'
        f'<path transform="translate({code.x:.3f} {code.y:.3f}) scale({code.module:.5f})" fill="#000000" '
        f'shape-rendering="crispEdges" d="{path}"/></g>'
    )
