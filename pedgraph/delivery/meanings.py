"""What the IRIs of pedgraph mean that stand for no data: kinds of problems, profiles, and the terms of the service
description.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph import __version__
from pedgraph.delivery.describing import Document
from pedgraph.delivery.service_description import TERM_MEANINGS, TERMS
from pedgraph.errors import PROBLEM_NAMESPACE, NotFound, PedgraphError
from pedgraph.intake.headers import released_versions
from pedgraph.query.limits import limits
from pedgraph.resources import releases_directory
from pedgraph.vocabulary.described import DESCRIPTION_PROFILES, PROFILE_ROOT
from pedgraph.vocabulary.iris import CONTEXT, ONTOLOGY, PREFIXES, ROOT, SHAPES_DOCUMENT
from pedgraph.vocabulary.serialising import serialised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pedgraph.delivery.report_pages import ReportPages
    from pedgraph.settings import Settings
    from pedgraph.vocabulary.media import Format

_PROFILES: Final = "http://www.w3.org/ns/dx/prof/"


@dataclass(frozen=True)
class Entry:
    """One part of an explanation: the IRI that it is about, its name, what is said, and an address that it leads to
    from the start of the site.
    """

    iri: str
    name: str
    text: str
    address: str = ""


@dataclass(frozen=True)
class Meaning:
    """What an IRI means: its title, a sentence on it, its class, its parts, and facts besides these."""

    iri: str
    title: str
    lead: str
    kind: str
    entries: tuple[Entry, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def local(self) -> str:
        """The IRI below the root."""
        return self.iri.removeprefix(ROOT)

    def triples(self) -> Iterator[Triple]:
        """The same as triples."""
        subject = NamedNode(self.iri)
        yield Triple(subject, _term("rdf:type"), NamedNode(self.kind))
        yield Triple(subject, _term("rdfs:label"), Literal(self.title, language="en"))
        yield Triple(subject, _term("rdfs:comment"), Literal(self.lead, language="en"))
        for predicate, value in self.facts:
            is_iri = value.startswith(("http://", "https://"))
            yield Triple(subject, NamedNode(predicate), NamedNode(value) if is_iri else Literal(value))
        for each in self.entries:
            part = NamedNode(each.iri)
            # What has an address of its own is defined there.
            linked = (subject, "rdfs:seeAlso", part) if each.address else (part, "rdfs:isDefinedBy", subject)
            yield Triple(linked[0], _term(linked[1]), linked[2])
            yield Triple(part, _term("rdfs:label"), Literal(each.name))
            yield Triple(part, _term("rdfs:comment"), Literal(each.text, language="en"))


class Meanings:
    """Explains IRIs, as RDF and as a page."""

    def __init__(self, settings: Settings, pages: ReportPages) -> None:
        self._settings = settings
        self._pages = pages

    def problem(self, code: str) -> Meaning:
        """A kind of problem; raises :class:`NotFound`."""
        found = _problems().get(code)
        if found is None:
            raise NotFound(f"There is no kind of problem '{code[:50]}'.")
        lead = f"{_text_of(found)} It is answered with the status {found.status} of HTTP."
        return Meaning(PROBLEM_NAMESPACE + code, found.title, lead, PREFIXES["rdfs"] + "Resource")

    def problems(self) -> Meaning:
        """All kinds of problems."""
        return Meaning(
            PROBLEM_NAMESPACE.removesuffix("/"),
            "Kinds of problems",
            "Whatever goes wrong is answered with one of these kinds, as a problem document (RFC 9457).",
            PREFIXES["rdfs"] + "Resource",
            tuple(
                Entry(PROBLEM_NAMESPACE + code, code, f"{each.title}. {_text_of(each)}", f"problem/{code}")
                for code, each in sorted(_problems().items())
            ),
        )

    def profile(self, name: str) -> Meaning:
        """A profile: one in which things are described, or one of a version of the ontology, which data conform to.

        Raises :class:`NotFound`.
        """
        iri = PROFILE_ROOT + name
        if name in DESCRIPTION_PROFILES:
            text = DESCRIPTION_PROFILES[name]
            facts = ((f"{_PROFILES}hasToken", name),)
            parts: tuple[Entry, ...] = (
                Entry(CONTEXT, "context", "The context of the JSON-LD", CONTEXT.removeprefix(ROOT)),
            )
            return Meaning(iri, f"Profile '{name}'", f"Gives {text}.", f"{_PROFILES}Profile", parts, facts)
        if name != __version__ and name not in released_versions(releases_directory()):
            raise NotFound(f"There is no profile '{name[:50]}'.")
        parts = tuple(
            Entry(f"{each}/{name}", title, text, f"{each.removeprefix(ROOT)}/{name}")
            for each, title, text in (
                (ONTOLOGY, "ontology", "The terms that data of this profile use"),
                (SHAPES_DOCUMENT, "shapes", "The shapes that data of this profile conform to"),
            )
        )
        lead = f"Data that conform to it use the ontology of pedgraph in version {name}, and keep to its shapes."
        facts = ((PREFIXES["owl"] + "versionInfo", name),)
        return Meaning(iri, f"Profile of pedgraph {name}", lead, f"{_PROFILES}Profile", parts, facts)

    def profiles(self) -> Meaning:
        """All profiles."""
        versions = sorted({__version__, *released_versions(releases_directory())})
        found = [self.profile(each) for each in (*DESCRIPTION_PROFILES, *versions)]
        return Meaning(
            PROFILE_ROOT.removesuffix("/"),
            "Profiles",
            "In which ways a thing can be described, and what data have to conform to.",
            PREFIXES["rdfs"] + "Resource",
            tuple(Entry(each.iri, each.title, each.lead, each.local) for each in found),
        )

    def service(self) -> Meaning:
        """The terms with which the endpoint describes its limits, and these limits."""
        terms = [Entry(TERMS + name, name, text) for name, text in TERM_MEANINGS.items()]
        held = [
            Entry(f"{TERMS}limit-{each.name}", each.name, f"{each.meaning}: {each.value} {each.unit}")
            for each in limits(self._settings)
        ]
        lead = "With these terms the endpoint says to which limits it holds every query; below them the limits of here."
        return Meaning(
            TERMS.removesuffix("#"), "Terms of the service", lead, PREFIXES["owl"] + "Ontology", (*terms, *held)
        )

    def rdf(self, meaning: Meaning, rdf_format: Format) -> Document:
        """An explanation in an RDF format."""
        return Document(serialised(meaning.triples(), rdf_format), rdf_format.content_type())

    def page(self, meaning: Meaning, version: int, root: str) -> Document:
        """An explanation as a page; ``root`` leads to the start of the site."""
        return self._pages.render("meaning", graph_version=version, root=root, meaning=meaning)


def _problems() -> dict[str, type[PedgraphError]]:
    found, open_kinds = {}, [PedgraphError]
    while open_kinds:
        kind = open_kinds.pop()
        found[kind.code] = kind
        open_kinds += kind.__subclasses__()
    return found


def _text_of(kind: type[PedgraphError]) -> str:
    """The first paragraph of what a class says of itself, without its marks."""
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].replace("`", "").split())


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
