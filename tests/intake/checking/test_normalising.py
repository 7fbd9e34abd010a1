"""Names for what has none, and numbers in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from pedgraph.intake.bundle import read_shapes
from pedgraph.intake.checking.normalising import (
    canonical,
    data_hash,
    decimal_properties,
    name_blank_nodes,
    with_canonical_decimals,
)
from pedgraph.intake.findings import Position
from pedgraph.intake.reading.documents import Document, Statement
from pedgraph.vocabulary.iris import TERMS, THINGS

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"""
@prefix pedg: <{TERMS}> . @prefix id: <{THINGS}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/pedgraph/code/city-role/> . @prefix xsd: <{XSD}> . @prefix ex: <https://example.org/> .
"""
LYON = f"<{THINGS}city/fr-lyon>"
ROLE = f"[ a pedg:CityParticipation ; pedg:involves {LYON} ; pedg:role role:lighthouse ]"


def document(turtle: str) -> Document:
    quads = parse((PREFIXES + turtle).encode(), RdfFormat.TURTLE, rename_blank_nodes=True)
    return Document("text/turtle", [Statement(quad.triple, Position("x")) for quad in quads])


def named(turtle: str) -> set[Triple]:
    read = document(turtle)
    name_blank_nodes(read)
    return set(read.triples)


def test_a_role_without_a_name_gets_that_of_its_facts() -> None:
    without = named(f"{ROLE} .")

    name = next(iter(without)).subject
    assert isinstance(name, NamedNode)
    assert name.value.startswith(f"{THINGS}involvement/")
    assert {each.subject for each in without} == {name}


def test_the_name_of_a_node_waits_for_those_of_the_nodes_that_it_names() -> None:
    """A balance is named after its components, which have no names either."""
    number = "[ a pedg:IndicatorObservation ; pedg:value {} ; pedg:about <https://w3id.org/pedgraph/id/ped/x> ]"
    one = named(f"[ a pedg:EnergyBalance ; pedg:hasComponent {number.format(1)} , {number.format(2)} ] .")
    other = named(f"[ a pedg:EnergyBalance ; pedg:hasComponent {number.format(2)} , {number.format(1)} ] .")

    assert one == other
    kinds = {
        each.subject.value.removeprefix(THINGS).split("/")[0] for each in one if isinstance(each.subject, NamedNode)
    }
    assert kinds == {"balance", "obs"}


def test_other_nodes_are_named_after_what_is_said_of_them_and_points_to_them() -> None:
    one = named("ex:a ex:near [ ex:label 'x' ; ex:inside [ ex:label 'y' ] ] . ex:b ex:near [ ex:label 'x' ] .")
    again = named("ex:b ex:near [ ex:label 'x' ] . ex:a ex:near [ ex:inside [ ex:label 'y' ] ; ex:label 'x' ] .")

    assert one == again
    assert len({each.subject for each in one}) == 5
    assert not [each for each in one if isinstance(each.object, BlankNode)]


def test_nodes_that_nothing_tells_apart_stay_two() -> None:
    same = named("_:a ex:next _:b . _:b ex:next _:a .")

    assert len({each.subject for each in same}) == 2
    assert len(same) == 2


TERM = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "ex:n"])
GRAPHS = st.lists(
    st.tuples(TERM, st.sampled_from(["ex:p", "ex:q"]), TERM | st.sampled_from(["'1'", "'2'"])), max_size=8
)


@given(GRAPHS)
def test_a_graph_with_names_is_the_same_graph(facts: list[tuple[str, str, str]]) -> None:
    """Giving nodes names merges none: with blank nodes in the stead of the names it is what it was."""
    turtle = "".join(f"{' '.join(fact)} .\n" for fact in facts)
    before = document(turtle).triples
    read = document(turtle)
    names = set(name_blank_nodes(read).values())

    def blank(term: object) -> object:
        return BlankNode(f"x{abs(hash(term))}") if isinstance(term, NamedNode) and term.value in names else term

    after = [Triple(blank(each.subject), each.predicate, blank(each.object)) for each in read.triples]  # type: ignore[arg-type]
    assert canonical(before) == canonical(after)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('"2600"^^xsd:integer', '"2600.0"^^xsd:decimal'),
        ('"1.50"^^xsd:decimal', '"1.5"^^xsd:decimal'),
        ('"-0.0"^^xsd:decimal', '"0.0"^^xsd:decimal'),
        ('"+007"^^xsd:integer', '"7.0"^^xsd:decimal'),
        ('"2.5E3"^^xsd:double', '"2500.0"^^xsd:decimal'),
        ('"1e-3"^^xsd:double', '"0.001"^^xsd:decimal'),
        (
            '"12345678901234567890.12345678901234567890"^^xsd:decimal',
            '"12345678901234567890.1234567890123456789"^^xsd:decimal',
        ),
        ('"INF"^^xsd:double', '"INF"^^xsd:double'),
        ('"1E999999999"^^xsd:double', '"1E999999999"^^xsd:double'),
        ('"ten"^^xsd:decimal', '"ten"^^xsd:decimal'),
        ('"12"', '"12"'),
    ],
)
def test_numbers_become_canonical_decimals(written: str, wanted: str) -> None:
    properties = decimal_properties(read_shapes())
    found = with_canonical_decimals(document(f"ex:a pedg:value {written} ; ex:other 7 .").triples, properties)

    expected = document(f"ex:a pedg:value {wanted} ; ex:other 7 .").triples
    assert found == expected


def test_the_shapes_say_whose_values_are_decimals() -> None:
    assert decimal_properties(read_shapes()) >= {f"{TERMS}value"}
    assert f"{TERMS}referenceYear" not in decimal_properties(read_shapes())


def test_the_hash_does_not_depend_on_labels_and_order_but_on_the_data() -> None:
    one = data_hash(document("_:x ex:p _:y . _:y ex:q 'a\\n\\u0007\"' .").triples)

    assert one == data_hash(document("_:second ex:q 'a\\n\\u0007\"' . _:first ex:p _:second .").triples)
    assert one != data_hash(document("_:x ex:p _:y . _:y ex:q 'b' .").triples)
    # From the standard: two blank nodes, sorted by code point, each line ended by a line feed.
    assert canonical(document("_:x ex:p _:y .").triples) == b"_:c14n0 <https://example.org/p> _:c14n1 .\n"


def test_the_canonical_form_is_what_a_dataset_gives() -> None:
    triples = document(f"{ROLE} . ex:a ex:b [ ex:c 1.50 , 'é'@FR ] .").triples
    dataset = Dataset(Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    assert sorted(canonical(triples).decode().splitlines()) == sorted(str(dataset).splitlines())
    assert Literal("1.50", datatype=NamedNode(f"{XSD}decimal")) in {each.object for each in triples}
