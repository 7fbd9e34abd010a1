"""Building a version from scratch: read, check, publish. What violates the rules stops the build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pedgraph.errors import DoesNotConform
from pedgraph.intake.bundle import read_alignments, read_derivations
from pedgraph.intake.curated.world import read_curated
from pedgraph.intake.findings import Finding, Severity, conforms, count
from pedgraph.intake.publishing import publication_for
from pedgraph.intake.submissions.replaying import replay
from pedgraph.store.changes import ChangeSet
from pedgraph.store.publication import Publication, build, convert
from pedgraph.vocabulary.iris import ALIGNMENTS_GRAPH, VOCABULARY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pedgraph.intake.curated.world import Curated
    from pedgraph.settings import Settings
    from pedgraph.store.edits import Edits
    from pedgraph.store.manifest import Manifest
    from pedgraph.store.versions import Versions


@dataclass(frozen=True)
class Built:
    """A version built, and what its data were found to lack without being kept out for it."""

    manifest: Manifest
    findings: list[Finding]


def build_version(
    versions: Versions,
    data_directory: Path,
    settings: Settings,
    *,
    release: str | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> Built:
    """Reads a data folder, checks every graph of it, and publishes it as a new version.

    ``progress`` is called with what is being done, and how many steps of how many are behind. Raises
    :class:`InputError` for a file that cannot be read, :class:`DoesNotConform` with the findings where a rule is
    violated, :class:`ContractBroken` where a stored query would break its promise; the current version stays then.
    """
    progress("Reading the files", 0, 3)
    curated = read_curated(data_directory)
    steps = len(curated.data.graphs) + 2
    findings = curated.findings(lambda title, step: progress(f"Checking {title}", step, steps))
    _refuse_violations(findings, data_directory, curated)
    progress("Writing the version", steps - 1, steps)
    publication = publication_for(settings, "pedgraph build", f"Built from {data_directory.name}", release=release)
    own = {VOCABULARY_GRAPH: list(curated.rulebook.vocabulary), ALIGNMENTS_GRAPH: read_alignments()}
    changes = ChangeSet({**curated.data.graphs, **own})
    manifest = build(versions, changes, publication, lambda edits: _take_up(edits, versions.home, settings))
    progress("Done", steps, steps)
    return Built(manifest, findings)


def prepare_home(versions: Versions, *, keep: int, is_merged: bool) -> None:
    """Makes a home folder fit for the mode; where there is nothing yet, ``plain`` begins with nothing.

    Raises :class:`SettingsError` where a default graph of its own would be lost in a merge.
    """
    derivations = read_derivations() if is_merged else ()
    publication = Publication("pedgraph serve", "An empty graph", derivations, keep, is_merged=is_merged)
    if versions.pointer() is not None:
        convert(versions, publication)
    elif not is_merged:
        build(versions, ChangeSet(), publication)


def _take_up(edits: Edits, home: Path, settings: Settings) -> None:
    """What stewards have accepted is part of every version, but for those whose data are not ours."""
    if settings.default_graph == "merged":
        replay(edits, home)


def _refuse_violations(findings: list[Finding], data_directory: Path, curated: Curated) -> None:
    if not conforms(findings):
        # Warnings would bury them; whoever mends these sees the others with the next build.
        violations = [finding for finding in findings if finding.severity is Severity.VIOLATION]
        raise DoesNotConform(
            f"The data in {data_directory} do not conform: {count(findings)}.",
            findings=[finding.as_json() for finding in findings],
            told=curated.told(violations, str(data_directory)),
        )
