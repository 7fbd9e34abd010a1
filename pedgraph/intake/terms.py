"""The same terms for two libraries: pyoxigraph, which parses and stores, and rdflib, which pySHACL works on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.plugins.sparql import prepareQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result

_PREFIXES = re.compile(r"(?:PREFIX [\w.-]*: <[^<>]*>\n|\n)*")
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class QueriedGraph(rdflib.Graph):
    """A graph that remembers the queries it was asked: rdflib takes longer to parse one than to answer it, and SHACL
    asks the same ones again and again.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401
        """Answers a query as :meth:`rdflib.Graph.query` does."""
        prepared = prepared_query(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


def prepared_query(text: str) -> Query:
    """A query, parsed; one that differs in the order of its first prefixes only is the same."""
    prologue = _PREFIXES.match(text)
    assert prologue is not None
    prefixes = sorted(set(prologue[0].split("\n")) - {""})
    return _prepared("\n".join([*prefixes, text[prologue.end() :]]))


@lru_cache(maxsize=500)
def _prepared(text: str) -> Query:
    return prepareQuery(text)


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """A new rdflib graph with these triples; literals keep the form in which they were written."""
    graph = QueriedGraph(bind_namespaces="none")
    for triple in triples:
        graph.add((term_of_rdflib(triple.subject), term_of_rdflib(triple.predicate), term_of_rdflib(triple.object)))
    return graph


def from_rdflib(term: object) -> NamedNode | BlankNode | Literal:
    """A term of rdflib as one of pyoxigraph."""
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    assert isinstance(term, rdflib.Literal), term
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or _STRING)))


def term_of_rdflib(term: object) -> rdflib.term.Node:
    """A term of pyoxigraph as one of rdflib; literals keep the form in which they were written."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == _STRING else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)
