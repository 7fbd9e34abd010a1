"""The curated data: named as they should be, described, and saying no more than the two texts do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.intake.bundle import CuratedData, read_data
from pedgraph.vocabulary.iris import GRAPHS, TERMS, THINGS
from pedgraph.vocabulary.minting import names
from tests.folders import TEXTS

S1, S2 = f"{GRAPHS}s1/1", f"{GRAPHS}s2/1"
SHARED = Path(__file__).parents[3] / "shared" / "sources"
SOURCE_TEXTS = {S1: "000_5b99c3f69ccab7d1.txt", S2: "002_df93b9b20c2714a5.txt"}
PROV = "http://www.w3.org/ns/prov#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture(scope="module")
def data() -> CuratedData:
    """The shipped data."""
    return read_data(TEXTS)


def objects(triples: list[Triple], subject: str, property_: str) -> list[str]:
    return sorted(
        str(triple.object.value)  # type: ignore[union-attr]
        for triple in triples
        if triple.subject == NamedNode(subject) and triple.predicate.value == property_
    )


def of_class(triples: list[Triple], class_name: str) -> set[str]:
    return {
        str(triple.subject.value)  # type: ignore[union-attr]
        for triple in triples
        if triple.predicate.value == TYPE and triple.object == NamedNode(TERMS + class_name)
    }


def text_of(graph: str) -> str:
    path = SHARED / SOURCE_TEXTS[graph]
    if not path.is_file():
        pytest.skip(f"the source text {path.name} is not at hand")
    return " ".join(path.read_text(encoding="utf-8").split())


def test_n_ary_nodes_have_the_names_that_their_facts_give_them(data: CuratedData) -> None:
    wrong = {
        (graph, iri, wanted)
        for graph, triples in data.graphs.items()
        for iri, wanted in names(triples).items()
        if iri != wanted
    }

    assert wrong == set()


def test_every_graph_says_who_states_it_where_and_when(data: CuratedData) -> None:
    meta = data.meta[f"{GRAPHS}meta"]
    for graph in {**data.sources, **data.reference}:
        sources = objects(meta, graph, f"{PROV}hadPrimarySource")
        extractions = objects(meta, graph, f"{PROV}wasGeneratedBy")
        assert sorted(each for extraction in extractions for each in objects(meta, extraction, f"{PROV}used")) == (
            sorted(sources)
        )
        assert all(objects(meta, extraction, "http://purl.org/dc/terms/description") for extraction in extractions)
        for source in sources:
            assert objects(meta, source, "https://schema.org/url"), graph
            assert objects(meta, source, TERMS + "dateRead"), graph
            assert objects(meta, source, "http://purl.org/dc/terms/title"), graph
            terms = ("http://purl.org/dc/terms/rights", "http://purl.org/dc/terms/license")
            assert any(objects(meta, source, each) for each in terms), graph
        assert objects(meta, graph, "http://purl.org/dc/terms/license"), graph
    assert set(data.sources) == {S1, S2}
    assert set(data.reference) == {f"{GRAPHS}geonames/1", f"{GRAPHS}reference"}


def test_nothing_is_stated_that_the_texts_do_not_say(data: CuratedData) -> None:
    claims = [triple for triples in data.sources.values() for triple in triples]
    properties = {triple.predicate.value for triple in claims}

    coordinates = {
        "https://schema.org/latitude",
        "https://schema.org/longitude",
        "http://www.opengis.net/ont/geosparql#asWKT",
    }
    not_given = {"inCountry", "vision", "mission", "boundaryMode", "serves", "setBy", "reachedOn"}
    assert properties & (coordinates | {TERMS + name for name in not_given}) == set()
    assert {iri.removeprefix(THINGS + "city/") for iri in of_class(claims, "City")} == {
        "be-charleroi", "cz-prague", "de-munich", "es-bilbao", "fr-lyon", "hu-budapest", "nl-amsterdam", "pt-porto",
        "ro-alba-iulia", "se-stockholm",
    }  # fmt: skip
    assert len(of_class(claims, "Person")) == 8
    assert len(of_class(claims, "PositiveEnergyDistrict")) == 1


def test_bounds_stay_bounds_and_dates_keep_their_precision(data: CuratedData) -> None:
    claims = [triple for triples in data.sources.values() for triple in triples]
    numbers = {
        (
            objects(claims, iri, TERMS + "indicator")[0].rpartition("/")[2],
            objects(claims, iri, TERMS + "value")[0],
            objects(claims, iri, TERMS + "valueQualifier")[0].rpartition("/")[2],
        )
        for iri in of_class(claims, "IndicatorObservation") | of_class(claims, "Target")
    }
    dates = {
        (triple.object.value, triple.object.datatype.value.rpartition("#")[2])
        for triple in claims
        if isinstance(triple.object, Literal) and re.search("Date|Start|issued|Year", triple.predicate.value)
    }

    assert numbers == {
        ("member-cities", "130.0", "more-than"),
        ("member-projects", "28.0", "exact"),
        ("participants", "100.0", "more-than"),
        ("number-of-peds", "100.0", "exact"),
    }
    assert dates == {
        ("2025-06-11", "date"), ("2025-12-31", "date"), ("2020-12", "gYearMonth"), ("2021-11", "gYearMonth"),
        ("2018", "gYear"), ("2020", "gYear"), ("2025", "gYear"),
    }  # fmt: skip


@pytest.mark.parametrize("graph", [S1, S2])
def test_every_name_stands_in_the_text(graph: str, data: CuratedData) -> None:
    text = text_of(graph)
    for class_name in ("City", "Person", "Project", "Network", "Deliverable", "PositiveEnergyDistrict", "Figure"):
        for iri in of_class(data.sources[graph], class_name):
            (label,) = objects(data.sources[graph], iri, LABEL)
            assert label in text, label


@pytest.mark.parametrize("graph", [S1, S2])
def test_every_section_that_a_statement_points_to_stands_in_the_text(graph: str, data: CuratedData) -> None:
    text = text_of(graph)
    locators = {
        str(triple.object.value)  # type: ignore[union-attr]
        for triple in data.sources[graph]
        if triple.predicate.value == TERMS + "locator"
    }

    quoted = {title for locator in locators for title in re.findall(r'"([^"]+)"', locator)}
    assert quoted
    assert {title for title in quoted if title not in text} == set()


@pytest.mark.parametrize("graph", [S1, S2])
def test_no_sentence_of_the_text_is_carried_over(graph: str, data: CuratedData) -> None:
    """No text shares eight words in a row with the source, but for the names and titles of what it names."""
    text = text_of(graph).lower()
    titles = {"Event", "Figure", "Deliverable"}
    named = set().union(*(of_class(data.sources[graph], title) for title in titles))
    for triple in data.sources[graph]:
        if not (isinstance(triple.object, Literal) and triple.object.language):
            continue
        is_name = triple.predicate.value in {LABEL, "http://purl.org/dc/terms/title"}
        if is_name and triple.subject.value in named:  # type: ignore[union-attr]
            continue
        words = triple.object.value.lower().split()
        runs = [" ".join(words[start : start + 8]) for start in range(len(words) - 7)]
        assert [run for run in runs if run in text] == []
