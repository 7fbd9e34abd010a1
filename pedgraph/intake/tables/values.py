"""What one value in a cell states, by the kind of its column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.tables.amounts import decimal_text, find_unit, read_amount
from pedgraph.intake.tables.cells import (
    external_name,
    find_code,
    parted_language,
    read_address,
    read_coordinates,
    read_external,
    read_text,
    shown,
)
from pedgraph.intake.tables.dates import XSD, YEAR, read_date, read_year
from pedgraph.intake.tables.kinds import ValueKind
from pedgraph.intake.tables.rules import NO_UNIT, TWO_QUALIFIERS, NotReadError
from pedgraph.vocabulary.iris import PREFIXES, TERMS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pedgraph.intake.tables.amounts import Amount
    from pedgraph.intake.tables.kinds import Column, Member, Model
    from pedgraph.intake.tables.naming import Row
    from pedgraph.intake.tables.things import Lookup

    # The property and its value, on the subject of the column; or on the node that stands in front.
    Fact = tuple[str, str, NamedNode | Literal]

_ADMS: Final = PREFIXES["adms"]
_UNIT: Final = f"{TERMS}unit"
_QUALIFIER: Final = f"{TERMS}valueQualifier"
_QUALIFIER_COLUMN: Final = "value qualifier"
DECIMAL: Final = NamedNode(f"{XSD}decimal")


class Reader:
    """Reads values; ``language`` is that of texts and of words shown in findings, if a header says no other."""

    def __init__(self, model: Model, lookup: Lookup, language: str) -> None:
        self._model = model
        self._lookup = lookup
        self._language = language
        # The words in IRIs for each choice of classes.
        self._words: dict[tuple[str, ...], list[str]] = {}

    def facts(self, row: Row, column: Column, value: object, language: str) -> Iterator[Fact]:
        """What a value states, as (node, property, value); the node is empty for the subject of the column, the
        property for the path of the column. Raises :class:`NotReadError`.
        """
        if column.value_kind is ValueKind.NUMBER:
            yield from self._number(row, column, value)
        elif column.value_kind is ValueKind.COORDINATES:
            latitude, longitude = read_coordinates(value)
            yield "", column.path, Literal(latitude, datatype=DECIMAL)
            yield "", column.also[0], Literal(longitude, datatype=DECIMAL)
        elif column.value_kind is ValueKind.EXTERNAL:
            yield from _external(column, read_external(value))
        else:
            readers: dict[ValueKind, Callable[[Column, object], NamedNode | Literal]] = {
                ValueKind.CODE: self._code,
                ValueKind.CLASS: self._code,
                ValueKind.ENTITY: self._entity,
                ValueKind.UNIT: self._unit,
                ValueKind.DATE: self._date,
                ValueKind.YEAR: lambda _, year: Literal(read_year(year), datatype=NamedNode(YEAR)),
                ValueKind.IRI: _address,
                ValueKind.TEXT: lambda text_column, text: _text(text_column, text, language or self._language),
            }
            term = readers[column.value_kind](column, value)
            for path in ("", *column.also):
                yield "", path, term

    def _code(self, column: Column, value: object) -> NamedNode:
        return NamedNode(find_code(read_text(value), column.members, self._language).iri)

    def _entity(self, column: Column, value: object) -> NamedNode:
        text = read_text(value)
        if column.members:
            # Some links may lead to a code as well, such as a city role that stands for cities that are not named.
            try:
                return NamedNode(find_code(text, column.members, self._language).iri)
            except NotReadError:
                pass
        if column.classes not in self._words:
            self._words[column.classes] = [
                word
                for kind in self._model.kinds
                for class_iri, word in kind.slugs.items()
                if not column.classes or not set(self._model.superclasses[class_iri]).isdisjoint(column.classes)
            ]
        return NamedNode(self._lookup.find(text, column.classes, self._words[column.classes]))

    def _unit(self, column: Column, value: object) -> NamedNode:
        text = read_text(value)
        try:
            return NamedNode(find_unit(text, self._model.units, column.members).iri)
        except NotReadError as error:
            raise NotReadError(NO_UNIT, **error.variables) from None

    def _date(self, column: Column, value: object) -> Literal:
        lexical, datatype = read_date(value, column.datatypes, self._model.months)
        return Literal(lexical, datatype=NamedNode(datatype))

    def _number(self, row: Row, column: Column, value: object) -> Iterator[Fact]:
        amount = read_amount(value, self._model.qualifiers)
        unit = self._unit_beside(row, column, amount)
        if amount.qualifier:
            self._check_qualifier(row, amount)
        yield "", "", Literal(decimal_text(amount.number), datatype=DECIMAL)
        if amount.qualifier:
            yield "", _QUALIFIER, NamedNode(amount.qualifier)
        if unit is not None:
            yield "", _UNIT, NamedNode(unit.iri)

    def _unit_beside(self, row: Row, column: Column, amount: Amount) -> Member | None:
        """The unit behind a number, which must be that of the column or of the cell for the unit."""
        if not amount.unit:
            return None
        units = self._model.units
        allowed: Sequence[Member] = [unit for unit in units if unit.iri == column.unit]
        if column.unit_column:
            allowed = row.kind.column(column.unit_column).members
            written = row.text(column.unit_column)
            try:
                allowed = [find_unit(written, units, allowed)] if written else allowed
            except NotReadError:
                # It is told where the cell of the unit is read.
                return None
        return find_unit(amount.unit, units, allowed)

    def _check_qualifier(self, row: Row, amount: Amount) -> None:
        written = row.text(_QUALIFIER_COLUMN)
        members = next((each.members for each in row.kind.columns if each.name == _QUALIFIER_COLUMN), ())
        if not written:
            return
        try:
            said = find_code(written, members, self._language)
        except NotReadError:
            return
        if said.iri != amount.qualifier:
            raise NotReadError(TWO_QUALIFIERS, other=shown(written))


def _address(column: Column, value: object) -> NamedNode | Literal:
    address = read_address(value)
    return Literal(address, datatype=NamedNode(column.datatypes[0])) if column.datatypes else NamedNode(address)


def _text(column: Column, value: object, language: str) -> Literal:
    text = read_text(value)
    if not column.has_language:
        return Literal(text)
    text, language = parted_language(text, language)
    return Literal(text, language=language)


def _external(column: Column, identifier: str) -> Iterator[Fact]:
    node = external_name(column.agency, identifier)
    yield "", column.path, NamedNode(node)
    yield node, RDF_TYPE, NamedNode(f"{_ADMS}Identifier")
    yield node, f"{PREFIXES['skos']}notation", Literal(identifier)
    yield node, f"{_ADMS}schemaAgency", Literal(column.agency)
