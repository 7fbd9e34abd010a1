"""What shapes, ontology, code lists and context say about a property, looked up by class and property."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pedgraph.resources import context_file
from pedgraph.vocabulary.iris import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import BlankNode, Triple

    Term = NamedNode | BlankNode | Literal | Triple

SH: Final = PREFIXES["sh"]
SKOS: Final = PREFIXES["skos"]
RDF: Final = PREFIXES["rdf"]
RDFS: Final = PREFIXES["rdfs"]
_IN_NOTE: Final = re.compile(r"\b(xsd:\w+|rdf:langString)\b")


class Facts:
    """Triples by subject and property."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[str, str], list[Term]] = {}
        self._subjects: dict[tuple[str, str], list[str]] = {}
        for triple in triples:
            subject, value = str_of(triple.subject), triple.object
            self._objects.setdefault((subject, triple.predicate.value), []).append(value)
            self._subjects.setdefault((triple.predicate.value, str_of(value)), []).append(subject)

    def terms(self, subject: str, property_iri: str) -> list[Term]:
        """All values of a property, in the order of the files."""
        return self._objects.get((subject, property_iri), [])

    def texts(self, subject: str, property_iri: str) -> list[str]:
        """All values of a property as text."""
        return [str_of(term) for term in self.terms(subject, property_iri)]

    def text(self, subject: str, property_iri: str) -> str:
        """The first value of a property as text; empty if there is none."""
        return next(iter(self.texts(subject, property_iri)), "")

    def by_language(self, subject: str, property_iri: str) -> dict[str, str]:
        """The literals of a property by language."""
        return {
            term.language or "": term.value
            for term in self.terms(subject, property_iri)
            if isinstance(term, Literal)
        }  # fmt: skip

    def subjects(self, property_iri: str, value: str) -> list[str]:
        """Everything that has this value for a property."""
        return self._subjects.get((property_iri, value), [])

    def items(self, node: str) -> Iterator[str]:
        """The members of an RDF list."""
        while node and node != f"{RDF}nil":
            yield from self.texts(node, f"{RDF}first")
            node = self.text(node, f"{RDF}rest")

    def above(self, class_iri: str) -> list[str]:
        """A class and all its superclasses."""
        found = [class_iri]
        for each in found:
            found += [above for above in self.texts(each, f"{RDFS}subClassOf") if above not in found]
        return found

    def below(self, class_iri: str) -> list[str]:
        """A class and all its subclasses."""
        found = [class_iri]
        for each in found:
            found += [below for below in self.subjects(f"{RDFS}subClassOf", each) if below not in found]
        return found


@dataclass(frozen=True)
class Demand:
    """What the shapes ask of a property on a class."""

    is_required: bool = False
    is_recommended: bool = False
    is_single: bool = False
    datatypes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()


def demand(facts: Facts, class_iri: str, path: str) -> Demand:
    """What all shapes together ask of a property (``^`` in front of it: of what points to the node) on a class."""
    of_class = list(_property_shapes(facts, path, _shapes_for(facts, class_iri)))
    # Those for whatever has the property do not ask that it be there, but say what it may hold.
    rules = [*of_class, *_property_shapes(facts, path, facts.subjects(f"{SH}targetSubjectsOf", path))]
    needed = [
        facts.text(rule, f"{SH}severity") for rule in of_class if facts.text(rule, f"{SH}minCount") not in {"", "0"}
    ]
    return Demand(
        is_required=f"{SH}Violation" in needed,
        is_recommended=f"{SH}Warning" in needed,
        is_single=any(facts.text(rule, f"{SH}maxCount") == "1" for rule in rules),
        datatypes=_gathered(facts, rules, "datatype"),
        classes=_gathered(facts, rules, "class"),
        schemes=tuple(
            scheme
            for node in _gathered(facts, rules, "node")
            for inner in facts.texts(node, f"{SH}property")
            if facts.text(inner, f"{SH}path") == f"{SKOS}inScheme"
            for scheme in facts.texts(inner, f"{SH}hasValue")
        ),
    )


def classes_anywhere(facts: Facts, property_iri: str) -> tuple[str, ...]:
    """The classes that any shape, of whichever class, asks of the values of a property."""
    return _gathered(facts, facts.subjects(f"{SH}path", property_iri), "class")


def _shapes_for(facts: Facts, class_iri: str) -> list[str]:
    return [shape for each in facts.above(class_iri) for shape in facts.subjects(f"{SH}targetClass", each)]


def _property_shapes(facts: Facts, path: str, owners: list[str]) -> Iterator[str]:
    for owner in dict.fromkeys(owners):
        for rule in facts.texts(owner, f"{SH}property"):
            if _path(facts, rule) == path:
                yield rule


def _path(facts: Facts, rule: str) -> str:
    path = facts.text(rule, f"{SH}path")
    inverse = facts.text(path, f"{SH}inversePath")
    return f"^{inverse}" if inverse else path


def _gathered(facts: Facts, rules: list[str], component: str) -> tuple[str, ...]:
    """The values of a component of the shapes, and of what ``sh:or`` lets choose from in them."""
    values: list[str] = []
    for rule in rules:
        values += facts.texts(rule, SH + component)
        for choice in facts.texts(rule, f"{SH}or"):
            values += [value for each in facts.items(choice) for value in facts.texts(each, SH + component)]
    return tuple(dict.fromkeys(values))


def noted_datatypes(facts: Facts, property_iri: str) -> tuple[str, ...]:
    """The datatypes that the ontology names in the scope note of a property of its own."""
    return tuple(
        expand(name) for note in facts.texts(property_iri, f"{SKOS}scopeNote") for name in _IN_NOTE.findall(note)
    )


def read_context() -> dict[str, dict[str, Any]]:
    """What the JSON-LD context says about each property that is read forward: IRI → definition of its term."""
    content = json.loads(context_file().read_text(encoding="utf-8"))["@context"]
    found: dict[str, dict[str, Any]] = {}
    for definition in content.values():
        described = definition if isinstance(definition, dict) else {"@id": definition}
        if isinstance(described.get("@id"), str) and not described["@id"].startswith("@"):
            found.setdefault(expand(described["@id"]), described)
    return found


def str_of(term: object) -> str:
    """A term as plain text: an IRI without brackets, a literal without quotation marks."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
