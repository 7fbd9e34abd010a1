"""What changed between two versions of the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from pedgraph import __version__
from pedgraph.errors import InputError
from pedgraph.intake.difference import Change, Difference, Term, difference, read_version
from pedgraph.intake.headers import prior_version, released_versions, version_statements

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/pedgraph/shapes#> .
"""
OLD = """
pedg:City a owl:Class ; rdfs:label "city"@en .
pedg:Town a owl:Class ; rdfs:label "town"@en .
shape:S1 a sh:NodeShape ; sh:in ( 1 2 ) ; sh:not [ sh:minCount 1 ] .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(input=(PREFIXES + text).encode(), format=RdfFormat.TURTLE)]


def test_terms_added_removed_and_changed_are_told_apart() -> None:
    new = """
    pedg:City a owl:Class ; rdfs:label "city"@en ; rdfs:comment "A place."@en .
    pedg:Village a owl:Class ; rdfs:label "village"@en .
    shape:S1 a sh:NodeShape ; sh:in ( 1 2 3 ) ; sh:not [ sh:minCount 1 ] .
    """

    found = difference(triples(OLD), triples(new))

    city = Term("https://w3id.org/pedgraph/ont#City", ("owl:Class",), "city")
    shape = Term("https://w3id.org/pedgraph/shapes#S1", ("sh:NodeShape",), "")
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert found == Difference(
        added=(Term("https://w3id.org/pedgraph/ont#Village", ("owl:Class",), "village"),),
        removed=(Term("https://w3id.org/pedgraph/ont#Town", ("owl:Class",), "town"),),
        changed=(
            Change(city, (), (("rdfs:comment", '"A place."@en'),)),
            Change(
                shape,
                (("sh:in", f'( "1"{integer} "2"{integer} )'),),
                (("sh:in", f'( "1"{integer} "2"{integer} "3"{integer} )'),),
            ),
        ),
    )
    assert found.level == "major"


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ("", "none"),
        ('pedg:City rdfs:comment "A place."@en .', "patch"),
        ("pedg:Village a owl:Class .", "minor"),
        ("pedg:City rdfs:subClassOf pedg:Town .", "major"),
        ("pedg:City owl:disjointWith pedg:Town .", "major"),
    ],
)
def test_the_change_asks_for_a_part_of_the_version_number(more: str, level: str) -> None:
    assert difference(triples(OLD), triples(OLD + more)).level == level


def test_the_same_graph_with_other_blank_nodes_does_not_differ() -> None:
    again = OLD.replace("[ sh:minCount 1 ]", "_:named") + "_:named sh:minCount 1 ."

    assert difference(triples(OLD), triples(again)) == Difference((), (), ())


def test_versions_are_found_by_name_and_by_folder(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(PREFIXES + OLD, encoding="utf-8")

    assert difference(read_version(str(tmp_path)), triples(OLD)) == Difference((), (), ())
    assert difference(read_version("current"), read_version(__version__)) == Difference((), (), ())
    assert len(difference(read_version("0.1.0"), read_version("current")).added) > 100
    with pytest.raises(InputError, match=r"no version and no folder '7\.7\.7'\. Versions: 0\.1\.0"):
        read_version("7.7.7")


def test_versions_are_ordered_by_their_numbers(tmp_path: Path) -> None:
    for name in ("0.9.0", "0.10.0", "0.2.0", "notes"):
        (tmp_path / name).mkdir()

    assert released_versions(tmp_path) == ["0.2.0", "0.9.0", "0.10.0"]
    assert prior_version(tmp_path, "0.10.0") == "0.9.0"
    assert prior_version(tmp_path, "0.2.0") is None
    assert [str(triple) for triple in version_statements("https://example.org/ont", "2.0.0", "1.0.0")] == [
        f"<https://example.org/ont> <http://www.w3.org/2002/07/owl#{name}> {value}"
        for name, value in [
            ("versionIRI", "<https://example.org/ont/2.0.0>"),
            ("versionInfo", '"2.0.0"'),
            ("priorVersion", "<https://example.org/ont/1.0.0>"),
        ]
    ]
