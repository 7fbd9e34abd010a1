"""The records of a thing as tables: who takes part, numbers, stages, status, identifiers, and disagreements.

A record is a node without a name of its own that holds facts together, such as a role with its project and its source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.conflict_words import aspect_words, reason, value_words
from pedgraph.delivery.things.trees import is_shown
from pedgraph.vocabulary.iris import PREFIXES, TERMS
from pedgraph.vocabulary.minting import DESCRIPTION, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from pedgraph.delivery.things.origins import Origin, Origins
    from pedgraph.delivery.things.words import Shown, Words

_ENDS: Final = tuple(TERMS + name for name in ("involves", "context", "representing", "presents"))
_NOTATION: Final = PREFIXES["skos"] + "notation"
_AGENCY: Final = PREFIXES["adms"] + "schemaAgency"
# What is told of an involvement beside the two that it connects, and of a number beside its value.
_OF_ROLE: Final = ("actorType", "helix")
_OF_NUMBER: Final = (
    "valueRole", "valueOrigin", "energyCarrier", "energyMetric", "method", "boundaryMode", "usesIncluded", "dueDate",
)  # fmt: skip
_TITLES: Final = {
    "context": "Who takes part",
    "involves": "Takes part in",
    "representing": "Represented by",
    "presents": "Presented in",
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A record as a row: what it is about, what is said, when, what else, where that stands, and who says so."""

    iri: str
    address: str
    subjects: tuple[Shown, ...]
    values: tuple[Shown, ...]
    when: str
    notes: tuple[Shown, ...]
    locator: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Table:
    """Records of one sort: a title, the names of its columns, and its rows. An empty name leaves the column out."""

    anchor: str
    title: str
    columns: tuple[str, str, str, str]
    rows: tuple[Row, ...]


class Records:
    """All records of a thing."""

    def __init__(self, iri: str, quads: Iterable[Quad], words: Words, origins: Origins) -> None:
        self._iri = iri
        self._words = words
        self._origins = origins
        self._values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        self._graphs: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                # A disagreement is all derived; what is derived in the words of others is left out.
                known = self._values[subject.value][quad.predicate.value]
                if is_shown(quad) and value not in known:
                    known.append(value)
                if isinstance(quad.graph_name, NamedNode):
                    self._graphs[subject.value].add(quad.graph_name.value)

    def tables(self) -> list[Table]:
        """What there is, in the order of the page; without disagreements."""
        found = [
            Table("status", "Status", ("Status", "What it lacks", "For", ""), self._status()),
            Table("numbers", "Numbers", ("Indicator", "Value", "Year", "Note"), self._numbers()),
            Table("stages", "Stages", ("Stage", "", "Reached", "Note"), self._stages()),
            *(Table(end, title, ("Name", "Role", "When", "Note"), self._roles(end)) for end, title in _TITLES.items()),
            Table("identifiers", "Identifiers elsewhere", ("Given by", "Identifier", "", ""), self._identifiers()),
        ]
        return [table for table in found if table.rows]

    def disagreements(self) -> list[Json]:
        """What sources disagree on about the thing, or about others in its context: on what, the rivals with the
        preferred one first, and why it is.
        """
        mine = [
            iri
            for iri in self._of_class("Disagreement")
            if iri == self._iri or self._has(iri, "about", self._iri) or self._has(iri, "inContext", self._iri)
        ]
        found = [self._disagreement(iri) for iri in mine if self._all(iri, "rivalStatement")]
        return sorted(
            found, key=lambda each: (each["thing"].text.casefold() if each["thing"] else "", each["aspect"], each["id"])
        )

    def _roles(self, end: str) -> tuple[Row, ...]:
        rows = []
        for iri in self._values:
            if not self._has(iri, end, self._iri) or self._one(iri, "disagreesOn"):
                continue
            others = [
                term for name in _ENDS for term in self._values[iri][name] if getattr(term, "value", "") != self._iri
            ]
            roles = [*self._all(iri, "role"), *self._all(iri, "presentedAs")]
            notes = [*(term for name in _OF_ROLE for term in self._all(iri, name)), *self._values[iri][DESCRIPTION]]
            rows.append(self._row(iri, others, roles, self._span(iri), notes))
        return tuple(sorted(rows, key=_by_words))

    def _numbers(self) -> tuple[Row, ...]:
        rows = []
        for iri in self._about():
            indicators = self._all(iri, "indicator")
            if not indicators or self._one(iri, "rivalValue"):
                continue
            notes = [term for name in _OF_NUMBER for term in self._all(iri, name)] + self._values[iri][DESCRIPTION]
            row = self._row(iri, indicators, [], self._one(iri, "referenceYear"), notes)
            value = type(row.subjects[0])(self._number(iri))
            rows.append(Row(**{**vars(row), "values": (value,)}))
        return tuple(sorted(rows, key=lambda row: (row.subjects[0].text.casefold(), row.when, row.values[0].text)))

    def _stages(self) -> tuple[Row, ...]:
        rows = [
            self._row(iri, self._all(iri, "stage"), [], self._one(iri, "reachedOn"), self._values[iri][DESCRIPTION])
            for iri in self._values
            if self._all(iri, "stage")
        ]
        return tuple(sorted(rows, key=lambda row: (row.when or "9", _by_words(row))))

    def _status(self) -> tuple[Row, ...]:
        rows = []
        for iri in self._about():
            statuses = [*self._all(iri, "assessedStatus"), *self._all(iri, "claimedStatus")]
            if statuses and not self._one(iri, "rivalTerm"):
                year = self._one(iri, "referenceYear")
                rows.append(self._row(iri, statuses, self._all(iri, "lacks"), year, self._values[iri][DESCRIPTION]))
        return tuple(sorted(rows, key=_by_words))

    def _identifiers(self) -> tuple[Row, ...]:
        rows = [
            self._row(iri, self._values[iri][_AGENCY], self._values[iri][_NOTATION], "", [])
            for iri in self._values
            if self._values[iri].get(_NOTATION)
        ]
        return tuple(sorted(rows, key=_by_words))

    def _row(self, iri: str, subjects: Iterable[Any], values: Iterable[Any], when: str, notes: Iterable[Any]) -> Row:
        shown = self._words.shown
        return Row(
            iri=iri,
            address=self._words.address(iri),
            subjects=tuple(map(shown, subjects)),
            values=tuple(map(shown, values)),
            when=when,
            notes=tuple(map(shown, notes)),
            locator=self._one(iri, "locator"),
            origins=self._origins.of(self._graphs[iri]),
        )

    def _number(self, iri: str) -> str:
        unit = self._one(iri, "unit")
        qualifier = self._one(iri, "valueQualifier")
        word = self._words.name(qualifier) if qualifier else ""
        symbol = self._words.symbol(unit) if unit else ""
        value = _grouped(self._one(iri, "value") or self._one(iri, "computedBalance"))
        return " ".join(part for part in (word if word != "exact" else "", value, symbol) if part)

    def _disagreement(self, iri: str) -> Json:
        preferred = self._one(iri, "preferredStatement")
        sides = sorted(
            (term.value for term in self._all(iri, "rivalStatement")),
            key=lambda side: (side != preferred, self._one(side, "precedence"), side),
        )
        rows = [self._rival(iri, side) for side in sides]
        values: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in rows:
            values.setdefault((value_words(row), row["year"]), []).append(row)
        (_, first), *others = values.items()
        thing = self._one(iri, "about")
        return {
            "id": iri.rpartition("/")[2],
            "iri": iri,
            "address": self._words.address(iri),
            "kind": self._words.name(self._one(iri, "disagreementKind")),
            "aspect": aspect_words(rows[0]),
            "sides": sides,
            "property": self._one(iri, "disagreesOn"),
            "beside": {self._words.address(each) for each in (thing, self._one(iri, "inContext")) if each},
            "thing": self._words.shown(NamedNode(thing)) if thing and thing != self._iri else None,
            "values": [
                {"words": words, "year": year, "origins": [self._origins.one(row["graph"]) for row in each]}
                for (words, year), each in values.items()
            ],
            "reason": reason(first[0], others[0][1][0]) if others else "",
        }

    def _rival(self, iri: str, side: str) -> dict[str, str]:
        """A rival statement, as the words for conflicts want it."""
        term, literal = self._one(side, "rivalTerm"), self._one(side, "rivalValue")
        unit, qualifier = self._one(side, "unit"), self._one(side, "valueQualifier")
        context, confidence = self._one(iri, "inContext"), self._one(side, "confidence")
        issued = self._values[side].get(PREFIXES["dcterms"] + "issued", [])
        return {
            "aspect": self._one(iri, "disagreesOn"),
            "context": context,
            "contextLabel": self._words.name(context) if context else "",
            "value": term or literal,
            "valueLabel": self._words.name(term) if term else "",
            "unit": unit,
            "unitLabel": self._words.symbol(unit) if unit else "",
            "qualifier": self._words.name(qualifier) if qualifier else "",
            "year": self._one(side, "referenceYear"),
            "graph": self._one(side, "statedInGraph"),
            "confidence": self._words.name(confidence) if confidence else "",
            "issued": issued[0].value if issued else "",
            "read": self._one(side, "dateRead"),
        }

    def _about(self) -> list[str]:
        return [iri for iri in self._values if self._has(iri, "about", self._iri)]

    def _of_class(self, name: str) -> list[str]:
        return [iri for iri, facts in self._values.items() if NamedNode(TERMS + name) in facts[RDF_TYPE]]

    def _has(self, iri: str, name: str, value: str) -> bool:
        return NamedNode(value) in self._values[iri].get(TERMS + name, [])

    def _all(self, iri: str, name: str) -> list[NamedNode | Literal]:
        return list(self._values[iri].get(TERMS + name, [])) if iri in self._values else []

    def _one(self, iri: str, name: str) -> str:
        found = self._all(iri, name)
        return found[0].value if found else ""

    def _span(self, iri: str) -> str:
        start, end = self._one(iri, "validFrom"), self._one(iri, "validUntil")
        return " ".join(part for part in (f"from {start}" if start else "", f"until {end}" if end else "") if part)


def _by_words(row: Row) -> tuple[str, str, str]:
    values, subjects = (" ".join(each.text for each in terms).casefold() for terms in (row.values, row.subjects))
    return values, subjects, row.iri


def _grouped(number: str) -> str:
    """A number with its thousands apart; a text that is no number stays as it is."""
    whole, point, rest = number.partition(".")
    if not whole.removeprefix("-").isdecimal():
        return number
    return f"{int(whole):,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + point + rest
