"""Texts as XLIFF, which translators' tools read: written as 1.2, read as 1.2 or 2. A file that declares entities is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as Xml

from bot.exchange.problems import ExchangeProblem
from bot.exchange.translations import Translation, language_of, note_of, stamp_in
from bot.exchange.units import Unit
from bot.languages import Language

_SPACE = "urn:oasis:names:tc:xliff:document:1.2"


def write(units: Sequence[Unit], *, source: Language, target: Language) -> bytes:
    """Return the texts with what stands there in the target language now. Texts that lack the source are left out."""
    root = Xml.Element("xliff", {"version": "1.2", "xmlns": _SPACE})
    for file, of_file in groupby((unit for unit in units if source in unit.texts), key=lambda unit: unit.file):
        languages = {"source-language": source, "target-language": target}
        body = Xml.SubElement(Xml.SubElement(root, "file", {"original": file, **languages, "datatype": "plaintext"}), "body")
        for unit in of_file:
            one = Xml.SubElement(body, "trans-unit", {"id": unit.id, "xml:space": "preserve"})
            Xml.SubElement(one, "source").text = unit.texts[source]
            Xml.SubElement(one, "target").text = unit.texts.get(target, "")
            Xml.SubElement(one, "note", {"from": "daozhen"}).text = note_of(unit.texts.get(target, ""))
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def read(file: bytes) -> tuple[Translation, ...]:
    """Return the translations of a file. Raises ExchangeProblem."""
    try:
        text = file.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ExchangeProblem("entities", "This XML declares entities. Export it without them.")
        root = Xml.fromstring(text)
    except (UnicodeDecodeError, Xml.ParseError, ValueError):
        raise ExchangeProblem("unreadable", "This is no XLIFF that can be read.") from None
    found = tuple(_translations(root, language_of(root.get("trgLang")) if root.get("trgLang") else None))
    if not found:
        raise ExchangeProblem("empty", "There is no translation in this file.")
    return found


def _translations(node: Xml.Element, language: Language | None) -> Iterator[Translation]:
    for child in node:
        name = _name(child)
        if name in ("trans-unit", "unit"):
            if language is None:
                raise ExchangeProblem("language", "The file does not say its target language.", code="?")
            was = stamp_in("".join(one.itertext()) for one in child.iter() if _name(one) == "note")
            yield Translation(child.get("id", ""), language, _text(child, "source"), _text(child, "target"), was)
        else:
            code = child.get("target-language") if name == "file" else None
            yield from _translations(child, language_of(code) if code else language)


def _text(unit: Xml.Element, name: str) -> str:
    """Return the words of all segments, also those within tags that a tool put in; matches it offers are no words of ours."""
    offered = {
        id(one) for alternative in unit.iter() if _name(alternative) in ("alt-trans", "matches") for one in alternative.iter()
    }
    return "".join("".join(one.itertext()) for one in unit.iter() if _name(one) == name and id(one) not in offered)


def _name(element: Xml.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
