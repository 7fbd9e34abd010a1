"""Classes and properties as the pages show them: what is stated of each, and what the shapes add to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.documentation.links import Link, Places, short_name, slug
from pedgraph.delivery.documentation.rules import Constraint, Rule, Shape, read_rules
from pedgraph.delivery.documentation.scope import Scope, read_scope
from pedgraph.delivery.facts import node_name
from pedgraph.vocabulary.iris import CODES, TERMS
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pedgraph.delivery.documentation.reading import Example, Part, Sources

_RELATIONS: Final = {
    "subClassOf": "is a kind of",
    "subPropertyOf": "is a kind of",
    "equivalentClass": "has the same members as",
    "equivalentProperty": "means the same as",
    "exactMatch": "means the same as",
    "closeMatch": "is close to",
    "broadMatch": "is narrower than",
    "narrowMatch": "is broader than",
    "relatedMatch": "is related to",
    "seeAlso": "see also",
}


@dataclass(frozen=True)
class Term:
    """A class or a property with what is stated of it."""

    iri: str
    name: str
    label: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    sources: tuple[Link, ...]
    status: str
    module: str
    is_class: bool
    is_deprecated: bool
    replaced_by: tuple[Link, ...]
    above: tuple[Link, ...]
    below: tuple[Link, ...]
    disjoint: tuple[Link, ...]
    alignments: tuple[Link, ...]
    scope: Scope = field(default_factory=Scope)
    is_link: bool = False

    @property
    def is_abstract(self) -> bool:
        """Whether only kinds of it are used."""
        return any(note.startswith("Abstract:") for note in self.notes)

    @property
    def is_derived(self) -> bool:
        """Whether the build states it and nobody else."""
        return any("Derived when" in note for note in self.notes)


@dataclass(frozen=True)
class Use:
    """A property as one class uses it: how often, what it leads to, and from which class that comes."""

    property: Link
    how_many: str
    ends: tuple[Link, ...]
    ends_text: str
    from_class: Link | None
    definition: str


class Terms:
    """All classes and properties, with the ties between them."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._facts = sources.vocabulary
        self.places = Places(sources.vocabulary, sources.titles)
        self.rules: list[Rule] = read_rules(sources.shapes)
        self._shapes = [shape for rule in self.rules for shape in rule.shapes]
        self._alignments = alignments(sources.alignments)
        classes = self._facts.of_kind("owl:Class")
        self._labels = {self._facts.text(each, "rdfs:label").lower(): each for each in classes}
        links = self._facts.of_kind("owl:ObjectProperty")
        self.classes = {each: self._term(each, is_class=True) for each in classes}
        self.properties = {
            each: self._term(each, is_link=each in links)
            for each in sorted({*links, *self._facts.of_kind("owl:DatatypeProperty")})
        }

    def ancestors(self, class_iri: str) -> list[str]:
        """The class itself and those of ours above it, nearest first."""
        found = [class_iri]
        for each in found:
            found += [above for above in self._facts.nodes(each, "rdfs:subClassOf") if above not in found]
        return [each for each in found if each.startswith(TERMS)]

    def example(self, term: Term) -> Example | None:
        """The example file of a class, where there is one."""
        return self._sources.examples.get(term.name)

    def uses(self, class_iri: str) -> list[Use]:
        """The properties that start at a class: its own first, then those of the classes above it."""
        found: dict[str, Use] = {}
        for owner in self.ancestors(class_iri):
            stated = [each for each, term in self.properties.items() if owner in term.scope.starts]
            asked = [
                each.path for _, each in self._asked_of(owner) if each.path not in {"", RDF_TYPE} and each.most != 0
            ]
            for property_iri in sorted({*stated, *asked}, key=lambda each: (not each.startswith(TERMS), each)):
                if property_iri not in found:
                    from_class = None if owner == class_iri else self.places.link(owner)
                    found[property_iri] = self._use(class_iri, property_iri, from_class)
        return list(found.values())

    def starts(self, class_iri: str) -> list[Term]:
        """The properties of ours that start at this very class and lead to something."""
        return [term for term in self.properties.values() if class_iri in term.scope.starts and term.is_link]

    def pointing(self, class_iri: str) -> list[Term]:
        """The properties that may lead to a class or to one above it."""
        above = set(self.ancestors(class_iri))
        return [term for term in self.properties.values() if above & set(self.ends(term.iri))]

    def ends(self, property_iri: str) -> list[str]:
        """What a property leads to, wherever it starts: classes and code lists, by IRI."""
        found = [end for _, each in self.asking(property_iri) for end in _ends(each)]
        term = self.properties.get(property_iri)
        if term is not None:
            found += [*term.scope.ends, *(CODES + name for name in term.scope.schemes)]
        return list(dict.fromkeys(found))

    def asking(self, property_iri: str) -> list[tuple[Shape, Constraint]]:
        """The constraints on a property, with the shapes that they belong to."""
        return [(shape, each) for shape in self._shapes for each in shape.constraints if each.path == property_iri]

    def rules_of(self, class_iri: str) -> list[tuple[Shape, Constraint]]:
        """The constraints that hold for members of a class, by its own name or that of one above it."""
        return [pair for owner in self.ancestors(class_iri) for pair in self._asked_of(owner)]

    def _asked_of(self, class_iri: str) -> Iterator[tuple[Shape, Constraint]]:
        for shape in self._shapes:
            if class_iri in shape.target_classes:
                yield from ((shape, each) for each in shape.constraints)

    def _use(self, class_iri: str, property_iri: str, from_class: Link | None) -> Use:
        term = self.properties.get(property_iri)
        asked = [each for _, each in self.rules_of(class_iri) if each.path == property_iri]
        everywhere = [each for shape, each in self.asking(property_iri) if not shape.target_classes]
        ends = next((found for group in (asked, everywhere) if (found := _all_ends(group))), [])
        if not ends and term is not None:
            schemes = [CODES + name for name in term.scope.schemes]
            ends = [*term.scope.ends, *schemes, *term.scope.datatypes]
        text = "" if ends or term is None else term.scope.end_text
        how_many = _how_many(asked + everywhere, term.scope.many if term else "")
        name = self.places.link(property_iri)
        links = tuple(self._end(each) for each in ends)
        # Properties of other vocabularies are explained by the rule that asks for them.
        said = term.definition if term else next((each.message.partition(": ")[2] for each in asked), "")
        return Use(name, how_many, links, text, from_class, said)

    def _end(self, end: str) -> Link:
        if "://" not in end:
            return Link(end, "")
        link = self.places.link(end)
        if end.startswith(CODES):
            return Link(slug(end), link.href, "code list")
        return Link(slug(end), link.href, "list of others") if "://" in link.text else link

    def _term(self, node: str, *, is_class: bool = False, is_link: bool = False) -> Term:
        facts, links = self._facts, self.places.link
        above = "rdfs:subClassOf" if is_class else "rdfs:subPropertyOf"
        notes = tuple(text for _, text in facts.texts(node, "skos:scopeNote"))
        module = next((part.name for part in self._sources.modules if node in part.declared), "")
        stated = [links(each) for each in facts.nodes(node, above)]
        return Term(
            iri=node,
            name=slug(node),
            label=facts.text(node, "rdfs:label"),
            definition=facts.text(node, "skos:definition"),
            notes=notes,
            examples=tuple(text for _, text in facts.texts(node, "skos:example")),
            sources=tuple(links(each) for each in facts.nodes(node, "dcterms:source")),
            status=facts.text(node, "vs:term_status"),
            module=module,
            is_class=is_class,
            is_deprecated=facts.text(node, "owl:deprecated") == "true",
            replaced_by=tuple(links(each) for each in facts.nodes(node, "dcterms:isReplacedBy")),
            above=tuple(stated),
            below=tuple(links(each) for each in facts.subjects(above, node)),
            disjoint=tuple(links(each) for each in self._disjoint(node)),
            alignments=tuple(self._alignments.get(node, ())),
            scope=read_scope(notes[0], self._labels) if notes and not is_class else Scope(),
            is_link=is_link,
        )

    def _disjoint(self, node: str) -> list[str]:
        both = [*self._facts.nodes(node, "owl:disjointWith"), *self._facts.subjects("owl:disjointWith", node)]
        return sorted(set(both))


def alignments(parts: Iterable[Part]) -> dict[str, list[Link]]:
    """What alignments say, by the term on either side: the relation as a note, and a link to the other term."""
    found: dict[str, set[tuple[str, str]]] = {}
    for triple in (triple for part in parts for triple in part.triples):
        relation = slug(triple.predicate.value)
        subject, other = node_name(triple.subject), node_name(triple.object)
        if relation in _RELATIONS:
            found.setdefault(subject, set()).add((_RELATIONS[relation], other))
            found.setdefault(other, set()).add((f"{relation} of", subject))
    return {
        term: [Link(short_name(other), other, relation) for relation, other in sorted(pairs)]
        for term, pairs in found.items()
    }


def _ends(constraint: Constraint) -> list[str]:
    return [*constraint.classes, *constraint.schemes]


def _all_ends(group: Iterable[Constraint]) -> list[str]:
    return list(dict.fromkeys(end for each in group for end in (*_ends(each), *each.datatypes)))


def _how_many(asked: Iterable[Constraint], stated: str) -> str:
    """In words how many values there are; the shapes count more than the scope note."""
    must = [each for each in asked if each.severity == "violation"]
    least = max((each.least for each in must if each.least is not None), default=0)
    most = min((each.most for each in must if each.most is not None), default=None)
    wished = " (recommended)" if not least and any(each.least for each in asked) else ""
    if most is not None:
        return ("exactly one" if least else "at most one") + wished if most == 1 else f"{least} to {most}{wished}"
    if least:
        return "at least one" if least == 1 else f"at least {least}"
    return (stated or "any number") + wished
