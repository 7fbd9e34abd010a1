"""What publishing or withdrawing a submission does to a version, as it is done inside the writer and in previews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Triple

from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.submissions import describing
from pedgraph.intake.submissions.describing import OURSELVES, organisation, term, thing
from pedgraph.intake.submissions.states import Kind, State
from pedgraph.vocabulary.iris import INFERRED_GRAPH, META_GRAPH
from pedgraph.vocabulary.media import N_TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pedgraph.intake.submissions.files import Files
    from pedgraph.intake.submissions.records import Event, Submission, Waiver
    from pedgraph.intake.submissions.register import Reading
    from pedgraph.store.edits import Edits

_META = NamedNode(META_GRAPH)


@dataclass(frozen=True)
class Acceptance:
    """A submission that becomes part of the graph, in place of ``formers`` where it revises something."""

    submission: Submission
    formers: tuple[Submission, ...]
    triples: Sequence[Triple]
    moment: str
    token: str = ""
    waivers: tuple[Waiver, ...] = ()

    def apply(self, edits: Edits) -> None:
        """Puts its statements into a graph of their own, and its description into the metadata graph."""
        graph = NamedNode(self.submission.graph)
        for former in self.formers:
            edits.drop(NamedNode(former.graph))
        edits.create(graph)
        edits.replace(graph, frozenset(self.triples))
        _forget(edits, self._own_names())
        described = self._description(edits)
        for former in self.formers:
            node = NamedNode(former.graph)
            if _says(edits, node):
                edits.remove(list(_quads(edits, node, term("pedg:submissionStatus"))))
                described += describing.superseded(former, self.submission, self.moment)
        _add(edits, described)

    def _description(self, edits: Edits) -> list[Triple]:
        delivery = self.submission.delivery
        source, described = self._source(edits)
        named = (delivery.creator, delivery.publisher, "" if not described else delivery.source_publisher)
        for given in dict.fromkeys(each for each in named if each):
            if not _says(edits, organisation(given)):
                described += _organisation(edits, given, delivery.language)
        described += describing.published(self.submission, source, self.moment)
        return described + describing.reviewed(self.submission, self.token, self.moment, self.waivers)

    def _source(self, edits: Edits) -> tuple[NamedNode, list[Triple]]:
        """The source, and what is to be said of it: one that the statements themselves describe, or that is known by
        its address and the day on which it was read, is not described anew.
        """
        delivery = self.submission.delivery
        own = sorted(
            each.subject.value
            for each in self.triples
            if each.predicate == term("schema:url")
            and getattr(each.object, "value", "") == delivery.source_address
            and isinstance(each.subject, NamedNode)
            and Triple(each.subject, term("rdf:type"), term("pedg:Source")) in self.triples
        )
        if own:
            node = NamedNode(own[0])
            known = _says(edits, node)
            return node, [] if known else [each for each in self.triples if each.subject == node]
        facts = describing.source_facts(thing("source", self.submission.name), delivery)
        kept = {each.predicate: each.object for each in facts}
        address, read_on = term("schema:url"), term("pedg:dateRead")
        for quad in edits.store.quads_for_pattern(None, address, kept[address], _META):
            if isinstance(quad.subject, NamedNode) and Quad(quad.subject, read_on, kept[read_on], _META) in edits.store:
                return quad.subject, []
        return thing("source", self.submission.name), facts

    def _own_names(self) -> list[NamedNode]:
        return [NamedNode(self.submission.graph), *_own_things(self.submission)]


@dataclass(frozen=True)
class Withdrawal:
    """A submission that goes from the graph."""

    submission: Submission
    moment: str
    token: str

    def apply(self, edits: Edits) -> None:
        """Takes away its statements and all that the metadata graph says of it, and leaves a tombstone."""
        node = NamedNode(self.submission.graph)
        issued = next(
            (
                quad.object.value
                for quad in _quads(edits, node, term("dcterms:issued"))
                if isinstance(quad.object, Literal)
            ),
            self.moment,
        )
        edits.drop(node)
        doubtful = list(_named_by(edits, node))
        annotations = [quad.object for quad in _quads(edits, node, term("dqv:hasQualityAnnotation"))]
        _forget(edits, [node, *_own_things(self.submission), *annotations])
        for each in doubtful:
            if not _is_named(edits, each):
                _forget(edits, [each])
        _forget(edits, [thing("source", self.submission.name)])
        _add(edits, describing.tombstone(self.submission, self.token, self.moment, issued))


def read_acceptance(
    reading: Reading,
    files: Files,
    submission: Submission,
    moment: str,
    token: str = "",
    waivers: tuple[Waiver, ...] = (),
) -> Acceptance:
    """What accepting a submission would do, from what was found when it was last checked."""
    checked = submission.last(Kind.CHECKED)
    assert checked is not None
    triples = read_statements(files, checked)
    formers = tuple(
        each
        for each in reading.series(submission.series)
        if each.state is State.ACCEPTED and each.revision < submission.revision
    )
    return Acceptance(submission, formers, triples, moment, token, waivers)


def read_statements(files: Files, checked: Event) -> list[Triple]:
    """What a file states, as a check of it has written it down."""
    sha256 = checked.data["data"]
    return [quad.triple for quad in parse_rdf(files.read(sha256), N_TRIPLES, sha256)]


def _organisation(edits: Edits, given: str, language: str) -> list[Triple]:
    """What makes an organisation known: what other graphs call it, so that it has one label only, or what is given."""
    node = organisation(given)
    wanted = {term("rdf:type"), term("rdfs:label")}
    found = edits.store.quads_for_pattern(node, None, None, None)
    known = {each.triple for each in found if each.predicate in wanted and isinstance(each.graph_name, NamedNode)}
    is_known = wanted == {each.predicate for each in known}
    return list(known) if is_known else describing.organisation_facts(given, language)


def _own_things(submission: Submission) -> list[NamedNode]:
    return [thing("activity", f"{what}-{submission.name}") for what in ("submission", "review", "withdrawal")]


def _named_by(edits: Edits, node: NamedNode) -> Iterable[NamedNode]:
    """The sources and organisations that a description names, in the order in which they may go."""
    properties = ("prov:hadPrimarySource", "dcterms:creator", "dcterms:publisher")
    found = [quad.object for name in properties for quad in _quads(edits, node, term(name))]
    publishers = [quad.object for each in found for quad in _quads(edits, each, term("dcterms:publisher"))]
    every = dict.fromkeys(each for each in [*found, *publishers] if isinstance(each, NamedNode) and each != OURSELVES)
    return list(every)


def _is_named(edits: Edits, node: NamedNode) -> bool:
    """Whether any graph but the derived one still points to something."""
    found = edits.store.quads_for_pattern(None, None, node, None)
    return any(isinstance(each.graph_name, NamedNode) and each.graph_name.value != INFERRED_GRAPH for each in found)


def _quads(edits: Edits, node: object, predicate: NamedNode | None = None) -> list[Quad]:
    if not isinstance(node, NamedNode):
        return []
    return list(edits.store.quads_for_pattern(node, predicate, None, _META))


def _says(edits: Edits, node: NamedNode) -> bool:
    return bool(_quads(edits, node, term("rdf:type")))


def _forget(edits: Edits, nodes: Iterable[object]) -> None:
    for node in nodes:
        edits.remove(_quads(edits, node))


def _add(edits: Edits, triples: Iterable[Triple]) -> None:
    edits.add(Quad(each.subject, each.predicate, each.object, _META) for each in triples)
