"""One write from its request to its publication, as it is done inside the writer process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, Quad

from pedgraph.errors import BadRequest, NotFound, PreconditionFailed, UnsupportedMediaType
from pedgraph.intake.parsing import parse_rdf
from pedgraph.intake.publishing import publication_for
from pedgraph.intake.rules import Rules, refuse_graph
from pedgraph.intake.submissions import changing as submissions
from pedgraph.query.updates import Dataset, operations
from pedgraph.store.edits import DEFAULT_GRAPH
from pedgraph.store.manifest import graph_tag, read_manifest
from pedgraph.store.publication import edit
from pedgraph.store.updating import Updating
from pedgraph.store.versions import Versions
from pedgraph.vocabulary.media import GRAPH_FORMATS, RDF_FORMATS, find_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyoxigraph import Triple

    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits
    from pedgraph.store.manifest import Manifest

UPDATE = "update"
PUT = "PUT"
POST = "POST"
DELETE = "DELETE"


@dataclass(frozen=True)
class Write:
    """A write as somebody asks for it; what is written comes beside it as bytes.

    ``action`` is an update, whose text is the only content, or one of PUT, POST and DELETE on a ``graph`` (empty: the
    default graph), whose contents are of ``media_types``, or one of those that carry out what is announced for a
    submission. ``using`` and ``using_named`` are the dataset of an update.
    ``if_match`` holds entity tags, or ``*``; ``must_be_new`` stands for ``If-None-Match: *``.
    """

    action: str
    author: str
    reason: str
    graph: str = ""
    media_types: tuple[str, ...] = ()
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    if_match: tuple[str, ...] = ()
    must_be_new: bool = False

    def as_json(self) -> dict[str, Any]:
        """The write as a JSON object, for the constructor."""
        return asdict(self)

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> Write:
        """The write that :meth:`as_json` made these members from."""
        plain: dict[str, Any] = {
            name: tuple(each) if isinstance(each, list) else each for name, each in members.items()
        }
        return cls(**plain)


@dataclass
class Outcome:
    """What came of a write: the version that is current with it, and whether the graph is a new one."""

    version: int = 0
    is_new: bool = False


@dataclass
class _Work:
    """A write under way."""

    write: Write
    settings: Settings
    versions: Versions
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def graph(self) -> NamedNode | DefaultGraph:
        return NamedNode(self.write.graph) if self.write.graph else DEFAULT_GRAPH


class Writing:
    """Carries out writes, one at a time."""

    def __init__(self) -> None:
        self._rules = Rules()

    def carry_out(self, write: Write, contents: Sequence[bytes], settings: Settings) -> Outcome:
        """Carries out one write, and publishes what comes of it as a version.

        Raises the errors of :func:`pedgraph.query.updates.operations`, of :func:`pedgraph.intake.parsing.parse_rdf` and
        of :func:`pedgraph.store.publication.edit`; :class:`GraphNotWritable`, :class:`NotFound`,
        :class:`PreconditionFailed`, :class:`DoesNotConform`. Nothing is published then.
        """
        work = _Work(write, settings, Versions(settings.home))
        if write.action == UPDATE:
            dataset = Dataset(write.using, write.using_named)
            asked = operations(contents[0].decode("utf-8", "surrogatepass"), dataset, settings)

            def change(edits: Edits) -> None:
                updating = Updating(edits, lambda graph: refuse_graph(graph, settings))
                for operation in asked:
                    updating.carry_out(operation)
                self._validate(edits, settings)
        elif write.action in {submissions.ACCEPT, submissions.WITHDRAW}:

            def change(edits: Edits) -> None:
                submissions.change(edits, contents[0], settings.home)
                # What stewards accept always has to conform; what its owner takes back goes, whoever points to it.
                if write.action == submissions.ACCEPT:
                    self._rules.validate(edits)
        else:
            refuse_graph(work.graph, settings)
            triples = _parsed(write, contents, settings)

            def change(edits: Edits) -> None:
                _check_conditions(edits, work)
                _change_graph(edits, work, triples)
                self._validate(edits, settings, triples)

        manifest = self._publish(work, change)
        work.outcome.version = manifest.version
        return work.outcome

    @staticmethod
    def _publish(work: _Work, change: Callable[[Edits], None]) -> Manifest:
        publication = publication_for(work.settings, work.write.author, work.write.reason)
        return edit(work.versions, change, publication, wait_seconds=work.settings.queue_wait_seconds)

    def _validate(self, edits: Edits, settings: Settings, submitted: Sequence[Triple] = ()) -> None:
        if settings.validate_writes == "on":
            self._rules.validate(edits, submitted)


def _change_graph(edits: Edits, work: _Work, triples: Sequence[Triple]) -> None:
    graph, action = work.graph, work.write.action
    exists = edits.exists(graph)
    if action == DELETE:
        if not exists:
            raise NotFound(f"There is no graph {graph}.")
        if isinstance(graph, DefaultGraph):
            edits.clear(graph)
        else:
            edits.drop(graph)
        return
    # The default graph is always there; it counts as made by what is first put into it.
    work.outcome.is_new = not exists or (isinstance(graph, DefaultGraph) and not any(edits.quads(graph)))
    if isinstance(graph, NamedNode):
        edits.create(graph)
    if action == PUT:
        edits.replace(graph, frozenset(triples))
    else:
        edits.add(Quad(each.subject, each.predicate, each.object, graph) for each in triples)


def _check_conditions(edits: Edits, work: _Work) -> None:
    """Holds a write against If-Match and If-None-Match (RFC 9110, sections 13.1.1 and 13.1.2)."""
    write, exists = work.write, edits.exists(work.graph)
    if write.must_be_new and exists:
        raise PreconditionFailed(f"The graph {work.graph} exists already.")
    if not write.if_match:
        return
    manifest = read_manifest(work.versions.directory(work.versions.current()))
    current = {graph_tag(manifest, write.graph, each.name) for each in GRAPH_FORMATS} | {"*"}
    if not exists or current.isdisjoint(write.if_match):
        raise PreconditionFailed(f"The graph {work.graph} is not what it was when it was fetched; fetch it again.")


def _parsed(write: Write, contents: Sequence[bytes], settings: Settings) -> list[Triple]:
    triples = []
    for index, (content, media_type) in enumerate(zip(contents, write.media_types, strict=True), start=1):
        rdf_format = find_format(media_type, RDF_FORMATS)
        if rdf_format is None:
            known = ", ".join(each.media_type for each in RDF_FORMATS)
            raise UnsupportedMediaType(f"'{media_type}' is not read here. These are: {known}.")
        source = "body" if len(contents) == 1 else f"part {index}"
        quads = parse_rdf(
            content,
            rdf_format,
            source,
            rename_blank_nodes=True,
            base_iri=write.graph or None,
            is_rdf_1_2_allowed=settings.validate_writes == "off",
        )
        for quad in quads:
            if not isinstance(quad.graph_name, DefaultGraph):
                raise BadRequest(f"A graph is expected, but this stands in a graph of its own: {quad}.", source=source)
            triples.append(quad.triple)
    return triples
