"""Findings as a validation report (SHACL, section 3.6), for clients that read RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.vocabulary.iris import PREFIXES, is_absolute
from pedgraph.vocabulary.minting import RDF_TYPE
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.vocabulary.media import Format

_SH: Final = PREFIXES["sh"]
_FALSE: Final = Literal("false", datatype=NamedNode(PREFIXES["xsd"] + "boolean"))


def report(findings: Sequence[dict[str, Any]], rdf_format: Format) -> bytes:
    """The report on data that do not conform; takes the findings as JSON objects."""
    subject = BlankNode()
    triples = [_triple(subject, RDF_TYPE, NamedNode(_SH + "ValidationReport")), _triple(subject, "conforms", _FALSE)]
    for finding in findings:
        result = BlankNode()
        triples.append(_triple(subject, "result", result))
        triples += _result(result, finding)
    return serialised(triples, rdf_format)


def _result(result: BlankNode, finding: dict[str, Any]) -> Iterator[Triple]:
    yield _triple(result, RDF_TYPE, NamedNode(_SH + "ValidationResult"))
    yield _triple(result, "focusNode", _term(finding["focus_node"]))
    yield _triple(result, "resultSeverity", NamedNode(_SH + finding["severity"].capitalize()))
    yield _triple(result, "resultMessage", Literal(finding["message"], language="en"))
    if is_absolute(finding["path"]):
        yield _triple(result, "resultPath", NamedNode(finding["path"]))
    if finding["value"]:
        yield _triple(result, "value", _term(finding["value"]))
    if finding["shape"]:
        yield _triple(result, "sourceShape", _term(finding["shape"]))
    yield _triple(result, PREFIXES["dcterms"] + "identifier", Literal(finding["rule"]))


def _term(text: str) -> NamedNode | BlankNode | Literal:
    if text.startswith("_:"):
        return BlankNode(text.removeprefix("_:"))
    return NamedNode(text) if is_absolute(text) else Literal(text)


def _triple(subject: BlankNode, predicate: str, value: NamedNode | BlankNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate if is_absolute(predicate) else _SH + predicate), value)
