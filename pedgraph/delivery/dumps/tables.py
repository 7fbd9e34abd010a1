"""A version as tables: one CSV file for each kind of thing, one row per thing, one column per property and language.

What several sources say stands in one row, each value once; the last column names the graphs that say any of it. The
tables are described as CSV on the Web (Metadata Vocabulary for Tabular Data).
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from pedgraph.intake.tables.safe_cells import csv_text
from pedgraph.vocabulary.contexts import document
from pedgraph.vocabulary.iris import CONTEXT, PREFIXES, ROOT, compact
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad

SEPARATOR: Final = "|"
METADATA_NAME: Final = "csv-metadata.json"
ROW_NAME: Final = "id"
GRAPHS_NAME: Final = "graphs"
_KIND: Final = re.compile(f"{re.escape(ROOT)}(?:id/([a-z][a-z-]*)|(code|graph|indicator))/.+")
_FIRST_COLUMNS: Final = (RDF_TYPE, PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_XSD: Final = PREFIXES["xsd"]
# Datatype → its name in CSV on the Web (section 5.11.1).
_NAMED_TYPES: Final = {
    _XSD + name: name for name in ("string", "integer", "decimal", "double", "boolean", "date", "gYear", "anyURI")
}
_TEXTS: Final = frozenset({_XSD + "string", PREFIXES["rdf"] + "langString"})


@dataclass(frozen=True, order=True)
class _Column:
    rank: int
    property: str
    language: str


@dataclass
class _Table:
    """What the first reading finds out of a kind."""

    rows: int = 0
    types: defaultdict[_Column, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def columns(self) -> list[_Column]:
        return sorted(self.types)


@dataclass(frozen=True)
class _Row:
    kind: str
    iri: str
    values: dict[_Column, list[str]]
    types: dict[_Column, set[str]]
    graphs: list[str]


def write_tables(source: Path, folder: Path) -> dict[str, int]:
    """Writes the tables, and what describes them, into a folder from canonical N-Quads; gives the rows per kind."""
    tables: defaultdict[str, _Table] = defaultdict(_Table)
    for row in _rows(source):
        table = tables[row.kind]
        table.rows += 1
        for column, types in row.types.items():
            table.types[column] |= types
    names = _names({column for table in tables.values() for column in table.types})
    with ExitStack() as opened:
        writers = {}
        for kind, table in tables.items():
            file = opened.enter_context((folder / f"{kind}.csv").open("w", encoding="utf-8", newline=""))
            writers[kind] = csv.writer(file)
            writers[kind].writerow([ROW_NAME, *(names[each] for each in table.columns), GRAPHS_NAME])
        for row in _rows(source):
            cells = [SEPARATOR.join(row.values.get(each, ())) for each in tables[row.kind].columns]
            writers[row.kind].writerow([row.iri, *cells, SEPARATOR.join(row.graphs)])
    described = _described(tables, names)
    (folder / METADATA_NAME).write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return {kind: table.rows for kind, table in sorted(tables.items())}


def _rows(source: Path) -> Iterator[_Row]:
    quads = parse(path=str(source), format=RdfFormat.N_QUADS)
    for subject, members in groupby(quads, key=lambda quad: quad.subject):
        found = _KIND.fullmatch(subject.value) if isinstance(subject, NamedNode) else None
        if found is not None:
            yield _row(found[1] or found[2], str(subject)[1:-1], members)


def _row(kind: str, iri: str, members: Iterable[Quad]) -> _Row:
    row = _Row(kind, iri, {}, {}, [])
    graphs = set()
    for quad in members:
        language = (quad.object.language or "") if isinstance(quad.object, Literal) else ""
        name = quad.predicate.value
        rank = _FIRST_COLUMNS.index(name) if name in _FIRST_COLUMNS else len(_FIRST_COLUMNS)
        column = _Column(rank, name, language)
        value = _cell(quad.object)
        values = row.values.setdefault(column, [])
        if value not in values:
            values.append(value)
        row.types.setdefault(column, set()).add(_type(quad.object))
        if isinstance(quad.graph_name, NamedNode):
            graphs.add(quad.graph_name.value)
    row.graphs.extend(sorted(graphs))
    return row


def _cell(term: object) -> str:
    """A term as part of a cell. The sign between parts, which no IRI has, is written as in IRIs where a text has it."""
    if isinstance(term, Literal):
        is_text = term.datatype.value in _TEXTS
        return (csv_text(term.value) if is_text else term.value).replace(SEPARATOR, "%7C")
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return str(term)[1:-1]


def _type(term: object) -> str:
    return _NAMED_TYPES.get(term.datatype.value, "string") if isinstance(term, Literal) else "anyURI"


def _names(columns: Iterable[_Column]) -> dict[_Column, str]:
    """The names of columns: those of our JSON-LD context where it has one for the property, with the language."""
    terms = _terms()
    return {
        each: terms.get(each.property, compact(each.property)) + (f"@{each.language}" if each.language else "")
        for each in columns
    }


def _terms() -> dict[str, str]:
    """IRI of a property → the shortest of its names in the context."""
    context = document(CONTEXT)["@context"]
    found: dict[str, str] = {RDF_TYPE: "type"}
    for term, definition in sorted(context.items(), key=lambda each: (len(each[0]), each[0])):
        name = definition.get("@id") if isinstance(definition, dict) else definition
        if isinstance(name, str) and not term.startswith("@") and ":" in name:
            prefix, _, local = name.partition(":")
            found.setdefault(PREFIXES.get(prefix, f"{prefix}:") + local, term)
    return found


def _described(tables: dict[str, _Table], names: dict[_Column, str]) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [
            {
                "url": f"{kind}.csv",
                "tableSchema": {
                    "aboutUrl": "{" + ROW_NAME + "}",
                    "primaryKey": ROW_NAME,
                    "columns": [
                        {"name": ROW_NAME, "titles": ROW_NAME, "datatype": "anyURI", "suppressOutput": True},
                        *(_column(number, names[each], each, table) for number, each in enumerate(table.columns, 1)),
                        _graphs_column(),
                    ],
                },
            }
            for kind, table in sorted(tables.items())
        ],
    }


def _column(number: int, title: str, column: _Column, table: _Table) -> dict[str, Any]:
    types = table.types[column]
    datatype = next(iter(types)) if len(types) == 1 else "string"
    described: dict[str, Any] = {
        "name": f"column{number}",
        "titles": title,
        "propertyUrl": column.property,
        "datatype": datatype,
        "separator": SEPARATOR,
    }
    if datatype == "anyURI" and column.property != PREFIXES["schema"] + "url":
        described["valueUrl"] = "{+column" + str(number) + "}"
    return described | ({"lang": column.language} if column.language else {})


def _graphs_column() -> dict[str, Any]:
    return {
        "name": GRAPHS_NAME,
        "titles": GRAPHS_NAME,
        "datatype": "anyURI",
        "separator": SEPARATOR,
        "suppressOutput": True,
    }
