"""What a file seems to be, from its first bytes."""

from __future__ import annotations

import codecs
import re
from typing import Final

BEGINNING_BYTES: Final = 8_192

WORKBOOK: Final = "xlsx"
ARCHIVE: Final = "zip"
XML: Final = "xml"
JSON: Final = "json"
TURTLE: Final = "turtle"
QUADS: Final = "nquads"
CSV: Final = "csv"
UNKNOWN: Final = ""

# What nobody reads here, by how it begins, as it is told to people.
_FOREIGN: Final = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Excel 97 (.xls)"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
)
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML: Final = re.compile(
    r"\s*<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?(?:\s+[\w.:-]+\s*=|\s*/?>))"
)
_JSON: Final = re.compile(r"\s*(?:\{\s*(?:\"|\}|$)|\[\s*(?:[{\[\"\]]|$))")
_COMMENTS: Final = re.compile(r"(?:\s++|#[^\r\n]*+)*+")
_NODE: Final = r"(?:<[^<>\s\"]*>|_:\w\S*)"
_QUADS: Final = re.compile(rf"{_NODE}[ \t]*<[^<>\s\"]*>[ \t]*(?:{_NODE}|\"(?:[^\"\\]|\\.)*\"\S*)[ \t]*{_NODE}[ \t]*\.")
_TURTLE: Final = re.compile(
    rf"@prefix\s|@base\s|prefix\s+[\w.-]*:\s*<|base\s*<|{_NODE}\s*(?:<|a\s|\{{|[\w-]*:\w)"
    r"|[A-Za-z][\w-]*:[^\s,;]*\s+(?:a\s|<|[\w-]*:\w|\{)",
    re.IGNORECASE,
)
_DELIMITERS: Final = (",", ";", "\t")


def seems(beginning: bytes) -> str:
    """One of the names above for a form that is read here, the name of a form that is not, or ``UNKNOWN``."""
    if beginning.startswith(b"PK\x03\x04"):
        is_workbook = b"[Content_Types].xml" in beginning or b"xl/" in beginning
        return WORKBOOK if is_workbook else ARCHIVE
    foreign = next((name for start, name in _FOREIGN if beginning.startswith(start)), None)
    if foreign is not None:
        return foreign
    return _text_seems(_characters(beginning))


def is_foreign(name: str) -> bool:
    """Whether a form is known and not read here."""
    return name == "HTML" or any(name == each for _, each in _FOREIGN)


def _characters(beginning: bytes) -> str:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return beginning.decode("utf-16", "replace")
    return beginning.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _text_seems(characters: str) -> str:
    if _HTML.match(characters):
        return "HTML"
    start = _COMMENTS.match(characters)
    body = characters[start.end() :] if start else characters
    if _QUADS.match(body):
        return QUADS
    for name, pattern in ((TURTLE, _TURTLE), (XML, _XML), (JSON, _JSON)):
        if pattern.match(body):
            return name
    return CSV if _is_table(characters) else UNKNOWN


def _is_table(characters: str) -> bool:
    """Whether the first two lines have the same cells, more than one, and none that looks like RDF."""
    lines = [line for line in characters.splitlines()[:3] if line.strip()][:2]
    if not lines or "<" in lines[0]:
        return False
    return any(lines[0].count(each) and lines[0].count(each) == lines[-1].count(each) for each in _DELIMITERS)
