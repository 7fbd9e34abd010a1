"""The examples: one for every class that is used, each valid, and the same graph in both syntaxes on its page."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode

from pedgraph.delivery.documentation.reading import read_sources
from pedgraph.delivery.documentation.terms import Terms
from pedgraph.intake.findings import Severity
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.validation import validate
from pedgraph.resources import documentation_directory, examples_directory
from pedgraph.vocabulary.contexts import inlined
from pedgraph.vocabulary.iris import TERMS
from pedgraph.vocabulary.media import JSON_LD, TURTLE
from pedgraph.vocabulary.minting import RDF_TYPE, names

if TYPE_CHECKING:
    from pathlib import Path

    from pyoxigraph import Quad, Triple

    from pedgraph.intake.validation import Rulebook

FILES = sorted(examples_directory().glob("*"))
DERIVED_ONLY = "S56"


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms(read_sources())


def triples_of(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse_rdf(path.read_bytes(), TURTLE, path.name)]


def test_every_class_that_is_used_has_an_example(terms: Terms) -> None:
    wanted = {term.name for term in terms.classes.values() if not term.is_abstract}

    assert {path.name for path in FILES} == {f"{name}.ttl" for name in wanted}


def test_every_property_is_in_an_example(terms: Terms) -> None:
    used = {triple.predicate.value for path in FILES for triple in triples_of(path)}

    assert set(terms.properties) - used == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_is_valid(path: Path, rulebook: Rulebook, terms: Terms) -> None:
    triples = triples_of(path)
    kinds = {triple.object for triple in triples if triple.predicate.value == RDF_TYPE}

    violated = {each.rule for each in validate(triples, rulebook) if each.severity == Severity.VIOLATION}

    # What only pedgraph itself may state is shown as well.
    assert violated == ({DERIVED_ONLY} if terms.classes[TERMS + path.stem].is_derived else set())
    assert NamedNode(TERMS + path.stem) in kinds
    assert {old: new for old, new in names(triples).items() if old != new} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_invented_says_so(path: Path) -> None:
    """By a label or a text of its own: names with ``example`` in them, and only these, are made up."""
    text = path.read_text(encoding="utf-8")
    first, _, body = text.partition("\n")

    assert first.startswith("# ")
    assert ("-example" in body) == ("Invented: " in body)
    assert ("Invented: " in body) <= ("nvented" in first or "Derived" in first)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_syntaxes_on_the_page_say_the_same(path: Path) -> None:
    page = (documentation_directory() / "classes" / f"{path.stem}.html").read_text(encoding="utf-8")
    turtle, json_ld = [html.unescape(block) for block in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)]

    # The parser loads nothing, so the context that the page names is put into the document.
    whole = json.dumps(inlined(json.loads(json_ld)))
    shown = [parse_rdf(turtle.encode(), TURTLE, "page"), parse_rdf(whole.encode(), JSON_LD, "page")]

    assert canonical(shown[0]) == canonical(shown[1]) == canonical(parse_rdf(path.read_bytes(), TURTLE, path.name))
    assert not any(isinstance(quad.subject, BlankNode) for quad in shown[0])


def canonical(quads: list[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}
