"""Building a version from scratch: read, check, publish. What violates the rules stops the build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pedgraph.errors import DoesNotConform
from pedgraph.intake.bundle import read_alignments, read_data, read_derivations, read_rulebook
from pedgraph.intake.findings import Finding, Severity, conforms, count
from pedgraph.intake.messages import ENGLISH, translate
from pedgraph.intake.validation import validate
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, INFERRED_GRAPH, META_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.intake.bundle import CuratedData
    from pedgraph.store.manifest import Manifest
    from pedgraph.store.versions import Versions

UNDESCRIBED_GRAPH = "G03"


@dataclass(frozen=True)
class Built:
    """A version built, and what its data were found to lack without being kept out for it."""

    manifest: Manifest
    findings: list[Finding]


def build_version(
    versions: Versions,
    data_directory: Path,
    *,
    keep: int,
    release: str | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Built:
    """Reads a data folder, checks every graph of it, and publishes it as a new version.

    ``progress`` is called with what is being done, and how many steps of how many are behind. Raises
    :class:`InputError` for a file that cannot be read, :class:`DoesNotConform` with the findings where a rule is
    violated; the current version stays as it was then.
    """
    progress("Reading the files", 0, 3)
    data = read_data(data_directory)
    rulebook = read_rulebook(data)
    graphs = data.graphs
    steps = len(graphs) + 2
    findings = _undescribed(data)
    for step, (graph, triples) in enumerate(graphs.items(), start=1):
        progress(f"Checking {graph}", step, steps)
        findings += validate(triples, rulebook)
    findings.sort()
    _refuse_violations(findings, data_directory)
    progress("Writing the version", steps - 1, steps)
    publication = Publication(
        author="pedgraph build",
        reason=f"Built from {data_directory.name}",
        derivations=read_derivations(),
        keep=keep,
        release=release,
    )
    own = {VOCABULARY_GRAPH: rulebook.vocabulary, ALIGNMENTS_GRAPH: read_alignments()}
    manifest = build(versions, ChangeSet({**graphs, **own}), publication)
    progress("Done", steps, steps)
    return Built(manifest, findings)


def _refuse_violations(findings: list[Finding], data_directory: Path) -> None:
    if not conforms(findings):
        raise DoesNotConform(
            f"The data in {data_directory} do not conform: {count(findings)}.",
            findings=[finding.as_json() for finding in findings],
        )


def _undescribed(data: CuratedData) -> list[Finding]:
    """Every graph is described in the metadata graph; nothing is anybody's claim otherwise."""
    described = {
        triple.subject.value
        for triples in data.meta.values()
        for triple in triples
        if isinstance(triple.subject, NamedNode)
    }
    wanted = {*data.graphs, VOCABULARY_GRAPH, ALIGNMENTS_GRAPH, INFERRED_GRAPH} - described
    variables = (("meta", META_GRAPH),)
    findings = [
        Finding(Severity.VIOLATION, UNDESCRIBED_GRAPH, graph, "", "", "", variables=variables)
        for graph in sorted(wanted)
    ]
    return translate(findings, ENGLISH)
