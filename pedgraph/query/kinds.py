"""The kinds of values that stored queries take and give: which terms are of a kind, and how a text becomes one.

Lexical forms are those of XML Schema 1.1 Part 2, as far as the engine keeps them whole.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyoxigraph import BlankNode, Triple

XSD: Final = PREFIXES["xsd"]
WKT: Final = PREFIXES["geo"] + "wktLiteral"
_TEXTS: Final = frozenset({XSD + "string", PREFIXES["rdf"] + "langString"})
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_NUMBERS: Final = _INTEGERS | {XSD + "decimal", XSD + "double", XSD + "float"}

# Kind of literal → the datatypes that belong to it. A date may be as inexact as its source.
DATATYPES: Final[dict[str, frozenset[str]]] = {
    "text": _TEXTS,
    "integer": _INTEGERS,
    "decimal": _NUMBERS,
    "boolean": frozenset({XSD + "boolean"}),
    "date": frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gYearMonth", "gYear")),
    "year": frozenset({XSD + "gYear"}),
    "url": frozenset({XSD + "anyURI"}),
    "geometry": frozenset({WKT}),
}
COLUMN_KINDS: Final = frozenset({*DATATYPES, "iri", "term"})
PARAMETER_KINDS: Final = frozenset({"iri", "code", "text", "integer", "decimal", "boolean", "date", "year"})

# Kind → what is expected, and an example. The engine keeps integers of 64 bits, and decimals of 18 digits either side.
EXPECTED: Final[dict[str, tuple[str, str]]] = {
    "iri": ("an absolute IRI, or a name with a known prefix such as id:", "https://w3id.org/pedgraph/id/city/fr-lyon"),
    "code": ("a code of the code list", ""),
    "text": ("a text", "atelier"),
    "integer": ("a whole number of at most 18 digits", "28"),
    "decimal": ("a number in decimal notation", "12.5"),
    "boolean": ("true or false", "true"),
    "date": ("a date, year-month-day", "2025-06-11"),
    "year": ("a year of four digits", "2025"),
}
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    "integer": re.compile(r"[+-]?[0-9]{1,18}"),
    "decimal": re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})"),
    "boolean": re.compile(r"true|false"),
    "year": re.compile(r"[0-9]{4}"),
}
_DATATYPE_OF: Final = {"integer": "integer", "decimal": "decimal", "boolean": "boolean", "year": "gYear"}
# Schemes of IRIs that do not go on with two slashes.
_SCHEMES: Final = frozenset({"ark", "data", "did", "doi", "info", "mailto", "ni", "tag", "urn"})
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_of_kind(term: NamedNode | BlankNode | Literal | Triple, kind: str) -> bool:
    """Whether a term of an answer is of a kind."""
    if kind == "term":
        return True
    if kind == "iri":
        return isinstance(term, NamedNode)
    return isinstance(term, Literal) and term.datatype.value in DATATYPES[kind]


def named_node(text: str, prefixes: Mapping[str, str]) -> NamedNode:
    """The IRI that a text means: a prefixed name, or an absolute IRI, bare or in angle brackets.

    Raises :class:`ValueError` where it is neither. A prefix that nobody declared is not taken for a scheme, as its
    names would be found nowhere; in angle brackets anything goes.
    """
    if text.startswith("<") and text.endswith(">"):
        return NamedNode(text[1:-1])
    prefix, colon, local = text.partition(":")
    known = {**PREFIXES, **prefixes}
    if colon and prefix in known:
        return NamedNode(known[prefix] + local)
    if colon and not local.startswith("//") and prefix.lower() not in _SCHEMES:
        raise ValueError(prefix)
    return NamedNode(text)


def literal(text: str, kind: str, language: str | None = None) -> Literal:
    """The literal of a kind that a text means; ``language`` tags a text. Raises :class:`ValueError`."""
    return _READERS[kind](text, language)


def _text(text: str, language: str | None) -> Literal:
    text.encode()
    return Literal(text, language=language) if language else Literal(text)


def _date(text: str, _: str | None) -> Literal:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    date.fromisoformat(text)
    return Literal(text, datatype=NamedNode(XSD + "date"))


def _of_form(kind: str) -> Callable[[str, str | None], Literal]:
    def read(text: str, _: str | None) -> Literal:
        if not _FORMS[kind].fullmatch(text):
            raise ValueError(text)
        return Literal(text, datatype=NamedNode(XSD + _DATATYPE_OF[kind]))

    return read


_READERS: Final[dict[str, Callable[[str, str | None], Literal]]] = {
    "text": _text,
    "date": _date,
    **{kind: _of_form(kind) for kind in _FORMS},
}
