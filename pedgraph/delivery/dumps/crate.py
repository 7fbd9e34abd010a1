"""The description of a dump as an RO-Crate (RO-Crate Metadata Specification 1.2): what there is, of whom, under which
terms, with a checksum for each file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode, RdfFormat, parse

from pedgraph import __version__
from pedgraph.delivery.dumps.names import CRATE_METADATA
from pedgraph.vocabulary.iris import GRAPHS, META_GRAPH, PREFIXES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SPECIFICATION: Final = "https://w3id.org/ro/crate/1.2"
_LICENCE: Final = NamedNode(PREFIXES["dcterms"] + "license")
_PUBLISHER: Final = ROOT + "id/organisation/pedgraph"
_TERMS: Final = "The terms under which a graph of this version may be used; which graph, its own description says"
_MADE_WITH: Final = "#made-with"
_ACTION: Final = "#making"


@dataclass(frozen=True)
class Member:
    """A file of a dump: its name, what it is, and what it takes to check it."""

    name: str
    title: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class About:
    """What is said of a version as a whole; ``created`` is a moment as in its manifest."""

    version: int
    created: str
    release: str | None
    quads: int
    canonical_sha256: str
    licences: tuple[str, ...]


def licences(source: Path) -> tuple[str, ...]:
    """The licences of the graphs of a version, most frequent first, from its canonical N-Quads."""
    found = Counter(
        quad.object.value
        for quad in parse(path=str(source), format=RdfFormat.N_QUADS)
        if quad.predicate == _LICENCE
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
        and quad.subject.value.startswith(GRAPHS)
        and quad.graph_name == NamedNode(META_GRAPH)
    )
    return tuple(sorted(found, key=lambda each: (-found[each], each)))


def described(about: About, members: Sequence[Member]) -> dict[str, Any]:
    """The content of ``ro-crate-metadata.json``: a flat list of entities in JSON-LD (section on RO-Crate JSON-LD)."""
    return {"@context": f"{_SPECIFICATION}/context", "@graph": list(_entities(about, members))}


def _entities(about: About, members: Sequence[Member]) -> Iterator[dict[str, Any]]:
    yield {
        "@id": CRATE_METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    yield _root(about, members)
    for member in members:
        yield {
            "@id": member.name,
            "@type": "File",
            "name": member.name,
            "description": member.title,
            "encodingFormat": member.media_type.partition(";")[0],
            "contentSize": str(member.size_bytes),
            "sha256": member.sha256,
        }
    for licence in about.licences:
        yield {"@id": licence, "@type": "CreativeWork", "name": licence, "description": _TERMS}
    yield {"@id": _PUBLISHER, "@type": "Organization", "name": "pedgraph", "url": ROOT}
    yield {"@id": _MADE_WITH, "@type": "SoftwareApplication", "name": "pedgraph", "version": __version__, "url": ROOT}
    yield {
        "@id": _ACTION,
        "@type": "CreateAction",
        "name": "The version was written out as files",
        "instrument": {"@id": _MADE_WITH},
        "result": {"@id": "./"},
    }


def _root(about: About, members: Sequence[Member]) -> dict[str, Any]:
    named = f"release {about.release}" if about.release else f"version {about.version}"
    terms = [{"@id": licence} for licence in about.licences]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"pedgraph: claims about Europe's Positive Energy Districts, {named}",
        "description": (
            f"All {about.quads:,} statements of version {about.version} of the graph, each in the named graph of its "
            "source, with the terms in which they are made and the description of every source. The SHA-256 of the "
            f"data in canonical form (RDFC-1.0) is {about.canonical_sha256}; it is that of the N-Quads once unpacked."
        ),
        "identifier": f"{ROOT}version/{about.version}",
        "url": f"{ROOT}version/{about.version}",
        "version": str(about.version),
        "datePublished": about.created,
        "keywords": ["positive energy district", "linked data", "provenance"],
        "publisher": {"@id": _PUBLISHER},
        "license": terms[0] if len(terms) == 1 else terms,
        "hasPart": [{"@id": member.name} for member in members],
        "mentions": {"@id": _ACTION},
    }
