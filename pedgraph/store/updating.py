"""Carrying out the operations of an update on a candidate version.

The engine could do it by itself, but would not say what has changed, and does not merge several USING graphs. So it is
asked for the solutions of each pattern, and the templates are filled in here (SPARQL 1.1 Update, section 3.1.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from pedgraph.errors import BadRequest, NotFound, UpdateSyntaxError
from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.store.explanation import explain
from pedgraph.store.operations import ALL, DEFAULT, NAMED, VARIABLE, Kind, Operation
from pedgraph.vocabulary.iris import INFERRED_GRAPH, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import QuerySolution

    from pedgraph.store.edits import Edits, GraphName

# An operation that fails before anything else is done, but after the whole text was read.
_NOTHING = f"DROP GRAPH <{VARIABLE}> ; "


def check_syntax(text: str, at: int) -> None:
    """Reads an update without carrying it out; ``at`` is the offset of its first operation, after the prologue.

    Raises :class:`UpdateSyntaxError` with line and column.
    """
    try:
        Store().update(text[:at] + _NOTHING + text[at:], base_iri=ROOT)
    except SyntaxError as error:
        explained = explain(str(error), text[:at] + _NOTHING + text[at:])
        line, column = explained.line, explained.column
        first_column = at - text.rfind("\n", 0, at)
        if column is not None and line == text.count("\n", 0, at) + 1 and column > first_column:
            column = max(first_column, column - len(_NOTHING))
        raise UpdateSyntaxError(explained.detail, line=line, column=column) from None
    except RuntimeError:
        return


class Updating:
    """Carries out operations one by one.

    ``refuse`` is called with each graph that would be written to, and ends the update by raising an error.
    """

    def __init__(self, edits: Edits, refuse: Callable[[GraphName], None]) -> None:
        self._edits = edits
        self._refuse = refuse

    def carry_out(self, operation: Operation) -> None:
        """Carries out one operation.

        Raises :class:`BadRequest` where it fails, :class:`NotFound` where it needs a graph that is not there, and what
        ``refuse`` raises.
        """
        try:
            if operation.kind in {Kind.INSERT_DATA, Kind.DELETE_DATA, Kind.MODIFY}:
                self._modify(operation)
            elif operation.kind in {Kind.ADD, Kind.COPY, Kind.MOVE}:
                self._transfer(operation)
            elif operation.kind is not Kind.LOAD:
                self._manage(operation)
        except SyntaxError as error:
            raise BadRequest(f"The update cannot be carried out: {error}.") from None

    def _modify(self, operation: Operation) -> None:
        with_graph = next(iter(_resolved(operation, [operation.with_graph])), DEFAULT_GRAPH)
        delete = _quads(operation, operation.delete, with_graph)
        insert = _quads(operation, operation.insert, with_graph)
        self._refuse_all(each.graph_name for each in (*delete, *insert))
        if operation.kind is Kind.MODIFY:
            solutions = self._solutions(operation, with_graph) if delete or insert else []
            delete, insert = _filled(delete, solutions), _filled(insert, solutions)
            self._refuse_all(each.graph_name for each in (*delete, *insert))
        self._edits.remove(delete)
        self._edits.add(insert)

    def _solutions(self, operation: Operation, with_graph: GraphName) -> list[QuerySolution]:
        columns = " ".join(f"?{name}" for name in operation.variables) or "(1 AS ?solution)"
        text = f"{operation.prologue}\nSELECT {columns} WHERE {operation.where}"
        using, named = _resolved(operation, operation.using), _resolved(operation, operation.using_named)
        store = self._edits.store
        dataset: dict[str, Any] = {"default_graph": with_graph}
        if using or named:
            dataset = {"default_graph": list(using), "named_graphs": named}
        if len(using) > 1:
            store = _merged(store, using, named)
            dataset = {"default_graph": DEFAULT_GRAPH, "named_graphs": named}
        try:
            return list(store.query(text, base_iri=ROOT, **dataset))  # type: ignore[arg-type]
        except (RuntimeError, ValueError) as error:
            raise BadRequest(f"The update cannot be carried out: {error}.") from None

    def _manage(self, operation: Operation) -> None:
        kind, edits = operation.kind, self._edits
        for graph in self._targets(operation):
            self._refuse_all([graph])
            exists = edits.exists(graph)
            if exists == (kind is Kind.CREATE):
                # Section 3.1.5 would rather have an error, but clients clear a graph before they first fill it.
                if operation.is_silent or kind is Kind.CLEAR:
                    continue
                if exists:
                    raise BadRequest(f"The graph {graph} exists already.")
                raise NotFound(f"There is no graph {graph}.")
            if isinstance(graph, DefaultGraph) or kind is Kind.CLEAR:
                edits.clear(graph)
            elif kind is Kind.DROP:
                edits.drop(graph)
            else:
                assert isinstance(graph, NamedNode)
                edits.create(graph)

    def _targets(self, operation: Operation) -> Sequence[GraphName]:
        if operation.target in {NAMED, ALL}:
            every = sorted(self._edits.store.named_graphs(), key=str)
            if self._edits.is_merged:
                # The merge has nothing of its own, and what is derived follows by itself.
                return [graph for graph in every if graph.value != INFERRED_GRAPH]
            return [DEFAULT_GRAPH, *every] if operation.target == ALL else every
        return [self._graph(operation, operation.target)]

    def _transfer(self, operation: Operation) -> None:
        edits = self._edits
        source, target = self._graph(operation, operation.source), self._graph(operation, operation.target)
        self._refuse_all([target] if operation.kind is not Kind.MOVE else [source, target])
        if not edits.exists(source):
            if operation.is_silent:
                return
            raise NotFound(f"There is no graph {source}.")
        if source == target:
            return
        copied = [Quad(quad.subject, quad.predicate, quad.object, target) for quad in edits.quads(source)]
        if operation.kind is not Kind.ADD:
            edits.remove(set(edits.quads(target)) - set(copied))
        if isinstance(target, NamedNode):
            edits.create(target)
        edits.add(copied)
        if operation.kind is Kind.MOVE:
            if isinstance(source, DefaultGraph):
                edits.clear(source)
            else:
                edits.drop(source)

    def _graph(self, operation: Operation, name: str) -> GraphName:
        return DEFAULT_GRAPH if name == DEFAULT else _resolved(operation, [name])[0]

    def _refuse_all(self, graphs: Iterable[GraphName]) -> None:
        for graph in dict.fromkeys(graphs):
            if not (isinstance(graph, NamedNode) and graph.value.startswith(VARIABLE)):
                self._refuse(graph)


def _resolved(operation: Operation, names: Iterable[str]) -> list[NamedNode]:
    """The graphs that names stand for; empty names are passed over."""
    written = [name for name in names if name]
    if not written:
        return []
    blocks = "".join(f"GRAPH {name} {{ <urn:x:{index}> <urn:x:is> 0 }}\n" for index, name in enumerate(written))
    quads = {quad.subject: quad.graph_name for quad in _data(operation.prologue, f"{{ {blocks} }}")}
    found = [quads[NamedNode(f"urn:x:{index}")] for index in range(len(written))]
    return [graph for graph in found if isinstance(graph, NamedNode)]


def _data(prologue: str, block: str) -> list[Quad]:
    """The quads of a block as the engine reads them."""
    scratch = Store()
    scratch.update(f"{prologue}\nINSERT DATA {block}", base_iri=ROOT)
    return list(scratch)


def _quads(operation: Operation, block: str, with_graph: GraphName) -> list[Quad]:
    found = _data(operation.prologue, block) if block else []
    return [
        Quad(quad.subject, quad.predicate, quad.object, with_graph) if quad.graph_name == DEFAULT_GRAPH else quad
        for quad in found
    ]


def _filled(template: Sequence[Quad], solutions: Iterable[QuerySolution]) -> list[Quad]:
    """A template with each solution in turn; what gives no valid quad is left out."""
    filled = []
    for solution in solutions:
        blank_nodes: dict[BlankNode, BlankNode] = {}
        for quad in template:
            parts = [_term(part, solution, blank_nodes) for part in (quad.subject, quad.predicate, quad.object)]
            graph = _term(quad.graph_name, solution, blank_nodes)
            if _is_triple(*parts) and isinstance(graph, NamedNode | BlankNode | DefaultGraph):
                filled.append(Quad(parts[0], parts[1], parts[2], graph))
    return filled


def _term(term: Any, solution: QuerySolution, blank_nodes: dict[BlankNode, BlankNode]) -> Any:  # noqa: ANN401
    if isinstance(term, NamedNode) and term.value.startswith(VARIABLE):
        return solution[term.value.removeprefix(VARIABLE)]
    if isinstance(term, BlankNode):
        return blank_nodes.setdefault(term, BlankNode())
    if isinstance(term, Triple):
        parts = [_term(part, solution, blank_nodes) for part in (term.subject, term.predicate, term.object)]
        return Triple(*parts) if _is_triple(*parts) else None
    return term


def _is_triple(subject: object, predicate: object, value: object) -> bool:
    return isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and value is not None


def _merged(store: Store, default: Iterable[NamedNode], named: Iterable[NamedNode]) -> Store:
    """The merge of several graphs as the default graph of a store in memory, beside the named graphs."""
    merged = Store()
    for graph in dict.fromkeys(default):
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in dict.fromkeys(named):
        merged.bulk_extend(store.quads_for_pattern(None, None, None, graph))
    return merged
