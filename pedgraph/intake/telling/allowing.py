"""What is allowed where a finding is, as people can read it, and the allowed value nearest to what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pedgraph.intake.telling.index import IN_SCHEME, NOTATION, RDF_TYPE, SUB_CLASS_OF, Index
from pedgraph.intake.telling.nearest import Candidates, is_like, nearest_number
from pedgraph.vocabulary.iris import CODES, PREFIXES, compact, expand, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pedgraph.intake.findings import Finding
    from pedgraph.intake.telling.expecting import Expectation, Expectations
    from pedgraph.intake.telling.labels import Known, Labels
    from pedgraph.intake.telling.words import Words

# What is shown of a long list; the whole stands in the documentation.
SHOWN_MEMBERS: Final = 50
_CANDIDATES_MAX: Final = 5000
_XSD: Final = PREFIXES["xsd"]
_FORMS: Final = {
    _XSD + "gYear": "year", _XSD + "gYearMonth": "month", _XSD + "date": "day", _XSD + "dateTime": "moment",
    _XSD + "anyURI": "address", _XSD + "string": "text", _XSD + "boolean": "truth", _XSD + "integer": "whole_number",
    _XSD + "nonNegativeInteger": "whole_number", _XSD + "decimal": "number", _XSD + "double": "number",
    _XSD + "float": "number", PREFIXES["rdf"] + "langString": "text_with_language",
    PREFIXES["geo"] + "wktLiteral": "outline",
}  # fmt: skip
_COUNTS: Final = {("1", "1"): "exactly_one", ("1", ""): "at_least_one", ("", "1"): "at_most_one", ("", "0"): "none"}
_COUNTING: Final = ("MinCountConstraintComponent", "MaxCountConstraintComponent")

# Rules about tables whose ``allowed`` is one example, with commas in it.
_WITH_AN_EXAMPLE: Final = frozenset({"T17", "T26"})

Entity = dict[str, str]


@dataclass(frozen=True)
class Sources:
    """Where allowed values are looked up: what was submitted, the vocabulary with the reference data, the graph."""

    submitted: Index
    vocabulary: Index
    known: Known


class Allowances:
    """What is allowed, in one language."""

    def __init__(self, sources: Sources, expectations: Expectations, labels: Labels, words: Words) -> None:
        self._sources = sources
        self._expectations = expectations
        self._labels = labels
        self._words = words
        self._members: dict[str, list[str]] = {}
        self._candidates: dict[tuple[str, ...], Candidates] = {}

    def of(self, finding: Finding) -> tuple[list[Entity], int, Entity | None]:
        """What is allowed where a finding is, how much there is of it in all, and what is nearest to the value found.

        Each is a JSON object with a label and, for what has one, an IRI.
        """
        variables = dict(finding.variables)
        if "allowed" in variables:
            return self._of_named(finding, variables["allowed"], variables.get("nearest", ""))
        if "nearest" in variables:
            return self._of_unknown(finding, expand(variables["nearest"]))
        expected, is_counting = self._expected(finding)
        codes = sorted({member for scheme in expected.schemes for member in self._of_scheme(scheme)})
        allowed = self._entities(codes) + [{"iri": "", "label": value} for value in expected.values]
        allowed += self._entities(expected.classes)
        allowed += [{"iri": "", "label": text} for text in self._forms(expected, is_counting=is_counting)]
        return allowed[:SHOWN_MEMBERS], len(allowed), self._nearest(finding, expected, codes)

    def _of_named(self, finding: Finding, allowed: str, nearest: str) -> tuple[list[Entity], int, Entity | None]:
        """What the finding itself names as allowed: units by their prefixed names, or words."""
        names = [allowed] if finding.rule in _WITH_AN_EXAMPLE else allowed.split(", ")
        iris = [expand(name) for name in names]
        if all(is_absolute(iri) and iri != name for iri, name in zip(iris, names, strict=True)):
            return self._entities(iris), len(iris), self._nearest_of(("units", *iris), iris, finding.value)
        if codes := self._codes_called(names, finding.path):
            return (
                self._entities(codes)[:SHOWN_MEMBERS],
                len(codes),
                self._nearest_of(("named", *codes), codes, finding.value),
            )
        entities = [{"iri": "", "label": name} for name in names if name]
        near = nearest if nearest and is_like(nearest, finding.value) else ""
        return entities[:SHOWN_MEMBERS], len(entities), {"iri": "", "label": near} if near else None

    def _codes_called(self, names: Sequence[str], path: str) -> list[str]:
        """The codes that a property may have and that have these names in any language; none if not all are codes."""
        known: dict[str, str] = {}
        for scheme in self._expectations.of_path(path).schemes:
            known |= {name: code for code in self._of_scheme(scheme) for name in self._names(code)}
        codes = [known[name] for name in names if name in known]
        return codes if len(codes) == len(names) else []

    def _of_unknown(self, finding: Finding, nearest: str) -> tuple[list[Entity], int, Entity | None]:
        """An unknown term: the code list that it claims to be of, and the nearest term if it is near."""
        scheme = finding.value.rpartition("/")[0]
        codes = self._of_scheme(scheme) if scheme.startswith(CODES) else []
        near = is_absolute(nearest) and is_like(_local(finding.value), _local(nearest))
        return self._entities(codes)[:SHOWN_MEMBERS], len(codes), self._labels.entity(nearest) if near else None

    def _expected(self, finding: Finding) -> tuple[Expectation, bool]:
        """What the shape of a finding allows; for a missing or surplus value also what others say of the property."""
        own = self._expectations.of_shape(finding.shape)
        is_counting = finding.component.endswith(_COUNTING) or (not finding.component and not finding.value)
        if not is_counting:
            return own, False
        merged = type(own)()
        merged.add(own)
        if self._expectations.is_about(finding.shape, finding.path):
            merged.add(self._expectations.of_path(finding.path))
        return merged, True

    def _forms(self, expected: Expectation, *, is_counting: bool) -> Iterator[str]:
        names = dict.fromkeys(_FORMS[each] for each in expected.datatypes if each in _FORMS)
        if "number" in names:
            names.pop("whole_number", None)
        yield from (self._words.phrase(name) for name in names)
        least, most = _last(expected.least), _last(expected.most)
        if least and most:
            yield self._words.phrase("range", least=least, most=most)
        elif least or most:
            yield self._words.phrase("from" if least else "up_to", least=least, most=most)
        if expected.languages:
            yield self._words.phrase("languages", tags=", ".join(expected.languages))
        if is_counting and (expected.least_number or expected.most_number):
            yield self._count(_last(expected.least_number), _last(expected.most_number))

    def _count(self, least: str, most: str) -> str:
        if (least, most) in _COUNTS:
            return self._words.phrase(_COUNTS[least, most])
        return self._words.phrase("at_least" if least else "at_most", number=least or most)

    def _nearest(self, finding: Finding, expected: Expectation, codes: list[str]) -> Entity | None:
        if not finding.value or finding.value == finding.focus_node:
            return None
        if codes or expected.values:
            key = (*expected.schemes, *expected.values)
            return self._nearest_of(key, codes, finding.value, expected.values)
        if expected.classes:
            return self._nearest_of(("class", *expected.classes), self._instances(expected.classes), finding.value)
        is_number = any(_FORMS.get(each) in {"number", "whole_number"} for each in expected.datatypes)
        number = nearest_number(finding.value) if is_number else ""
        return {"iri": "", "label": number} if number else None

    def _nearest_of(
        self, key: tuple[str, ...], iris: Sequence[str], text: str, values: Sequence[str] = ()
    ) -> Entity | None:
        if key not in self._candidates:
            names = [(name, iri) for iri in iris for name in self._names(iri)]
            self._candidates[key] = Candidates([*names, *((value, value) for value in values)])
        # What exists and is of another kind is no slip of the pen; only something of the same name can be meant by it.
        label = self._labels.label(text) if is_absolute(text) else ""
        found = self._candidates[key].nearest(_local(text) if is_absolute(text) else text, is_exact=bool(label))
        if not found or found == text:
            return None
        if not is_absolute(found):
            return {"iri": "", "label": found}
        nearest = self._labels.entity(found)
        return nearest if nearest["label"] != label else {**nearest, "label": f"{label} ({compact(found).strip('<>')})"}

    def _names(self, iri: str) -> Iterator[str]:
        """All names under which a valid value may be looked for."""
        yield _local(iri)
        for index in (self._sources.submitted, self._sources.vocabulary):
            yield from (text for _, text in index.names(iri))
            yield from index.values(iri, NOTATION)
        yield from (text for _, text in self._sources.known.names(iri))

    def _of_scheme(self, scheme: str) -> list[str]:
        if scheme not in self._members:
            self._members[scheme] = sorted(set(self._sources.vocabulary.subjects(IN_SCHEME, scheme)))
        return self._members[scheme]

    def _instances(self, classes: list[str]) -> list[str]:
        """The things of some classes and of those below them; not more than can be compared in good time."""
        found: dict[str, None] = {}
        below = list(classes)
        for each in below:
            below += [lower for lower in self._sources.vocabulary.subjects(SUB_CLASS_OF, each) if lower not in below]
            for index in (self._sources.submitted, self._sources.vocabulary):
                found |= dict.fromkeys(index.subjects(RDF_TYPE, each))
            found |= dict.fromkeys(self._sources.known.of_class(each))
        return list(found)[:_CANDIDATES_MAX]

    def _entities(self, iris: list[str]) -> list[Entity]:
        entities = [self._labels.entity(iri) for iri in iris]
        return sorted(entities, key=lambda entity: (entity["label"].casefold(), entity["iri"]))


def as_json(allowed: tuple[list[Entity], int, Entity | None]) -> dict[str, Any]:
    """The members of a told finding that say what is allowed."""
    return {"allowed": allowed[0], "allowed_count": allowed[1], "nearest": allowed[2]}


def _last(values: list[str]) -> str:
    return values[-1] if values else ""


def _local(iri: str) -> str:
    return iri[max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1 :]
