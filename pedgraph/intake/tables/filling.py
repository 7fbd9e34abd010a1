"""What the cells of a row state: each value by the kind of its column, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.intake.reading.documents import Statement
from pedgraph.intake.tables.cells import Flaw, is_empty, shown
from pedgraph.intake.tables.kinds import SEPARATOR, ValueKind
from pedgraph.intake.tables.naming import temporary_name
from pedgraph.intake.tables.rules import SEVERAL_VALUES, NotReadError, finding
from pedgraph.intake.tables.values import Reader
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.findings import Position
    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.heads import Place
    from pedgraph.intake.tables.kinds import Column, Model, Node
    from pedgraph.intake.tables.naming import Row
    from pedgraph.intake.tables.things import Lookup

# Where a semicolon can only mean that there are several values.
_SINGLE: Final = frozenset({ValueKind.CODE, ValueKind.ENTITY, ValueKind.CLASS})


class Filling:
    """Fills a document with what rows state. ``temporary`` are the names of nodes that are to be named after their
    facts.
    """

    def __init__(self, model: Model, lookup: Lookup, document: Document, language: str) -> None:
        self._reader = Reader(model, lookup, language)
        self._language = language
        self._document = document
        self.temporary: set[str] = set()

    def fill(self, row: Row) -> None:
        """Adds the statements, places and findings of one row."""
        if row.is_temporary:
            self.temporary.add(row.iri)
        self._document.places.setdefault((row.iri, ""), row.own_place)
        self._state(row.iri, RDF_TYPE, NamedNode(row.class_iri), row.own_place)
        filled = {
            place.column.node
            for place in row.places
            if place.column.node and not is_empty(row.cells[place.column.name, place.language])
        }
        nodes = {node.name: self._open(row, node) for node in row.kind.nodes if node.name in filled}
        for place in row.places:
            self._cell(row, place, nodes)
        self._places_of_closed(row, filled)

    def _open(self, row: Row, node: Node) -> str:
        """Adds a node of a row, which one of its columns is filled in for."""
        iri = temporary_name(row, "node", node.name)
        self.temporary.add(iri)
        own = [place.column.name for place in row.places if place.column.node == node.name]
        position = row.place(own[0])
        self._document.places.setdefault((iri, ""), position)
        self._state(iri, RDF_TYPE, NamedNode(node.class_iri), position)
        if node.link.startswith("^"):
            self._state(iri, node.link[1:], NamedNode(row.iri), position)
        else:
            self._state(row.iri, node.link, NamedNode(iri), position)
        self._document.places.setdefault((row.iri, node.link.removeprefix("^")), position)
        for path, value in node.facts.items():
            self._state(iri, path, NamedNode(value), position)
            self._document.places.setdefault((iri, path), position)
        for path, column in node.shares.items():
            self._document.places.setdefault((iri, path), row.place(column))
        return iri

    def _places_of_closed(self, row: Row, filled: set[str]) -> None:
        """Where a node would begin that is not there: the first column of those that lead to it."""
        for node in row.kind.nodes:
            own = [place.column.name for place in row.places if place.column.node == node.name]
            if node.name not in filled and own:
                self._document.places.setdefault((row.iri, node.link.removeprefix("^")), row.place(own[0]))

    def _cell(self, row: Row, place: Place, nodes: dict[str, str]) -> None:
        column = place.column
        position = row.sheet.place(row.number, place.number)
        subjects = self._subjects(row, column, nodes)
        for subject, path in subjects:
            for each in (path, *column.also):
                self._document.places.setdefault((subject, each.removeprefix("^")), position)
        value = row.cells[column.name, place.language]
        if is_empty(value) or column.value_kind is ValueKind.IDENTIFIER:
            return
        for part in _parts(value, column):
            try:
                if isinstance(part, Flaw):
                    raise NotReadError(part.rule)
                self._value(row, place, part, subjects)
            except NotReadError as error:
                subject, path = subjects[0] if subjects else (row.iri, column.property_iri)
                self._document.problems.append(
                    finding(
                        error.rule, position, focus_node=subject, path=path.removeprefix("^"), value=shown(part),
                        **{"column": column.label(self._language), **error.variables},
                    )
                )  # fmt: skip

    def _value(self, row: Row, place: Place, value: object, subjects: list[tuple[str, str]]) -> None:
        """Adds what one value of a cell states on each of its subjects."""
        column, position = place.column, row.sheet.place(row.number, place.number)
        if column.value_kind in _SINGLE and not column.is_many and isinstance(value, str) and SEPARATOR in value:
            raise NotReadError(SEVERAL_VALUES)
        facts = list(self._reader.facts(row, column, value, place.language))
        if column.value_kind is ValueKind.CLASS:
            return
        for subject, path in subjects:
            for node, property_iri, term in facts:
                self._state(node or subject, property_iri or path, term, position)
                for key in ((node or subject, (property_iri or path).removeprefix("^")), (node, "")):
                    if key[0]:
                        self._document.places.setdefault(key, position)

    def _subjects(self, row: Row, column: Column, nodes: dict[str, str]) -> list[tuple[str, str]]:
        """The nodes that a column speaks about, each with the property that it states there."""
        found = []
        if column.path and not column.node:
            found.append((row.iri, column.path))
        if column.node in nodes:
            found.append((nodes[column.node], column.path))
        for node in row.kind.nodes:
            if node.name in nodes:
                found += [(nodes[node.name], path) for path, shared in node.shares.items() if shared == column.name]
        return found

    def _state(self, subject: str, path: str, term: NamedNode | Literal, position: Position) -> None:
        if path.startswith("^"):
            assert isinstance(term, NamedNode)
            triple = Triple(term, NamedNode(path[1:]), NamedNode(subject))
        else:
            triple = Triple(NamedNode(subject), NamedNode(path), term)
        self._document.statements.append(Statement(triple, position))


def _parts(value: object, column: Column) -> Iterator[object]:
    if not column.is_many or not isinstance(value, str):
        yield value
        return
    for part in value.split(SEPARATOR):
        if part.strip():
            yield part.strip()
