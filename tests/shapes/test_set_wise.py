"""Every SPARQL constraint finds the same in two engines: node by node in pySHACL, all at once in Oxigraph.

Run at once, a constraint is asked without a focus node. It may give more nodes than the targets of its shape then, but
never a row without a node: such a row speaks of none, and a constraint that gives one hides what it is about.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery

from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.targets import narrow
from pedgraph.intake.terms import to_rdflib
from pedgraph.vocabulary.media import TURTLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result

    from pedgraph.intake.validation import Rulebook

FIXTURES = sorted(Path(__file__).parent.glob("*/*valid*.ttl"))
TARGETS = {
    str(SH.targetClass): "$this a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* {}",
    str(SH.targetNode): "FILTER($this = {})",
    str(SH.targetObjectsOf): "[] {} $this",
    str(SH.targetSubjectsOf): "$this {} []",
}

# Pairs of a shape and a focus node that violates one of its SPARQL constraints.
Verdicts = set[tuple[str, str]]


def sparql_shapes() -> list[Triple]:
    """The shapes with SPARQL constraints, with these and their prefixes, and no others."""
    shapes = read_shapes()
    wanted: set[object] = {triple.subject for triple in shapes if triple.predicate.value == str(SH.sparql)}
    size = 0
    while size != len(wanted):
        size = len(wanted)
        parts = {str(SH.sparql), str(SH.prefixes), str(SH.declare)}
        wanted |= {triple.object for triple in shapes if triple.subject in wanted and triple.predicate.value in parts}
    nested = {str(SH.property), str(SH.node)}
    return [triple for triple in shapes if triple.subject in wanted and triple.predicate.value not in nested]


def literals(shapes: list[Triple], property_: rdflib.URIRef) -> dict[NamedNode | BlankNode | Triple, str]:
    return {
        triple.subject: triple.object.value
        for triple in shapes
        if triple.predicate.value == str(property_) and isinstance(triple.object, Literal)
    }


def questions(shapes: list[Triple]) -> dict[str, tuple[str, str]]:
    """Shape IRI → a query for its focus nodes, and its constraint as a query without a focus node."""
    prefixes, namespaces = literals(shapes, SH.prefix), literals(shapes, SH.namespace)
    prologue = "".join(f"PREFIX {prefixes[node]}: <{namespaces[node]}>\n" for node in prefixes)
    constraints = literals(shapes, SH.select)
    targets: dict[object, list[str]] = {}
    for triple in shapes:
        if triple.predicate.value in TARGETS:
            pattern = TARGETS[triple.predicate.value].format(triple.object)
            targets.setdefault(triple.subject, []).append(f"{{ {pattern} }}")
    return {
        triple.subject.value: (
            f"SELECT DISTINCT $this WHERE {{ {' UNION '.join(targets[triple.subject])} }}",
            f"{prologue}SELECT DISTINCT $this WHERE {{ {{ {constraints[triple.object]} }} }}",
        )
        for triple in shapes
        if triple.predicate.value == str(SH.sparql)
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode | BlankNode)
    }


class QuickGraph(rdflib.Graph):
    """A graph that remembers the queries it was asked, for rdflib takes longer to parse one than to answer it."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401
        prepared = remembered(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@cache
def remembered(query: str) -> Query:
    return prepareQuery(query)


@pytest.fixture(scope="module")
def node_by_node(rulebook: Rulebook) -> Callable[[list[Triple]], Verdicts]:
    """What pySHACL says of the subjects of some triples, which have the vocabulary and reference data around them."""
    shapes = sparql_shapes()
    background = QuickGraph()
    background += to_rdflib([*rulebook.vocabulary, *rulebook.reference])

    def judge(triples: list[Triple]) -> Verdicts:
        with added(to_rdflib(triples), background) as data:
            narrowed = to_rdflib(shapes)
            narrow(narrowed, data, set(to_rdflib(triples).subjects()))
            _, report, _ = pyshacl_validate(data, shacl_graph=narrowed, inplace=True, do_owl_imports=False)
        assert isinstance(report, rdflib.Graph)
        results = list(report.objects(None, SH.result))
        return {
            (str(report.value(result, SH.sourceShape)), str(report.value(result, SH.focusNode))) for result in results
        }

    return judge


@contextmanager
def added(triples: rdflib.Graph, background: rdflib.Graph) -> Iterator[rdflib.Graph]:
    """The background with the triples in it, which are taken away again."""
    new = [triple for triple in triples if triple not in background]
    for triple in new:
        background.add(triple)
    try:
        yield background
    finally:
        for triple in new:
            background.remove(triple)


@pytest.fixture(scope="module")
def all_at_once(rulebook: Rulebook) -> Callable[[list[Triple]], Verdicts]:
    """What Oxigraph finds among the same when it is asked once per constraint."""
    asked = questions(sparql_shapes())
    background = Store()
    background.extend(Quad(*triple) for triple in [*rulebook.vocabulary, *rulebook.reference])

    def judge(triples: list[Triple]) -> Verdicts:
        subjects = {triple.subject for triple in triples}
        new = [quad for quad in (Quad(*triple) for triple in triples) if quad not in background]
        background.extend(new)
        verdicts = {
            (shape, str(node.value))
            for shape, (focus_nodes, constraint) in asked.items()
            for node in nodes(background, constraint) & subjects & nodes(background, focus_nodes)
        }
        for quad in new:
            background.remove(quad)
        return verdicts

    return judge


def nodes(store: Store, query: str) -> set[NamedNode]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    bound = [row["this"] for row in found]
    assert None not in bound, query
    return {node for node in bound if isinstance(node, NamedNode)}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_constraint_finds_the_same_node_by_node_and_all_at_once(
    path: Path,
    node_by_node: Callable[[list[Triple]], Verdicts],
    all_at_once: Callable[[list[Triple]], Verdicts],
) -> None:
    triples = [quad.triple for quad in parse_rdf(path.read_bytes(), TURTLE, str(path))]

    verdicts = all_at_once(triples)

    assert verdicts == node_by_node(triples)


def test_every_sparql_constraint_is_compared_where_it_fires(all_at_once: Callable[[list[Triple]], Verdicts]) -> None:
    constraints = {triple for triple in read_shapes() if triple.predicate.value == str(SH.sparql)}
    invalid = [path for path in FIXTURES if path.stem.startswith("invalid")]

    fired = {
        shape
        for path in invalid
        for shape, _ in all_at_once([quad.triple for quad in parse_rdf(path.read_bytes(), TURTLE, str(path))])
    }

    assert fired == set(questions(sparql_shapes()))
    assert len(fired) == len(constraints) >= 20
