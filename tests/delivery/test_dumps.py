"""The files of a dump: that each holds the whole version, and that the same version gives the same bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from pedgraph.delivery.dumps.making import make
from pedgraph.delivery.dumps.names import DISTRIBUTIONS
from pedgraph.store.canonical import by_graph, in_order, write_canonical
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.contexts import inlined
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, PREFIXES, THINGS

if TYPE_CHECKING:
    from pathlib import Path

    from pedgraph.store.edits import Edits

A, B = GRAPHS + "a/1", GRAPHS + "b/1"
RDFS, XSD = PREFIXES["rdfs"], PREFIXES["xsd"]
LYON, PLACE = THINGS + "city/fr-lyon", THINGS + "ped/fr-lyon-confluence"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def triple(subject: str | BlankNode, predicate: str, value: str | Literal | BlankNode) -> Triple:
    about = NamedNode(subject) if isinstance(subject, str) else subject
    return Triple(about, NamedNode(predicate), NamedNode(value) if isinstance(value, str) else value)


def label(subject: str, text: str, language: str = "en") -> Triple:
    return triple(subject, RDFS + "label", Literal(text, language=language))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a version with little in it, but of every sort: one thing in two graphs, languages, blank nodes,
    signs that tables have a meaning for.
    """
    node, other = BlankNode(), BlankNode()
    content = {
        A: [
            label(LYON, "Lyon"),
            label(LYON, "Lione", "it"),
            label(LYON, "a | b"),
            label(LYON, "=1+1"),
            triple(LYON, RDFS + "seeAlso", "https://example.org/a"),
            triple(LYON, PREFIXES["pedg"] + "population", Literal("-3", datatype=NamedNode(XSD + "integer"))),
            triple(node, RDFS + "seeAlso", other),
            triple(other, RDFS + "comment", Literal('two\nlines "quoted" \\ é 🏙')),
        ],
        B: [label(LYON, "Lyon"), label(PLACE, "Confluence"), triple(PLACE, PREFIXES["pedg"] + "inCity", LYON)],
        META_GRAPH: [triple(A, PREFIXES["dcterms"] + "license", LICENCE)],
    }
    versions = Versions(tmp_path_factory.mktemp("small"))
    build(versions, ChangeSet(content), Publication("somebody", "to see", release="spring"))
    return versions.directory(1)


@pytest.fixture(scope="module")
def made(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(small, folder)
    return folder


def listed(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    return found


def canonical(content: bytes | str, rdf_format: RdfFormat) -> bytes:
    dataset = Dataset(parse(content, rdf_format))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


def unpacked(folder: Path, name: str) -> bytes:
    return gzip.decompress((folder / name).read_bytes())


def test_each_rdf_file_holds_the_whole_version(made: Path) -> None:
    quads = unpacked(made, "pedgraph.nq.gz")
    linked = json.loads(unpacked(made, "pedgraph.jsonld.gz"))

    assert len(quads.splitlines()) == 12
    assert canonical(quads, RdfFormat.N_QUADS) == quads
    assert canonical(unpacked(made, "pedgraph.trig.gz"), RdfFormat.TRIG) == quads
    assert canonical(json.dumps(inlined(linked)), RdfFormat.JSON_LD) == quads
    assert [each["id"] for each in linked["@graph"]] == [A, B, META_GRAPH]


def test_the_hash_that_is_stated_is_that_of_the_canonical_form(made: Path) -> None:
    quads = unpacked(made, "pedgraph.nq.gz")

    assert listed(made)["canonical"] == {
        "form": "RDFC-1.0",
        "hash": "SHA-256",
        "value": hashlib.sha256(quads).hexdigest(),
        "bytes": len(quads),
    }


def test_a_version_gives_the_same_bytes_whenever_it_is_written(small: Path, made: Path, tmp_path: Path) -> None:
    make(small, tmp_path)

    files = sorted(each.relative_to(made) for each in made.rglob("*") if each.is_file())
    assert files == sorted(each.relative_to(tmp_path) for each in tmp_path.rglob("*") if each.is_file())
    for each in files:
        assert (made / each).read_bytes() == (tmp_path / each).read_bytes(), each


def test_names_of_blank_nodes_do_not_depend_on_labels(small: Path, made: Path, tmp_path: Path) -> None:
    again: dict[str, list[Triple]] = {A: [], B: [], META_GRAPH: []}
    for quad in parse(unpacked(made, "pedgraph.nq.gz").replace(b"_:c14n", b"_:other"), RdfFormat.N_QUADS):
        again[str(quad.graph_name)[1:-1]].append(quad.triple)
    versions = Versions(tmp_path)
    build(versions, ChangeSet(again), Publication("somebody", "to see"))

    found = write_canonical(versions.directory(1), tmp_path / "quads")

    assert found == listed(made)["canonical"]["value"]
    assert (tmp_path / "quads").read_bytes() == unpacked(made, "pedgraph.nq.gz")


def test_many_lines_are_sorted_in_runs_on_disk(small: Path, made: Path, tmp_path: Path) -> None:
    lines = unpacked(made, "pedgraph.nq.gz").splitlines(keepends=True)

    assert list(in_order(reversed(lines), tmp_path / "runs", lines_in_memory=5)) == lines
    assert list(tmp_path.iterdir()) == []
    write_canonical(small, tmp_path / "quads", lines_in_memory=5)
    assert (tmp_path / "quads").read_bytes().splitlines(keepends=True) == lines
    graphs = list(by_graph(tmp_path / "quads", tmp_path / "order", lines_in_memory=5))
    assert graphs == sorted(lines, key=lambda line: (line.split()[-2], line))


def with_default(edits: Edits) -> None:
    edits.add([Quad(NamedNode(PLACE), NamedNode(PREFIXES["pedg"] + "inCity"), NamedNode(LYON))])


def test_a_default_graph_of_its_own_is_part_of_it(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "home")
    plain = Publication("somebody", "to see", is_merged=False)
    build(versions, ChangeSet({A: [label(LYON, "Lyon <x> .")]}), plain, with_default)

    make(versions.directory(1), tmp_path / "made")

    quads = unpacked(tmp_path / "made", "pedgraph.nq.gz")
    assert quads.decode() == (
        f'<{LYON}> <{RDFS}label> "Lyon <x> ."@en <{A}> .\n<{PLACE}> <{PREFIXES["pedg"]}inCity> <{LYON}> .\n'
    )
    assert canonical(unpacked(tmp_path / "made", "pedgraph.trig.gz"), RdfFormat.TRIG) == quads
    linked = json.loads(unpacked(tmp_path / "made", "pedgraph.jsonld.gz"))
    assert canonical(json.dumps(inlined(linked)), RdfFormat.JSON_LD) == quads


def test_tables_have_a_row_per_thing(made: Path) -> None:
    tables = sorted(each.name for each in (made / "csv").iterdir())
    city = (made / "csv" / "city.csv").read_bytes().decode()

    assert tables == ["city.csv", "csv-metadata.json", "graph.csv", "ped.csv"]
    assert list(csv.reader(city.splitlines())) == [
        ["id", "label@en", "label@it", "seeAlso", "pedg:population", "graphs"],
        [LYON, "'=1+1|Lyon|a %7C b", "Lione", "https://example.org/a", "-3", f"{A}|{B}"],
    ]
    assert (made / "csv" / "ped.csv").read_bytes().decode() == (
        f"id,label@en,inCity,graphs\r\n{PLACE},Confluence,{LYON},{B}\r\n"
    )
    (described,) = [
        each
        for each in json.loads((made / "csv" / "csv-metadata.json").read_text(encoding="utf-8"))["tables"]
        if each["url"] == "ped.csv"
    ]
    shown = [
        (each["titles"], each.get("propertyUrl"), each["datatype"]) for each in described["tableSchema"]["columns"]
    ]
    assert shown == [
        ("id", None, "anyURI"),
        ("label@en", RDFS + "label", "string"),
        ("inCity", PREFIXES["pedg"] + "inCity", "anyURI"),
        ("graphs", None, "anyURI"),
    ]


def test_the_crate_describes_what_is_in_it(made: Path) -> None:
    with zipfile.ZipFile(made / "pedgraph-ro-crate.zip") as crate:
        contents = {name: crate.read(name) for name in crate.namelist()}
    entities = {each["@id"]: each for each in json.loads(contents.pop("ro-crate-metadata.json"))["@graph"]}
    root = entities["./"]

    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert (root["@type"], root["version"], root["license"]) == ("Dataset", "1", {"@id": LICENCE})
    assert listed(made)["canonical"]["value"] in root["description"]
    assert sorted(each["@id"] for each in root["hasPart"]) == sorted(contents)
    for name, content in contents.items():
        said = entities[name]
        assert (said["contentSize"], said["sha256"]) == (str(len(content)), hashlib.sha256(content).hexdigest())
    referred = {value["@id"] for each in entities.values() for value in each.values() if isinstance(value, dict)}
    assert referred - set(entities) == {"https://w3id.org/ro/crate/1.2"}


def test_the_list_is_true_of_all_files(made: Path) -> None:
    found = listed(made)
    names = [each["name"] for each in found["files"]]
    sums = [line.split("  ") for line in (made / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]

    assert (found["version"], found["release"], found["quads"], found["licences"]) == (1, "spring", 12, [LICENCE])
    assert {each.name for each in DISTRIBUTIONS} <= set(names)
    on_disk = {str(each.relative_to(made)) for each in made.rglob("*") if each.is_file()}
    assert set(names) == on_disk - {"files.json"}
    for each in found["files"]:
        content = (made / each["name"]).read_bytes()
        assert (each["size_bytes"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert sums == [[each["sha256"], each["name"]] for each in found["files"] if each["name"] != "SHA256SUMS"]
    assert {each["name"]: each["rows"] for each in found["files"] if "rows" in each} == {
        "csv/city.csv": 1, "csv/graph.csv": 1, "csv/ped.csv": 1,
    }  # fmt: skip
