"""How the metadata graph describes a submission: while it is published, once it is superseded, and as a tombstone.

No person is named there: who decided stands for the organisation that runs the graph (rule S38).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from pedgraph import __version__
from pedgraph.intake.submissions.states import State
from pedgraph.vocabulary.iris import CODES, ROOT, THINGS, expand, is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pedgraph.intake.submissions.records import Delivery, Submission, Waiver

OURSELVES: Final = NamedNode(f"{THINGS}organisation/pedgraph")
SERIES: Final = NamedNode(f"{THINGS}series/pedgraph")
PROFILE: Final = NamedNode(f"{ROOT}profile/{__version__}")
_NO_TERMS: Final = "The source states no terms, as far as its submitter says."
_HASH_DIGITS: Final = 12

# What may be said: a text in English, an IRI, or a literal with a type of its own.
_Value = str | NamedNode | Literal


def term(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    return NamedNode(expand(name))


def day(moment: str) -> Literal:
    """The day of a moment."""
    return Literal(moment[:10], datatype=term("xsd:date"))


def at(moment: str) -> Literal:
    """A moment."""
    return Literal(moment, datatype=term("xsd:dateTime"))


def status(state: State) -> NamedNode:
    """The code of a state."""
    return NamedNode(f"{CODES}submission-status/{state.value}")


def thing(kind: str, name: str) -> NamedNode:
    """The IRI of a thing that comes with a submission."""
    return NamedNode(f"{THINGS}{kind}/{name}")


def about(subject: NamedNode, facts: Iterable[tuple[str, _Value]]) -> Iterator[Triple]:
    """Statements about a thing: pairs of a property and a value."""
    for name, value in facts:
        yield Triple(subject, term(name), Literal(value, language="en") if isinstance(value, str) else value)


def organisation(given: str) -> NamedNode:
    """The IRI of an organisation, of which the name or the IRI is given; without either it is ourselves."""
    if not given:
        return OURSELVES
    iri = expand(given)
    return NamedNode(iri) if iri.startswith(f"{THINGS}organisation/") else thing("organisation", _slug(given))


def organisation_facts(given: str, language: str) -> list[Triple]:
    """What makes an organisation one that is described."""
    node = organisation(given)
    is_name = not expand(given).startswith(THINGS)
    label = given if is_name else node.value.rpartition("/")[2].replace("-", " ")
    labels = Literal(label, language=language)
    return list(about(node, [("rdf:type", term("pedg:Organisation")), ("rdfs:label", labels)]))


def source_facts(node: NamedNode, delivery: Delivery) -> list[Triple]:
    """A source as its submitter describes it."""
    facts: list[tuple[str, _Value]] = [
        ("rdf:type", term("pedg:Source")),
        ("dcterms:title", Literal(delivery.source_title, language=delivery.language)),
        ("dcterms:publisher", organisation(delivery.source_publisher or delivery.creator)),
        *_where_and_when(delivery),
    ]
    if delivery.source_licence:
        facts.append(("dcterms:license", NamedNode(delivery.source_licence)))
    if delivery.source_rights:
        facts.append(("dcterms:rights", Literal(delivery.source_rights, language=delivery.language)))
    elif not delivery.source_licence:
        facts.append(("dcterms:rights", _NO_TERMS))
    return list(about(node, facts))


def published(submission: Submission, source: NamedNode, moment: str) -> list[Triple]:
    """The description of a submission that is part of the graph, with how its file came."""
    delivery, node = submission.delivery, NamedNode(submission.graph)
    activity = thing("activity", f"submission-{submission.name}")
    told = (
        f"A file of {submission.original.bytes:,} bytes with the SHA-256 {submission.original.sha256} was sent to "
        f"pedgraph, which read it, checked it, and keeps its statements in a graph of their own."
    )
    facts: list[tuple[str, _Value]] = [
        *_kinds_and_terms(submission),
        ("dcterms:title", Literal(delivery.title, language=delivery.language)),
        ("dcterms:issued", day(moment)),
        ("dcterms:publisher", organisation(delivery.publisher)),
        ("dcterms:creator", organisation(delivery.creator)),
        ("prov:hadPrimarySource", source),
        ("prov:wasGeneratedBy", activity),
        ("prov:wasInfluencedBy", thing("activity", f"review-{submission.name}")),
        ("pedg:confidence", NamedNode(f"{CODES}confidence/{delivery.confidence}")),
        ("pedg:submissionStatus", status(State.ACCEPTED)),
    ]
    made: list[tuple[str, _Value]] = [
        *_receipt(submission),
        ("dcterms:description", told),
        ("prov:used", source),
        ("prov:wasAssociatedWith", organisation(delivery.creator)),
    ]
    return [*about(node, facts), *about(activity, made)]


def reviewed(submission: Submission, token: str, moment: str, waivers: Sequence[Waiver]) -> list[Triple]:
    """That a submission was accepted, when, and which warnings were set aside, and why."""
    node = NamedNode(submission.graph)
    review = thing("activity", f"review-{submission.name}")
    triples = list(about(review, [*_act("Review of a submission", token, moment), ("prov:used", node)]))
    for number, waiver in enumerate(waivers, start=1):
        annotation = thing("annotation", f"{submission.name}-{number}")
        facts: list[tuple[str, _Value]] = [
            ("rdf:type", term("dqv:QualityAnnotation")),
            ("dcterms:identifier", Literal(waiver.rule)),
            ("dcterms:description", waiver.note),
            ("dcterms:created", day(moment)),
            ("prov:wasAttributedTo", OURSELVES),
        ]
        if is_absolute(waiver.focus_node):
            facts.append(("dcterms:subject", NamedNode(waiver.focus_node)))
        triples += [*about(annotation, facts), *about(node, [("dqv:hasQualityAnnotation", annotation)])]
    return triples


def superseded(former: Submission, by: Submission, moment: str) -> list[Triple]:
    """What is said of both when one takes the place of the other."""
    old, new = NamedNode(former.graph), NamedNode(by.graph)
    changed: list[tuple[str, _Value]] = [
        ("pedg:submissionStatus", status(State.SUPERSEDED)),
        ("prov:invalidatedAtTime", at(moment)),
        ("dcterms:isReplacedBy", new),
    ]
    return [*about(old, changed), *about(new, [("prov:wasRevisionOf", old)])]


def tombstone(submission: Submission, token: str, moment: str, issued: str) -> list[Triple]:
    """What is left of a submission that was withdrawn: that there was one, from which address, and until when.

    Texts of its submitter are left out, for they may name persons.
    """
    node, source = NamedNode(submission.graph), thing("source", submission.name)
    activity = thing("activity", f"submission-{submission.name}")
    withdrawal = thing("activity", f"withdrawal-{submission.name}")
    facts: list[tuple[str, _Value]] = [
        *_kinds_and_terms(submission),
        ("dcterms:title", f"Submission {submission.id}, withdrawn"),
        ("dcterms:issued", day(issued)),
        ("dcterms:publisher", OURSELVES),
        ("dcterms:creator", OURSELVES),
        ("prov:hadPrimarySource", source),
        ("prov:wasGeneratedBy", activity),
        ("prov:invalidatedAtTime", at(moment)),
        ("prov:wasInvalidatedBy", withdrawal),
        ("pedg:submissionStatus", status(State.WITHDRAWN)),
    ]
    described: list[tuple[str, _Value]] = [
        ("rdf:type", term("pedg:Source")),
        ("dcterms:title", f"Source of submission {submission.id}, which was withdrawn"),
        ("dcterms:publisher", OURSELVES),
        *_where_and_when(submission.delivery),
        ("dcterms:rights", "Nothing of it is published any more."),
    ]
    return [
        *about(node, facts),
        *about(source, described),
        *about(activity, _receipt(submission)),
        *about(withdrawal, [*_act("Withdrawal of a submission", token, moment), ("prov:used", node)]),
    ]


def _kinds_and_terms(submission: Submission) -> list[tuple[str, _Value]]:
    return [
        ("rdf:type", term("pedg:Submission")),
        ("rdf:type", term("dcat:Dataset")),
        ("rdf:type", term("prov:Entity")),
        ("dcterms:identifier", Literal(submission.id)),
        ("dcterms:license", NamedNode(submission.delivery.licence)),
        ("dcterms:conformsTo", PROFILE),
        ("dcat:inSeries", SERIES),
    ]


def _where_and_when(delivery: Delivery) -> list[tuple[str, _Value]]:
    return [
        ("schema:url", Literal(delivery.source_address, datatype=term("xsd:anyURI"))),
        ("pedg:dateRead", day(delivery.source_read_on)),
    ]


def _receipt(submission: Submission) -> list[tuple[str, _Value]]:
    return [
        ("rdf:type", term("prov:Activity")),
        ("rdfs:label", "Submission of a file"),
        ("dcterms:date", day(submission.events[0].at)),
    ]


def _act(label: str, token: str, moment: str) -> list[tuple[str, _Value]]:
    return [
        ("rdf:type", term("prov:Activity")),
        ("rdfs:label", label),
        ("dcterms:identifier", Literal(token)),
        ("prov:endedAtTime", at(moment)),
        ("prov:wasAssociatedWith", OURSELVES),
    ]


def _slug(name: str) -> str:
    """A name in lower-case letters, digits and hyphens; a hash where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]
