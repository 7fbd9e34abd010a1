"""The table of the sources: each becomes a source of the metadata graph, published by an organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph.intake.curated.grouping import SOURCE_THINGS
from pedgraph.intake.reading.documents import Document, Statement
from pedgraph.intake.tables.cells import find_code, is_empty, shown, slug
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.compiling import compile_sheets
from pedgraph.intake.tables.csv_files import CSV
from pedgraph.intake.tables.heads import find_column
from pedgraph.intake.tables.kinds import ENGLISH
from pedgraph.intake.tables.rules import NotReadError, finding
from pedgraph.intake.tables.sheets import Sheet
from pedgraph.vocabulary.iris import PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pedgraph.intake.findings import Position
    from pedgraph.intake.tables.kinds import Column, Kind
    from pedgraph.intake.tables.things import Things

_ABOUT: Final = "about"
_SOURCES: Final = "sources"
_PUBLISHER: Final = "publisher"
_CONFIDENCE: Final = "confidence"
_DCTERMS: Final = PREFIXES["dcterms"]
_ORGANISATIONS: Final = (f"{TERMS}Organisation",)
_LABEL: Final = f"{PREFIXES['rdfs']}label"


@dataclass(frozen=True)
class Source:
    """What the description of a graph repeats of its source, and the row that it stands in."""

    slug: str
    title: Literal | None
    read_on: Literal | None
    confidence: NamedNode | None
    row: Position
    read_on_cell: Position
    confidence_cell: Position


@dataclass
class Sources:
    """All sources of the table by slug, and the document that describes them."""

    document: Document = field(default_factory=lambda: Document(CSV))
    by_slug: dict[str, Source] = field(default_factory=dict)


def source_slugs(sheet: Sheet | None) -> list[str]:
    """The ids of all rows, to know which sources there are before any is read."""
    number = _number(sheet, "id") if sheet else 0
    if sheet is None or not number:
        return []
    head, _ = sheet.header
    cells = (_cell(values, number) for row, values in sheet.rows if row > head)
    return [shown(cell) for cell in cells if not is_empty(cell)]


def read_sources(sheet: Sheet | None, known: Things) -> Sources:
    """The sources that a table describes. ``known`` are the things that its publishers may be among."""
    sources = Sources()
    if sheet is None:
        return sources
    document = sources.document
    confidence, publisher = _number(sheet, _CONFIDENCE), _number(sheet, _PUBLISHER)
    publishers = _publishers(sheet, publisher, known)
    plain = Sheet(sheet.name, sheet.source, sheet.is_workbook, list(_rows(sheet, confidence, publisher, publishers)))
    compile_sheets([plain], document, known)
    document.tables = [sheet]
    document.statements += _organisations(sheet, publisher, publishers, known)
    cells = dict(sheet.rows)
    facts = {(str(each.subject), each.predicate.value): each.object for each in document.triples}
    for row, slug_ in _slugs(sheet):
        node = str(NamedNode(SOURCE_THINGS + slug_))
        title, read_on = facts.get((node, f"{_DCTERMS}title")), facts.get((node, f"{TERMS}dateRead"))
        place = sheet.place(row, confidence)
        sources.by_slug[slug_] = Source(
            slug=slug_,
            title=title if isinstance(title, Literal) else None,
            read_on=read_on if isinstance(read_on, Literal) else None,
            confidence=_confidence(_cell(cells[row], confidence), place, document),
            row=sheet.place(row, _number(sheet, "id")),
            read_on_cell=sheet.place(row, _number(sheet, "date read")),
            confidence_cell=place,
        )
    return sources


def _kind() -> Kind:
    return read_model().kind(_SOURCES)


def _column(name: str) -> Column:
    return read_model().kind(_ABOUT).column(name) if name == _CONFIDENCE else _kind().column(name)


def _number(sheet: Sheet, name: str) -> int:
    """The number of a column, from 1; 0 where the sheet has none of this name."""
    _, header = sheet.header
    columns = [_column(name)]
    found = (
        number for number, value in enumerate(header, 1) if not is_empty(value) and find_column(columns, shown(value))
    )
    return next(found, 0)


def _cell(values: Sequence[object], number: int) -> object:
    return values[number - 1] if 0 < number <= len(values) else None


def _slugs(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """The row and the id of each source, of the first row where several have it."""
    head, _ = sheet.header
    number = _number(sheet, "id")
    seen: set[str] = set()
    for row, values in sheet.rows:
        given = _cell(values, number)
        text = "" if is_empty(given) else shown(given)
        if row > head and text and text not in seen:
            seen.add(text)
            yield row, text


def _publishers(sheet: Sheet, number: int, known: Things) -> dict[str, str]:
    """Name of a publisher → its IRI: that of an organisation of exactly this name, else one made from the name."""
    superclasses = read_model().superclasses
    head, _ = sheet.header
    found: dict[str, str] = {}
    for row, values in sheet.rows:
        value = _cell(values, number)
        if row <= head or is_empty(value):
            continue
        name = shown(value)
        called = [iri for iri in known.called(name) if known.is_of(iri, _ORGANISATIONS, superclasses)]
        exact = sorted(iri for iri in called if name in known.names(iri))
        found[name] = exact[0] if exact else f"{THINGS}organisation/{slug(name)}"
    return found


def _rows(
    sheet: Sheet, confidence: int, publisher: int, publishers: Mapping[str, str]
) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows with IRIs of publishers for their names, and without the column that the kind does not have."""
    head, _ = sheet.header
    for row, given in sheet.rows:
        values = list(given)
        if 0 < confidence <= len(values):
            values[confidence - 1] = None
        if row > head and not is_empty(name := _cell(values, publisher)):
            values[publisher - 1] = publishers[shown(name)]
        yield row, values


def _organisations(sheet: Sheet, number: int, publishers: Mapping[str, str], known: Things) -> Iterator[Statement]:
    """What makes publishers organisations that are described, where nobody else does so."""
    head, _ = sheet.header
    seen: set[str] = set()
    for row, values in sheet.rows:
        value = _cell(values, number)
        if row <= head or is_empty(value):
            continue
        iri = publishers[shown(value)]
        if iri in seen or iri in known:
            continue
        seen.add(iri)
        node, place = NamedNode(iri), sheet.place(row, number)
        yield Statement(Triple(node, NamedNode(RDF_TYPE), NamedNode(f"{TERMS}Organisation")), place)
        yield Statement(Triple(node, NamedNode(_LABEL), Literal(shown(value), language=ENGLISH)), place)


def _confidence(value: object, place: Position, document: Document) -> NamedNode | None:
    """The code of how sure a source is; ``None``, with a problem, where a cell holds none."""
    if is_empty(value):
        return None
    column = _column(_CONFIDENCE)
    try:
        return NamedNode(find_code(shown(value), column.members, ENGLISH).iri)
    except NotReadError as error:
        document.problems.append(
            finding(
                error.rule, place, path=f"{TERMS}confidence", value=shown(value),
                **{"column": column.label(ENGLISH), **error.variables},
            )
        )  # fmt: skip
        return None
