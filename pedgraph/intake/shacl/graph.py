"""Facts as a graph of rdflib, looked up as they are asked for, with literals as they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.plugins.sparql import CUSTOM_EVALS
from rdflib.store import Store

from pedgraph.intake.shacl.matching import match
from pedgraph.intake.terms import QueriedGraph, from_rdflib, term_of_rdflib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.query import Result
    from rdflib.term import Node

    from pedgraph.store.facts import Facts, Together


class FactsStore(Store):
    """A read-only store of rdflib over facts."""

    # pySHACL wraps the graph into a dataset, which only takes such stores.
    context_aware = True
    graph_aware = True

    def __init__(self, facts: Facts | Together) -> None:
        super().__init__()
        self._facts = facts
        # pySHACL asks again and again whether the graph is empty, and the engine counts all triples each time.
        self._size = len(facts)
        self.graphs: tuple[rdflib.Graph, ...] = ()

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:  # noqa: ANN401, ARG002
        """The triples that match, each with the graphs that it is in, of which there is one."""
        subject, predicate, value = triple_pattern
        if isinstance(subject, rdflib.Literal) or (predicate is not None and not isinstance(predicate, rdflib.URIRef)):
            return
        found = self._facts.matching(
            None if subject is None else from_rdflib(subject),  # type: ignore[arg-type]
            None if predicate is None else from_rdflib(predicate),  # type: ignore[arg-type]
            None if value is None else from_rdflib(value),
        )
        for each in found:
            yield tuple(term_of_rdflib(term) for term in each), iter(self.graphs)

    def __len__(self, context: Any = None) -> int:  # noqa: ANN401
        return self._size

    def bind(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Prefixes are not kept."""

    def namespaces(self) -> Iterator[tuple[str, rdflib.URIRef]]:
        """None."""
        return iter(())

    def prefix(self, namespace: rdflib.URIRef) -> str | None:  # noqa: ARG002
        """None."""
        return None

    def namespace(self, prefix: str) -> rdflib.URIRef | None:  # noqa: ARG002
        """None."""
        return None


def _match_in_facts(context: Any, part: Any) -> Any:  # noqa: ANN401
    """How rdflib matches a basic graph pattern in facts; other graphs are left to it."""
    if part.name != "BGP" or not isinstance(context.graph, FactsGraph):
        raise NotImplementedError
    return match(context, part.triples)


class FactsGraph(QueriedGraph):
    """The graph that pySHACL works on.

    ``witnesses`` are, for the text of a SPARQL constraint and a focus node, the values of variables with which it may
    have a row; with them rdflib has little to look for.
    """

    def __init__(self, facts: Facts | Together, witnesses: dict[str, dict[Node, list[dict[str, Node]]]]) -> None:
        store = FactsStore(facts)
        super().__init__(store, bind_namespaces="none")
        store.graphs = (self,)
        CUSTOM_EVALS["pedgraph"] = _match_in_facts
        self._witnesses = witnesses

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401
        """Answers a query as :meth:`rdflib.Graph.query` does."""
        bindings = kwargs.get("initBindings") or (args[3] if len(args) > 3 else None) or {}  # noqa: PLR2004
        rows = self._known(query_object, bindings.get("this"))
        if rows is None:
            return super().query(query_object, *args, **kwargs)
        result = super().query(query_object, initBindings={**bindings, **(rows[0] if rows else {})})
        found = list(result.bindings) if rows else []
        for row in rows[1:]:
            found += super().query(query_object, initBindings={**bindings, **row}).bindings
        result.bindings = found
        return result

    def _known(self, text: object, this: Node | None) -> list[dict[str, Node]] | None:
        if this is None or not isinstance(text, str):
            return None
        for select, nodes in self._witnesses.items():
            if text.endswith(select):
                return nodes.get(this, [])
        return None
