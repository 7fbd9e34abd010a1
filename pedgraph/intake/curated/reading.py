"""From the tables of a data folder to one document per source, and one that describes sources and graphs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pedgraph.intake.bundle import CuratedData
from pedgraph.intake.checking.normalising import decimal_properties, name_blank_nodes, with_canonical_decimals
from pedgraph.intake.curated.describing import describe_graphs, graph_of
from pedgraph.intake.curated.files import TABLES, read_files
from pedgraph.intake.curated.grouping import SOURCE_THINGS, group_by_source
from pedgraph.intake.curated.sources import read_sources, source_slugs
from pedgraph.intake.reading.documents import Document
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.compiling import compile_sheets, read_rows
from pedgraph.intake.tables.csv_files import CSV
from pedgraph.intake.tables.heads import find_kind
from pedgraph.intake.tables.naming import name_rows
from pedgraph.intake.tables.things import Lookup, Things, known_things
from pedgraph.vocabulary.iris import META_GRAPH, TERMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.tables.kinds import Kind
    from pedgraph.intake.tables.naming import Row
    from pedgraph.intake.tables.sheets import Sheet

_SOURCE_CLASS = f"{TERMS}Source"


@dataclass
class Tables:
    """What the tables state: a document per graph, by its IRI; and the document of the metadata graph.

    ``problems`` are those of files and of rows that belong to no graph.
    """

    graphs: dict[str, Document] = field(default_factory=dict)
    sources: Document = field(default_factory=lambda: Document(CSV))
    problems: list[Finding] = field(default_factory=list)

    def added_to(self, data: CuratedData) -> CuratedData:
        """The curated data together with what the tables state."""
        graphs = {graph: document.triples for graph, document in self.graphs.items()}
        reference = {graph: graphs.pop(graph, []) for graph in data.reference}
        return CuratedData(
            meta=_together(data.meta, {META_GRAPH: self.sources.triples}),
            reference=_together(data.reference, reference),
            sources=_together(data.sources, graphs),
        )


def _together(*several: Mapping[str, Iterable[Triple]]) -> dict[str, list[Triple]]:
    found: dict[str, dict[Triple, None]] = {}
    for graphs in several:
        for graph, triples in graphs.items():
            found.setdefault(graph, {}).update(dict.fromkeys(triples))
    return {graph: list(triples) for graph, triples in found.items()}


def read_tables(data_directory: Path, written: CuratedData, shapes: Iterable[Triple]) -> Tables | None:
    """Reads the tables of a data folder; ``None`` where it has none.

    ``written`` is what the folder holds as RDF, whose things rows may name. What is wrong with a table becomes a
    finding; raises :class:`InputError` where a file cannot be read at all.
    """
    if not (data_directory / TABLES).is_dir():
        return None
    files = read_files(data_directory)
    stray = Document(CSV, problems=files.problems)
    known = known_things(written.triples)
    for slug in source_slugs(files.sources):
        known.add(SOURCE_THINGS + slug, _SOURCE_CLASS, ())
    described = {iri.removeprefix(SOURCE_THINGS) for iri in known.of([_SOURCE_CLASS], read_model().superclasses)}
    groups = group_by_source(files.sheets, described, stray)
    _add_things(files.sheets, known)
    sources = read_sources(files.sources, known)
    decimals = decimal_properties(shapes)
    graphs = {graph_of(slug): _document(groups[slug], known, decimals) for slug in sorted(groups)}
    describe_graphs(sources, sorted(groups.keys() & sources.by_slug.keys()))
    return Tables(graphs, sources.document, stray.problems)


def _add_things(sheets: Iterable[Sheet], known: Things) -> None:
    """Adds the things of all rows, so that those of one source may name those of another."""
    model, scratch = read_model(), Document(CSV)
    tables: list[tuple[Kind, Sheet]] = []
    for sheet in sheets:
        kind = find_kind(sheet, model, scratch)
        if kind is not None and not (kind.is_form or kind.is_hashed):
            tables.append((kind, sheet))
    order = {kind.name: number for number, kind in enumerate(model.kinds)}
    rows: list[Row] = []
    for kind, sheet in sorted(tables, key=lambda table: order[table[0].name]):
        rows += read_rows(kind, sheet, scratch)
    # What is wrong with names is told where each source is read.
    name_rows(rows, known, Lookup(Things(), known, model.superclasses), scratch)


def _document(sheets: list[Sheet], known: Things, decimals: Collection[str]) -> Document:
    """What the rows of one source state, in the form in which it is published."""
    document = Document(CSV)
    compile_sheets(sheets, document, known)
    name_blank_nodes(document)
    triples = with_canonical_decimals(document.triples, decimals)
    document.statements = [
        replace(statement, triple=triple) for statement, triple in zip(document.statements, triples, strict=True)
    ]
    return document
