"""Tests of the query and update languages: syntax, evaluation, and the formats of results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from tests.w3c.answers import Graph, Solutions, difference, from_result_graph, read_answer
from tests.w3c.manifests import Data

if TYPE_CHECKING:
    import httpx

    from tests.w3c.answers import Answer, Row
    from tests.w3c.endpoint import Endpoint
    from tests.w3c.manifests import Case, Suites
    from tests.w3c.neighbours import Neighbours

_JSON: Final = "application/sparql-results+json"
_MEDIA_TYPES: Final = {
    ".srx": "application/sparql-results+xml",
    ".srj": _JSON,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_GRAPHS: Final = "application/n-triples, text/turtle;q=0.9"
_FROM: Final = re.compile(rb"\bFROM\s+(?:(NAMED)\s+)?<([^>]*)>", re.IGNORECASE)


def run_language_case(suites: Suites, case: Case, endpoint: Endpoint, others: Neighbours) -> str:
    """Runs one test, with endpoints that it may have called; gives what is wrong, or an empty text.

    Raises :class:`CannotLoad`.
    """
    text = suites.path(case.text).read_bytes()
    if "SyntaxTest" in case.kind:
        return _syntax(case, text, endpoint)
    if case.kind == "UpdateEvaluationTest":
        return _update(suites, case, text, endpoint)
    for name, data in case.services:
        if others.addresses:
            others.hold(name, suites.dataset(data))
    return _query(suites, case, text, endpoint, others)


def _syntax(case: Case, text: bytes, endpoint: Endpoint) -> str:
    if "Update" in case.kind:
        endpoint.load("syntax", [])
        answer = endpoint.update(text)
    else:
        answer = endpoint.query(text, f"{_JSON}, {_GRAPHS}")
    if case.kind.startswith("Negative"):
        return "" if answer.status_code == 400 else f"not refused: {_what(answer)}"
    # A text can be right and yet ask for what the server must not do, as calling others, or does not know.
    is_refused = answer.status_code == 400 and "function" not in answer.text
    return _what(answer) if is_refused else ""


def _query(suites: Suites, case: Case, text: bytes, endpoint: Endpoint, others: Neighbours) -> str:
    data = case.data if case.data != Data() else _data_of_clauses(suites, case, text)
    endpoint.load(data, others.moved(suites.dataset(data)), [graph for graph, _ in data.named])
    suffix = suites.path(case.result).suffix
    results = _MEDIA_TYPES.get(suffix, _JSON)
    accept = results if suffix in {".csv", ".tsv"} else f"{results}, {_GRAPHS}"
    answer = endpoint.query(_with_base(case, others.text(text)), accept)
    if answer.status_code != 200:
        return _what(answer)
    given = read_answer(answer.content, _media_type(answer), case.text)
    expected = _expected(suites, case, others)
    return difference(expected, given, is_lax=case.is_lax)


def _expected(suites: Suites, case: Case, others: Neighbours) -> Answer:
    path = suites.path(case.result)
    if path.suffix in _MEDIA_TYPES:
        return read_answer(others.text(path.read_bytes()), _MEDIA_TYPES[path.suffix], case.result)
    return from_result_graph(suites.quads(case.result))


def _update(suites: Suites, case: Case, text: bytes, endpoint: Endpoint) -> str:
    endpoint.load(case.data, suites.dataset(case.data), [graph for graph, _ in case.data.named])
    answer = endpoint.update(_with_base(case, text))
    if answer.is_error:
        return _what(answer)
    found = read_answer(endpoint.everything(), _JSON, case.text)
    assert isinstance(found, Solutions)
    return difference(Graph(suites.dataset(case.data_afterwards)), Graph([_quad(row) for row in found.rows]))


def _quad(row: Row) -> Quad:
    subject, predicate, graph = row["s"], row["p"], row.get("g", DefaultGraph())
    assert isinstance(subject, NamedNode | BlankNode)
    assert isinstance(predicate, NamedNode)
    assert isinstance(graph, NamedNode | BlankNode | DefaultGraph)
    return Quad(subject, predicate, row["o"], graph)


def _data_of_clauses(suites: Suites, case: Case, text: bytes) -> Data:
    """Tests without data name files in their dataset clauses; the server gets these as graphs of those names."""
    folder = case.text.rpartition("/")[0] + "/"
    iris = {folder + iri.decode() for _, iri in _FROM.findall(text)}
    return Data(named=tuple((iri, iri) for iri in sorted(iris) if suites.exists(iri)))


def _with_base(case: Case, text: bytes) -> bytes:
    return b"BASE <" + case.text.encode() + b">\n" + text.removeprefix(b"\xef\xbb\xbf")


def _media_type(answer: httpx.Response) -> str:
    content_type: str = answer.headers.get("content-type", "")
    return content_type.partition(";")[0].strip()


def _what(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:300]}"
