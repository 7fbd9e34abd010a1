"""Descriptions of the curated things: each profile holds what it says, in every format the same, always as the same
bytes; and what cannot be described is refused.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from pedgraph import open_graph
from pedgraph.delivery.things import statements
from pedgraph.errors import BadRequest, CardTooLarge, NotAcceptable, NotFound, VersionNotFound
from pedgraph.settings import Settings
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.described import DESCRIBED_FORMATS, DESCRIPTION_PROFILES
from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.media import HTML, JSON_LD, N_QUADS, PLAIN_JSON, RDF_XML, TRIG, TURTLE
from tests.delivery.parsing import assert_same_graph, objects, with_pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pedgraph.vocabulary.contexts import Json
    from pedgraph.vocabulary.media import Format
    from pedgraph.wiring import Graph

# Things of several kinds, and kinds of records.
NAMES: Final = (
    "city/nl-amsterdam", "ped/fr-lyon-confluence", "project/ascend", "organisation/tno", "source/s1",
    "atelier/nl-amsterdam", "series/pedgraph",
)  # fmt: skip
RECORDS: Final = ("involvement", "obs", "disagreement", "rival")
WRITTEN: Final = tuple(each for each in DESCRIBED_FORMATS if each != HTML)
REIFIED: Final = {PREFIXES["rdf"] + name for name in ("subject", "predicate", "object")}

Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def store(wide: Path) -> Store:
    return Store.read_only(str(Versions(wide).store_directory(None)))


@pytest.fixture(scope="module")
def things(store: Store) -> list[str]:
    """The IRIs of :data:`NAMES`, and of the first record of each kind."""
    subjects = sorted({quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)})
    records = [next(iri for iri in subjects if iri.startswith(f"{THINGS}{kind}/")) for kind in RECORDS]
    return [THINGS + name for name in NAMES] + records


@pytest.fixture(scope="module")
def made(wide: Path, things: list[str]) -> dict[Key, bytes]:
    """Every profile of every thing in every format."""

    async def describe() -> dict[Key, bytes]:
        async with open_graph(Settings(home=wide, readers=1)) as graph:
            return await described(graph, things)

    return asyncio.run(describe())


async def described(graph: Graph, things: list[str]) -> dict[Key, bytes]:
    found = {}
    for iri in things:
        for profile in DESCRIPTION_PROFILES:
            for each in WRITTEN:
                document = await graph.things.document(iri, profile, each, graph.versions.current())
                assert document.content_type == each.content_type()
                found[iri, profile, each.name] = document.content
    return found


def quads_of(content: bytes, written_as: Format) -> set[Quad]:
    parsed_as = RdfFormat.from_media_type(written_as.media_type)
    assert parsed_as is not None
    return set(parse(content, parsed_as))


def triples_of(made: Mapping[Key, bytes], iri: str, profile: str) -> set[Triple]:
    return {quad.triple for quad in quads_of(made[iri, profile, "ttl"], TURTLE)}


def stated(store: Store, iri: str) -> set[Quad]:
    """All quads of named graphs that have a thing as subject or object."""
    thing = NamedNode(iri)
    found = {*store.quads_for_pattern(thing, None, None), *store.quads_for_pattern(None, None, thing)}
    return {quad for quad in found if isinstance(quad.graph_name, NamedNode)}


def test_raw_holds_all_statements_and_nothing_else(store: Store, things: list[str], made: dict[Key, bytes]) -> None:
    for iri in things:
        expected = stated(store, iri)
        assert triples_of(made, iri, "raw") == {quad.triple for quad in expected}, iri
        quads = quads_of(made[iri, "raw", "trig"], TRIG)
        assert expected <= quads
        described = {quad.graph_name for quad in expected if isinstance(quad.graph_name, NamedNode)}
        named = {quad.object for quad in expected if quad.predicate.value == TERMS + "statedInGraph"}
        described |= {each for each in named if isinstance(each, NamedNode)}
        # What is beside them says where they come from.
        beside = {quad.subject for quad in quads - expected}
        sources = {
            quad.object
            for graph in described
            for quad in store.quads_for_pattern(graph, None, None, NamedNode(META_GRAPH))
        }
        assert beside <= described | sources, iri
        assert {quad.graph_name for quad in quads - expected} <= {NamedNode(META_GRAPH)}


@pytest.mark.parametrize("profile", DESCRIPTION_PROFILES)
def test_all_formats_say_the_same(things: list[str], made: dict[Key, bytes], profile: str) -> None:
    for iri in things:
        triples = triples_of(made, iri, profile)
        assert {quad.triple for quad in quads_of(made[iri, profile, "rdf"], RDF_XML)} == triples
        assert quads_of(made[iri, profile, "trig"], TRIG) == quads_of(made[iri, profile, "nq"], N_QUADS)
        document = json.loads(made[iri, profile, "jsonld"])
        assert with_pyoxigraph(document) == triples, iri
        # Plain JSON is the same without the context.
        assert json.loads(made[iri, profile, "json"]) == {
            key: value for key, value in document.items() if key != "@context"
        }


def test_the_tree_is_the_same_graph_for_another_parser(made: dict[Key, bytes]) -> None:
    for name in NAMES[:4]:
        iri = THINGS + name
        assert_same_graph(json.loads(made[iri, "full", "jsonld"]), triples_of(made, iri, "full"))


def test_full_embeds_records_and_names_what_it_links_to(store: Store, made: dict[Key, bytes]) -> None:
    document: Json = json.loads(made[THINGS + "project/ascend", "full", "jsonld"])
    embedded = {each["id"]: each for each in objects(document) if len(each) > 1 and "id" in each}
    records = {
        quad.subject.value
        for name in ("context", "involves", "about", "inContext")
        for quad in store.quads_for_pattern(None, NamedNode(TERMS + name), NamedNode(document["id"]))
        if isinstance(quad.subject, NamedNode)
    }
    assert len(records) > 30
    assert records <= embedded.keys()
    assert len(document["involvements"]) > 10
    for record in document["involvements"]:
        assert {"id", "type", "prefLabel"} == record["involves"].keys()
    rivals = [each for each in embedded.values() if each.get("type") == "Disagreement"]
    assert len(rivals) == 7
    assert all(len(each["rivalStatement"]) > 1 for each in rivals)
    # Nobody's words for the same derived fact are repeated.
    assert not {"hasInvolvedParty", "eurio:hasInvolvedParty"} & document.keys()


def test_provenance_names_graph_source_date_licence_and_acceptance(
    store: Store, things: list[str], made: dict[Key, bytes]
) -> None:
    for iri in things:
        triples = triples_of(made, iri, "provenance")
        nodes: dict[object, dict[str, set[object]]] = {}
        for triple in triples:
            nodes.setdefault(triple.subject, {}).setdefault(triple.predicate.value, set()).add(triple.object)
        reified = {
            (*(next(iter(facts[name])) for name in sorted(REIFIED)), graph)
            for facts in nodes.values()
            if facts.keys() >= REIFIED
            for graph in facts[TERMS + "statedInGraph"]
        }
        assert reified == {(quad.object, quad.predicate, quad.subject, quad.graph_name) for quad in stated(store, iri)}
        for *_, graph in reified:
            if not str(graph).endswith("/1>"):
                continue
            facts = nodes[graph]
            assert {PREFIXES["dcterms"] + name for name in ("issued", "license", "publisher")} <= facts.keys()
            sources = facts[PREFIXES["prov"] + "hadPrimarySource"]
            assert all(PREFIXES["dcterms"] + "title" in nodes[source] for source in sources)
            accepted = NamedNode("https://w3id.org/pedgraph/code/submission-status/accepted")
            assert facts[TERMS + "submissionStatus"] == {accepted}


def test_the_bytes_are_always_the_same(wide: Path, made: dict[Key, bytes]) -> None:
    async def describe_again() -> dict[Key, bytes]:
        async with open_graph(Settings(home=wide, readers=1, cache_max_bytes=0)) as graph:
            return await described(graph, [THINGS + "project/ascend"])

    again = asyncio.run(describe_again())
    assert again == {key: content for key, content in made.items() if key in again}
    assert len(again) == len(DESCRIPTION_PROFILES) * len(WRITTEN)


def test_what_cannot_be_described_is_refused(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse() -> None:
        async with open_graph(Settings(home=wide, readers=1)) as graph:
            for profile in DESCRIPTION_PROFILES:
                for each in (TURTLE, JSON_LD, PLAIN_JSON):
                    with pytest.raises(NotFound):
                        await graph.things.document(f"{THINGS}city/never", profile, each, 1)
                    with pytest.raises(BadRequest):
                        await graph.things.document(f"{THINGS}city/a b", profile, each, 1)
                    with pytest.raises(VersionNotFound):
                        await graph.things.document(f"{THINGS}city/nl-amsterdam", profile, each, 99)
            with pytest.raises(NotFound):
                await graph.things.page(f"{THINGS}city/never", 1, "../../")
            with pytest.raises(NotAcceptable):
                await graph.things.document(f"{THINGS}city/nl-amsterdam", "full", HTML, 1)
            with pytest.raises(NotAcceptable):
                await graph.things.document(f"{THINGS}city/nl-amsterdam", "odd", TURTLE, 1)
            monkeypatch.setattr(statements, "MOST_STATEMENTS", 10)
            monkeypatch.setattr(statements, "MOST_SHOWN", 10)
            for profile in ("full", "raw", "provenance"):
                with pytest.raises(CardTooLarge):
                    await graph.things.document(f"{THINGS}organisation/pedgraph", profile, TRIG, 1)
            page = await graph.things.page(f"{THINGS}organisation/pedgraph", 1, "../../")
            assert "only 10 statements are shown" in page.content.decode()

    asyncio.run(refuse())


def test_what_many_ask_for_at_once_is_made_once(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    iri = f"{THINGS}project/ascend"
    read: list[str] = []
    full = statements.StatementReader.full

    async def counted(self: statements.StatementReader, iri: str, version: int, *, may_be_cut: bool = False) -> object:
        read.append(iri)
        return await full(self, iri, version, may_be_cut=may_be_cut)

    monkeypatch.setattr(statements.StatementReader, "full", counted)

    async def ask() -> list[bytes]:
        async with open_graph(Settings(home=wide, readers=1)) as graph:
            first = asyncio.create_task(graph.things.page(iri, 1, "../../"))
            others = [asyncio.create_task(graph.things.page(iri, 1, "../../")) for _ in range(5)]
            await asyncio.sleep(0)
            # Whoever leaves takes nothing from the others.
            first.cancel()
            return [(await each).content for each in others]

    answers = asyncio.run(ask())
    assert len(set(answers)) == 1
    assert len(read) <= 2
