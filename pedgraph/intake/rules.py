"""The rules for what is written to a graph that is served already: which graphs take writes, and what must conform."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from pedgraph.errors import DoesNotConform, GraphNotWritable
from pedgraph.intake.bundle import KNOWN, read_data, read_shapes, read_vocabulary
from pedgraph.intake.findings import conforms, count
from pedgraph.intake.gate import undescribed
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.parsing import refuse_rdf_1_2
from pedgraph.resources import data_directory
from pedgraph.store.edits import normalised
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding
    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits, GraphName

_SHIPPED = frozenset({VOCABULARY_GRAPH, ALIGNMENTS_GRAPH})
_MADE = frozenset({*_SHIPPED, INFERRED_GRAPH})


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

    @cached_property
    def _shapes(self) -> list[Triple]:
        return read_shapes()

    @cached_property
    def _vocabulary(self) -> list[Triple]:
        return read_vocabulary()

    @cached_property
    def _reference_graphs(self) -> frozenset[str]:
        return frozenset(read_data(data_directory()).reference)

    def validate(self, edits: Edits, submitted: Sequence[Triple] = ()) -> None:
        """Validates each named graph that was changed, together with what the others know.

        ``submitted`` are triples as a client wrote them, for the store rewrites literals. Raises
        :class:`DoesNotConform` with all findings where there is a violation among them, and :class:`InputError` for
        what only RDF 1.2 has.
        """
        from pedgraph.intake.validation import Rulebook, validate

        changed = [name for name in sorted(edits.changed() - _MADE) if edits.exists(NamedNode(name))]
        for name in changed:
            refuse_rdf_1_2(edits.added[NamedNode(name)], name)
        findings = translate(undescribed(self._wanted(edits, changed), _subjects(edits, META_GRAPH)), ENGLISH)
        if changed:
            rulebook = Rulebook(self._shapes, self._vocabulary, self._reference(edits))
            for name in changed:
                findings += validate(_as_written(edits, name, submitted), rulebook)
        _refuse_violations(findings)

    def _wanted(self, edits: Edits, changed: Iterable[str]) -> set[str]:
        """The graphs that must be described: those that changed, and all others too where the descriptions did."""
        if META_GRAPH not in edits.changed():
            return set(changed)
        return {str(graph.value) for graph in edits.store.named_graphs()}

    def _reference(self, edits: Edits) -> list[Triple]:
        reference = [quad.triple for name in self._reference_graphs for quad in edits.quads(NamedNode(name))]
        for predicate in sorted(KNOWN):
            quads = edits.store.quads_for_pattern(None, NamedNode(predicate), None, None)
            reference += [quad.triple for quad in quads if _is_data(quad)]
        return reference


def _refuse_violations(findings: Sequence[Finding]) -> None:
    if not conforms(findings):
        raise DoesNotConform(
            f"The data would not conform: {count(findings)}. Nothing was published.",
            findings=[finding.as_json() for finding in sorted(findings)],
        )


def _is_data(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value not in _MADE


def _subjects(edits: Edits, graph: str) -> set[str]:
    quads = edits.quads(NamedNode(graph))
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def _as_written(edits: Edits, name: str, submitted: Sequence[Triple]) -> list[Triple]:
    """The triples of a graph, those that were submitted in the form in which they were."""
    present = {quad.triple for quad in edits.quads(NamedNode(name))}
    stored = {quad.triple for quad in normalised(Quad(each.subject, each.predicate, each.object) for each in submitted)}
    return [*(present - stored), *submitted]
