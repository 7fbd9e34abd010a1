"""Over the W3C SHACL suites, suspects and pySHACL find what pySHACL finds by itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import RDF

from pedgraph.intake.terms import to_rdflib
from tests.intake.shacl.reports import by_suspects, plainly

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
# Beside the checkout, or beside the folder that it is in.
FOLDERS = [parent / "shared" / "w3c-shacl" / "tests" for parent in Path(__file__).resolve().parents]
FOLDER = next((folder for folder in FOLDERS if folder.is_dir()), None)


def triples(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.as_uri())]


def cases_in(folder: Path) -> list[tuple[str, Path, Path]]:
    """Name, data and shapes of all tests of a suite."""
    found = []
    for path in sorted(folder.rglob("*.ttl")):
        graph = to_rdflib(triples(path))
        for test in graph.subjects(RDF.type, SHT.Validate):
            action = graph.value(test, MF.action)
            data, shapes = (
                Path(urlsplit(str(graph.value(action, each))).path) for each in (SHT.dataGraph, SHT.shapesGraph)
            )
            found.append((f"{path.relative_to(folder)} {test}", data, shapes))
    return found


@pytest.mark.parametrize(("suite", "size"), [("core", 98), ("sparql", 22)])
def test_a_suite_gives_the_same_either_way(suite: str, size: int) -> None:
    if FOLDER is None:
        pytest.skip("the W3C SHACL suites are not at hand (../shared/w3c-shacl)")
    cases = cases_in(FOLDER / suite)

    different = []
    for name, data_path, shapes_path in cases:
        data = triples(data_path)
        # One file is read once, so that its blank nodes are the same on both sides.
        shapes = data if shapes_path == data_path else triples(shapes_path)
        if by_suspects(data, shapes) != plainly(data, shapes):
            different.append(name)

    assert different == []
    assert len(cases) >= size
