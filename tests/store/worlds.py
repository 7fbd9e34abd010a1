"""Small graphs for tests of the store."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from pedgraph.store.changes import ChangeSet
from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.store.publication import Publication

A, B, C = (f"https://w3id.org/pedgraph/graph/{name}/1" for name in "abc")
PUBLICATION = Publication(author="somebody", reason="to see", keep=5)


def triple(subject: str, value: str | int = "x") -> Triple:
    """A triple about ``urn:x:<subject>``."""
    return Triple(NamedNode(f"urn:x:{subject}"), NamedNode("urn:x:p"), Literal(value))


def world(**graphs: list[Triple]) -> ChangeSet:
    """A change set with graphs named ``a``, ``b`` and ``c``."""
    return ChangeSet({f"https://w3id.org/pedgraph/graph/{name}/1": triples for name, triples in graphs.items()})


def contents(store: Store) -> dict[str, set[str]]:
    """The triples of each graph as text, the merge under the empty name."""
    found: dict[str, set[str]] = {}
    for quad in store:
        assert isinstance(quad, Quad)
        name = "" if quad.graph_name == DEFAULT_GRAPH else str(quad.graph_name).strip("<>")
        found.setdefault(name, set()).add(str(quad.triple))
    return found


def texts(*triples: Triple) -> set[str]:
    """Triples as text."""
    return {str(each) for each in triples}
