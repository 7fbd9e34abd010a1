"""Tests on one value: that it may violate, and that it may keep, a constraint of SHACL Core (section 4).

The two are not opposites: what cannot be told for sure, because the engine and pySHACL read a literal differently, may
be both. Wrapped literals (:mod:`pedgraph.store.facts`) may always be both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib import RDF, RDFS, XSD
from rdflib.namespace import SH

from pedgraph.intake.shacl.expressions import for_engine
from pedgraph.intake.shacl.terms_in_sparql import Untranslatable, term
from pedgraph.store.facts import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

# What both engines take for well-formed, whatever they think of the rest.
_FORMS: Final = {
    XSD.integer: "[+-]?[0-9]{1,15}",
    XSD.decimal: "[+-]?[0-9]{1,15}([.][0-9]{1,15})?",
    XSD.boolean: "true|false",
    XSD.date: "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    XSD.dateTime: "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]:[0-5][0-9]Z?",
    XSD.gYear: "(19|20)[0-9]{2}",
    XSD.gYearMonth: "(19|20)[0-9]{2}-(0[1-9]|1[0-2])",
    XSD.double: "[+-]?[0-9]{1,15}([.][0-9]{1,15})?([eE][+-]?[0-9]{1,2})?",
    XSD.float: "[+-]?[0-9]{1,7}([.][0-9]{1,7})?([eE][+-]?[0-9])?",
}
_EXACT: Final = f"DATATYPE({{0}}) IN (<{XSD.integer}>, <{XSD.decimal}>)"
_NEARLY: Final = f"DATATYPE({{0}}) IN (<{XSD.double}>, <{XSD.float}>)"
_TEXT: Final = f"(isIRI({{0}}) || DATATYPE({{0}}) IN (<{XSD.string}>, <{RDF.langString}>))"
# Letters, digits and signs about which no two Unicode tables differ.
_USUAL: Final = "^[ -~\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u024F\\u0391-\\u03A1\\u03A3-\\u03C9\\u0410-\\u044F]*$"
_KINDS: Final = {
    SH.IRI: "isIRI({0})",
    SH.BlankNode: "isBlank({0})",
    SH.Literal: "isLiteral({0})",
    SH.BlankNodeOrIRI: "!isLiteral({0})",
    SH.BlankNodeOrLiteral: "!isIRI({0})",
    SH.IRIOrLiteral: "!isBlank({0})",
}


def wrapped(value: str) -> str:
    """Whether a literal is one that the engine would have rewritten."""
    return f'COALESCE(STRSTARTS(STR(DATATYPE({value})), "{WRITTEN}"), false)'


def sure(expression: str) -> str:
    """An expression that is false where it cannot be evaluated."""
    return f"COALESCE({expression}, false)"


def constant(node: Node) -> rdflib.Literal:
    """The literal that a parameter is; raises :class:`Untranslatable` for what is none or ill-typed."""
    if not isinstance(node, rdflib.Literal) or node.ill_typed:
        raise Untranslatable("a parameter that is no literal")
    return node


def whole(node: Node) -> int:
    """The number that a parameter is; raises :class:`Untranslatable`."""
    literal = constant(node)
    if literal.datatype != XSD.integer or not 0 <= int(literal) <= 1_000_000:  # noqa: PLR2004 - more is no use
        raise Untranslatable("a parameter that is no whole number")
    return int(literal)


def flag(node: Node) -> bool:
    """The truth value that a parameter is; raises :class:`Untranslatable`."""
    literal = constant(node)
    if not isinstance(literal.value, bool):
        raise Untranslatable("a parameter that is not true or false")
    return literal.value


def datatype(value: str, kind: Node) -> str:
    """Surely of a datatype, and well-formed."""
    if kind == RDFS.Literal:
        return f"isLiteral({value})"
    if kind in {XSD.string, RDF.langString}:
        return sure(f"DATATYPE({value}) = {term(kind)}")
    if kind in _FORMS:
        return sure(
            f'DATATYPE({value}) = {term(kind)} && REGEX(STR({value}), "^({_FORMS[rdflib.URIRef(str(kind))]})$")'
        )
    if kind == RDFS.Datatype or str(kind).startswith((str(XSD), str(RDF))):
        return "false"
    return sure(f"DATATYPE({value}) = {term(kind)}")


def may_have_datatype(value: str, kind: Node) -> str:
    """Perhaps of a datatype."""
    if kind in {RDFS.Literal, RDFS.Datatype}:
        return f"isLiteral({value})"
    return f"({sure(f'DATATYPE({value}) = {term(kind)}')} || {wrapped(value)})"


def node_kind(value: str, kind: Node) -> str:
    """Of a kind of node."""
    if kind not in _KINDS:
        raise Untranslatable("an unknown kind of node")
    return _KINDS[rdflib.URIRef(str(kind))].format(value)


def compares(value: str, sign: str, limit: Node) -> str:
    """Surely less or greater than a constant."""
    literal = constant(limit)
    if literal.datatype in {XSD.integer, XSD.decimal}:
        number = term(literal)
        gap = f"{value} - {number}" if sign in {">", ">="} else f"{number} - {value}"
        slack = f"1.0e-6 * (ABS({value}) + ABS({number}) + 1)"
        exact, nearly = _EXACT.format(value), _NEARLY.format(value)
        return sure(f"({exact} && {value} {sign} {number}) || ({nearly} && {gap} > {slack})")
    if literal.datatype == XSD.date and re.fullmatch(_FORMS[XSD.date], str(literal)):
        return sure(f'{datatype(value, XSD.date)} && STR({value}) {sign} "{literal}"')
    return "false"


def precedes(first: str, sign: str, second: str) -> str:
    """Surely less than another value, as sh:lessThan has it."""
    numbers = f"{_EXACT.format(first)} && {_EXACT.format(second)} && {first} {sign} {second}"
    same = [
        f"{datatype(first, kind)} && {datatype(second, kind)} && STR({first}) {sign} STR({second})"
        for kind in (XSD.date, XSD.string)
    ]
    return sure(" || ".join(f"({each})" for each in (numbers, *same)))


def length(value: str, sign: str, limit: Node) -> str:
    """Surely of at least or at most so many signs."""
    return sure(f"{_TEXT.format(value)} && STRLEN(STR({value})) {sign} {whole(limit)}")


def matches(value: str, pattern: Node, flags: Iterable[Node], *, is_sure: bool) -> str:
    """Surely or perhaps matches a pattern."""
    letters = "".join(sorted({letter for each in flags for letter in str(each).lower()} & {"i", "m"}))
    if "m" in letters:
        raise Untranslatable("a pattern over several lines")
    text = rdflib.Literal(for_engine(str(constant(pattern)))).n3()
    found = f"REGEX(STR({value}), {text}" + (f', "{letters}")' if letters else ")")
    usual = f'REGEX(STR({value}), "{_USUAL}")'
    if is_sure:
        return sure(f"{_TEXT.format(value)} && {found} && {usual}")
    return f"(!isBlank({value}) && COALESCE({found} || !{_TEXT.format(value)} || !{usual}, true))"


def language_in(value: str, languages: Iterable[Node]) -> str:
    """Surely tagged with one of some languages, or a variety of it."""
    wanted = [str(constant(each)).lower() for each in languages]
    if "*" in wanted:
        return sure(f'LANG({value}) != ""')
    tags = ", ".join(rdflib.Literal(each).n3() for each in wanted)
    return sure(f'LANG({value}) IN ({tags}) || STRBEFORE(LANG({value}), "-") IN ({tags})') if wanted else "false"


def is_one_of(value: str, members: Iterable[Node]) -> str:
    """The same term as one of a list."""
    nodes = list(members)
    iris = ", ".join(term(each) for each in nodes if not isinstance(each, rdflib.Literal))
    tests = [f"sameTerm({value}, {term(each)})" for each in nodes if isinstance(each, rdflib.Literal)]
    tests += [sure(f"{value} IN ({iris})")] if iris else []
    return f"({' || '.join(tests)})" if tests else "false"
