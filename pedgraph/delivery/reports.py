"""Findings as a validation report (SHACL, section 3.6), for clients that read RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.telling.words import read_words
from pedgraph.vocabulary.iris import PREFIXES, SHAPES, TERMS, is_absolute
from pedgraph.vocabulary.minting import RDF_TYPE
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pedgraph.vocabulary.media import Format

_SH: Final = PREFIXES["sh"]
_BOOLEAN: Final = NamedNode(PREFIXES["xsd"] + "boolean")

Node = NamedNode | BlankNode


def report(findings: Sequence[dict[str, Any]], rdf_format: Format, language: str = "en") -> bytes:
    """The report with these findings as its results; takes them as JSON objects, told or not.

    ``language`` is that of the messages. Data conform in the sense of SHACL only where there is no result of any
    severity (section 3.6.1.1); whether they may be taken in all the same is said beside it. ``pedg:locator`` says where
    in the file a result is.
    """
    subject = BlankNode()
    is_violated = any(finding["severity"] == "violation" for finding in findings)
    verdict = read_words(language).phrase("conforms_not" if is_violated else "conforms")
    triples = [
        _triple(subject, RDF_TYPE, NamedNode(_SH + "ValidationReport")),
        _triple(subject, "conforms", Literal("false" if findings else "true", datatype=_BOOLEAN)),
        _triple(subject, PREFIXES["rdfs"] + "comment", Literal(verdict, language=language)),
    ]
    paths = _Paths()
    for finding in findings:
        result = BlankNode()
        triples.append(_triple(subject, "result", result))
        triples += _result(result, finding, language)
        triples += paths.of(result, finding)
    return serialised(triples, rdf_format)


def _result(result: BlankNode, finding: dict[str, Any], language: str) -> Iterator[Triple]:
    yield _triple(result, RDF_TYPE, NamedNode(_SH + "ValidationResult"))
    yield _triple(result, "focusNode", _term(finding["focus_node"]))
    yield _triple(result, "resultSeverity", NamedNode(_SH + finding["severity"].capitalize()))
    yield _triple(result, "resultMessage", Literal(finding["message"], language=language))
    if finding["value"]:
        yield _triple(result, "value", _term(finding["value"]))
    if finding["shape"]:
        yield _triple(result, "sourceShape", _term(finding["shape"]))
    # What no constraint found was found by a rule of ours, which then stands in for the component (section 3.6.2.8).
    component = finding.get("component") or SHAPES + finding["rule"]
    yield _triple(result, "sourceConstraintComponent", _term(component))
    if finding.get("place"):
        yield _triple(result, f"{TERMS}locator", Literal(finding["place"]))
    yield _triple(result, PREFIXES["dcterms"] + "identifier", Literal(finding["rule"]))


class _Paths:
    """The paths of results. Those of more than one step are copied from their shapes (SHACL, section 2.3.1)."""

    def __init__(self) -> None:
        self._about: dict[Node | Triple, list[Triple]] | None = None

    def of(self, result: BlankNode, finding: dict[str, Any]) -> Iterator[Triple]:
        """The statements about the path of a result: none where it has none."""
        path = finding["path"]
        if is_absolute(path):
            yield _triple(result, "resultPath", NamedNode(path))
        elif path and finding["shape"]:
            steps = [
                each for each in self._of_node(NamedNode(finding["shape"])) if each.predicate.value == _SH + "path"
            ]
            for step in steps:
                yield from self._copied(result, NamedNode(_SH + "resultPath"), step.object)

    def _of_node(self, node: Node) -> Iterable[Triple]:
        if self._about is None:
            self._about = {}
            for triple in read_shapes():
                self._about.setdefault(triple.subject, []).append(triple)
        return self._about.get(node, ())

    def _copied(self, subject: Node, predicate: NamedNode, term: object) -> Iterator[Triple]:
        if not isinstance(term, BlankNode):
            assert isinstance(term, NamedNode | Literal)
            yield Triple(subject, predicate, term)
            return
        copy = BlankNode()
        yield Triple(subject, predicate, copy)
        for triple in self._of_node(term):
            yield from self._copied(copy, triple.predicate, triple.object)


def _term(text: str) -> NamedNode | BlankNode | Literal:
    if text.startswith("_:"):
        return BlankNode(text.removeprefix("_:"))
    return NamedNode(text) if is_absolute(text) else Literal(text)


def _triple(subject: BlankNode, predicate: str, value: NamedNode | BlankNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate if is_absolute(predicate) else _SH + predicate), value)
