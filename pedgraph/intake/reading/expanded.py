"""A look through expanded JSON-LD for what a parser passes over in silence: bad IRIs, bad tags, unknown members.

Also makes decimals of numbers with that type: JSON-LD would write them with an exponent (JSON-LD 1.1 API, section 8.6),
which no decimal has.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.intake.reading import rules
from pedgraph.intake.reading.documents import problem
from pedgraph.intake.reading.json_text import Number
from pedgraph.intake.reading.terms import STAND_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.intake.findings import Finding, Position
    from pedgraph.intake.reading.marking import Marker

_DECIMAL: Final = "http://www.w3.org/2001/XMLSchema#decimal"


class Looker:
    """Looks through one document, whose nesting is limited."""

    def __init__(self, marker: Marker) -> None:
        self._marker = marker
        self._seen: set[int] = set()
        self._bad: list[tuple[str, int | None, str, str]] = []

    def look(self, expanded: list[Any]) -> list[Any]:
        """The document with stand-ins for what is bad in it."""
        return [self._node(each, None) for each in expanded]

    def findings(self, places: list[Position]) -> Iterator[Finding]:
        """The problems found, and one for each member whose values did not come out of the expansion."""
        for rule, number, value, detail in self._bad:
            position = places[number or 0]
            if rule == rules.UNKNOWN_MEMBER:
                yield self._unknown(position, value, 1)
                continue
            variables = {"found": rules.shown(value), "detail": detail}
            yield problem(rule, position, value=value, **variables)
        yield from self._lost(places)

    def _lost(self, places: list[Position]) -> Iterator[Finding]:
        """One problem for each name of members whose values did not come out of the expansion."""
        lost = {number: name for number, name in self._marker.members.items() if number not in self._seen}
        pointers = {places[number].pointer for number in lost}
        # What is inside of something lost is lost with it.
        outermost = {
            number: name for number, name in lost.items() if not pointers & set(_above(places[number].pointer))
        }
        times = Counter(outermost.values())
        first = {name: number for number, name in reversed(outermost.items())}
        for name, number in first.items():
            yield self._unknown(places[number], name, times[name])

    def _unknown(self, position: Position, member: str, times: int) -> Finding:
        variables = {"member": member, "number": str(times), "nearest": self._marker.terms.nearest(member)}
        return problem(rules.UNKNOWN_MEMBER, position, value=member, **variables)

    def _node(self, value: Any, number: int | None) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return self._literal(value, number)
        own = self._number(value.get(self._marker.node, [{}])[0])
        here = number if own is None else own
        found: dict[str, Any] = {}
        for key, each in value.items():
            if key == "@id":
                found[key] = self._iri(each, here)
            elif key == "@type":
                found[key] = list(self._types(each, here))
            elif key in {"@graph", "@included", "@list", "@set"}:
                found[key] = [self._node(item, here) for item in each]
            elif key == "@reverse":
                found[key] = {name: self._values(items, here) for name, items in each.items()}
            elif key.startswith("@"):
                found[key] = each
            else:
                found[self._property(key, here, each)] = self._values(each, here)
        return found

    def _values(self, values: list[Any], here: int | None) -> list[Any]:
        numbers: list[int | None] = [None] * len(values)
        following = here
        for index in range(len(values) - 1, -1, -1):
            own = self._number(values[index])
            if own is not None:
                self._seen.add(own)
                following = own
            numbers[index] = following
        return [self._node(each, number) for each, number in zip(values, numbers, strict=True)]

    def _number(self, value: object) -> int | None:
        return self._marker.number(value.get("@id")) if isinstance(value, dict) else None

    def _types(self, types: list[str], here: int | None) -> Iterator[str]:
        for index, each in enumerate(types):
            following = self._marker.number(types[index + 1]) if index + 1 < len(types) else None
            yield self._iri(each, here if following is None else following, rules.UNKNOWN_MEMBER)

    def _property(self, key: str, here: int | None, values: list[Any]) -> str:
        numbers = [number for number in map(self._number, values) if number is not None]
        return self._iri(key, numbers[0] if numbers else here)

    def _iri(self, iri: str, number: int | None, rule_of_relative: str = rules.RELATIVE_IRI) -> str:
        if iri.startswith(self._marker.base):
            self._bad.append((rule_of_relative, number, iri.removeprefix(self._marker.base), ""))
        elif iri.startswith(("_:", self._marker.scheme)):
            return iri
        else:
            try:
                NamedNode(iri)
            except ValueError as error:
                rule = rules.RELATIVE_IRI if "No scheme" in str(error) else rules.BAD_IRI
                self._bad.append((rule, number, iri, str(error)))
            else:
                return iri
        return f"{STAND_IN}{len(self._bad) - 1}"

    def _literal(self, value: dict[str, Any], number: int | None) -> dict[str, Any]:
        found = dict(value)
        datatype, content = value.get("@type"), value["@value"]
        if "@direction" in value:
            self._bad.append((rules.RDF_1_2, number, str(content), "@direction"))
            del found["@direction"]
        if isinstance(datatype, str) and datatype != "@json":
            found["@type"] = self._iri(datatype, number)
        if datatype == _DECIMAL and isinstance(content, Number):
            found["@value"] = content.text
        if "@language" in value:
            try:
                Literal("", language=value["@language"])
            except ValueError as error:
                self._bad.append((rules.BAD_LANGUAGE, number, value["@language"], str(error)))
                del found["@language"]
        return found


def _above(pointer: str) -> Iterator[str]:
    """The pointers to all that a value is in."""
    while "/" in pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer
