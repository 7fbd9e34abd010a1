"""What a file is judged together with: the rules, and what the current version knows already.

Where there is no version yet, as with a file that is checked before anything is built, the data that come with pedgraph
stand in.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from pedgraph.intake.known import known_elsewhere
from pedgraph.intake.rules import MADE
from pedgraph.intake.tables.things import NAMING, Things, known_things
from pedgraph.intake.telling.index import NAMES
from pedgraph.store.candidate import Candidate
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.iris import is_absolute
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad, Triple

    from pedgraph.intake.shipped import Shipped
    from pedgraph.intake.telling.index import Text
    from pedgraph.intake.validation import Rulebook
    from pedgraph.settings import Settings

# Names of so many things of a class are looked through for the nearest.
_MOST_THINGS: Final = 5000


class Surroundings:
    """What is known in one version of a home folder, or of the data that come with pedgraph (version 0)."""

    def __init__(self, settings: Settings, shipped: Shipped) -> None:
        versions = Versions(settings.home)
        self.version = 0 if versions.pointer() is None else versions.current()
        self._store = Candidate(versions.store_directory(self.version)) if self.version else None
        self._shipped = shipped

    def rulebook(self, own_graphs: Sequence[str]) -> Rulebook:
        """What a file is checked against; what ``own_graphs`` state is left out."""
        store = self._store
        if store is None:
            return self._shipped.rulebook
        others = known_elsewhere(
            lambda subject, predicate, value: store.quads(subject=subject, predicate=predicate, value=value),
            {*own_graphs, *MADE},
        )
        return self._shipped.rulebook_with(list(self._reference(store)), others)

    def stated(self, node: NamedNode) -> Iterable[Quad]:
        """What is stated of a node, with the graphs."""
        return () if self._store is None else self._store.quads(subject=node)

    def names(self, node: str) -> Sequence[Text]:
        """The labels of a node, with their languages."""
        if not is_absolute(node):
            return []
        subject = NamedNode(node)
        found = [
            (triple.object.language or "", triple.object.value)
            for name in NAMES
            for triple in self._triples(subject, NamedNode(name))
            if isinstance(triple.object, Literal)
        ]
        return list(dict.fromkeys(found))

    def of_class(self, class_iri: str) -> Mapping[str, Sequence[Text]]:
        """The things of a class, or as many as are worth looking through, with their labels."""
        instances = (triple.subject for triple in self._triples(None, NamedNode(RDF_TYPE), NamedNode(class_iri)))
        things = dict.fromkeys(thing.value for thing in instances if isinstance(thing, NamedNode))
        return {thing: self.names(thing) for thing in islice(things, _MOST_THINGS)}

    def things(self) -> Things:
        """All things with their kinds and names, which a table may name."""
        if self._store is None:
            return known_things(triple for triples in self._shipped.data.graphs.values() for triple in triples)
        naming = (NamedNode(each) for each in (RDF_TYPE, *NAMING))
        return known_things(triple for predicate in naming for triple in self._triples(None, predicate))

    def _reference(self, store: Candidate) -> Iterator[Triple]:
        for graph in self._shipped.written.reference:
            yield from (quad.triple for quad in store.quads(graph=NamedNode(graph)))

    def _triples(
        self, subject: NamedNode | None, predicate: NamedNode, value: NamedNode | None = None
    ) -> Iterator[Triple]:
        if self._store is not None:
            quads = self._store.quads(subject=subject, predicate=predicate, value=value, graph=DefaultGraph())
            return (quad.triple for quad in quads)
        key = (subject or value, predicate)
        return iter(self._index.get(key, ()))

    @cached_property
    def _index(self) -> dict[tuple[object, NamedNode], list[Triple]]:
        """The triples that come with pedgraph, by a term at either end and the property."""
        index: dict[tuple[object, NamedNode], list[Triple]] = {}
        for triples in self._shipped.data.graphs.values():
            for triple in triples:
                for term in (triple.subject, triple.object):
                    index.setdefault((term, triple.predicate), []).append(triple)
        return index
