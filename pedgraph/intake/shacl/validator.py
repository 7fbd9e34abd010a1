"""The validator: suspects by SPARQL, verdict by pySHACL."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import rdflib
from pyshacl import validate as pyshacl_validate

from pedgraph.errors import InputError
from pedgraph.intake.shacl.graph import FactsGraph
from pedgraph.intake.shacl.needed import Shapes
from pedgraph.intake.shacl.suspects import Queries, Suspects
from pedgraph.intake.targets import name_targets, targets
from pedgraph.intake.terms import to_rdflib

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pyoxigraph import Triple
    from rdflib.term import Node

    from pedgraph.store.facts import Facts, Together


class Validator:
    """Shapes to hold facts against."""

    def __init__(self, shapes: Sequence[Triple]) -> None:
        self.shapes = to_rdflib(shapes)
        self._parts = Shapes(self.shapes)

    @cached_property
    def queries(self) -> Queries:
        """The shapes, translated."""
        return Queries(self.shapes)

    def suspects(self, facts: Facts) -> Suspects:
        """The nodes that may violate each shape."""
        return self.queries.select(facts)

    def report(
        self,
        facts: Facts,
        focus_nodes: Collection[Node] | None = None,
        prepare: Callable[[rdflib.Graph], None] = lambda _: None,
    ) -> tuple[rdflib.Graph, rdflib.Graph]:
        """The report of pySHACL on the suspects, of the chosen focus nodes if any are, and the data graph it is about.

        ``prepare`` may change the copy of the shapes graph that pySHACL gets. Raises :class:`InputError` where the
        shapes cannot be applied.
        """
        suspects = self.suspects(facts)
        if focus_nodes is not None:
            suspects.nodes = {shape: nodes & set(focus_nodes) for shape, nodes in suspects.nodes.items()}
        judged = {shape: nodes for shape, nodes in suspects.nodes.items() if nodes}
        shapes = self._parts.needed([*judged, *self.queries.untranslated])
        self.queries.focus.replace(shapes, {shape: suspects.nodes.get(shape, set()) for shape in self.queries.shapes})
        prepare(shapes)
        data = FactsGraph(facts, suspects.witnesses)
        return judge(shapes, data), data

    def report_on(
        self,
        facts: Facts | Together,
        focus_nodes: Collection[Node],
        prepare: Callable[[rdflib.Graph], None] = lambda _: None,
    ) -> tuple[rdflib.Graph, rdflib.Graph]:
        """The same for a few focus nodes, all of which are judged, for finding suspects first would take longer."""
        data = FactsGraph(facts, {})
        chosen = targets(self.shapes, data, focus_nodes)
        shapes = self._parts.needed(chosen)
        name_targets(shapes, chosen)
        prepare(shapes)
        return judge(shapes, data), data


def judge(shapes: rdflib.Graph, data: rdflib.Graph) -> rdflib.Graph:
    """The report of pySHACL, which may write into ``shapes``; raises :class:`InputError`."""
    try:
        outcome = pyshacl_validate(data, shacl_graph=shapes, inplace=True, advanced=False, do_owl_imports=False)
    except Exception as error:
        # pySHACL raises many kinds of exception, which have no root of their own.
        raise InputError(f"The shapes cannot be applied: {error}.") from error
    report = outcome[1]
    if not isinstance(report, rdflib.Graph):
        raise InputError(f"The shapes cannot be applied: {report}.")
    return report
