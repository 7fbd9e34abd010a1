"""What the questions on coverage count in a world that can be counted by hand, and what they must know of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, Triple

from pedgraph.delivery.cards import card, card_query, kind_of
from pedgraph.intake.bundle import read_shapes, read_vocabulary
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.facts import SH, Facts
from pedgraph.query.library import read_library
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import TERMS, THINGS, VOCABULARY_GRAPH, compact, expand

if TYPE_CHECKING:
    from tests.servers import RunningServer

LIBRARY = read_library()
CREDIT = "Attribution is due to GeoNames (geonames.org), CC BY 4.0."
COUNTING = ("count-coverage", "count-recommended")


@pytest.fixture(scope="module")
def world() -> Store:
    store = Store()
    store.load(path=Path(__file__).with_name("coverage.trig"), format=RdfFormat.TRIG)
    graph = NamedNode(VOCABULARY_GRAPH)
    store.bulk_extend(Quad(each.subject, each.predicate, each.object, graph) for each in read_vocabulary())
    return store


def rows(store: Store, name: str) -> list[tuple[str | None, ...]]:
    found = store.query(LIBRARY[name].text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [each.value for each in found.variables]
    assert names == [column.name for column in LIBRARY[name].columns]
    return [tuple(told(row[each]) for each in names) for row in found]


def told(term: NamedNode | BlankNode | Literal | Triple | None) -> str | None:
    if term is None or isinstance(term, BlankNode | Triple):
        return None
    return compact(term.value) if isinstance(term, NamedNode) else term.value


def test_each_kind_is_counted_with_oldest_source_disagreements_and_missing_links(world: Store) -> None:
    counted = {row[2]: row[3:] for row in rows(world, "count-coverage") if row[3] != "0"}

    assert counted == {
        "pedg:City": ("2", "2019-05", "id:source/old", "2", "1"),
        "pedg:CityAdministration": ("1", "2025", "id:source/new", "0", None),
        "pedg:CityParticipation": ("1", "2025", "id:source/new", "0", None),
        "pedg:Deliverable": ("3", "2026-11-20", "id:source/undated", "0", "1"),
        "pedg:IndicatorObservation": ("1", "2025", "id:source/new", "0", None),
        "pedg:Organisation": ("2", "2025", "id:source/new", "0", "1"),
        "pedg:Project": ("2", "2019-05", "id:source/old", "0", "1"),
        "pedg:Source": ("3", "2019-05", "id:source/old", "0", None),
        "pedg:Submission": ("3", "2019-05", "id:source/old", "0", None),
    }


def test_what_is_recommended_is_counted_in_whichever_way_it_is_said(world: Store) -> None:
    counted = {(row[2], row[3]): row[5:] for row in rows(world, "count-recommended")}

    assert {aspect: each for (kind, aspect), each in counted.items() if kind == "pedg:City"} == {
        "GeoNames number": ("2", "1"),
        "NUTS code": ("2", "1"),
        "coordinates": ("2", "1"),
        "number of residents": ("2", "1"),
        "role in a project": ("2", "1"),
    }
    assert counted["pedg:Project", "CORDIS number"] == ("2", "1")
    assert counted["pedg:Project", "start date"] == ("2", "0")
    assert counted["pedg:Project", "cities or partners"] == ("2", "1")
    assert counted["pedg:Source", "licence"] == ("3", "1")
    assert not [kind for kind, _ in counted if kind == "pedg:Person"]


def test_things_go_by_the_year_of_their_newest_source(world: Store) -> None:
    assert [row[1:] for row in rows(world, "count-by-year") if row[0] in {"city", "project", "source"}] == [
        ("pedg:City", None, "1"),
        ("pedg:City", "2025", "1"),
        ("pedg:Project", None, "1"),
        ("pedg:Project", "2019", "1"),
        ("pedg:Source", None, "1"),
        ("pedg:Source", "2019", "1"),
        ("pedg:Source", "2025", "1"),
    ]


def test_sources_come_with_their_terms_and_what_they_gave(world: Store) -> None:
    old = ("id:source/old", "Old", "A publisher", "https://example.org/old", "2019-05", "2026-11-21")
    terms = ("<https://creativecommons.org/licenses/by/4.0/>", "Name the author.")

    assert rows(world, "count-by-source") == [
        ("id:source/undated", "Undated", None, None, None, "2026-11-20", None, None, "1", "5", "15"),
        ("id:source/new", "New", None, "https://example.org/new", "2025", "2026-11-21", None, None, "1", "5", "14"),
        (*old, *terms, "1", "2", "13"),
    ]


def test_what_is_not_linked_is_listed_with_the_missing_link(world: Store) -> None:
    assert rows(world, "list-unlinked") == [
        ("id:city/bare", "Bareton", "city", "GeoNames number"),
        ("id:city/bare", "Bareton", "city", "NUTS code"),
        ("id:city/bare", "Bareton", "city", "country"),
        ("id:document/bare", "Bare", "deliverable", "address or DOI"),
        ("id:organisation/unnamed", "Unnamed", "organisation", "ROR or Wikidata item"),
        ("id:project/bare", "Bare", "project", "CORDIS number"),
    ]


def test_nothing_is_said_to_be_the_same_as_something_else(server: RunningServer) -> None:
    same = "<http://www.w3.org/2002/07/owl#sameAs>"

    assert server.get(f"ASK {{ ?one {same} ?other }}", accept="text/csv").text.strip() == "false"
    assert server.get(f"ASK {{ GRAPH ?graph {{ ?one {same} ?other }} }}", accept="text/csv").text.strip() == "false"


def test_so_it_is_in_the_wide_graph_where_geonames_is_credited(wide_server: RunningServer) -> None:
    same = "ASK { ?one <http://www.w3.org/2002/07/owl#sameAs> ?other }"
    places = httpx.get(f"{wide_server.url}/queries/list-places", params={"format": "geojson"}).json()
    credits_by_source = {each["properties"]["source"]: each["properties"]["credit"] for each in places["features"]}

    assert wide_server.get(same, accept="text/csv").text.strip() == "false"
    assert len(places["features"]) > 100
    assert credits_by_source["GeoNames geographical database"] == CREDIT
    assert CREDIT in places["attribution"]


def test_the_card_of_a_city_credits_geonames(wide: Path) -> None:
    store = Store.read_only(str(Versions(wide).store_directory(None)))
    lyon = f"{THINGS}city/fr-lyon"
    found = store.query(card_query(lyon))
    assert isinstance(found, QueryTriples)
    made = card(found, kind_of(lyon), lyon)

    assert made["plain"]["latitude"] == pytest.approx(45.75, abs=0.05)
    assert [each["indicator"] for each in made["indicators"]] == ["residents"]
    (geonames,) = [each for each in made["sources"] if each["id"] == f"{THINGS}source/geonames"]
    assert geonames["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert geonames["rights"] == {"en": [CREDIT]}
    assert made["indicators"][0]["statedIn"] == [geonames["id"]]


def kinds_in(name: str) -> set[tuple[str, str]]:
    return set(re.findall(r'^    \((pedg:\w+) "([a-z ]+)"\)$', LIBRARY[name].text, re.MULTILINE))


def recommended() -> dict[str, set[str]]:
    """The properties that the query lists, by class."""
    lines = re.findall(r'^    \((pedg:\w+) (\w+:\w+) "\S+" "[^"]+"\)$', LIBRARY["count-recommended"].text, re.MULTILINE)
    listed: dict[str, set[str]] = {}
    for kind, name in lines:
        listed.setdefault(kind, set()).add(name)
    return listed


def test_the_questions_know_the_same_kinds_and_all_that_the_templates_have() -> None:
    first, second = (kinds_in(name) for name in COUNTING)
    of_years = set(
        re.findall(r"pedg:\w+", LIBRARY["count-by-year"].text.partition("VALUES ?class {")[2].partition("}")[0])
    )
    counted = {kind for kind, _ in first}

    assert first == second
    assert of_years == counted - {"pedg:Submission"}
    assert {compact(kind.class_iri) for kind in read_model().kinds} <= counted
    assert set(recommended()) <= counted


def ways_of(facts: Facts, path: str) -> list[str]:
    """The properties that a path goes by, of which a thing needs one only (SHACL, section 2.3.1.3)."""
    return [each for first in facts.texts(path, f"{SH}alternativePath") for each in facts.items(first)] or [path]


def test_all_that_the_shapes_recommend_is_counted() -> None:
    facts = Facts([*read_shapes(), *read_vocabulary()])
    listed = recommended()
    wanted = {
        (compact(target), tuple(compact(each) for each in ways_of(facts, path)))
        for rule in facts.subjects(f"{SH}severity", f"{SH}Warning") + facts.subjects(f"{SH}severity", f"{SH}Info")
        if facts.text(rule, f"{SH}minCount") not in {"", "0"}
        for path in facts.texts(rule, f"{SH}path")
        for shape in facts.subjects(f"{SH}property", rule)
        for target in facts.texts(shape, f"{SH}targetClass")
    }

    assert ("pedg:InnovationAtelier", ("pedg:vision",)) in wanted
    for target, ways in wanted:
        counted = [kind for kind in listed if expand(target) in facts.above(expand(kind))]
        assert counted, target
        assert [kind for kind in counted if listed[kind].isdisjoint(ways)] == []


def test_what_is_counted_are_properties_that_there_are() -> None:
    facts = Facts(read_vocabulary())
    own = {name for names in recommended().values() for name in names if name.startswith("pedg:")}

    label = "http://www.w3.org/2000/01/rdf-schema#label"

    assert own
    assert [name for name in own if not facts.terms(f"{TERMS}{name.removeprefix('pedg:')}", label)] == []
