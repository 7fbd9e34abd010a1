"""Code lists as the pages show them: each with its members, in the order of their hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pedgraph.delivery.documentation.links import Link, Places, short_name, slug
from pedgraph.delivery.facts import iri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.documentation.terms import Term, Terms
    from pedgraph.delivery.facts import Facts

_MATCHES: Final = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
_SHOWN: Final = (
    "rdf:type", "skos:prefLabel", "skos:altLabel", "skos:definition", "skos:scopeNote", "skos:example",
    "skos:editorialNote", "skos:notation", "skos:inScheme", "skos:topConceptOf", "skos:broader", "dcterms:source",
    "rdfs:isDefinedBy", "skos:narrower", *_MATCHES,
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """A member of a code list; ``depth`` is the number of broader members above it."""

    iri: str
    slug: str
    depth: int
    notation: str
    label: str
    labels: tuple[tuple[str, str], ...]
    other_labels: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    broader: tuple[Link, ...]
    matches: tuple[Link, ...]
    sources: tuple[Link, ...]
    more: tuple[tuple[Link, tuple[Link, ...]], ...]


@dataclass(frozen=True)
class Scheme:
    """A code list with its members, and the properties that take their values from it."""

    iri: str
    slug: str
    label: str
    labels: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    licence: str
    sources: tuple[Link, ...]
    members: tuple[Member, ...]
    used_by: tuple[Term, ...]

    @property
    def languages(self) -> list[str]:
        """The languages in which any member has a label; English comes first."""
        found = {language for member in self.members for language, _ in member.labels}
        return sorted(found, key=lambda language: (language != "en", language))


def read_schemes(terms: Terms, facts: Facts) -> list[Scheme]:
    """All code lists by name."""
    return [_scheme(terms, facts, node) for node in facts.of_kind("skos:ConceptScheme")]


def _scheme(terms: Terms, facts: Facts, node: str) -> Scheme:
    return Scheme(
        iri=node,
        slug=slug(node),
        label=facts.text(node, "skos:prefLabel"),
        labels=tuple(facts.texts(node, "skos:prefLabel")),
        definitions=tuple(facts.texts(node, "skos:definition")),
        notes=tuple(text for _, text in facts.texts(node, "skos:scopeNote")),
        licence=facts.node(node, "dcterms:license"),
        sources=tuple(terms.places.link(each) for each in facts.nodes(node, "dcterms:source")),
        members=tuple(_member(terms.places, facts, each, depth) for each, depth in _in_order(facts, node)),
        used_by=tuple(term for term in terms.properties.values() if node in terms.ends(term.iri)),
    )


def _in_order(facts: Facts, scheme: str) -> Iterator[tuple[str, int]]:
    """The members by name, each followed by the narrower ones; those below several come below the first."""
    members = facts.subjects("skos:inScheme", scheme)
    below: dict[str, list[str]] = {}
    for member in members:
        broader = [each for each in facts.nodes(member, "skos:broader") if each in members]
        below.setdefault(broader[0] if broader else "", []).append(member)

    def walk(above: str, depth: int) -> Iterator[tuple[str, int]]:
        for member in below.get(above, []):
            yield member, depth
            yield from walk(member, depth + 1)

    return walk("", 0)


def _member(places: Places, facts: Facts, node: str, depth: int) -> Member:
    matches = [
        Link(short_name(other), other, relation.removeprefix("skos:").removesuffix("Match"))
        for relation in _MATCHES
        for other in facts.nodes(node, relation)
    ]
    return Member(
        iri=node,
        slug=slug(node),
        depth=depth,
        notation=facts.text(node, "skos:notation"),
        label=facts.text(node, "skos:prefLabel"),
        labels=tuple(facts.texts(node, "skos:prefLabel")),
        other_labels=tuple(facts.texts(node, "skos:altLabel")),
        definitions=tuple(facts.texts(node, "skos:definition")),
        notes=tuple(text for name in ("skos:scopeNote", "skos:example") for _, text in facts.texts(node, name)),
        broader=tuple(places.link(each) for each in facts.nodes(node, "skos:broader")),
        matches=tuple(matches),
        sources=tuple(places.link(each) for each in facts.nodes(node, "dcterms:source")),
        more=tuple(_more(places, facts, node)),
    )


def _more(places: Places, facts: Facts, node: str) -> Iterator[tuple[Link, tuple[Link, ...]]]:
    shown = {iri(name) for name in _SHOWN}
    for property_iri in facts.properties(node):
        if property_iri not in shown:
            name = short_name(property_iri)
            values = [places.link(each) for each in facts.nodes(node, name)]
            values += [Link(text, "") for _, text in facts.texts(node, name)]
            yield places.link(property_iri), tuple(values)
