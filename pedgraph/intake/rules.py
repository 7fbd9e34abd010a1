"""The rules for what is written to a graph that is served already: which graphs take writes, and what must conform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from pedgraph.errors import DoesNotConform, GraphNotWritable
from pedgraph.intake.bundle import KNOWN
from pedgraph.intake.findings import conforms, count
from pedgraph.intake.gate import undescribed
from pedgraph.intake.known import OwnGraph, either, known_elsewhere
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.parsing import refuse_rdf_1_2
from pedgraph.intake.shipped import Shipped
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.known import Find
    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits, GraphName
    from pedgraph.store.facts import Subject

_SHIPPED = frozenset({VOCABULARY_GRAPH, ALIGNMENTS_GRAPH})
# Graphs that the program makes or brings along.
MADE = frozenset({*_SHIPPED, INFERRED_GRAPH})


def refuse_graph(graph: GraphName, settings: Settings) -> None:
    """Refuses a graph that the program makes by itself; raises :class:`GraphNotWritable` with the reason."""
    is_merged = settings.default_graph == "merged"
    if isinstance(graph, DefaultGraph):
        if is_merged:
            raise GraphNotWritable(
                "The default graph is the merge of all named graphs here, so it has no content of its own. "
                "Write to a named graph.",
                graph="default",
            )
        return
    name = str(graph.value)
    if is_merged and name == INFERRED_GRAPH:
        raise GraphNotWritable(f"<{name}> is derived anew from the other graphs with each version.", graph=name)
    if settings.validate_writes == "on" and name in _SHIPPED:
        raise GraphNotWritable(f"<{name}> comes with pedgraph and changes with its version only.", graph=name)


class Rules:
    """What changed graphs are held against. Reads what comes with pedgraph once."""

    def __init__(self) -> None:
        self._shipped = Shipped()

    def validate(self, edits: Edits, submitted: Sequence[Triple] = ()) -> None:
        """Validates what was changed in each named graph, and what points to it, together with what the others know.

        ``submitted`` are triples as a client wrote them, for the store rewrites literals. Raises
        :class:`DoesNotConform` with all findings where there is a violation among them, and :class:`InputError` for
        what only RDF 1.2 has.
        """
        from pedgraph.intake.validation import validate

        changed = [name for name in sorted(edits.changed() - MADE) if edits.exists(NamedNode(name))]
        for name in changed:
            refuse_rdf_1_2(edits.added[NamedNode(name)], name)
        findings = translate(undescribed(self._wanted(edits, changed), _subjects(edits, META_GRAPH)), ENGLISH)
        if edits.changed() - MADE:
            known = known_elsewhere(lambda s, p, o: edits.store.quads_for_pattern(s, p, o, None), MADE)
            reference = self._reference(edits)
            for name, touched in _touched(edits, changed).items():
                own = OwnGraph(_finding(edits, NamedNode(name)), submitted if name in changed else ())
                rulebook = self._shipped.rulebook_with(reference, either(own.rest, known))
                names = {node.value for node in touched if isinstance(node, NamedNode | BlankNode)}
                findings += validate(own.about(touched), rulebook, names)
        _refuse_violations(findings)

    def _wanted(self, edits: Edits, changed: Iterable[str]) -> set[str]:
        """The graphs that must be described: those that changed, and all others too where the descriptions did."""
        if META_GRAPH not in edits.changed():
            return set(changed)
        return {str(graph.value) for graph in edits.store.named_graphs()}

    def _reference(self, edits: Edits) -> list[Triple]:
        return [quad.triple for name in self._shipped.written.reference for quad in edits.quads(NamedNode(name))]


def _refuse_violations(findings: Sequence[Finding]) -> None:
    if not conforms(findings):
        raise DoesNotConform(
            f"The data would not conform: {count(findings)}. Nothing was published.",
            findings=[finding.as_json() for finding in sorted(findings)],
        )


def _touched(edits: Edits, changed: Iterable[str]) -> dict[str, set[Subject]]:
    """The nodes to look at, by graph: those of which anything changed and those that point to them there; in other
    graphs those that point to a node of which anything changed that all know.
    """
    store = edits.store
    found: dict[str, set[Subject]] = {}
    for name in changed:
        graph = NamedNode(name)
        nodes: set[Subject] = {triple.subject for triple in edits.added[graph] | edits.removed[graph]}
        found[name] = nodes | {
            quad.subject for node in nodes for quad in store.quads_for_pattern(None, None, node, graph)
        }
    known = {triple.subject for triple in _differing(edits) if triple.predicate.value in KNOWN}
    for node in known:
        for quad in store.quads_for_pattern(None, None, node, None):
            graph_name = quad.graph_name
            if isinstance(graph_name, NamedNode) and graph_name.value not in MADE:
                found.setdefault(graph_name.value, set()).add(quad.subject)
    return dict(sorted(found.items()))


def _finding(edits: Edits, graph: NamedNode) -> Find:
    return lambda subject, predicate, value: edits.store.quads_for_pattern(subject, predicate, value, graph)


def _differing(edits: Edits) -> Iterator[Triple]:
    """All triples that were added to a graph or removed from one."""
    for graphs in (edits.added, edits.removed):
        for name, triples in graphs.items():
            if isinstance(name, NamedNode) and name.value not in MADE:
                yield from triples


def _subjects(edits: Edits, graph: str) -> set[str]:
    quads = edits.quads(NamedNode(graph))
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
