"""How the metadata graph describes the graph of a source: whose claims it holds, from when, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.curated.grouping import SOURCE_THINGS
from pedgraph.intake.reading.documents import Statement
from pedgraph.intake.submissions.describing import OURSELVES, PROFILE, SERIES, about, status, term, thing
from pedgraph.intake.submissions.states import State
from pedgraph.vocabulary.iris import GRAPHS, TERMS, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.intake.curated.sources import Source, Sources

_LICENCE: Final = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_MADE: Final = (
    "What the source states was collected as facts, with the address and the day on which it was read. The facts were "
    "written as rows of tables, each with its source, and the rows were compared with the facts cell by cell. The rows "
    "of one source are read as tables that are submitted, and their statements are kept in a graph of their own."
)


def graph_of(slug: str) -> str:
    """The IRI of the graph of a source."""
    return f"{GRAPHS}{slug}/1"


def describe_graphs(sources: Sources, slugs: Iterable[str]) -> None:
    """Adds to the document of the sources what describes the graphs of some of them."""
    for slug in slugs:
        source = sources.by_slug[slug]
        sources.document.statements += _statements(source)
        graph = graph_of(slug)
        sources.document.places[graph, ""] = source.row
        sources.document.places[graph, f"{TERMS}confidence"] = source.confidence_cell
        for node in (graph, thing("activity", f"extraction-{slug}-1").value):
            for name in ("dcterms:issued", "dcterms:date"):
                sources.document.places[node, expand(name)] = source.read_on_cell


def _statements(source: Source) -> Iterator[Statement]:
    node = NamedNode(SOURCE_THINGS + source.slug)
    graph, activity = NamedNode(graph_of(source.slug)), thing("activity", f"extraction-{source.slug}-1")
    title = source.title.value if source.title else source.slug
    facts: list[tuple[str, str | NamedNode | Literal]] = [
        ("rdf:type", term("pedg:Submission")),
        ("rdf:type", term("dcat:Dataset")),
        ("rdf:type", term("prov:Entity")),
        ("dcterms:title", f"Statements of the source: {title}"),
        ("dcterms:publisher", OURSELVES),
        ("dcterms:creator", OURSELVES),
        ("dcterms:license", _LICENCE),
        ("dcterms:conformsTo", PROFILE),
        ("dcat:inSeries", SERIES),
        ("prov:hadPrimarySource", node),
        ("prov:wasGeneratedBy", activity),
        ("pedg:submissionStatus", status(State.ACCEPTED)),
    ]
    made: list[tuple[str, str | NamedNode | Literal]] = [
        ("rdf:type", term("prov:Activity")),
        ("rdfs:label", f"Extraction from the source: {title}"),
        ("dcterms:description", _MADE),
        ("prov:used", node),
        ("prov:wasAssociatedWith", OURSELVES),
    ]
    if source.read_on:
        facts.append(("dcterms:issued", source.read_on))
        made.append(("dcterms:date", source.read_on))
    if source.confidence:
        facts.append(("pedg:confidence", source.confidence))
    yield from (Statement(each, source.row) for each in (*about(graph, facts), *about(activity, made)))
