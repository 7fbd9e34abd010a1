"""Q14: HermiT finds what is planted, and nothing in the core. Needs Java and owlready2."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from ontology.pinned.sources import read_sources
from ontology.reason import Verdict, combinations, main, reason, without_members

pytestmark = pytest.mark.soak
ONTOLOGY = Path(__file__).parents[2] / "ontology"
PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix pedg: <https://w3id.org/pedgraph/ont#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <http://example.org/> .
"""
PARENT = "prov:Activity a owl:Class ; owl:disjointWith prov:Entity . prov:Entity a owl:Class ."


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def core() -> list[Triple]:
    return combinations()[0].triples(Path())


def test_the_core_is_consistent_and_each_class_can_have_members() -> None:
    assert reason(core()) == Verdict(is_consistent=True, empty_classes=())


def test_a_class_that_must_be_empty_is_named() -> None:
    planted = triples("pedg:Hedge a owl:Class ; rdfs:subClassOf pedg:Measure , pedg:Obstacle .")

    verdict = reason([*core(), *planted])

    assert verdict == Verdict(is_consistent=True, empty_classes=("https://w3id.org/pedgraph/ont#Hedge",))
    assert not verdict.is_sound


def test_a_thing_in_two_disjoint_classes_is_inconsistent() -> None:
    planted = triples(":x a pedg:TechnicalMeasure , pedg:SupportiveMeasure .")

    verdict = reason([*core(), *planted])

    assert not verdict.is_consistent
    assert not verdict.is_sound


def test_imports_are_not_followed_and_members_can_be_left_out() -> None:
    stated = triples(
        "<http://example.org> a owl:Ontology ; owl:imports <http://example.invalid/x> . "
        ":A a owl:Class ; owl:oneOf ( :a ) . :a a :A ."
    )
    assert reason(stated).is_sound
    left = {str(triple.subject) for triple in without_members(stated)}
    assert "<http://example.org/a>" not in left
    assert "<http://example.org/A>" in left


@pytest.mark.parametrize(("parents", "status"), [("prov:Entity", 0), ("prov:Entity , prov:Activity", 1)])
def test_a_conflict_with_a_parent_ends_with_status_1_and_its_name(
    parents: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ontology = tmp_path / "ontology"
    (ontology / "alignments").mkdir(parents=True)
    (ontology / "core.ttl").write_text(PREFIXES + "pedg:Submission a owl:Class .", encoding="utf-8")
    aligned = f"{PREFIXES} pedg:Submission rdfs:subClassOf {parents} ."
    (ontology / "alignments/prov.ttl").write_text(aligned, encoding="utf-8")
    package(tmp_path)

    assert main([str(tmp_path), str(ontology)]) == status

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["core", "prov", "everything"]
    assert ["EMPTY: https://w3id.org/pedgraph/ont#Submission;" in line for line in lines] == [
        False,
        *[bool(status)] * 2,
    ]


def package(folder: Path) -> None:
    """A package of PROV with two disjoint classes, as the package manager leaves it."""
    prov = next(each for each in read_sources() if each.prefix == "prov")
    text = "".join(f"{triple} .\n" for triple in triples(PARENT)).encode()
    with tarfile.open(folder / f"vocabulary-prov-{prov.version}.tgz", "w:gz") as tar:
        member = tarfile.TarInfo(f"package/{prov.file}")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))


def test_every_alignment_is_combined_with_what_it_maps_to() -> None:
    found = {each.name: ({parent.prefix for parent in each.parents}, set(each.absent)) for each in combinations()}
    assert set(found) == {path.stem for path in (ONTOLOGY / "alignments").glob("*.ttl")} | {"core", "everything"}
    assert found["core"] == (set(), set())
    assert found["prov-dcat"] == ({"dcat", "prov", "skos"}, set())
    assert found["saref"] == ({"skos"}, {"s4city", "saref"})
    assert all(parents or absent for name, (parents, absent) in found.items() if name != "core")


def test_java_is_there() -> None:
    """A missing reasoner fails this file; it never passes it by."""
    assert shutil.which("java")
