"""What must hold of a home folder whenever its processes are dead: all that was acknowledged is there, whole."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from pedgraph.intake.submissions.files import Files
from pedgraph.intake.submissions.register import Register, directory_in
from pedgraph.intake.submissions.states import Act, Kind, State
from pedgraph.store.manifest import checksums, read_manifest
from pedgraph.store.versions import STORE_FOLDER, Versions
from pedgraph.vocabulary.iris import CODES, GRAPHS, META_GRAPH, TERMS, THINGS, compact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pedgraph.intake.submissions.records import Submission

_STATUS: Final = f"{TERMS}submissionStatus"
_BLANK: Final = re.compile(r"_:\w+")
_ALWAYS: Final = frozenset(
    [
        "rdf:type",
        "dcterms:identifier",
        "dcterms:license",
        "dcterms:conformsTo",
        "dcat:inSeries",
        "dcterms:title",
        "dcterms:issued",
        "dcterms:publisher",
        "dcterms:creator",
        "prov:hadPrimarySource",
        "prov:wasGeneratedBy",
        "pedg:submissionStatus",
    ]
)
_WHILE_KNOWN: Final = _ALWAYS | {"prov:wasInfluencedBy", "pedg:confidence"}
_SAID: Final = {
    "accepted": _WHILE_KNOWN,
    "superseded": _WHILE_KNOWN | {"prov:invalidatedAtTime", "dcterms:isReplacedBy"},
    "withdrawn": _ALWAYS | {"prov:invalidatedAtTime", "prov:wasInvalidatedBy"},
}
_SUBMITTED: Final = re.compile(r"(?:graph/(20\d\d-\d{4})/|/(?:activity/[a-z]+|source)-?/?(20\d\d-\d{4})-)(\d+)$")


@dataclass
class Acknowledged:
    """What was acknowledged to those who sent and decided: id → SHA-256, and ids."""

    received: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Published:
    """What a version holds of submissions: their graphs, and at which point of the review it says that they are."""

    graphs: dict[str, frozenset[str]]
    statuses: dict[str, str]


def assert_whole(home: Path, acknowledged: Acknowledged) -> None:
    """All that was acknowledged is in the register with its bytes; a version that is announced is there or not."""
    found = {each.id: each for each in submissions(home)}
    files = Files(directory_in(home))
    assert {each: found[each].original.sha256 for each in acknowledged.received} == acknowledged.received
    for each in found.values():
        assert hashlib.sha256(files.read(each.original.sha256)).hexdigest() == each.original.sha256
        if (checked := each.last(Kind.CHECKED)) is not None:
            assert files.path(checked.data["data"])
            assert files.path(checked.data["report"])
    assert {each for each in acknowledged.accepted if found[each].last(Kind.ACCEPTED) is None} == set()
    assert {each for each in acknowledged.withdrawn if found[each].state is not State.WITHDRAWN} == set()
    announced = [each for each in found.values() if each.intent is not None]
    assert len(announced) <= 1
    possible = [_told(found.values(), files), *(_told(found.values(), files, each) for each in announced)]
    versions = Versions(home)
    _assert_verifies(versions, versions.current())
    assert _held(Store.read_only(str(versions.store_directory()))) in possible


def assert_settled(home: Path, acknowledged: Acknowledged) -> None:
    """And, after a start: nothing is announced any more, and no half uploads lie about."""
    assert intents(home) == []
    assert list((directory_in(home) / "incoming").glob("*")) == []
    assert_whole(home, acknowledged)


def assert_all_verify(home: Path) -> None:
    """All versions that are kept are as they were written."""
    versions = Versions(home)
    for number in versions.numbers():
        _assert_verifies(versions, number)


def quads(directory: Path) -> Counter[str]:
    """All that the store of a version holds, whatever its blank nodes are called."""
    return Counter(_BLANK.sub("_:b", str(quad)) for quad in Store.read_only(str(directory)))


def submissions(home: Path) -> list[Submission]:
    """All submissions, newest first."""
    with Register(directory_in(home)).reading() as reading:
        return reading.all()


def intents(home: Path) -> list[str]:
    """The ids of those of which a version is about to be made, as far as the register knows."""
    with Register(directory_in(home)).reading() as reading:
        return [each.id for each in reading.intents()]


def waiting(home: Path) -> set[str]:
    """The ids of those that were not checked yet."""
    return {each.id for each in submissions(home) if each.state is State.RECEIVED}


def _told(found: Iterable[Submission], files: Files, carried_out: Submission | None = None) -> Published:
    """What the register says should be published, with one announcement carried out."""
    states = {each.id: each.state for each in found if each.was_published}
    if carried_out is not None:
        assert carried_out.intent is not None
        if carried_out.intent.data["act"] == Act.WITHDRAW:
            states[carried_out.id] = State.WITHDRAWN
        else:
            states |= {
                each.id: State.SUPERSEDED
                for each in found
                if each.series == carried_out.series and each.state is State.ACCEPTED
            }
            states[carried_out.id] = State.ACCEPTED
    graphs = {each.graph: _content(files, each) for each in found if states.get(each.id) is State.ACCEPTED}
    return Published(graphs, {each.graph: states[each.id].value for each in found if each.id in states})


def _content(files: Files, submission: Submission) -> frozenset[str]:
    quads = parse(files.read(submission.original.sha256), _FORMATS[submission.delivery.file_name.rpartition(".")[2]])
    return frozenset(str(quad.triple) for quad in quads if quad.graph_name == DefaultGraph())


_FORMATS: Final = {"nt": RdfFormat.N_TRIPLES, "ttl": RdfFormat.TURTLE}


def _held(store: Store) -> Published:
    graphs: dict[str, frozenset[str]] = {}
    merged: set[str] = set()
    for graph in store.named_graphs():
        triples = frozenset(str(quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
        merged |= triples
        if str(graph.value).startswith(f"{GRAPHS}20"):
            graphs[str(graph.value)] = triples
    assert {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, DefaultGraph())} == merged
    return Published(graphs, _described(store))


def _described(store: Store) -> dict[str, str]:
    """What the metadata graph says of submissions, which it describes as a whole, with all that comes with them."""
    said: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in store.quads_for_pattern(None, None, None, NamedNode(META_GRAPH)):
        value = quad.object.value if isinstance(quad.object, NamedNode) else ""
        said[str(quad.subject).strip("<>")][compact(quad.predicate.value)].append(value)
    statuses = {}
    for graph in [each for each in said if each.startswith(f"{GRAPHS}20")]:
        (state,) = [each.removeprefix(f"{CODES}submission-status/") for each in said[graph]["pedg:submissionStatus"]]
        assert set(said[graph]) >= _SAID[state], graph
        pointed_at = {each for values in said[graph].values() for each in values if each.startswith(THINGS)}
        assert {each for each in pointed_at if "rdf:type" not in said[each]} == set(), graph
        statuses[graph] = state
    mentioned = {found for each in list(said) if (found := _SUBMITTED.search(each)) is not None}
    names = {f"{GRAPHS}{found[1] or found[2]}/{found[3]}" for found in mentioned}
    assert names == set(statuses), "something is said of a submission that is not published"
    return statuses


def _assert_verifies(versions: Versions, number: int) -> None:
    directory = versions.directory(number)
    assert checksums(directory / STORE_FOLDER) == read_manifest(directory).files
