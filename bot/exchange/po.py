"""Texts as PO files: the id of a text is its context."""

from __future__ import annotations

import io
from collections.abc import Sequence

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.duty.when import LOCALES
from bot.exchange.problems import ExchangeProblem
from bot.exchange.translations import Translation, language_of, note_of, stamp_in
from bot.exchange.units import Unit
from bot.languages import Language


def write(units: Sequence[Unit], *, source: Language, target: Language) -> bytes:
    """Return the texts with what stands there in the target language now. Texts that lack the source are left out."""
    catalog = Catalog(locale=LOCALES[target], project="Daozhen", charset="utf-8", fuzzy=False)
    for unit in units:
        if unit.texts.get(source):
            text, said = unit.texts.get(target, ""), unit.texts[source]
            catalog.add(said, text, locations=[(unit.file, 1)], auto_comments=[note_of(text)], context=unit.id)
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=False, include_lineno=False)
    return out.getvalue()


def read(file: bytes) -> tuple[Translation, ...]:
    """Return the translations of a file; those that are marked fuzzy are nobody's word. Raises ExchangeProblem."""
    try:
        catalog = read_po(io.BytesIO(file), charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError, LookupError):
        raise ExchangeProblem("unreadable", "This is no PO file that can be read.") from None
    language = language_of(str(catalog.locale) if catalog.locale else catalog.locale_identifier)
    found = tuple(
        Translation(
            str(one.context or ""), language, str(one.id), "" if one.fuzzy else str(one.string), stamp_in(one.auto_comments)
        )
        for one in catalog
        if one.id and isinstance(one.id, str)
    )
    if not found:
        raise ExchangeProblem("empty", "There is no translation in this file.")
    return found
