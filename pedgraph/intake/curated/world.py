"""A folder of curated data as a whole: what it states, and what the rules say of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.bundle import read_data, read_rulebook, read_shapes
from pedgraph.intake.curated.checking import check_graph, described_things, strict
from pedgraph.intake.curated.reading import read_tables
from pedgraph.intake.gate import undescribed
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, PREFIXES, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

    from pedgraph.intake.bundle import CuratedData
    from pedgraph.intake.curated.reading import Tables
    from pedgraph.intake.findings import Finding
    from pedgraph.intake.validation import Rulebook

_OWN_GRAPHS: Final = (VOCABULARY_GRAPH, ALIGNMENTS_GRAPH, INFERRED_GRAPH)
_TITLE: Final = f"{PREFIXES['dcterms']}title"


@dataclass(frozen=True)
class Curated:
    """Curated data, the tables that they come from (``None`` where there are none), and the shapes."""

    data: CuratedData
    tables: Tables | None
    shapes: Sequence[Triple]

    @cached_property
    def rulebook(self) -> Rulebook:
        """What each graph is checked against; raises :class:`InputError`."""
        return read_rulebook(self.data, list(self.shapes))

    def findings(self, progress: Callable[[str, int], None] = lambda *_: None) -> list[Finding]:
        """All findings about files, tables and graphs, worst first; those about tables with their places.

        ``progress`` is called with what is being checked, by its title, and its number from 1. Raises
        :class:`InputError` where the shapes cannot be applied.
        """
        graphs = self.data.graphs
        findings = undescribed({*graphs, *_OWN_GRAPHS}, self._described)
        findings += strict(self.tables.problems) if self.tables else []
        findings = translate(findings, ENGLISH)
        things, titles = described_things(self.data.triples), self._titles
        for step, (graph, triples) in enumerate(graphs.items(), start=1):
            progress(titles.get(graph, graph), step)
            findings += check_graph(graph, triples, self.tables, self.rulebook, things)
        return sorted(set(findings))

    def told(self, findings: Sequence[Finding], source: str) -> dict[str, Any]:
        """The findings as people are told of them, each with what to do, as a JSON object."""
        from pedgraph.intake.telling.grouping import told_in
        from pedgraph.intake.telling.teller import Background

        triples, rulebook = list(self.data.triples), self.rulebook
        background = Background.of_triples(self.shapes, [*rulebook.vocabulary, *rulebook.reference], triples)
        return told_in([ENGLISH], findings, background, triples, source=source)[ENGLISH]

    @property
    def _described(self) -> set[str]:
        return {
            triple.subject.value
            for triples in self.data.meta.values()
            for triple in triples
            if isinstance(triple.subject, NamedNode)
        }

    @property
    def _titles(self) -> dict[str, str]:
        """The titles of graphs."""
        return {
            triple.subject.value: triple.object.value
            for triples in self.data.meta.values()
            for triple in triples
            if triple.predicate.value == _TITLE
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, Literal)
        }


def read_curated(data_directory: Path) -> Curated:
    """Reads all of a data folder, RDF and tables; raises :class:`InputError` for a file that cannot be read."""
    written, shapes = read_data(data_directory), read_shapes()
    tables = read_tables(data_directory, written, shapes)
    return Curated(tables.added_to(written) if tables else written, tables, shapes)
