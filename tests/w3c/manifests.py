"""Reading the manifests of the suites: what each test asks for, as it says itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyoxigraph import Triple

BASE: Final = "https://w3c.github.io/rdf-tests/sparql/"
STARTS: Final = ("sparql10/manifest.ttl", "sparql11/manifest-all.ttl", "sparql12/manifest.ttl")
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT: Final = "http://www.w3.org/2009/sparql/tests/test-update#"

Node = NamedNode | BlankNode
Term = Node | Literal


@dataclass(frozen=True)
class Data:
    """A dataset as a manifest gives it: files of the default graph, and (graph name, file) of named ones, by IRI."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """One test. ``text`` and ``result`` are IRIs of files; ``services`` are (endpoint, files of its data)."""

    iri: str
    suite: str
    kind: str
    comment: str
    text: str = ""
    data: Data = Data()
    services: tuple[tuple[str, Data], ...] = ()
    result: str = ""
    data_afterwards: Data = Data()
    is_lax: bool = False

    def __str__(self) -> str:
        return f"{self.suite}/{self.iri.rpartition('#')[2].rpartition('/')[2]}"


@dataclass(frozen=True)
class Suites:
    """The folder with the suites."""

    root: Path

    def cases(self) -> list[Case]:
        """All tests of all suites, each once, in the order of the manifests."""
        found = {case.iri: case for start in STARTS for case in _read(self, BASE + start)}
        return list(found.values())

    def path(self, iri: str) -> Path:
        """The file of an IRI."""
        return self.root / iri.removeprefix(BASE).partition("#")[0]

    def exists(self, iri: str) -> bool:
        """Whether an IRI names a file of the suites."""
        return iri.startswith(BASE) and self.path(iri).is_file()

    def quads(self, iri: str, graph: str = "") -> list[Quad]:
        """The quads of a file; its triples are put into the graph given."""
        rdf_format = RdfFormat.from_extension(self.path(iri).suffix[1:])
        assert rdf_format is not None, iri
        found = parse(path=str(self.path(iri)), format=rdf_format, base_iri=iri, rename_blank_nodes=True)
        if not graph:
            return list(found)
        return [Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in found]

    def dataset(self, data: Data) -> list[Quad]:
        """All quads of a dataset."""
        quads = [quad for iri in data.default for quad in self.quads(iri)]
        return quads + [quad for graph, iri in data.named for quad in self.quads(iri, graph)]


@dataclass(frozen=True)
class _Manifest:
    iri: str
    suites: Suites

    @cached_property
    def store(self) -> Store:
        store = Store()
        store.extend(self.suites.quads(self.iri))
        return store

    def all(self, subject: Term | Triple, predicate: str) -> list[Term]:
        assert isinstance(subject, NamedNode | BlankNode)
        quads = self.store.quads_for_pattern(subject, NamedNode(predicate), None)
        return [quad.object for quad in quads if isinstance(quad.object, NamedNode | BlankNode | Literal)]

    def one(self, subject: Term | Triple, predicate: str) -> Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def value(self, subject: Term, predicate: str) -> str:
        term = self.one(subject, predicate)
        return "" if term is None or isinstance(term, BlankNode) else term.value

    def listed(self, predicate: str) -> Iterator[NamedNode]:
        """The items of the list that the manifest has with this property."""
        manifests = self.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(MF + "Manifest"))
        for manifest in list(manifests):
            for item in self.items(self.one(manifest.subject, predicate)):
                assert isinstance(item, NamedNode)
                yield item

    def items(self, head: Term | None) -> Iterator[Term]:
        while head is not None and head != NamedNode(RDF + "nil"):
            first = self.one(head, RDF + "first")
            assert first is not None
            yield first
            head = self.one(head, RDF + "rest")


def _read(suites: Suites, iri: str) -> Iterator[Case]:
    manifest = _Manifest(iri, suites)
    for included in manifest.listed(MF + "include"):
        yield from _read(suites, included.value)
    for entry in manifest.listed(MF + "entries"):
        yield _case(manifest, entry)


def _case(manifest: _Manifest, entry: NamedNode) -> Case:
    action, result = manifest.one(entry, MF + "action"), manifest.one(entry, MF + "result")
    kinds = [kind.value for kind in manifest.all(entry, RDF + "type") if isinstance(kind, NamedNode)]
    services: list[Term] = []
    text, data = "", Data()
    if isinstance(action, NamedNode):
        text = action.value
    elif action is not None:
        text = manifest.value(action, QT + "query") or manifest.value(action, UT + "request")
        data, services = _data(manifest, action), manifest.all(action, QT + "serviceData")
    return Case(
        iri=entry.value,
        suite=manifest.iri.removeprefix(BASE).rpartition("/")[0],
        kind=next(kind.removeprefix(MF) for kind in kinds if kind.endswith("Test") or "SyntaxTest" in kind),
        comment=manifest.value(entry, RDFS + "comment"),
        text=text,
        data=data,
        services=tuple((manifest.value(one, QT + "endpoint"), _data(manifest, one)) for one in services),
        result=result.value if isinstance(result, NamedNode) else "",
        data_afterwards=_data(manifest, result) if isinstance(result, BlankNode) else Data(),
        is_lax=manifest.value(entry, MF + "resultCardinality") == MF + "LaxCardinality",
    )


def _data(manifest: _Manifest, node: Term) -> Data:
    default = [*manifest.all(node, QT + "data"), *manifest.all(node, UT + "data")]
    named = []
    for graph in (*manifest.all(node, QT + "graphData"), *manifest.all(node, UT + "graphData")):
        if isinstance(graph, NamedNode):
            named.append((graph.value, graph.value))
        else:
            file = manifest.value(graph, UT + "graph") or manifest.value(graph, QT + "graph")
            named.append((manifest.value(graph, RDFS + "label"), file))
    return Data(tuple(term.value for term in default), tuple(named))
