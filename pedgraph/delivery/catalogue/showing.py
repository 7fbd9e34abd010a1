"""The catalogue as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pedgraph.delivery.catalogue.authorities import called
from pedgraph.delivery.catalogue.subject import DESCRIPTION, RIGHTS
from pedgraph.delivery.catalogue.survey import MERGE, Described
from pedgraph.delivery.dumps.names import DISTRIBUTIONS, address_of, folder_of
from pedgraph.vocabulary.iris import ROOT, compact
from pedgraph.vocabulary.media import GRAPH_FORMATS

if TYPE_CHECKING:
    from pedgraph.delivery.catalogue.subject import Subject


def shown(subject: Subject) -> dict[str, Any]:
    """What the template shows of a version; addresses are ways from the start of the site."""
    counts = subject.survey.counts[MERGE]
    made = {each.name: each for each in subject.files}
    files = [
        {
            "name": each.name,
            "title": each.title,
            "address": address_of(subject.version, each.name),
            "size_bytes": made[each.name].size_bytes if each.name in made else None,
        }
        for each in DISTRIBUTIONS
    ]
    graphs = [_graph(subject, iri) for iri in subject.survey.graphs]
    return {
        "description": DESCRIPTION,
        "rights": RIGHTS,
        "licence": _link(subject.licence)[0],
        "licence_name": called(subject.licence),
        "created": subject.manifest.created,
        "counts": counts,
        "classes": _largest(counts.classes),
        "properties": _largest({iri: uses.triples for iri, uses in counts.properties.items()}),
        "files": files,
        "folder": folder_of(subject.version),
        "graphs": sorted(graphs, key=lambda each: (-each["triples"], each["title"])),
        "formats": [(each.name, each.media_type) for each in GRAPH_FORMATS],
        "number": subject.version,
    }


def _largest(numbers: dict[str, int]) -> list[tuple[str, bool, str, int]]:
    """Address of each, whether it is one of ours, its short name and its number, the largest number first."""
    ordered = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    return [(*_link(iri), compact(iri).strip("<>"), number) for iri, number in ordered]


def _link(iri: str) -> tuple[str, bool]:
    """Where an IRI leads, and whether that is below the start of the site; nowhere where it is none of the web's."""
    if iri.startswith(ROOT):
        return iri.removeprefix(ROOT), True
    return (iri if iri.startswith(("http://", "https://")) else ""), False


def _graph(subject: Subject, iri: str) -> dict[str, Any]:
    described = subject.described.get(iri) or Described(f" {iri}")
    counts = subject.survey.counts[iri]
    address, is_ours = _link(iri)
    return {
        "title": described.title.partition(" ")[2],
        "address": address if is_ours else "",
        "licence": _link(described.licence)[0],
        "licence_name": called(described.licence),
        "date": described.date,
        "triples": counts.triples,
        "entities": counts.entities,
    }
