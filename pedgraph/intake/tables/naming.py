"""What rows are called: by the id that they give, else by a slug of their name (rule S01), else by their facts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.intake.tables.cells import Flaw, find_code, is_empty, parted_language, read_text, shown, slug
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.dates import read_date
from pedgraph.intake.tables.kinds import ENGLISH, SEPARATOR, ValueKind
from pedgraph.intake.tables.rules import NAMELESS_ROW, NO_ID, SAME_ID, NotReadError, finding
from pedgraph.vocabulary.iris import THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pedgraph.intake.findings import Position
    from pedgraph.intake.reading.documents import Document
    from pedgraph.intake.tables.heads import Place
    from pedgraph.intake.tables.kinds import Column, Kind
    from pedgraph.intake.tables.sheets import Sheet
    from pedgraph.intake.tables.things import Lookup, Things

ID: Final = "id"
_NAMING: Final = ("other names", "acronym")
_SLUG: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_LONGEST_SLUG: Final = 80
_HASH_DIGITS: Final = 8


@dataclass
class Row:
    """One row: its kind, where it stands, its cells by the name of the column and the language of the header, and the
    IRI and class of what it describes.
    """

    kind: Kind
    sheet: Sheet
    number: int
    places: Sequence[Place]
    cells: Mapping[tuple[str, str], object]
    iri: str = ""
    class_iri: str = ""
    is_temporary: bool = field(default=False)

    def value(self, name: str) -> object:
        """What stands in a column of this name; of several languages the first that is filled in."""
        found = (value for (column, _), value in self.cells.items() if column == name and not is_empty(value))
        return next(found, None)

    def text(self, name: str) -> str:
        """The text in a column; empty where there is none that can be read."""
        value = self.value(name)
        if value is None or isinstance(value, Flaw):
            return ""
        try:
            return parted_language(read_text(value), "")[0]
        except NotReadError:
            return shown(value)

    def place(self, name: str) -> Position:
        """Where a column stands in this row, filled in or not; the row itself where the sheet has no such column."""
        numbers = [place.number for place in self.places if place.column.name == name]
        return self.sheet.place(self.number, numbers[0] if numbers else 0)

    @property
    def own_place(self) -> Position:
        """The cell that stands for the whole row: its id, else its name, else its first cell."""
        for name in (ID, self.kind.name_column):
            if self.text(name):
                return self.place(name)
        first = self.kind.name_column or (self.places[0].column.name if self.places else "")
        return self.place(first)


def name_rows(rows: Sequence[Row], own: Things, lookup: Lookup, document: Document) -> None:
    """Gives each row its class and IRI, and puts it among the things of the file. Rows come in the order of kinds, so
    that the city of a district has its name before the district gets one.
    """
    places: dict[str, str] = {}
    for row in rows:
        row.class_iri = _class(row)
        if row.kind.is_hashed:
            row.iri, row.is_temporary = temporary_name(row, row.kind.slugs[row.class_iri]), True
            continue
        row.iri = _given(row, document) or _made(row, lookup)
        if not row.iri:
            row.iri, row.is_temporary = temporary_name(row, row.kind.slugs[row.class_iri]), True
            path = row.kind.column(row.kind.name_column).property_iri
            document.problems.append(
                finding(NAMELESS_ROW, row.own_place, focus_node=row.iri, path=path, sheet=row.sheet.name)
            )
        elif row.iri in places:
            where = places[row.iri]
            document.problems.append(
                finding(SAME_ID, row.own_place, focus_node=row.iri, value=row.iri.rpartition("/")[2], other=where)
            )
        places.setdefault(row.iri, f"{row.sheet.name} {row.number}")
        names = [row.text(row.kind.name_column)]
        for column in _NAMING:
            names += [part.strip() for part in row.text(column).split(SEPARATOR)]
        own.add(row.iri, row.class_iri, [name for name in names if name])


def temporary_name(row: Row, word: str, node: str = "") -> str:
    """A name for a node until its facts are known, from which it gets its true one."""
    return f"{THINGS}{word}/{slug(f'{row.kind.name} {row.sheet.source} {row.number} {node}')}"


def _class(row: Row) -> str:
    for column in row.kind.columns:
        if column.value_kind is ValueKind.CLASS and (text := row.text(column.name)):
            try:
                return find_code(text, column.members, ENGLISH).iri
            except NotReadError:
                # It is told where the cell is read.
                return row.kind.class_iri
    return row.kind.class_iri


def _given(row: Row, document: Document) -> str:
    text = row.text(ID)
    pattern = row.kind.id_pattern(row.class_iri)
    bare = text.removeprefix(pattern).removeprefix(pattern.removeprefix(THINGS))
    if not bare:
        return ""
    if not _SLUG.match(bare):
        near = slug(bare)
        problem = finding(
            NO_ID,
            row.place(ID),
            focus_node=pattern + near if near else "",
            value=text,
            allowed="a-z, 0-9, -",
            nearest=near,
        )
        document.problems.append(problem)
        bare = near
    return pattern + bare if bare else ""


def _made(row: Row, lookup: Lookup) -> str:
    """The IRI made from the columns of the slug, for example the city and the name of a district."""
    name = row.text(row.kind.name_column)
    if not name:
        return ""
    parts: list[str] = []
    for column_name in row.kind.slug_columns:
        part = _part(row, row.kind.column(column_name), lookup)
        # A name that repeats what stands before it, as people do with cities, is not told twice.
        parts.append(part.removeprefix(f"{parts[-1]}-") if parts else part)
    made = "-".join(part for part in parts if part)
    if not slug(name):
        # No letter of it can stand in an address, as in Greek or Bulgarian.
        made = "-".join(filter(None, [made, hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]]))
    return row.kind.id_pattern(row.class_iri) + made[:_LONGEST_SLUG].strip("-")


def _part(row: Row, column: Column, lookup: Lookup) -> str:
    text = row.text(column.name)
    first = text.partition(SEPARATOR)[0].strip() if column.is_many else text
    if not first:
        return ""
    try:
        if column.value_kind is ValueKind.ENTITY:
            return lookup.find(first, column.classes, ()).rpartition("/")[2]
        if column.value_kind is ValueKind.DATE:
            return read_date(row.value(column.name), column.datatypes, read_model().months)[0]
        if column.value_kind is ValueKind.CODE:
            return slug(find_code(first, column.members, ENGLISH).notation)
    except NotReadError:
        # It is told where the cell is read.
        return slug(first)
    return slug(first)
