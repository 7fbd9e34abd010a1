"""Documents of whole graphs, the traps of JSON-LD, and graphs made to blow up a frame."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from pedgraph.delivery import cards
from pedgraph.delivery.cards import KINDS, card
from pedgraph.delivery.documents import compact_graph, expand, frame_graph
from pedgraph.errors import BadRequest, CardTooLarge, ContextNotFound, InputError
from pedgraph.resources import data_directory, ontology_directory
from pedgraph.vocabulary.contexts import document, inlined, load
from pedgraph.vocabulary.iris import CONTEXT, FRAMES, TERMS, THINGS
from tests.delivery.parsing import as_rdflib, assert_same_graph, definitions, objects, with_pyoxigraph, with_rdflib

if TYPE_CHECKING:
    from pathlib import Path

XSD = "http://www.w3.org/2001/XMLSchema#"
THIS = THINGS + "ped/example"
SECONDS_FOR_A_HOSTILE_CARD = 120


def triples_in(path: Path) -> set[Triple]:
    rdf_format = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    return {quad.triple for quad in parse(path=path, format=rdf_format)}


def decimal(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "decimal"))


DATA = sorted(data_directory().rglob("*.trig")) + sorted(ontology_directory().glob("codes/*.ttl"))
WITH_BLANK_NODES = sorted(ontology_directory().glob("*.ttl"))


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_a_whole_file_as_one_document_parses_back_to_the_same_graph(path: Path) -> None:
    triples = triples_in(path)
    compacted = compact_graph(triples)

    assert_same_graph(compacted, triples)
    assert [node["id"] for node in compacted["@graph"]] == sorted({each.subject.value for each in triples})  # type: ignore[union-attr]
    assert json.dumps(compacted) == json.dumps(compact_graph(sorted(triples, key=str)))


@pytest.mark.parametrize("path", WITH_BLANK_NODES, ids=lambda path: path.name)
def test_the_ontology_as_one_document_parses_back_to_the_same_graph(path: Path) -> None:
    triples = triples_in(path)
    compacted = compact_graph(triples)

    assert isomorphic(with_rdflib(compacted), as_rdflib(triples))
    assert isomorphic(as_rdflib(with_pyoxigraph(compacted)), as_rdflib(triples))


def test_a_list_keeps_its_order() -> None:
    first, rest, nil = (
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#" + name) for name in ("first", "rest", "nil")
    )
    nodes = [BlankNode(), BlankNode()]
    triples = {
        Triple(NamedNode(THIS), NamedNode(TERMS + "concerns"), nodes[0]),
        Triple(nodes[0], first, NamedNode(THINGS + "z")), Triple(nodes[0], rest, nodes[1]),
        Triple(nodes[1], first, NamedNode(THINGS + "a")), Triple(nodes[1], rest, nil),
    }  # fmt: skip

    assert isomorphic(with_rdflib(compact_graph(triples)), as_rdflib(triples))


# Trap 1: numbers.


@pytest.mark.parametrize("text", ["2.5", "0.1", "100", "-3.25", "123456789012345678.123456789"])
@pytest.mark.parametrize("key", ["value", "canonicalValue", "computedBalance"])
def test_a_decimal_comes_back_as_it_was(key: str, text: str) -> None:
    triples = [Triple(NamedNode(THIS), NamedNode(TERMS + key), decimal(text))]
    made = card(triples, "thing", THIS)

    assert made[key] == {"type": "xsd:decimal", "@value": text}
    assert made["plain"] == {key: json.loads(text)}
    assert_same_graph(made, triples)
    assert_same_graph(compact_graph(triples), triples)
    found = next(iter(with_rdflib(made).objects()))
    assert isinstance(found, rdflib.Literal)
    assert str(found.datatype) == XSD + "decimal"


def test_a_datatype_in_the_context_would_spoil_decimals() -> None:
    """Why no key for decimals has one: a plain number becomes a decimal in a form that decimals do not have."""
    context = {"value": {"@id": TERMS + "value", "@type": XSD + "decimal"}}
    spoilt = {"@context": context, "@id": THIS, "value": 2.5}
    sound = {"@context": CONTEXT, "id": THIS, "value": 2.5}

    assert {each.object for each in with_pyoxigraph(spoilt)} == {decimal("2.5E0")}
    assert {each.object for each in with_pyoxigraph(sound)} == {Literal("2.5E0", datatype=NamedNode(XSD + "double"))}


# Trap 2: language maps in frames.


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_never_uses_the_key_of_a_language_map(kind: str) -> None:
    maps = {key for key, each in definitions().items() if isinstance(each, dict) and "@language" in str(each)}

    assert {"label", "title", "description"} <= maps
    for node in objects(document(f"{FRAMES}{kind}.jsonld")):
        assert not maps & node.keys()


def test_a_frame_that_does_gives_no_label_or_none_at_all() -> None:
    """Why the full names of such properties stand in the frames."""
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    triples = [
        Triple(NamedNode(THIS), NamedNode(TERMS + "inCity"), NamedNode(THINGS + "city/x")),
        Triple(NamedNode(THINGS + "city/x"), label, Literal("X", language="en")),
    ]

    def framed(key: str) -> Any:  # noqa: ANN401
        inner = {"@embed": "@always", "@explicit": True, "id": {}, key: {}}
        return frame_graph(triples, {"@context": CONTEXT, "id": THIS, "inCity": inner})["inCity"]

    assert framed("rdfs:label") == {"id": THINGS + "city/x", "label": {"en": "X"}}
    try:
        spoilt = framed("label")
    except (InputError, TypeError, AttributeError, IndexError):
        return
    assert spoilt != {"id": THINGS + "city/x", "label": {"en": "X"}}


# Trap 3: lists of one.


def test_one_item_is_a_list_where_there_may_be_several() -> None:
    site = NamedNode(THINGS + "site/x")
    made = card([Triple(site, NamedNode(TERMS + "partOfDistrict"), NamedNode(THIS))], "ped", THIS)

    assert made == {"@context": CONTEXT, "id": THIS, "sites": [{"id": site.value}]} or made["sites"] == [site.value]


# Nothing is fetched.


@pytest.mark.parametrize(
    "iri", ["https://schema.org/", CONTEXT + "x", FRAMES + "nothing.jsonld", FRAMES + "../ped.jsonld"]
)
def test_a_context_that_is_not_ours_is_an_error(iri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object, **__: object) -> None:
        raise AssertionError("something tried to connect")

    monkeypatch.setattr(socket, "socket", no_socket)
    for attempt in (
        lambda: load(iri, {}),
        lambda: expand({"@context": iri, "name": "x"}),
        lambda: expand({"@context": [CONTEXT, iri], "label": {"en": "x"}}),
        lambda: inlined({"@context": iri}),
    ):
        with pytest.raises(ContextNotFound):
            attempt()


def test_our_context_is_found_and_what_is_no_json_ld_is_an_error() -> None:
    expanded = expand({"@context": CONTEXT, "id": THIS, "type": "City"})

    assert expanded == [{"@id": THIS, "@type": [TERMS + "City"]}]
    with pytest.raises(InputError, match="not JSON-LD"):
        expand({"@context": {"x": 7}, "x": 1})


def test_a_kind_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(BadRequest, match="no kind of card 'street'"):
        card([], "street", THIS)


# Graphs made to blow up a frame.


def everything_with_everything(nodes: int) -> list[Triple]:
    """Every node linked with every node, itself too, by every key of a thing in the context."""
    properties = sorted(
        {
            each["@id"].replace("pedg:", TERMS)
            for each in definitions().values()
            if isinstance(each, dict) and each.get("@type") == "@id" and each.get("@id", "").startswith("pedg:")
        }
    )
    iris = [NamedNode(THIS)] + [NamedNode(f"{THINGS}ped/{number}") for number in range(nodes - 1)]
    return [Triple(one, NamedNode(each), other) for each in properties for one in iris for other in iris]


@pytest.mark.timeout(SECONDS_FOR_A_HOSTILE_CARD)
@pytest.mark.parametrize("kind", KINDS)
def test_a_card_stays_small_where_everything_is_linked_with_everything(kind: str) -> None:
    triples = everything_with_everything(8)
    made = card(triples, kind, THIS)

    assert set(with_pyoxigraph(made)) <= set(triples)
    assert len(json.dumps(made)) < 4_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_chain_and_a_ring_do_not_recurse(kind: str) -> None:
    iris = [NamedNode(THIS)] + [NamedNode(f"{THINGS}ped/{number}") for number in range(4_000)]
    link = NamedNode(TERMS + "contributesTo")
    triples = [Triple(one, link, other) for one, other in zip(iris, [*iris[1:], iris[0]], strict=True)]

    made = card(triples, kind, THIS)

    assert made["contributesTo"]
    assert len(json.dumps(made)) < 1_000


def test_more_than_fits_on_a_card_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "MOST_TRIPLES", 10)
    site = [
        Triple(NamedNode(f"{THINGS}site/{number}"), NamedNode(TERMS + "partOfDistrict"), NamedNode(THIS))
        for number in range(11)
    ]

    assert len(card(site[:10] * 2, "ped", THIS)["sites"]) == 10
    with pytest.raises(CardTooLarge, match="More than 10 triples"):
        card(site, "ped", THIS)
