"""A small submission, the background of the shipped data, and findings made by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from pedgraph.intake.bundle import read_data
from pedgraph.intake.telling.teller import Background, Teller
from tests.folders import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pedgraph.intake.validation import Rulebook

PROLOGUE: Final = """
PREFIX pedg: <https://w3id.org/pedgraph/ont#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX city: <https://w3id.org/pedgraph/id/city/> PREFIX ped: <https://w3id.org/pedgraph/id/ped/>
PREFIX id: <https://w3id.org/pedgraph/id/> PREFIX code: <https://w3id.org/pedgraph/code/>
PREFIX indicator: <https://w3id.org/pedgraph/indicator/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX unit: <http://qudt.org/vocab/unit/> PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def triples(turtle: str) -> list[Triple]:
    """The triples of Turtle that uses the prefixes of :data:`PROLOGUE`, with strokes in names as people write them."""
    escaped = re.sub(r"\b(id|code):(\w[\w-]*)/", r"\1:\2\\/", turtle)
    return [quad.triple for quad in parse(PROLOGUE + escaped, RdfFormat.TURTLE)]


@pytest.fixture(scope="session")
def background(rulebook: Rulebook) -> Background:
    """What the check of a file tells its findings with."""
    known = [triple for graph in read_data(TEXTS).graphs.values() for triple in graph]
    return Background.of_triples(rulebook.shapes, [*rulebook.vocabulary, *rulebook.reference], known)


@pytest.fixture(scope="session")
def teller(background: Background) -> Callable[[str, str], Teller]:
    """Makes a teller for a submission in Turtle and a language."""
    return lambda turtle, language: Teller(background, triples(turtle), language)
