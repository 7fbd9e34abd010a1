"""Writes on the published graph: what conforms becomes a version, what does not is refused with the reasons."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from pedgraph.errors import ContractBroken, DoesNotConform, GraphNotWritable, InputError, LoadRefused
from pedgraph.intake.writes import PUT, UPDATE, Outcome, Write
from pedgraph.intake.writing import WriteService
from pedgraph.settings import load_settings
from pedgraph.store.manifest import checksums, read_manifest
from pedgraph.store.versions import STORE_FOLDER, Versions
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, GRAPHS, INFERRED_GRAPH, META_GRAPH, PREFIXES, VOCABULARY_GRAPH
from tests.intake.writes import DISTRICT, HUB, PROLOGUE, S1, S2, insert, whole, write
from tests.servers import running_server
from tests.writing import KEY, client, done, update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from pedgraph.intake.building import Built


@dataclass(frozen=True)
class Refusing:
    """One service for many writes that all are refused."""

    home: Path
    write: Callable[[str], Outcome]

    def assert_unchanged(self) -> None:
        assert sorted(path.name for path in Versions(self.home).root.iterdir()) == ["000001"]
        assert (
            checksums(Versions(self.home).directory(1) / STORE_FOLDER)
            == read_manifest(Versions(self.home).directory(1)).files
        )


@pytest.fixture(scope="module")
def refusing(built: tuple[Path, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refusing]:
    home = tmp_path_factory.mktemp("refusing") / "home"
    shutil.copytree(built[0], home)
    service = WriteService(load_settings({}, home=home))
    with asyncio.Runner() as runner:

        def write(text: str) -> Outcome:
            return runner.run(service.run(Write(UPDATE, "somebody", "to see"), [text.encode()]))

        runner.run(service.__aenter__())
        yield Refusing(home, write)
        runner.run(service.__aexit__())


def merged(found: dict[str, set[str]]) -> set[str]:
    return set().union(*(triples for name, triples in found.items() if name))


def test_what_conforms_becomes_a_version_with_all_that_follows_from_it(home: Path) -> None:
    before = whole(home)

    (outcome,) = write(home, insert(DISTRICT))

    after = whole(home)
    kind = f"<{PREFIXES['id']}ped/a-new-district> <{PREFIXES['rdf']}type>"
    assert outcome == Outcome(version=2)
    assert len(after[S1] - before[S1]) == 3
    assert before[S1] < after[S1]
    assert f"{kind} <{PREFIXES['pedg']}PositiveEnergyDistrict>" in after[""]
    assert any(triple.startswith(kind) for triple in after[INFERRED_GRAPH]), "classes above it are derived"
    assert after[""] == merged(after)
    same = set(before) - {"", S1, INFERRED_GRAPH}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_the_manifest_tells_the_truth_though_nothing_was_counted_again(home: Path) -> None:
    versions = Versions(home)
    write(home, insert(DISTRICT), insert(f'{HUB} rdfs:label "Een nieuwe wijk"@nl .'))

    manifest = read_manifest(versions.directory(3))

    found = whole(home)
    assert manifest.graphs == {name: len(triples) for name, triples in sorted(found.items()) if name}
    assert manifest.merged_triples == len(found[""])
    assert manifest.files == checksums(versions.directory(3) / STORE_FOLDER)
    assert (manifest.author, manifest.reason, manifest.parent) == ("somebody", "to see", 2)
    assert manifest.changed[S1] == 3
    assert manifest.changed[VOCABULARY_GRAPH] == 1


def test_a_write_comes_to_the_same_as_a_build(home: Path, tmp_path: Path) -> None:
    """What was put in and taken out again leaves the graph as it was, with what is derived."""
    before = whole(home)

    write(home, insert(DISTRICT), insert(DISTRICT).replace("INSERT DATA", "DELETE DATA"))

    assert whole(home) == before


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (insert(f"{HUB} a pedg:PositiveEnergyDistrict ."), {"S02"}),
        (insert(f"{HUB} a pedg:PositivEnergyDistrict ."), {"G01"}),
        (insert(f'{HUB} rdfs:label "x"@en ; rdfs:seeAlso [] .'), {"G02"}),
        (insert(DISTRICT, f"{GRAPHS}nobody/1"), {"G03"}),
        (f"DELETE WHERE {{ GRAPH <{META_GRAPH}> {{ <{S1}> ?p ?o }} }}", {"G03"}),
    ],
)
def test_violations_keep_a_write_out(text: str, rules: set[str], refusing: Refusing) -> None:
    with pytest.raises(DoesNotConform) as caught:
        refusing.write(text)

    violated = {finding["rule"] for finding in caught.value.findings if finding["severity"] == "violation"}
    assert rules <= violated
    assert all(finding["message"] for finding in caught.value.findings)
    refusing.assert_unchanged()


def test_what_points_to_a_node_in_other_graphs_is_looked_at_too(home: Path) -> None:
    """What would make another source wrong is kept out."""
    town = "<https://w3id.org/pedgraph/id/city/nl-a-new-town>"
    country = "<http://publications.europa.eu/resource/authority/country/NLD>"
    described = f'{town} a pedg:City ; rdfs:label "A new town"@en ; pedg:inCountry {country} .'
    pointing = f'{HUB} a pedg:PositiveEnergyDistrict ; rdfs:label "A new district"@en ; pedg:inCity {town} .'
    write(home, insert(described), insert(pointing, S2))

    with pytest.raises(DoesNotConform) as caught:
        write(home, f"{PROLOGUE}DELETE DATA {{ GRAPH <{S1}> {{ {town} a pedg:City }} }}")
    (outcome,) = write(home, insert(f'{town} rdfs:label "Een nieuwe stad"@nl .'))

    assert {finding["focus_node"] for finding in caught.value.findings} >= {HUB.strip("<>")}
    assert outcome.version == 4


def test_a_write_that_breaks_the_promise_of_a_stored_query_is_kept_out(refusing: Refusing) -> None:
    with pytest.raises(ContractBroken) as caught:
        refusing.write(f"DROP GRAPH <{GRAPHS}s2/1>")

    broken: Any = caught.value.extensions["broken"]
    assert "list-ateliers" in {each["query"] for each in broken}
    refusing.assert_unchanged()


def test_warnings_do_not(home: Path) -> None:
    (outcome,) = write(home, insert(f"{DISTRICT} {HUB} <https://schema.org/nmae> 'x' ."))

    assert outcome.version == 2


def test_after_a_refusal_the_next_write_works(home: Path) -> None:
    settings = load_settings({}, home=home)

    async def run() -> Outcome:
        async with WriteService(settings) as service:
            for _ in range(2):
                with pytest.raises(DoesNotConform):
                    await service.run(Write(UPDATE, "a", "b"), [insert(f"{HUB} a pedg:Nothing .").encode()])
            return await service.run(Write(UPDATE, "a", "b"), [insert(DISTRICT).encode()])

    assert asyncio.run(run()).version == 2


def test_switched_off_nothing_is_checked(home: Path) -> None:
    (outcome,) = write(home, insert("[] a pedg:Nothing .", VOCABULARY_GRAPH), validate_writes="off")

    after = whole(home)
    assert outcome.version == 2
    assert after[""] == merged(after)
    assert any("#Nothing>" in triple for triple in after[VOCABULARY_GRAPH])


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:x:s> <urn:x:p> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT",
        f"MOVE DEFAULT TO <{S1}>",
        f"COPY <{S1}> TO DEFAULT",
        f"CLEAR GRAPH <{INFERRED_GRAPH}>",
        f"DROP GRAPH <{VOCABULARY_GRAPH}>",
        f"INSERT DATA {{ GRAPH <{ALIGNMENTS_GRAPH}> {{ <urn:x:s> <urn:x:p> 1 }} }}",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CLEAR ALL",
    ],
)
def test_graphs_that_make_themselves_take_no_writes(text: str, refusing: Refusing) -> None:
    with pytest.raises(GraphNotWritable) as caught:
        refusing.write(text)

    assert caught.value.extensions["graph"] in {"default", INFERRED_GRAPH, VOCABULARY_GRAPH, ALIGNMENTS_GRAPH}
    refusing.assert_unchanged()


def test_all_means_all_named_graphs(home: Path) -> None:
    write(home, f"CLEAR ALL ; INSERT DATA {{ GRAPH <{S1}> {{ <urn:x:s> <urn:x:p> 1 }} }}", validate_writes="off")

    after = {name: triples for name, triples in whole(home).items() if triples}
    assert set(after) == {"", S1}
    assert after[""] == after[S1]


def test_load_is_refused_unless_it_may_fail(home: Path) -> None:
    with pytest.raises(LoadRefused):
        write(home, "LOAD <http://127.0.0.1:9/>")

    assert [outcome.version for outcome in write(home, "LOAD SILENT <http://127.0.0.1:9/>")] == [1]


def test_what_only_rdf_1_2_has_is_refused_where_it_is_checked(home: Path) -> None:
    text = insert("<urn:x:s> <urn:x:p> <<( <urn:x:a> <urn:x:b> 1 )>> .")

    with pytest.raises(InputError, match="triple term"):
        write(home, text)

    assert [outcome.version for outcome in write(home, text, validate_writes="off")] == [2]


def put(home: Path, content: str) -> Outcome:
    async def run() -> Outcome:
        async with WriteService(load_settings({}, home=home)) as service:
            return await service.run(
                Write(PUT, "somebody", "to see", graph=S1, media_types=("text/turtle",)), [content.encode()]
            )

    return asyncio.run(run())


def test_a_graph_that_is_put_is_validated_as_a_whole(home: Path) -> None:
    before = whole(home)[S1]
    same = "".join(f"{triple} .\n" for triple in before)
    with pytest.raises(DoesNotConform):
        put(home, f"{PROLOGUE} {same} {HUB} a pedg:PositiveEnergyDistrict .")

    assert put(home, f"{PROLOGUE} {same} {DISTRICT}") == Outcome(version=2)
    after = whole(home)[S1]
    assert (len(after - before), before - after) == (3, set())


def test_refusals_over_http_are_problems_or_reports(home: Path) -> None:
    text = insert(f"{HUB} a pedg:PositiveEnergyDistrict .")
    with running_server(home, admin_key=KEY, readers=1) as running, client(running) as writer:
        accepts = ("application/json", "*/*", "text/turtle", "application/ld+json", "image/png")
        answers: list[httpx.Response] = [
            writer.post("/update", data={"update": text}, headers={"Accept": accept}) for accept in accepts
        ]
        version = done(update(running, insert(DISTRICT)))
        read = running.get(f"{PROLOGUE}ASK {{ {DISTRICT} }}")

    assert [each.status_code for each in answers] == [422] * 5
    problem: dict[str, Any] = answers[0].json()
    assert problem["findings"]
    assert [each.json() for each in (answers[1], answers[4])] == [problem] * 2
    for each in answers[2:4]:
        assert_report(each, problem["findings"])
    assert (version, read.text) == (2, "true")


def assert_report(answer: httpx.Response, findings: list[dict[str, Any]]) -> None:
    """SHACL, section 3.6."""
    rdf_format = RdfFormat.from_media_type(answer.headers["content-type"])
    store = Store()
    store.extend(parse(answer.content, rdf_format))
    rows = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?node ?severity ?message { "
        "?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result . ?result a sh:ValidationResult ; "
        "sh:focusNode ?node ; sh:resultSeverity ?severity ; sh:resultMessage ?message }"
    )
    found = {(row["node"].value, row["severity"].value.partition("#")[2].lower(), row["message"].value) for row in rows}  # type: ignore[union-attr]
    assert found == {(each["focus_node"], each["severity"], each["message"]) for each in findings}
