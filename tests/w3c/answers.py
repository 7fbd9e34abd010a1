"""Answers and what is expected of them, brought to a form in which equal means equal up to blank nodes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_XSD_INTEGER: Final = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
AnyTerm = NamedNode | BlankNode | Literal | Triple
Row = dict[str, AnyTerm]


@dataclass(frozen=True)
class Solutions:
    """Rows, and whether their order counts."""

    variables: frozenset[str]
    rows: list[Row]
    is_ordered: bool = False


@dataclass(frozen=True)
class Graph:
    """Quads of a graph, or of a dataset."""

    quads: list[Quad]


@dataclass(frozen=True)
class Cells:
    """CSV: names of the columns, and the rows as text."""

    header: list[str]
    rows: list[list[str]]


Answer = bool | Solutions | Graph | Cells


def read_answer(body: bytes, media_type: str, base: str) -> Answer:
    """Reads what a server or a file answers; raises ``SyntaxError`` or ``ValueError`` where it cannot be read."""
    if media_type == "text/csv":
        lines = list(csv.reader(io.StringIO(body.decode(), newline="")))
        return Cells(lines[0], lines[1:])
    results = QueryResultsFormat.from_media_type(media_type)
    if results is not None:
        found = parse_query_results(body, format=results)
        if isinstance(found, QueryBoolean):
            return bool(found)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        rows = [{name: solution[name] for name in names if solution[name] is not None} for solution in found]
        return Solutions(frozenset(names), rows)
    rdf = RdfFormat.from_media_type(media_type)
    if rdf is None:
        raise ValueError(f"the answer has the type '{media_type}'")
    return Graph(list(parse(body, format=rdf, base_iri=base)))


def from_result_graph(quads: Sequence[Quad]) -> Answer:
    """An expected answer in RDF: a result set in the vocabulary of the first suites, or the graph itself."""
    store = Store()
    store.extend(quads)
    booleans = _values(store, None, "boolean")
    if booleans:
        return booleans == ["true"]
    if not any(store.quads_for_pattern(None, None, NamedNode(RS + "ResultSet"))):
        return Graph(list(quads))
    placed: list[tuple[int, Row]] = []
    for solution in _objects(store, None, "solution"):
        row: Row = {}
        for binding in _objects(store, solution, "binding"):
            row[_values(store, binding, "variable")[0]] = _objects(store, binding, "value")[0]
        placed.append((int(next(iter(_values(store, solution, "index")), "0")), row))
    rows = [row for _, row in sorted(placed, key=lambda one: one[0])]
    return Solutions(
        frozenset(_values(store, None, "resultVariable")), rows, is_ordered=any(place for place, _ in placed)
    )


def difference(expected: Answer, given: Answer, *, is_lax: bool = False) -> str:
    """What is wrong with an answer, or an empty text. ``is_lax`` allows duplicates to be left out (REDUCED)."""
    if type(expected) is not type(given):
        return f"expected {type(expected).__name__}, got {type(given).__name__}"
    if isinstance(expected, Graph) and isinstance(given, Graph):
        return _of_quads(expected.quads, given.quads)
    if isinstance(expected, Cells) and isinstance(given, Cells):
        return _of_cells(expected, given)
    if isinstance(expected, Solutions) and isinstance(given, Solutions):
        if expected.variables != given.variables:
            return f"expected the variables {sorted(expected.variables)}, got {sorted(given.variables)}"
        return _of_quads(
            _as_quads(expected.rows, is_ordered=expected.is_ordered, is_lax=is_lax),
            _as_quads(given.rows, is_ordered=expected.is_ordered, is_lax=is_lax),
        )
    return "" if expected == given else f"expected {expected}, got {given}"


def _objects(store: Store, subject: AnyTerm | None, name: str) -> list[AnyTerm]:
    assert subject is None or isinstance(subject, NamedNode | BlankNode)
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(RS + name), None)]


def _values(store: Store, subject: AnyTerm | None, name: str) -> list[str]:
    return [term.value for term in _objects(store, subject, name) if not isinstance(term, Triple)]


def _of_quads(expected: Iterable[Quad], given: Iterable[Quad]) -> str:
    wanted, got = _canonical(expected), _canonical(given)
    if wanted == got:
        return ""
    missing, extra = sorted(wanted - got), sorted(got - wanted)
    return f"{len(missing)} missing, {len(extra)} too many; missing {missing[:3]}, too many {extra[:3]}"


def _of_cells(expected: Cells, given: Cells) -> str:
    """Cells are compared as texts; only what is written as a blank node may have another name."""

    def rows(cells: Cells) -> list[Row]:
        return [{name: _cell(text) for name, text in zip(cells.header, row, strict=True)} for row in cells.rows]

    if sorted(expected.header) != sorted(given.header):
        return f"expected the columns {expected.header}, got {given.header}"
    return _of_quads(
        _as_quads(rows(expected), is_ordered=False, is_lax=False),
        _as_quads(rows(given), is_ordered=False, is_lax=False),
    )


def _cell(text: str) -> AnyTerm:
    return BlankNode(text[2:]) if text.startswith("_:") else Literal(text)


def _canonical(quads: Iterable[Quad]) -> set[str]:
    dataset = Dataset(Quad(quad.subject, quad.predicate, _normal(quad.object), quad.graph_name) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def _as_quads(rows: Sequence[Mapping[str, AnyTerm]], *, is_ordered: bool, is_lax: bool) -> list[Quad]:
    """Each row as a blank node with a triple for each binding; equal rows are one, with their number."""
    counted: Counter[tuple[tuple[str, AnyTerm], ...]] = Counter()
    for place, row in enumerate(rows):
        at = {" place": Literal(str(place), datatype=_XSD_INTEGER)} if is_ordered else {}
        counted[tuple(sorted(((name, _normal(term)) for name, term in {**row, **at}.items()), key=str))] += 1
    quads = []
    for bindings, number in counted.items():
        node = BlankNode()
        quads += [Quad(node, NamedNode(f"urn:x:{name.strip()}"), term) for name, term in bindings]
        times = 1 if is_lax else number
        quads.append(Quad(node, NamedNode("urn:x:number-of-rows"), Literal(str(times), datatype=_XSD_INTEGER)))
    return quads


@lru_cache(maxsize=100_000)
def _normal(term: AnyTerm) -> AnyTerm:
    """A term as a store of this engine gives it back: 1.50 is 1.5. The suites mean values, not spellings."""
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _normal(term.object))
    if not isinstance(term, Literal):
        return term
    store = Store()
    node = NamedNode("urn:x:any")
    store.add(Quad(node, node, term))
    normal: AnyTerm = next(iter(store)).object
    return normal
