"""Queries and frames agree: where all is known that a card can show, all of it is selected and all of it is shown."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store

from pedgraph.delivery.cards import KINDS, card
from pedgraph.query.binding import with_iri
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.vocabulary.contexts import document
from pedgraph.vocabulary.iris import FRAMES, GRAPHS, META_GRAPH, PREFIXES, THINGS
from tests.delivery.parsing import assert_same_graph, definitions, objects

if TYPE_CHECKING:
    from pedgraph.vocabulary.contexts import Json

KNOWN = definitions()
GRAPH = NamedNode(GRAPHS + "example/1")
SOURCE = NamedNode(THINGS + "source/example")
OTHER = NamedNode(THINGS + "thing/other")
# These two come from the descriptions of graphs and sources, not from statements about the thing.
FROM_META = {"sources", "datasets"}
NOT_GROWN = {"id", "rdfs:label", *FROM_META}
# What a frame names tells what sort of node it is made for; the first that fits.
KIND_BY_KEY = {
    "assessedStatus": "pedg:IndicatorObservation",
    "value": "pedg:IndicatorObservation",
    "disagreementKind": "pedg:Disagreement",
    "rivalTerm": "pedg:RivalStatement",
}
TYPED = {"xsd:gYear": "2026", "xsd:date": "2026-11-22"}


def iri(name: str) -> NamedNode:
    """The IRI of a compact name, with the prefixes of the context."""
    prefix, _, local = name.partition(":")
    namespace = KNOWN.get(prefix) or PREFIXES[prefix]
    return NamedNode(namespace + local)


def keys_in_frames() -> set[str]:
    """Every forward key that any frame names at any depth."""
    found = {key for kind in KINDS for node in objects(document(f"{FRAMES}{kind}.jsonld")) for key in node}
    return {
        key
        for key in found
        if not key.startswith("@") and key not in NOT_GROWN and "@reverse" not in str(KNOWN.get(key))
    }


class World:
    """Invented: a thing with everything that a frame can show, each node linked to others of its own.

    Each node also has everything that other frames show, so that a query that selects too much is found out.
    """

    def __init__(self, frame: Json) -> None:
        self._numbers = count()
        self._quads: list[Quad] = []
        self.this = self._node()
        self._grow(self.this, frame)
        meta = NamedNode(META_GRAPH)
        for subject, name, value in (
            (GRAPH, "prov:hadPrimarySource", SOURCE),
            (GRAPH, "dcterms:title", Literal("Invented: a data set", language="en")),
            (GRAPH, "dcterms:license", NamedNode("https://creativecommons.org/licenses/by/4.0/")),
            (GRAPH, "dcterms:issued", Literal("2026-11-22", datatype=iri("xsd:date"))),
            (SOURCE, "rdf:type", iri("pedg:Source")),
            (OTHER, "rdfs:label", Literal("Invented: another thing", language="en")),
            (SOURCE, "dcterms:title", Literal("Invented: a source", language="en")),
        ):
            self._quads.append(Quad(subject, iri(name), value, meta))

    def store(self) -> Store:
        store = Store()
        store.extend(self._quads)
        store.extend(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in self._quads)
        return store

    def _node(self) -> NamedNode:
        return NamedNode(f"{THINGS}thing/{next(self._numbers)}")

    def _say(self, subject: NamedNode, name: str, value: NamedNode | Literal) -> None:
        self._quads.append(Quad(subject, iri(name), value, GRAPH))

    def _grow(self, node: NamedNode, frame: Json) -> None:
        kind = next((kind for key, kind in KIND_BY_KEY.items() if key in frame), "pedg:Event")
        self._say(node, "rdf:type", iri(kind))
        self._say(node, "rdfs:label", Literal("Invented: a name", language="en"))
        for key in sorted(keys_in_frames() | frame.keys()):
            if not key.startswith("@") and key not in NOT_GROWN:
                self._grow_key(node, key, frame.get(key, {}))

    def _grow_key(self, node: NamedNode, key: str, inner: Json) -> None:
        definition: Any = KNOWN.get(key, key)
        if isinstance(definition, dict) and "@reverse" in definition:
            other = self._node()
            self._say(other, definition["@reverse"], node)
            self._grow(other, inner)
            return
        name = definition if isinstance(definition, str) else definition["@id"]
        kind = None if isinstance(definition, str) else definition.get("@type")
        if inner.get("@embed") == "@always":
            other = self._node()
            self._say(node, name, other)
            self._grow(other, inner)
        elif kind == "@vocab":
            self._say(node, name, NamedNode(definition["@context"]["@vocab"] + "some-word"))
        elif kind == "@id":
            self._say(node, name, SOURCE)
            self._say(node, name, OTHER)
        elif kind is not None:
            self._say(node, name, Literal(TYPED.get(kind, "Invented: a value"), datatype=iri(kind)))
        elif ":" in key:
            self._say(node, name, Literal("Invented: a text", language="en"))
        else:
            self._say(node, name, Literal("Invented: a value"))


def paths(tree: Json, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The keys of a frame or a card, each with those above it, in the names of the frame."""
    found: set[tuple[str, ...]] = set()
    for key, value in tree.items():
        if key.startswith("@") or key in {"id", "type", "plain", "label", "rdfs:label"} or key in FROM_META:
            continue
        definition = KNOWN.get(key)
        is_map = isinstance(definition, dict) and "@language" in str(definition.get("@container"))
        name = definition["@id"] if is_map else key  # type: ignore[index]
        found.add((*above, name))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and "@value" not in each and not is_map:
                found |= paths(each, (*above, name))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_shows_all_that_its_query_selects_and_its_frame_names(kind: str) -> None:
    frame = document(f"{FRAMES}{kind}.jsonld")
    world = World(frame)
    stored = read_stored_query(queries_directory() / "cards" / f"{kind}.rq")
    found = world.store().query(with_iri(stored, "this", world.this.value))
    assert isinstance(found, QueryTriples)
    triples = list(found)

    made = card(triples, kind, world.this.value)

    assert_same_graph(made, triples)
    assert paths(frame) <= paths(made)
    assert made["datasets"][0]["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert SOURCE.value in {each["id"] for each in made["sources"]}


@pytest.mark.parametrize(
    ("type_name", "key"),
    [
        ("IndicatorObservation", "indicators"), ("Target", "indicators"), ("EnergyBalance", "balances"),
        ("StatusClaim", "claims"), ("StatusAssessment", "assessments"), ("Disagreement", "disagreements"),
    ],
)  # fmt: skip
def test_what_is_about_a_thing_stands_under_the_key_of_its_type(type_name: str, key: str) -> None:
    this, other = (NamedNode(f"{THINGS}ped/{name}") for name in ("a", "b"))
    quads = [Quad(other, iri("pedg:about"), this), Quad(other, iri("rdf:type"), iri("pedg:" + type_name))]

    made = card([quad.triple for quad in quads], "ped", this.value)

    assert set(made) == {"@context", "id", key}
    assert made[key] == [{"id": other.value, "type": type_name}]
    assert_same_graph(made, [quad.triple for quad in quads])


def test_an_assessment_in_the_inferred_graph_is_shown_without_its_derived_classes() -> None:
    this, other = NamedNode(THINGS + "ped/a"), NamedNode(THINGS + "ped/a/assessment/latest")
    inferred = NamedNode(GRAPHS + "inferred")
    store = Store()
    statements: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (other, "pedg:about", this),
        (other, "rdf:type", iri("pedg:StatusAssessment")),
        (other, "rdf:type", iri("prov:Entity")),
        (other, "pedg:assessedStatus", NamedNode("https://w3id.org/pedgraph/code/assessed-status/insufficient-data")),
        (other, "pedg:ruleVersion", Literal("0.2.0")),
        (this, "rdf:type", iri("geo:Feature")),
    ]
    for subject, name, value in statements:
        for graph in (inferred, DefaultGraph()):
            store.add(Quad(subject, iri(name), value, graph))
    stored = read_stored_query(queries_directory() / "cards" / "ped.rq")
    found = store.query(with_iri(stored, "this", this.value))
    assert isinstance(found, QueryTriples)

    made = card(found, "ped", this.value)

    assert made["assessments"] == [
        {
            "id": other.value,
            "type": "StatusAssessment",
            "assessedStatus": "insufficient-data",
            "ruleVersion": "0.2.0",
        }
    ]
