"""RDF/XML, with the line and column of each statement (RDF 1.1 XML Syntax).

The parser is fed tag by tag and asked after each what it has found, so that each statement is known by the element
that completed it. Before that the text is walked through by a reader that refuses document types, so that no entity is
ever declared, let alone expanded.
"""

from __future__ import annotations

import re
from html import unescape
from typing import IO, TYPE_CHECKING, Final, cast
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from pyoxigraph import RdfFormat, parse

from pedgraph.intake.parsing import detail_of
from pedgraph.intake.reading import lexing, rules, terms
from pedgraph.intake.reading.documents import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.sax.xmlreader import AttributesImpl, Locator

    from pyoxigraph import Quad

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.reading.collecting import Collector
    from pedgraph.intake.reading.texts import Text

# Comments, processing instructions and character data first: what looks like a tag in them is none.
_PIECE: Final = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+-->|<\?(?:[^?]++|\?(?!>))*+\?>|<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+\]\]>"
    r"|<(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>|[^<]++|<"
)
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*\?>")
_RDF_PREFIX: Final = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']http://www\.w3\.org/1999/02/22-rdf-syntax-ns#[\"']")
_PART_CHARACTERS: Final = 65_536
# The parser takes time that grows with the square of the depth.
_DEPTH_MAX: Final = 500


def declared_encoding(content: bytes) -> str:
    """What the XML declaration says (XML 1.0, section 4.3.3), or nothing."""
    found = _DECLARED.match(content)
    name = found[1].decode() if found else ""
    # Without a mark it cannot be UTF-16, as the declaration could be read.
    return "" if name.lower().startswith("utf") else name


class _Feed:
    """The text as a file that hands out one piece at a time.

    ``start`` is where the element of the last one began, ``text`` where the last text between tags did.

    Values of attributes that are no IRIs have stand-ins; ``problems`` has the finding for each of them.
    """

    def __init__(self, text: Text, characters: str, end: int) -> None:
        self.start = 0
        self.text = 0
        self.problems: list[Finding] = []
        self._text = text
        self._open: list[int] = []
        self._rest = b""
        prefixes = {re.escape(each) for each in _RDF_PREFIX.findall(characters)}
        names = rf"(?:{'|'.join(sorted(prefixes))}):(?:about|resource|datatype|ID)" if prefixes else "(?!)"
        self._attribute = re.compile(rf"(?<=\s)({names}|xml:lang)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
        self._base = "x://x/" if "xml:base" in characters else None
        self._pieces = self._cut(characters, end)

    def read(self, size: int = -1) -> bytes:
        """The next piece, or what is left of it."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        if size < 0:
            size = len(self._rest)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _cut(self, characters: str, end: int) -> Iterator[bytes]:
        for match in _PIECE.finditer(characters, 0, end):
            piece = match.group()
            if piece.startswith("</"):
                self.start = self._open.pop() if self._open else match.start()
            elif piece.startswith("<") and piece[1:2] not in {"?", "!"}:
                self.start = match.start()
                if not piece.endswith("/>"):
                    self._open.append(match.start())
                if "=" in piece:
                    piece = self._attribute.sub(self._checked, piece)
            elif not piece.startswith("<") and not piece.isspace():
                self.text = match.start() + len(piece) - len(piece.lstrip())
            yield piece.encode()

    def _checked(self, attribute: re.Match[str]) -> str:
        """The attribute, or one with a stand-in."""
        name = attribute[1]
        value = unescape(attribute[2] if attribute[2] is not None else attribute[3])
        kind, word = (lexing.TAG, f"@{value}") if name == "xml:lang" else (lexing.IRI, f"<{value}>")
        if name.endswith(":ID"):
            word = f"<#{value}>"
        if word == "@":
            return f'{name}="{terms.NO_LANGUAGE}"'
        if "\\" in value:
            error: SyntaxError | None = SyntaxError("Invalid IRI code point '\\'")
        else:
            error = terms.error_in(kind, word, self._base)
        if error is None:
            return attribute[0]
        rule = rules.BAD_LANGUAGE if kind == lexing.TAG else terms.rule_of(error)
        place = self._text.position(self.start + attribute.start())
        self.problems.append(problem(rule, place, value=value, found=rules.shown(value), detail=detail_of(error)))
        begin = terms.STAND_IN_LANGUAGE if kind == lexing.TAG else terms.STAND_IN
        stand_in = f"{begin}{len(self.problems) - 1}"
        return f'{name.replace(":ID", ":about")}="{stand_in}"'


def read_rdf_xml(text: Text, collector: Collector) -> None:
    """Reads a text as RDF/XML into the collector; what is wrong with it becomes problems there."""
    characters = _without_declaration(text.characters)
    flaw, end = _flaw(text, characters)
    if flaw is not None:
        collector.complain(flaw)
    feed = _Feed(text, characters, end)
    about: dict[int, Quad] = {}
    try:
        for quad in parse(cast("IO[bytes]", feed), RdfFormat.RDF_XML):
            numbers = terms.stand_ins(quad)
            for number in numbers:
                about.setdefault(number, quad)
            if not numbers:
                collector.take(terms.without_no_language(quad.triple), text.position(feed.start))
            if collector.is_full:
                break
    except SyntaxError as error:
        # Past an error the parser no longer knows of what it reads.
        if flaw is None:
            detail = rules.shown(detail_of(error))
            place = feed.text if "text event" in detail else feed.start
            collector.complain(problem(terms.rule_of(error), text.position(place), detail=detail))
    for number, finding in enumerate(feed.problems):
        collector.complain(terms.about(finding, about.get(number)))


def _flaw(text: Text, characters: str) -> tuple[Finding | None, int]:
    """What makes the text no XML, or XML with a document type, and up to where it can be read."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    depth = _Depth(parser)
    parser.setContentHandler(depth)
    try:
        for begin in range(0, len(characters), _PART_CHARACTERS):
            parser.feed(characters[begin : begin + _PART_CHARACTERS])
        parser.close()
    except SAXParseException as error:
        offset = text.offset(error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1)
        if depth.is_exceeded:
            return problem(rules.TOO_DEEP, text.position(offset), limit=str(_DEPTH_MAX)), 0
        return problem(rules.SYNTAX, text.position(offset), detail=error.getMessage()), offset
    except DefusedXmlException:
        return problem(rules.DOCUMENT_TYPE, text.position(max(characters.find("<!DOCTYPE"), 0))), 0
    return None, len(characters)


class _Depth(ContentHandler):
    """Counts how deep elements are nested."""

    def __init__(self, locator: Locator) -> None:
        super().__init__()
        self._depth = 0
        self._locator = locator

    @property
    def is_exceeded(self) -> bool:
        """Whether they are nested too deep."""
        return self._depth > _DEPTH_MAX

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, ARG002
        """Goes one element deeper."""
        self._depth += 1
        if self.is_exceeded:
            raise SAXParseException("too deep", None, self._locator)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002
        """Comes up again."""
        self._depth -= 1


def _without_declaration(characters: str) -> str:
    """The text with blanks in place of the XML declaration, which may name an encoding that no longer is that of it."""
    found = _DECLARATION.match(characters)
    return characters if found is None else re.sub(r"[^\r\n]", " ", found[0]) + characters[found.end() :]
