"""Reading answers of the PED Database: one JSON text, or several in an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pedgraph.intake.findings import Position, conforms
from pedgraph.intake.importing.entries import gather, seems
from pedgraph.intake.importing.fields import Form
from pedgraph.intake.importing.ledger import Ledger, summary
from pedgraph.intake.importing.nodes import Node
from pedgraph.intake.importing.places import Places
from pedgraph.intake.importing.projects import Projects
from pedgraph.intake.importing.rows import Rows
from pedgraph.intake.importing.rules import NO_LABELS, SAME_NUMBER, finding
from pedgraph.intake.importing.sites import Sites
from pedgraph.intake.reading.documents import Document, problem
from pedgraph.intake.reading.json_text import JsonReader
from pedgraph.intake.reading.rules import EMPTY
from pedgraph.intake.reading.texts import Text, decode
from pedgraph.intake.tables.columns import read_model
from pedgraph.intake.tables.compiling import compile_sheets
from pedgraph.intake.tables.things import Things
from pedgraph.vocabulary.iris import GRAPHS, THINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.importing.entries import Entry, Gathered

JSON: Final = "application/json"
_SOURCES: Final = f"{THINGS}source/"


def source_in(graph: str) -> str:
    """The IRI of the source of the submission that a graph is of; of the database itself where there is no graph."""
    name = graph.removeprefix(GRAPHS).replace("/", "-") if graph.startswith(GRAPHS) else "ped-database"
    return _SOURCES + name


def is_answer(text: Text) -> bool:
    """Whether a text is JSON and looks like an answer of the PED Database."""
    reader = JsonReader(text)
    return reader.read() and seems(reader.value)


def read_answers(contents: Sequence[tuple[str, bytes]], known: Things | None, graph: str) -> Document:
    """Reads the contents of files, each with its name; what is wrong with them is in the problems of the document.

    ``known`` are the cities and projects that need not be made anew, ``graph`` is the one that it is all meant for.
    """
    document = Document(JSON)
    roots = [root for root in (_root(name, content, document) for name, content in contents) if root is not None]
    gathered = gather(roots)
    document.problems += gathered.problems
    whole = Position(contents[0][0], line=1, column=1) if contents else Position()
    if gathered.entries:
        _convert(gathered, document, known or Things(), source_in(graph), whole)
    elif conforms(document.problems):
        document.problems.append(problem(EMPTY, whole))
    return document


def _root(name: str, content: bytes, document: Document) -> Node | None:
    """The value of a JSON text; what is wrong with it is added to the document."""
    text, problems = decode(content, name)
    reader = JsonReader(text)
    is_read = reader.read()
    document.problems += [*problems, *reader.problems]
    return Node(text, reader.value, (), getattr(reader.value, "offset", 0)) if is_read else None


def _convert(gathered: Gathered, document: Document, known: Things, source: str, whole: Position) -> None:
    """Adds to a document what entries say, and what became of everything in them."""
    model, rows, ledger = read_model(), Rows(), Ledger()
    entries = _unlike(gathered, ledger)
    _tell_of_labels(gathered, ledger)
    sites = Sites(model, rows, ledger, Places(model, known, rows, ledger), source)
    projects = Projects(rows, ledger, known)
    planned = sites.plan([entry for entry in entries if entry.form is Form.SITES])
    described = [(entry, projects.fill(entry)) for entry in entries if entry.form is Form.PROJECTS]
    for site in planned:
        sites.fill(site)
        projects.link(site.entry, site.iri)
    by_number = {site.entry.number: site.iri for site in planned if site.entry.number}
    for entry, project in described:
        if project:
            projects.link_sites(entry, project, by_number)
    for entry in entries:
        ledger.close(entry, has_labels=gathered.fields[entry.form].are_known)
    if sheets := rows.sheets():
        compile_sheets(sheets, document, known)
        # They are no tables of anybody's.
        document.tables = []
    rows.finish(document)
    document.problems += [*ledger.problems, summary(ledger, len(gathered.entries), whole)]


def _unlike(gathered: Gathered, ledger: Ledger) -> list[Entry]:
    """The entries without those that have the number of an earlier one, which are told of."""
    found: dict[tuple[Form, str], Entry] = {}
    for place, entry in enumerate(gathered.entries):
        key = (entry.form, entry.number or f"without number {place}")
        if key in found:
            ledger.leave_entry(SAME_NUMBER, entry)
        else:
            found[key] = entry
    return list(found.values())


def _tell_of_labels(gathered: Gathered, ledger: Ledger) -> None:
    """Tells of each form whose entries came without the labels of their fields."""
    for form in Form:
        entries = gathered.of(form)
        if entries and not gathered.fields[form].are_known:
            ledger.problems.append(finding(NO_LABELS, entries[0].node.position, form=form.value))
