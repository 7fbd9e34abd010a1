"""Q11: every external IRI stands in the pinned list; and the list is what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from ontology.pinned.extract import Term, row_of, terms_of
from ontology.pinned.sources import Vocabulary, read_sources
from tests.ontology.pinned import (
    outside_facts,
    pinned_quads,
    rows,
    terms_in_constraints,
    terms_in_json_ld,
    terms_in_python,
    terms_in_sparql,
)

ROOT = Path(__file__).parents[2]
FIRES = sorted((Path(__file__).parent / "fires/Q11").iterdir())
CHECK = (ROOT / "queries/checks/ontology/Q11-external-terms.rq").read_text(encoding="utf-8")
# Released files are never changed; examples of queries are planted data.
TRIPLES = ("ontology/*.ttl", "ontology/codes/*.ttl", "ontology/alignments/*.ttl", "shapes/**/*.ttl", "data/**/*.trig")
TEXTS = (
    "queries/**/*.rq",
    "shapes/**/*.ttl",
    "ontology/context/*.jsonld",
    "ontology/frames/**/*.jsonld",
    "pedgraph/**/*.py",
)
FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


def quads(path: Path, root: Path) -> list[Quad]:
    """The statements of a file in a graph named after it."""
    file = NamedNode("file:" + path.relative_to(root).as_posix())
    return [
        Quad(quad.subject, quad.predicate, quad.object, file)
        for quad in parse(path=path, format=FORMATS[path.suffix], rename_blank_nodes=True)
    ]


def offenders(*groups: list[Quad]) -> set[tuple[str, str, str]]:
    store = Store()
    store.extend([*pinned_quads(ROOT), *(quad for group in groups for quad in group)])
    found = store.query(CHECK)
    assert isinstance(found, QuerySolutions)
    return {(row["file"].value, row["term"].value, row["detail"].value) for row in found}


def test_every_external_term_is_pinned() -> None:
    files = [path for glob in TRIPLES for path in sorted(ROOT.glob(glob))]
    texts = [path for glob in TEXTS for path in sorted(ROOT.glob(glob))]
    assert len(files) > 40
    assert len(texts) > 60

    found = offenders(*(quads(path, ROOT) for path in files), *(outside_facts(path, ROOT) for path in texts))

    assert sorted(found) == []


@pytest.mark.parametrize("path", FIRES, ids=lambda path: path.name)
def test_the_check_fires(path: Path) -> None:
    """The first lines of each file say what is found in it: term, a blank, and what is wrong."""
    text = path.read_text(encoding="utf-8")
    expected = {tuple(line[3:].split(" ", 1)) for line in text.splitlines() if line.startswith("#! ")}
    assert expected

    found = offenders(quads(path, ROOT) if path.suffix in FORMATS else [], outside_facts(path, ROOT))

    assert {(term, detail) for _, term, detail in found} == expected


def test_the_list_is_sorted_and_each_term_stands_in_its_namespace() -> None:
    namespaces = {row["prefix"]: row["namespace"] for row in rows(ROOT, "vocabularies.csv")}
    terms = rows(ROOT, "terms.csv")
    assert {each.prefix for each in read_sources()} == set(namespaces)
    assert [row["iri"] for row in terms] == sorted({row["iri"] for row in terms})
    assert 2_000 < len(terms) < 6_000
    for row in terms:
        assert row["iri"].startswith(namespaces[row["prefix"]]), row


def test_what_no_package_carries_is_named_with_what_was_tried() -> None:
    vocabularies = rows(ROOT, "vocabularies.csv")
    terms = rows(ROOT, "terms.csv")
    not_to_be_had = {row["prefix"] for row in vocabularies if row["state"] == "not-to-be-had"}
    unverified = {row["prefix"] for row in terms if row["state"] == "unverified"}
    assert not_to_be_had == {"adms", "country", "eurio", "m8g", "oeo", "om", "s4city", "saref", "vivo"}
    assert unverified == not_to_be_had | {"dcat", "owl"}
    for row in vocabularies:
        has_file = row["state"] == "verified"
        assert bool(row["sha256"]) is bool(row["carrier"]) is bool(row["version"]) is has_file, row
        assert has_file or "Asked for" in row["note"], row


EXAMPLE = """
@prefix : <http://example.org/v#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/v> a owl:Ontology ; owl:versionInfo "2" ; dcterms:license <http://example.org/free> ;
  dcterms:modified "2020-01-02" , "2019-01-02" .
:A a owl:Class . :b a owl:ObjectProperty ; owl:deprecated true . :c rdfs:label "c" .
<http://example.org/else#D> a owl:Class .
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with one package, as a package manager leaves it."""
    import io
    import tarfile

    with tarfile.open(tmp_path / "some-v-1.0.tgz", "w:gz") as tar:
        member = tarfile.TarInfo("package/v.ttl")
        member.size = len(EXAMPLE.encode())
        tar.addfile(member, io.BytesIO(EXAMPLE.encode()))
    return tmp_path


def vocabulary(**more: object) -> Vocabulary:
    fields: dict[str, object] = {
        "prefix": "v",
        "namespace": "http://example.org/v#",
        "title": "V",
        "registry": "npm",
        "package": "@some/v",
        "version": "1.0",
        "file": "v.ttl",
        "ontology": "http://example.org/v",
    }
    return Vocabulary(**(fields | more))  # type: ignore[arg-type]


def test_terms_are_taken_from_the_real_file(packages: Path) -> None:
    every = vocabulary(take="all")
    assert sorted(terms_of(every, every.triples(packages))) == [
        Term("http://example.org/v#A", "v", "class", "no", "verified"),
        Term("http://example.org/v#b", "v", "property", "yes", "verified"),
        Term("http://example.org/v#c", "v", "individual", "no", "verified"),
    ]
    row = row_of(every, packages, every.triples(packages))
    assert (row.version, row.licence, row.state) == ("2; 2020-01-02", "http://example.org/free", "verified")
    listed = vocabulary(terms=("A",), unverified=("z",))
    assert sorted(terms_of(listed, listed.triples(packages))) == [
        Term("http://example.org/v#A", "v", "class", "no", "verified"),
        Term("http://example.org/v#z", "v", "unknown", "unknown", "unverified"),
    ]


def test_a_listed_term_that_the_file_lacks_is_refused(packages: Path) -> None:
    lacking = vocabulary(terms=("A", "Z"))
    with pytest.raises(LookupError, match=r"^v: not in v.ttl: http://example.org/v#Z$"):
        terms_of(lacking, lacking.triples(packages))
    known = vocabulary(unverified=("A",))
    with pytest.raises(LookupError, match=r"^v: unverified, but in v.ttl: A$"):
        terms_of(known, known.triples(packages))


def test_external_terms_are_found_in_texts() -> None:
    sparql = (
        'PREFIX a: <http://a#>\nPREFIX b: <http://b/>\n# a:no\nSELECT ?x { ?x a:p/b:q|^<http://c> "a:no" ; a a:T\\-x }'
    )
    assert terms_in_sparql(sparql) == {"http://a#p", "http://b/q", "http://c", "http://a#T-x"}
    with pytest.raises(KeyError):
        terms_in_sparql("SELECT ?x { ?x a:p 1 }")
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> .
      <#s> sh:declare [ sh:prefix "a" ; sh:namespace "http://a#" ] ; sh:select "SELECT $this { $this a:p helix:x }" ."""
    shapes = shapes.replace("<#s>", "<http://s>")
    assert terms_in_constraints(shapes) == {"http://a#p", "https://w3id.org/pedgraph/code/helix/x"}
    context = (
        '{"@context": {"a": "http://a#", "x": {"@id": "a:y", "@type": "http://b/z"}, "v": {"@vocab": "http://c/"}}}'
    )
    assert terms_in_json_ld(context) == {"http://a#y", "http://b/z"}
    assert terms_in_python('A = "http://a#b"\n"""See http://c."""\n') == {"http://a#b"}
