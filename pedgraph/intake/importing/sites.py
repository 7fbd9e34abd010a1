"""Sites of the PED Database as districts, or as demonstration sites.

A PED Case Study that lies in a city that can be told is a positive energy district that its source presents as a PED;
every other site - a relevant case study or a lab alone, or one without a city, which a district must have - is a
demonstration site. Both keep all their categories.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.choices import Choices
from pedgraph.intake.importing.fields import Meaning
from pedgraph.intake.importing.numbers import Numbers, locator
from pedgraph.intake.tables.cells import external_name, slug
from pedgraph.intake.tables.kinds import ENGLISH
from pedgraph.vocabulary.iris import CODES, PREFIXES, TERMS, THINGS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from pedgraph.intake.findings import Position
    from pedgraph.intake.importing.entries import Entry, Value
    from pedgraph.intake.importing.ledger import Ledger
    from pedgraph.intake.importing.places import Places
    from pedgraph.intake.importing.rows import Rows
    from pedgraph.intake.tables.kinds import Model

AGENCY: Final = "PED-EU-NET"
LONGEST_SLUG_CHARACTERS: Final = 80
_ADMS: Final = PREFIXES["adms"]
_CASE_STUDY: Final = f"{CODES}site-category/case-study"
_PED: Final = f"{CODES}district-label/ped"
_DISTRICTS: Final = "districts"
_SITES: Final = "sites"
_WORDS: Final = {_DISTRICTS: "ped", _SITES: "site"}


@dataclass
class Site:
    """A site on its way into the data."""

    entry: Entry
    name: str
    kind: str
    city: str
    categories: dict[str, Position]
    iri: str = ""

    @property
    def slug(self) -> str:
        """City and name as they stand in its IRI; the name alone where there is no city."""
        city, own = self.city.rpartition("/")[2], slug(self.name)
        # A name that begins with that of its city does not tell it twice.
        town = city.partition("-")[2]
        whole = f"{city}-{own.removeprefix(f'{town}-')}" if city else own
        return whole[:LONGEST_SLUG_CHARACTERS].strip("-")


class Sites:
    """Fills rows with what entries of sites say."""

    def __init__(self, model: Model, rows: Rows, ledger: Ledger, places: Places, source: str) -> None:
        self._rows = rows
        self._ledger = ledger
        self._places = places
        self._source = source
        self._choices = Choices(model, ledger)
        self._numbers = Numbers(model, rows, ledger)

    def plan(self, entries: list[Entry]) -> list[Site]:
        """The sites with their names; an entry without one is told of and left out."""
        found = []
        for entry in entries:
            names = entry.of(Meaning.NAME)
            name = self._ledger.text(entry, names[0], names[0].node.word) if names else ""
            if not slug(name):
                self._ledger.leave_entry(rules.NO_NAME, entry)
                continue
            self._ledger.carry(names[0])
            categories = self._choices.categories(entry)
            city = self._places.city(entry)
            kind = _DISTRICTS if _CASE_STUDY in categories and city else _SITES
            found.append(Site(entry, name, kind, city, categories))
        slugs = Counter((site.kind, site.slug) for site in found)
        for site in found:
            # Two of one name in one city are told apart by the numbers of their pages.
            more = f"-{site.entry.number}" if slugs[site.kind, site.slug] > 1 and site.entry.number else ""
            site.iri = f"{THINGS}{_WORDS[site.kind]}/{site.slug}{more}"
        return found

    def fill(self, site: Site) -> None:
        """Adds what the entry of a site says of it, but for its projects."""
        entry, position = site.entry, site.entry.node.position
        named = next(value for value in entry.values if value.meaning is Meaning.NAME).node.position
        point = self._places.point(entry)
        where = next((each.node.position for each in entry.values if each.meaning is Meaning.LATITUDE), position)
        cells: dict[str, tuple[object, Position]] = {
            "id": (site.iri, position), "name": (f"{site.name}@{ENGLISH}", named), "city": (site.city, position),
            "coordinates": (point, where),
        }  # fmt: skip
        if site.kind == _DISTRICTS:
            cells["presented_as"] = (_PED, site.categories[_CASE_STUDY])
        self._rows.add(site.kind, position, **{name: cell for name, cell in cells.items() if cell[0]})
        for category, place in site.categories.items():
            self._rows.state(site.iri, f"{TERMS}siteCategory", NamedNode(category), place)
        identify(self._rows, site.iri, entry.number, position)
        self._stage(site)
        for value in entry.of(Meaning.TECHNOLOGIES):
            for code in self._choices.technologies(entry, value):
                self._rows.state(site.iri, f"{TERMS}usesTechnology", NamedNode(code), value.node.position)
        for value in entry.of(Meaning.TARGETS) if site.kind == _DISTRICTS else ():
            self._target(site, value)
        for value in entry.values:
            is_number = value.meaning is Meaning.NUMBER or (value.meaning is None and self._numbers.indicator(value))
            if value.left and is_number:
                self._numbers.state(entry, value, site.iri, self._source)

    def _stage(self, site: Site) -> None:
        for value in site.entry.of(Meaning.PHASE):
            stage = self._choices.stage(site.entry, value)
            if stage:
                position = value.node.position
                self._rows.add(
                    "stages", position, district_or_hub=(site.iri, position), stage=(stage, position),
                    source=(self._source, position), locator=(locator(site.entry, value), position),
                )  # fmt: skip

    def _target(self, site: Site, value: Value) -> None:
        """A ticked target is an objective of the name that the form gives to it."""
        name = self._ledger.text(site.entry, value, value.field.label)
        if value.node.value is not True or not slug(name):
            return
        position = value.node.position
        iri = f"{THINGS}objective/{slug(f'{AGENCY} {name}')[:LONGEST_SLUG_CHARACTERS].strip('-')}"
        self._rows.state(iri, RDF_TYPE, NamedNode(f"{TERMS}Objective"), position)
        self._rows.state(iri, f"{PREFIXES['rdfs']}label", Literal(name, language=ENGLISH), position)
        self._rows.state(site.iri, f"{TERMS}hasObjective", NamedNode(iri), position)
        self._ledger.carry(value)


def identify(rows: Rows, iri: str, number: str, position: Position) -> None:
    """Says by which number of a page the PED Database knows a thing."""
    if not number:
        return
    node = external_name(AGENCY, number)
    rows.state(iri, f"{_ADMS}identifier", NamedNode(node), position)
    rows.state(node, RDF_TYPE, NamedNode(f"{_ADMS}Identifier"), position)
    rows.state(node, f"{PREFIXES['skos']}notation", Literal(number), position)
    rows.state(node, f"{_ADMS}schemaAgency", Literal(AGENCY), position)
