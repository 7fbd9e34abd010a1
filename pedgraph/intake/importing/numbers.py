"""Numbers with the unit that the label of their field ends in, such as ``[GWh/annum]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pedgraph.intake.importing import rules
from pedgraph.intake.importing.texts import told
from pedgraph.intake.reading.json_text import Number
from pedgraph.intake.tables.amounts import find_unit, read_amount
from pedgraph.intake.tables.kinds import folded
from pedgraph.intake.tables.rules import NotReadError
from pedgraph.vocabulary.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pedgraph.intake.importing.entries import Entry, Value
    from pedgraph.intake.importing.ledger import Ledger
    from pedgraph.intake.importing.rows import Rows
    from pedgraph.intake.tables.amounts import Amount
    from pedgraph.intake.tables.kinds import Member, Model

# The form says this unit of them in its pages, whatever the label says.
_DEMANDS: Final = frozenset({"A2P007", "A2P008", "A2P009", "A2P010"})
_DEMAND_UNIT: Final = "GWh/annum"
_A_YEAR: Final = re.compile(r"\s*(?:/|per)\s*(?:a|y|yr|year|annum)\.?$", re.IGNORECASE)
_COUNT: Final = f"{PREFIXES['unit']}NUM"
# Which demand it is stands in the label alone; the more telling words come first.
_DEMAND_WORDS: Final = (
    ("mobility", "energy-demand-mobility"),
    ("infrastructure", "energy-demand-infrastructure"),
    ("thermal", "energy-demand-thermal"),
    ("electric", "energy-demand-electric"),
)
_PLACES: Final = 4


@dataclass
class Numbers:
    """Makes observations of numbers whose indicator is known."""

    model: Model
    rows: Rows
    ledger: Ledger

    def indicator(self, value: Value) -> str:
        """The notation of the indicator that a field is a number for; empty where its label leaves doubts."""
        label = value.field.label
        if value.code in _DEMANDS:
            return next((found for word, found in _DEMAND_WORDS if word in label.casefold()), "")
        member = self._indicators.get(folded(label)) if label else None
        return member.notation if member else ""

    def state(self, entry: Entry, value: Value, subject: str, source: str) -> None:
        """Adds an observation about a site, or says why there is none."""
        indicator = self.indicator(value)
        if not indicator:
            self.ledger.leave(rules.UNKNOWN_FIELD, entry, value)
            return
        try:
            amount = read_amount(_written(value.node.value), self.model.qualifiers)
            unit = self._unit(value, amount)
        except NotReadError as error:
            more = {"unit": self._words(value) or "-"}
            more |= {name: error.variables.get(name, "") for name in ("allowed", "nearest")}
            self.ledger.leave(rules.NO_AMOUNT, entry, value, more=more)
            return
        position = value.node.position
        cells = {
            "about": subject, "indicator": indicator, "value": _exact(amount), "unit": unit,
            "value_qualifier": amount.qualifier, "source": source, "locator": locator(entry, value),
        }  # fmt: skip
        filled = {name: (cell, position) for name, cell in cells.items() if cell}
        # The form asks for no year.
        self.rows.add("numbers", position, reference_year=(None, position), **filled)
        self.ledger.carry(value)

    def _unit(self, value: Value, amount: Amount) -> str:
        written = self._words(value)
        if not written:
            return self._named(amount.unit, self.model.units).iri if amount.unit else _COUNT
        unit = self._named(written, self.model.units)
        if amount.unit:
            self._named(amount.unit, [unit])
        return unit.iri

    def _words(self, value: Value) -> str:
        """The unit of a field as its form writes it."""
        return value.field.unit or (_DEMAND_UNIT if value.code in _DEMANDS else "")

    def _named(self, unit: str, allowed: Sequence[Member]) -> Member:
        """The unit that a text means, with or without ``/annum`` behind it; raises :class:`NotReadError`."""
        return find_unit(_A_YEAR.sub("", unit), self.model.units, allowed)

    @cached_property
    def _indicators(self) -> dict[str, Member]:
        members = self.model.kind("numbers").column("indicator").members
        return {folded(member.label("en")): member for member in members}


def locator(entry: Entry, value: Value) -> str:
    """Where in the database a value is to be found."""
    return ", ".join(filter(None, [f"page {entry.number}" if entry.number else "", f"field {value.key}"]))


def _written(value: object) -> object:
    """A number as it was written, so that it has as many digits as there were."""
    return value.text if isinstance(value, Number) else value if isinstance(value, str | int) else told(value)


def _exact(amount: Amount) -> str:
    """The number with so many decimal places that nobody can take its point for one between thousands."""
    whole, _, fraction = format(amount.number, "f").partition(".")
    return f"{whole}.{fraction:0<{_PLACES}}"
