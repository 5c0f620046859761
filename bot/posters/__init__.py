"""Posters: one printable page for a department or ward, with QR codes that open its chat.

`page` lays out (pure, in millimetres of an A4 page), `svg` and `pdf` draw the same layout. An SVG uses the fonts of whoever looks
at it; a PDF holds those parts of this machine's fonts that it needs. Nothing is fetched.
"""
