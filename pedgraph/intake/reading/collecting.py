"""What a reader collects while it reads: statements, problems up to a limit, and the graphs that are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from pedgraph.intake.findings import Position
from pedgraph.intake.parsing import rdf_1_2_in
from pedgraph.intake.reading import rules
from pedgraph.intake.reading.documents import Document, Statement, problem
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from pyoxigraph import DefaultGraph, Triple

    from pedgraph.intake.findings import Finding

# These are made by pedgraph; nobody hands them in.
MADE_GRAPHS: Final = frozenset({META_GRAPH, VOCABULARY_GRAPH, INFERRED_GRAPH, ALIGNMENTS_GRAPH})


class Collector:
    """Fills a document; ``source`` names the file."""

    def __init__(self, media_type: str, source: str) -> None:
        self.source = source
        self._document = Document(media_type)
        self._graphs: dict[str, Position] = {}

    @property
    def is_full(self) -> bool:
        """Whether there are so many problems that reading on helps nobody."""
        return len(self._document.problems) >= rules.PROBLEMS_MAX

    def take(self, triple: Triple, position: Position) -> None:
        """A statement, unless RDF 1.1 has none of its kind (RDF 1.1 Concepts, section 3.1)."""
        if rdf_1_2_in(triple) is None:
            self._document.statements.append(Statement(triple, position))
            return
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else str(triple.subject)
        path = triple.predicate.value
        self.complain(problem(rules.RDF_1_2, position, focus_node=subject, path=path, value=str(triple.object)))

    def graph(self, name: NamedNode | BlankNode | DefaultGraph, position: Position) -> None:
        """A graph that the file names."""
        if isinstance(name, NamedNode | BlankNode):
            self._graphs.setdefault(name.value if isinstance(name, NamedNode) else str(name), position)

    def place(self, node: str, path: str, position: Position) -> None:
        """Where something about a node and a property stands; the first place counts."""
        self._document.places.setdefault((node, path), position)

    def complain(self, finding: Finding) -> None:
        """A problem; left out beyond the limit."""
        if not self.is_full:
            self._document.problems.append(finding)

    def finish(self) -> Document:
        """The document, with what is to say of the whole file."""
        document, was_full = self._document, self.is_full
        for name, position in self._graphs.items():
            if name in MADE_GRAPHS:
                document.problems.append(problem(rules.MADE_GRAPH, position, value=name, graph=name))
        if self._graphs and not self._graphs.keys() <= MADE_GRAPHS:
            position = next(iter(self._graphs.values()))
            document.problems.append(rules.notice(rules.GRAPHS_MERGED, position, number=str(len(self._graphs))))
        document.problems.sort(key=lambda finding: (finding.position, finding.rule))
        if was_full:
            last = document.problems[-1].position
            document.problems.append(problem(rules.TOO_MANY_PROBLEMS, last, number=str(rules.PROBLEMS_MAX)))
        if not document.statements and not document.problems:
            document.problems.append(problem(rules.EMPTY, Position(self.source, line=1, column=1)))
        return document
