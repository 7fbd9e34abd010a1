"""Cards of the shipped data: nothing lost, nothing added, the same bytes each time, and one golden file per kind."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, QueryTriples, Store, Triple

from pedgraph import open_graph
from pedgraph.delivery.cards import KINDS, card, card_query, kind_of
from pedgraph.errors import BadRequest, NotFound, VersionNotFound
from pedgraph.query.library import read_stored_query
from pedgraph.resources import queries_directory
from pedgraph.settings import Settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import INDICATORS, THINGS, expand
from tests.delivery.parsing import assert_same_graph, definitions, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.building import Built
    from pedgraph.vocabulary.contexts import Json

GOLDEN = Path(__file__).parent / "cards"
EXAMPLES = {
    "ped": "id:ped/nl-amsterdam-buiksloterham",
    "site": "id:site/nl-amsterdam-schoonschip",
    "project": "id:project/ascend",
    "city": "id:city/nl-amsterdam",
    "network": "id:network/scalable-cities",
    "atelier": "id:atelier/nl-amsterdam",
    "event": "id:event/2025-06-11-joint-ped-workshop",
    "person": "id:person/jeroen-brouwer",
    "organisation": "id:organisation/tno",
    "document": "id:document/atelier-d3-1",
    "target": "id:target/100-peds-2025",
    "indicator-series": "indicator:participants",
    "thing": "id:policy/set-plan-3-2",
}


@pytest.fixture(scope="module")
def store(built: tuple[Path, Built]) -> Store:
    return Store.read_only(str(Versions(built[0]).store_directory(None)))


@pytest.fixture(scope="module")
def things(store: Store) -> list[str]:
    """Everything that the data describe, and every indicator."""
    subjects = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    return sorted(iri for iri in subjects if iri.startswith((THINGS, INDICATORS)))


def triples_of(store: Store, iri: str) -> list[Triple]:
    found = store.query(card_query(iri))
    assert isinstance(found, QueryTriples)
    return list(found)


def card_of(store: Store, iri: str) -> Json:
    return card(triples_of(store, iri), kind_of(iri), iri)


@pytest.fixture(scope="module")
def all_cards(store: Store, things: list[str]) -> dict[str, Json]:
    return {iri: card_of(store, iri) for iri in things}


def test_every_card_parses_back_to_what_its_query_gives(store: Store, all_cards: dict[str, Json]) -> None:
    assert {kind_of(iri) for iri in all_cards} == set(KINDS)
    for iri, made in all_cards.items():
        assert_same_graph(made, triples_of(store, iri))


def test_a_card_says_what_it_is_about_and_where_that_comes_from(all_cards: dict[str, Json]) -> None:
    for iri, made in all_cards.items():
        assert made["id"] == iri
        assert made["type"]
        derived = iri.startswith((THINGS + "assessment/", THINGS + "actor/"))
        assert ("datasets" in made) is not derived, iri
        assert all(each["license"] for each in made.get("datasets", [])), iri
        if {"https://w3id.org/pedgraph/graph/s1/1", "https://w3id.org/pedgraph/graph/s2/1"} & {
            each["id"] for each in made.get("datasets", [])
        }:
            assert made["sources"], iri


def test_repeatable_keys_hold_lists_and_no_key_holds_null(all_cards: dict[str, Json]) -> None:
    """What one thing has twice must not change the form of another's card; nulls are what a bad frame leaves."""
    known = definitions()
    seen = set()
    for made in all_cards.values():
        for node in objects(made):
            for key, value in node.items():
                assert value is not None, (made["id"], key)
                definition = known.get(key)
                if isinstance(definition, dict) and "@value" not in node:
                    container = definition.get("@container", [])
                    if container == "@set":
                        seen.add(key)
                        assert isinstance(value, list), (made["id"], key)
                    elif "@language" in container and isinstance(value, dict):
                        assert "@set" not in container or all(isinstance(each, list) for each in value.values())
    assert {"sources", "statedIn", "topic", "involvements", "sites"} <= seen


def test_labels_are_language_maps(all_cards: dict[str, Json]) -> None:
    labels = [node["label"] for made in all_cards.values() for node in objects(made) if "label" in node]

    assert len(labels) > 500
    assert all(isinstance(label, dict) and all(len(language) == 2 for language in label) for label in labels)


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_of_the_example_is_the_stored_one(kind: str, store: Store) -> None:
    """The example is the default of the stored query, which so runs as it stands."""
    iri = expand(EXAMPLES[kind])
    stored = read_stored_query(queries_directory() / "cards" / f"{kind}.rq")
    as_it_stands = store.query(stored.text)

    assert stored.text == card_query(iri)
    assert isinstance(as_it_stands, QueryTriples)
    assert card(as_it_stands, kind, iri) == json.loads((GOLDEN / f"{kind}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_has_the_same_bytes_whatever_the_order_of_its_triples(kind: str, store: Store) -> None:
    iri = expand(EXAMPLES[kind])
    triples = triples_of(store, iri)

    forward, backward = (card(each, kind, iri) for each in (triples, [*reversed(triples), *triples]))

    assert json.dumps(forward) == json.dumps(backward)


def test_there_is_one_query_one_frame_and_one_golden_file_per_kind() -> None:
    from pedgraph.resources import frames_directory

    for folder in (queries_directory() / "cards", frames_directory(), GOLDEN):
        assert {path.stem for path in folder.iterdir()} == set(KINDS)
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id:ped/x", "ped"), ("id:hub/x", "atelier"), ("id:atelier/x", "atelier"), ("id:cluster/x", "network"),
        ("id:demo/x", "organisation"), ("id:involvement/x", "thing"), ("id:thing/x", "thing"),
        ("indicator:x", "indicator-series"), ("id:indicator-series/x", "indicator-series"), ("code:topic/x", "thing"),
        ("https://example.org/id/ped/x", "thing"),
    ],
)  # fmt: skip
def test_the_kind_is_read_from_the_iri(name: str, kind: str) -> None:
    assert kind_of(expand(name)) == kind


def test_what_is_not_there_raises(store: Store) -> None:
    nothing = THINGS + "ped/nowhere"
    somebody_else = triples_of(store, expand(EXAMPLES["person"]))

    assert triples_of(store, nothing) == []
    for triples in ([], somebody_else):
        with pytest.raises(NotFound, match=r"Nothing is said about id:ped/nowhere\."):
            card(triples, "ped", nothing)


@pytest.mark.parametrize("given", ["", "ped", "no iri", "id:ped/x> } { ?s ?p ?o", "https://x/\n", "http://x/<y>"])
def test_what_is_no_iri_never_gets_into_a_query(given: str) -> None:
    with pytest.raises(BadRequest, match="is not an absolute IRI"):
        card_query(given)


def test_the_service_gives_the_same_card_from_a_reader(built: tuple[Path, Built]) -> None:
    iri = expand(EXAMPLES["event"])

    async def ask() -> Iterator[Json]:
        async with open_graph(Settings(home=built[0], readers=1)) as graph:
            found = [await graph.cards.describe(iri), await graph.cards.describe(iri, version=1)]
            with pytest.raises(NotFound, match="Nothing is said"):
                await graph.cards.describe(THINGS + "event/never")
            with pytest.raises(VersionNotFound):
                await graph.cards.describe(iri, version=99)
            return iter(found)

    golden = json.loads((GOLDEN / "event.json").read_text(encoding="utf-8"))
    assert list(asyncio.run(ask())) == [golden, golden]
