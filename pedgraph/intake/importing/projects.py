"""Projects of the PED Database, those that only sites refer to among them, and in which sites they demonstrate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.entries import page_number
from pedgraph.intake.importing.fields import Meaning
from pedgraph.intake.importing.nodes import Node, leaves
from pedgraph.intake.importing.sites import LONGEST_SLUG_CHARACTERS, identify
from pedgraph.intake.importing.texts import told
from pedgraph.intake.reading.json_text import Object
from pedgraph.intake.tables.cells import slug
from pedgraph.intake.tables.dates import MONTH, read_date
from pedgraph.intake.tables.kinds import ENGLISH
from pedgraph.intake.tables.rules import NotReadError
from pedgraph.vocabulary.iris import TERMS, THINGS

if TYPE_CHECKING:
    from pedgraph.intake.findings import Position
    from pedgraph.intake.importing.entries import Entry, Value
    from pedgraph.intake.importing.ledger import Ledger
    from pedgraph.intake.importing.rows import Rows
    from pedgraph.intake.tables.things import Things

_PROJECT: Final = f"{TERMS}Project"
_DEMONSTRATES: Final = f"{TERMS}demonstratesIn"
_BOUNDS: Final = {Meaning.START: "start_date", Meaning.END: "end_date"}


class Projects:
    """Fills rows with what entries of projects say, and links them with sites."""

    def __init__(self, rows: Rows, ledger: Ledger, known: Things) -> None:
        self._rows = rows
        self._ledger = ledger
        self._known = known
        self._by_number: dict[str, str] = {}
        self._taken: set[str] = set()

    def fill(self, entry: Entry) -> str:
        """Adds what an entry says of a project, but for its sites; gives its IRI, empty where it has no name."""
        names = entry.of(Meaning.NAME)
        name = self._ledger.text(entry, names[0], names[0].node.word) if names else ""
        if not slug(name):
            self._ledger.leave_entry(rules.NO_NAME, entry)
            return ""
        self._ledger.carry(names[0])
        cells: dict[str, tuple[object, Position]] = {}
        for bound, column in _BOUNDS.items():
            for value in entry.of(bound):
                month = self._month(entry, value)
                if month and column not in cells:
                    cells[column] = (month, value.node.position)
        return self._add(name, entry.number, names[0].node.position, cells)

    def link(self, entry: Entry, site: str) -> None:
        """Says of the projects that the entry of a site names that they demonstrate in it."""
        for value in entry.of(Meaning.PROJECTS):
            for node in value.node.items():
                number, title = _reference(node)
                name = self._ledger.text(entry, value, title)
                project = self._by_number.get(number) or (
                    self._add(name, number, node.position, {}) if slug(name) else ""
                )
                if project:
                    self._rows.state(project, _DEMONSTRATES, NamedNode(site), node.position)
                self._settle(entry, value, node, is_found=bool(project))

    def link_sites(self, entry: Entry, project: str, sites: dict[str, str]) -> None:
        """Says of a project that it demonstrates in the sites that its entry names; ``sites`` are IRIs by number."""
        for value in entry.of(Meaning.SITES):
            for node in value.node.items():
                site = sites.get(_reference(node)[0], "")
                if site:
                    self._rows.state(project, _DEMONSTRATES, NamedNode(site), node.position)
                self._settle(entry, value, node, is_found=bool(site))

    def _settle(self, entry: Entry, value: Value, node: Node, *, is_found: bool) -> None:
        """All of a reference only says what it refers to: number, title, and the address of its page."""
        number = leaves(node.value)
        if is_found:
            self._ledger.carry(value, number)
        elif number:
            found = told(" ".join(filter(None, reversed(_reference(node)))))
            self._ledger.leave(rules.NO_REFERENCE, entry, value, number=number, found=found)

    def _add(self, name: str, number: str, position: Position, cells: dict[str, tuple[object, Position]]) -> str:
        known = [iri for iri in self._known.called(name) if self._known.is_of(iri, [_PROJECT], {})]
        made = f"{THINGS}project/{slug(name)[:LONGEST_SLUG_CHARACTERS].strip('-')}"
        iri = known[0] if len(known) == 1 else made
        if iri in self._taken:
            # Another project of this name: the number of its page tells them apart.
            iri = f"{made}-{number}" if number else made
        if iri not in self._taken:
            self._rows.add("projects", position, id=(iri, position), name=(f"{name}@{ENGLISH}", position), **cells)
            identify(self._rows, iri, number, position)
        self._taken.add(iri)
        if number:
            self._by_number[number] = iri
        return iri

    def _month(self, entry: Entry, value: Value) -> str:
        """The month in a field as ``2024-03``; empty, with a finding, where it holds none."""
        words = self._ledger.text(entry, value, value.node.word)
        try:
            month = read_date(words, (MONTH,), {})[0]
        except NotReadError as error:
            self._ledger.leave(rules.NO_MONTH, entry, value, more={"nearest": error.variables.get("nearest", "")})
            return ""
        self._ledger.carry(value)
        return month


def _reference(node: Node) -> tuple[str, str]:
    """Number and title of what is referred to; a bare number or text is one of them."""
    if isinstance(node.value, Object):
        return page_number(node.member("id").word), node.member("title").word
    number = page_number(node.word)
    return (number, "") if number else ("", node.word)
