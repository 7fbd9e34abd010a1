"""How a page on a thing calls things, properties and values, and where it leads for each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from pedgraph.delivery.things.trees import chosen_names
from pedgraph.delivery.units import unit_words
from pedgraph.intake.telling.words import read_words
from pedgraph.vocabulary.iris import META_GRAPH, PREFIXES, ROOT, TERMS, THINGS, compact
from pedgraph.vocabulary.minting import RDF_TYPE

if TYPE_CHECKING:
    from pedgraph.delivery.things.statements import Names

_SYMBOL: Final = PREFIXES["qudt"] + "symbol"
_ANY_URI: Final = PREFIXES["xsd"] + "anyURI"
_HTTP: Final = ("http://", "https://")
# What a path of ours holds besides letters and digits as it is (RFC 3987, section 2.2).
_SAFE: Final = "/~!$&'()*+,;=:@.-"
_LONG_CHARACTERS: Final = 160
_LANGUAGE: Final = "en"
# Links where the words for the other direction are not those of the property.
_BACK: Final = {
    "pedg:inCity": "In this city",
    "pedg:partOfDistrict": "Sites in this district",
    "pedg:demonstratesIn": "Demonstrated by",
    "pedg:hostedBy": "Hosted",
    "pedg:concerns": "Activities and requirements that concern it",
    "pedg:memberOfNetwork": "Members",
    "pedg:partOfCluster": "Projects in the cluster",
    "pedg:governs": "Administration",
    "pedg:establishedBy": "Established",
    "pedg:serves": "Ateliers and hubs that serve it",
    "pedg:developedBy": "Developed",
    "pedg:reviewedBy": "Reviewed",
    "pedg:assessedBy": "Assessed",
    "pedg:identifiedBy": "Identified",
    "pedg:removalSoughtBy": "Seeks the removal of",
    "pedg:supports": "Supported by",
    "pedg:hinders": "Obstacles",
    "pedg:setBy": "Targets that it has set",
    "pedg:contact": "Contact for",
    "pedg:contributesTo": "Contributions to it",
    "pedg:hasObjective": "Objective of",
    "pedg:hasRequirement": "Requirement of",
    "pedg:continuationPlan": "Planned by",
    "pedg:carriedOutAt": "Carried out here",
    "pedg:locatedIn": "Located here",
    "pedg:ecosystem": "Hubs in this ecosystem",
    "pedg:hasOrganisationStructure": "Organisation structure of",
    "pedg:addressesObstacle": "Addressed by",
    "pedg:statedIn": "Records that name it as their source",
    "pedg:inContext": "Disagreements in its context",
    "pedg:about": "About it",
    "dcterms:isPartOf": "Parts",
    "dcterms:publisher": "Published",
    "dcterms:creator": "Written or submitted",
    "dcterms:source": "Source of",
    "eurio:isFundedBy": "Funds",
    "schema:location": "Events here",
    "schema:superEvent": "Sessions",
    "prov:hadPrimarySource": "Graphs of statements taken from it",
    "prov:wasAssociatedWith": "Activities that it was responsible for",
    "prov:used": "Activities that made use of it",
    "prov:wasGeneratedBy": "Made by it",
    "dcat:inSeries": "Data sets in this series",
}  # fmt: skip
_FORWARD: Final = {
    "rdf:type": "kind", "rdfs:label": "name", "eurio:isFundedBy": "funded by", "schema:location": "held at",
    "schema:eventAttendanceMode": "way of attending", "schema:subEvent": "sessions", "prov:used": "made use of",
    "prov:wasAssociatedWith": "carried out by", "dcterms:date": "date", "dcat:inSeries": "in the series",
    "dcterms:subject": "topic", "schema:geo": "latitude, longitude",
}  # fmt: skip
_KINDS: Final = {"ped": "district", "obs": "number", "atelier": "innovation atelier", "hub": "innovation hub"}
_LICENCES: Final = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "Public Domain Mark 1.0",
}
_GRAPHS: Final = {META_GRAPH: "How submitters describe sources and submissions"}
_PART: Final = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True)
class Shown:
    """A term as it is shown: its text, where it leads (empty where nowhere), the language, and a note beside it."""

    text: str
    address: str = ""
    language: str = ""
    note: str = ""
    is_outside: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is a paragraph rather than a word."""
        return len(self.text) > _LONG_CHARACTERS


class Words:
    """Words for one page: ``names`` are those of all things that it mentions, ``root`` leads to the start."""

    def __init__(self, names: Names, root: str) -> None:
        self._names = names
        self._root = root
        self._terms = read_words(_LANGUAGE).terms

    def has_name(self, iri: str) -> bool:
        """Whether a thing has a name of its own."""
        return any(name not in {RDF_TYPE, _SYMBOL} for name, _ in self._names.get(iri, ()))

    def name(self, iri: str) -> str:
        """The name of a thing; where it has none, the last part of its IRI, or a prefixed name."""
        if (fixed := _LICENCES.get(iri) or _GRAPHS.get(iri)) is not None:
            return fixed
        found = [value for name, value in chosen_names(self._names.get(iri, [])) if name != RDF_TYPE]
        literals = [value for value in found if isinstance(value, Literal)]
        literals.sort(key=lambda each: (each.language != _LANGUAGE, each.language or "", each.value))
        if literals:
            return literals[0].value
        if iri.startswith(THINGS):
            return iri.rpartition("/")[2]
        short = compact(iri)
        return iri if short.startswith("<") else short

    def symbol(self, iri: str) -> str:
        """What is written after a number in a unit: its sign, its name, or nothing."""
        found = [str(value.value) for name, value in self._names.get(iri, ()) if name == _SYMBOL]
        return unit_words(iri, found[0] if found else self.name(iri))

    def property(self, iri: str) -> str:
        """What a property is called."""
        short = compact(iri)
        if short in _FORWARD:
            return _FORWARD[short]
        if iri in self._terms and not iri.startswith(TERMS):
            return self._terms[iri]
        name = self.name(iri)
        # Words of others are known by their local names where nobody translates them.
        return _spaced(name.partition(":")[2]) if name == short else name

    def back(self, iri: str) -> str:
        """What is said of a thing that the property leads to."""
        return _BACK.get(compact(iri)) or f"Linked to it as “{self.property(iri)}”"

    def kind(self, iri: str) -> str:
        """What a class is called; an empty text for a class of others."""
        return self.name(iri) if iri.startswith(TERMS) else self._terms.get(iri, "")

    def kind_of(self, iri: str) -> str:
        """What a linked thing is, as its IRI says."""
        kind = iri.removeprefix(THINGS).partition("/")[0] if iri.startswith(THINGS) else ""
        return _KINDS.get(kind, kind)

    def address(self, iri: str) -> str:
        """Where a link to a thing leads; an empty text where no page can be led to."""
        if iri.startswith(TERMS):
            local = iri.removeprefix(TERMS)
            page = f"classes/{local}.html" if local[:1].isupper() else f"ontology.html#{local}"
            return f"{self._root}documentation/{page}"
        if iri.startswith(ROOT):
            return self._root + self.path(iri)
        return iri if iri.startswith(_HTTP) else ""

    def path(self, iri: str) -> str:
        """The path of the document about an IRI of ours, from the start of the site; empty for one of others."""
        if not iri.startswith(ROOT):
            return ""
        path = "doc/" + iri.removeprefix(THINGS) if iri.startswith(THINGS) else iri.removeprefix(ROOT)
        start, mark, fragment = path.partition("#")
        return quote(start, safe=_SAFE) + mark + quote(fragment, safe=_SAFE)

    def shown(self, term: object) -> Shown:
        """A term as it is shown."""
        if isinstance(term, NamedNode):
            outside = not term.value.startswith(ROOT)
            kind = self.kind_of(term.value)
            return Shown(self.name(term.value), self.address(term.value), note=kind, is_outside=outside)
        if isinstance(term, Literal):
            is_address = term.datatype.value == _ANY_URI and term.value.startswith(_HTTP)
            return Shown(term.value, term.value if is_address else "", term.language or "", is_outside=is_address)
        return Shown(str(term))

    def record_name(self, kind: str, facts: dict[str, list[str]]) -> str:
        """The name of a record of a class, put together of what it connects; empty where its class has no pattern.

        ``facts`` are the names of its values by property; a property with ``^`` leads to the record.
        """
        pattern = read_words(_LANGUAGE).kinds.get(kind, "")
        parts = []
        for part in filter(None, pattern.split("|")):
            wanted = _PART.search(part)
            if wanted is None:
                parts.append(part)
            elif facts.get(wanted[1]):
                parts.append(part.replace(wanted[0], facts[wanted[1]][0]))
        return "".join(parts)


def _spaced(local: str) -> str:
    """``hasLegalName`` as ``has legal name``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()
