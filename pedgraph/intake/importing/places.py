"""Where a site lies: its country, its city, and its point."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.fields import Meaning
from pedgraph.intake.importing.nodes import leaves
from pedgraph.intake.tables.amounts import decimal_text
from pedgraph.intake.tables.cells import find_code, slug
from pedgraph.intake.tables.kinds import ENGLISH
from pedgraph.intake.tables.rules import NotReadError
from pedgraph.vocabulary.iris import TERMS, THINGS

if TYPE_CHECKING:
    from pedgraph.intake.importing.entries import Entry, Value
    from pedgraph.intake.importing.ledger import Ledger
    from pedgraph.intake.importing.rows import Rows
    from pedgraph.intake.tables.kinds import Member, Model
    from pedgraph.intake.tables.things import Things

_CITIES: Final = f"{THINGS}city/"
_CITY: Final = f"{TERMS}City"
_MOST: Final = {Meaning.LATITUDE: 90, Meaning.LONGITUDE: 180}


@dataclass
class Places:
    """Finds cities that are known, and makes those that are not."""

    model: Model
    known: Things
    rows: Rows
    ledger: Ledger
    _made: set[str] = field(default_factory=set)

    def city(self, entry: Entry) -> str:
        """The IRI of the city of a site; empty, with a finding, where it cannot be told."""
        country = self._country(entry)
        countries, cities = entry.of(Meaning.COUNTRY), entry.of(Meaning.CITY)
        if not cities:
            for value in countries:
                self.ledger.leave(rules.NO_CITY, entry, value)
            return ""
        name = self.ledger.text(entry, cities[0], cities[0].node.word)
        is_stated = any(leaves(each.node.value) for each in entry.values if each.meaning is Meaning.COUNTRY)
        # A country that cannot be read may be another one than that of the city that is known.
        iri = self._known(name, country) if country or not is_stated else ""
        if not iri and (country is None or not slug(name)):
            for value in (*cities, *countries):
                self.ledger.leave(rules.NO_CITY, entry, value)
            return ""
        if not iri:
            assert country is not None
            iri = f"{_CITIES}{country.notation.lower()}-{slug(name)}"
            self._make(iri, (name, cities[0]), (country, countries[0]))
        self.ledger.carry(cities[0])
        for value in countries[:1]:
            self.ledger.carry(value)
        return iri

    def point(self, entry: Entry) -> str:
        """Latitude and longitude of a site as a table has them; empty, with a finding, where there is no point."""
        found = {axis: entry.of(axis)[:1] for axis in (Meaning.LATITUDE, Meaning.LONGITUDE)}
        values = [value for each in found.values() for value in each]
        numbers = [_degrees(each[0], axis) for axis, each in found.items() if each]
        if len(values) == len(found) and None not in numbers:
            for value in values:
                self.ledger.carry(value)
            return ", ".join(decimal_text(number) for number in numbers if number is not None)
        for value in values:
            self.ledger.leave(rules.NO_POINT, entry, value, more={"nearest": _interchanged(values)})
        return ""

    def _country(self, entry: Entry) -> Member | None:
        for value in entry.of(Meaning.COUNTRY):
            members = self.model.kind("cities").column("country").members
            try:
                return find_code(self.ledger.text(entry, value, value.node.word), members, ENGLISH)
            except NotReadError as error:
                self.ledger.leave(rules.NO_COUNTRY, entry, value, more=_near(error))
        return None

    def _known(self, name: str, country: Member | None) -> str:
        """A city that is known by this name in this country, or in any where none is given; only where it is one."""
        beginning = f"{_CITIES}{country.notation.lower()}-" if country else _CITIES
        found = [
            iri for iri in self.known.called(name) if iri.startswith(beginning) and self.known.is_of(iri, [_CITY], {})
        ]
        return found[0] if len(found) == 1 else ""

    def _make(self, iri: str, name: tuple[str, Value], country: tuple[Member, Value]) -> None:
        if iri in self._made:
            return
        self._made.add(iri)
        position = name[1].node.position
        self.rows.add(
            "cities", position, id=(iri, position), name=(f"{name[0]}@{ENGLISH}", position),
            country=(country[0].iri, country[1].node.position),
        )  # fmt: skip


def _degrees(value: Value, axis: Meaning) -> Decimal | None:
    """A number of degrees, with a comma or a point for the decimal sign; ``None`` where it is none or out of range."""
    text = str(value.node.value).strip().replace("\u2212", "-").replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= _MOST[axis] else None


def _interchanged(values: list[Value]) -> str:
    """The point that two numbers are the other way round, where it is one; empty where it is none."""
    axes = (Meaning.LONGITUDE, Meaning.LATITUDE)
    numbers = [_degrees(value, axis) for value, axis in zip(values, axes, strict=False)]
    if len(values) < len(axes) or None in numbers:
        return ""
    return ", ".join(decimal_text(number) for number in reversed(numbers) if number is not None)


def _near(error: NotReadError) -> dict[str, str]:
    return {name: error.variables.get(name, "") for name in ("allowed", "nearest")}
